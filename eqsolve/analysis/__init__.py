"""What a game is: its structure, with evidence; dominance, potentials, degeneracy. `info` and `auto` read it."""
