"""Extensive games in sequence form, and the ways to make one: from rules, from hands that are dealt."""
