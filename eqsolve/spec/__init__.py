"""From YAML text to a validated game: reading, checking, naming what is wrong and where, hashing.

Nothing here imports numpy at module level, and nothing here knows a family: `kinds.FAMILIES` names them.
"""
