"""Normal forms: payoff tensors and congestion games."""
