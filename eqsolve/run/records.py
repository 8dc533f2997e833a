"""The records of a run's measured points, fewer and fewer of the older ones as they become many.

A record takes about a kilobyte, and `--measure-every 1` makes one at each iteration, for as long as a run goes on.
"""

from __future__ import annotations

from eqsolve.run.result import Record

#: More records are thinned: of them every second is dropped, and from then on every second measured point is kept.
#: An even number; 10,000 are some 10 MB. Without `--measure-every` a run of 10^12 iterations has 300.
MAX_RECORDS = 10_000


class Records:
    """Those whose number, from 0, is a multiple of the least power of 2 leaving at most MAX_RECORDS; and the last."""

    def __init__(self) -> None:
        self._kept: list[Record] = []
        self._stride = 1
        self._count = 0
        self._last: Record | None = None

    def append(self, record: Record) -> None:
        """Add the record of the next measured point."""
        if self._count % self._stride == 0:
            self._kept.append(record)
        if len(self._kept) > MAX_RECORDS:
            self._kept = self._kept[::2]
            self._stride *= 2
        self._count += 1
        self._last = record

    def all(self) -> tuple[Record, ...]:
        """Return those that were kept, in the order of their iterations."""
        if self._last is None or self._kept[-1] is self._last:
            return tuple(self._kept)
        return (*self._kept, self._last)
