"""Jitted helpers that two or more callers share: flat arrays and NamedTuples in, arrays out."""
