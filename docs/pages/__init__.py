"""Reference pages written from the code, a module for each subject."""
