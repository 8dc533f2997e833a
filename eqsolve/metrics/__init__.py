"""The judge: figures about a profile, from the game and the profile alone. Imports no solver and no kernel."""
