"""Extensive games laid out for kernels: rows of lanes, blocks for threads, single histories."""
