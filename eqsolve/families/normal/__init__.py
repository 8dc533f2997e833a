"""Games written down by their payoffs or costs."""
