"""Learning dynamics: regret matching, multiplicative weights, fictitious plays, best responses."""
