"""From traces to numbers of a figure to a drawing."""
