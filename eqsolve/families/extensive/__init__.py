"""Trees and card games."""
