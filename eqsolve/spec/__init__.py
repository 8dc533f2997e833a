"""From YAML text to a validated game: reading, checking, naming what is wrong and where, hashing.

Nothing here imports numpy at module level, and nothing here knows a family: `kinds.FAMILIES` names them.
"""

from __future__ import annotations

from collections.abc import Callable

#: Called with what begins, such as `reading tree.yaml`, and with None when it is over.
on_stage: list[Callable[[str | None], None]] = []
