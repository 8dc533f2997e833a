"""Says on stderr that kernels are being compiled, how many so far and for how long: how many more, nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eqsolve.cli.streams import clear_status, status, talk

#: Seconds of compiling after which a plain line is printed, where stderr is no terminal; every further minute, too.
MOMENTS = (1.0, 5.0, 10.0, 30.0, 60.0)


class Counter:
    """Hears of each kernel before it is compiled; `count` of them so far."""

    def __init__(self, *, quiet: bool) -> None:
        self.count = 0
        self._quiet = quiet
        self._before = 0.0
        self._next = MOMENTS[0]

    def heard(self, kernel: str, kept: bool) -> None:
        """Say at the first kernel what becomes of it, and later how many there were."""
        from eqsolve.kernels import loading

        self.count += 1
        if self._quiet:
            return
        if self.count == 1:
            from eqsolve.kernels.cache import cache_folder, unusable

            self._before = loading.running()
            where = f"once; kept in {cache_folder()}" if kept else f"{unusable()}: in every process"
            talk(f"compiling kernels ({where})")
            return
        seconds = loading.running() - self._before
        line = f"compiling kernels: {self.count} so far, {seconds:.0f} s"
        if not status(line) and seconds >= self._next:
            talk(line)
            self._next = next((moment for moment in MOMENTS if moment > seconds), 60 * (seconds // 60 + 1))


@contextmanager
def counted(*, quiet: bool) -> Iterator[Counter]:
    """Count the kernels that are compiled within, and say so on stderr unless `quiet`."""
    from eqsolve.kernels import on_compile

    counter = Counter(quiet=quiet)
    on_compile.append(counter.heard)
    try:
        yield counter
    finally:
        on_compile.remove(counter.heard)
        clear_status()
