"""Paths of quantal responses, and what several players need."""
