"""Certificates in rational arithmetic, and equilibria on given supports."""
