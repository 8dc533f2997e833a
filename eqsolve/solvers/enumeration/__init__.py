"""All equilibria, or those of a kind, or a chosen one."""
