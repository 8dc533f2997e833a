"""Linear programmes by HiGHS and linear equations in fractions: libraries of others, each called in one place."""
