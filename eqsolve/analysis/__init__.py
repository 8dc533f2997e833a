"""Say what a game is: structure with evidence, dominance, potentials, degeneracy. `info` and `auto` read it."""
