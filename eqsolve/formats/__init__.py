"""Games in files of other programs, read and written; `spec/formats.py` holds the table.

A reader makes a `Family` of a text, so that the game is loaded, hashed, embedded and solved like any spec; a writer
walks the rules of a game and yields a text piece by piece.
"""
