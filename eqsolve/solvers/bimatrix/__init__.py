"""One equilibrium of a game of two players."""
