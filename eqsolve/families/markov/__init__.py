"""Games with states."""
