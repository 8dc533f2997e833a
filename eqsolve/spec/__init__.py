"""From YAML text to a validated game: reading, checking, naming what is wrong and where, hashing.

Nothing here imports numpy at module level, and nothing here knows a family: `kinds.FAMILIES` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called with what begins, such as `reading tree.yaml`, and with None when it is over.
on_stage: list[Callable[[str | None], None]] = []


@contextmanager
def stage(what: str) -> Iterator[None]:
    """Tell the listeners what goes on within the block, and when it is over; no block stands inside another."""
    for listener in on_stage:
        listener(what)
    try:
        yield
    finally:
        for listener in on_stage:
            listener(None)
