"""Counterfactual regret minimisation and its relatives."""
