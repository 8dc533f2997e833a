"""Markov games: each player faces a decision problem while the others keep to a profile."""
