"""Games drawn from a seed, and games made to be hard."""
