"""Says on stderr what the command does where reading or building a game takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import process_time

from eqsolve.cli.streams import talk
from eqsolve.spec import on_stage

#: Seconds of processor time after which a stage is named; waiting for another process is not work.
PATIENCE = 1.0
#: Seconds between two looks at the clock.
INTERVAL = 0.1


@contextmanager
def stages_named(*, quiet: bool) -> Iterator[None]:
    """Print a line such as `reading tree.yaml …` for each stage longer than a second; nothing if `quiet`."""
    watch = _Watch()
    if not quiet:
        on_stage.append(watch.stage)
    try:
        yield
    finally:
        if not quiet:
            on_stage.remove(watch.stage)
        watch.stage(None)


class _Watch:
    """A thread for the stage at hand, which ends when the stage does or when it has been named."""

    def __init__(self) -> None:
        self._over = Event()

    def stage(self, what: str | None) -> None:
        """A stage begins, or the last one is over."""
        self._over.set()
        if what is not None:
            self._over = Event()
            Thread(target=_look, args=(what, self._over, process_time()), daemon=True).start()


def _look(what: str, over: Event, began: float) -> None:
    while not over.wait(INTERVAL):
        if process_time() - began > PATIENCE:
            talk(f"{what} …")
            return
