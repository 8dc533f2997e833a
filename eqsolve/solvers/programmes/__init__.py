"""Linear programmes: zero-sum games and correlated equilibria."""
