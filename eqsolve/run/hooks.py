"""What a caller hears of a run while it goes on, and what they may say: `Hooks` and `Progress`."""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.errors import WriteError
from eqsolve.run.options import Limits
from eqsolve.run.result import Checkpoint, Judged


@dataclass(frozen=True)
class Progress:
    """Where a run stands: seconds since the loop began, the latest and the least measured gap, whichever judges."""

    iteration: int
    elapsed: float
    gap: float | None
    best_gap: float | None
    tolerance: float | None
    limits: Limits


class Hooks:
    """What a caller may hear and say while a run goes on; each does nothing unless overridden."""

    def started(self) -> None:
        """Kernels are loaded; from here on `signal` is asked at every chunk."""

    def record(self, measured: Judged) -> None:
        """An answer was measured."""

    def progress(self, progress: Progress) -> None:
        """A chunk of steps is done."""

    def resumed(self, checkpoint: Checkpoint) -> None:
        """The run continues from there."""

    def unsaved(self, error: WriteError) -> None:
        """A checkpoint could not be written; ends the run unless overridden."""
        raise error

    def signal(self) -> str | None:
        """'stop', 'checkpoint' (write one and go on) or None."""
        return None
