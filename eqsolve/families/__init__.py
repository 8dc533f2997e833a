"""The named kinds of games, one file each: the fields of a spec and the form that they build."""
