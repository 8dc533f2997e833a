"""A stopwatch that adds up the seconds spent in a kind of work, wherever that happens."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType


class Stopwatch:
    """Runs during `with` blocks; of blocks inside one another the outermost counts. `seconds`: all of them so far."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0
        self._began = 0.0

    def running(self) -> float:
        """Return the seconds so far, those of a block that is not over included."""
        return self.seconds + (perf_counter() - self._began if self._depth else 0.0)

    def __enter__(self) -> None:
        if self._depth == 0:
            self._began = perf_counter()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.seconds += perf_counter() - self._began
