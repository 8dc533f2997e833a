"""A potential that is nearly one, learned and maximised."""
