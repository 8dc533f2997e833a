"""What a run says while it goes on: a bar on a terminal, otherwise a plain line at 1, 2, 5, 10, 20, 50 … seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count
from math import exp, log
from typing import TYPE_CHECKING, Any

from eqsolve.cli.streams import clear_status, talk

if TYPE_CHECKING:
    from eqsolve.run.hooks import Progress

#: A run shorter than this shows no bar, and does not wait for the import of rich.
SHORT_RUN = 0.5


#: Points whose logarithms of the iteration differ by less are close: a long run that measures often has millions.
CLOSE_POINTS = 0.01


class Estimate:
    """When the gap might reach the tolerance, if it goes on along its line in a log-log plot. An estimate."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float]] = []

    def note(self, iteration: int, gap: float) -> None:
        """Take a measured point; only those that improve on the ones before count, and of close ones the latest."""
        if iteration > 0 and gap > 0 and (not self._points or log(gap) < self._points[-1][1]):
            point = (log(iteration), log(gap))
            if len(self._points) > 1 and point[0] - self._points[-2][0] < CLOSE_POINTS:
                self._points[-1] = point
            else:
                self._points.append(point)

    def seconds_left(self, iteration: int, elapsed: float, tolerance: float | None) -> float | None:
        """Seconds to the tolerance by least squares over the later half of the points; None where it says nothing."""
        points = self._points[len(self._points) // 2 :]
        if not tolerance or len(points) < 3 or elapsed <= 0 or iteration <= 0:
            return None
        x = sum(p[0] for p in points) / len(points)
        y = sum(p[1] for p in points) / len(points)
        spread = sum((p[0] - x) ** 2 for p in points)
        slope = sum((p[0] - x) * (p[1] - y) for p in points) / spread if spread else 0.0
        if slope > -0.01:
            return None
        reach = x + (log(tolerance) - y) / slope
        return max(0.0, exp(reach) - iteration) * elapsed / iteration if reach < 60 else None


class Lines:
    """Progress where no terminal is: few lines, each whole."""

    def __init__(self) -> None:
        self._moments = _moments()
        self._next = next(self._moments)

    def update(self, progress: Progress, left: float | None) -> None:
        """Prints a line when the next moment has come."""
        if progress.elapsed < self._next:
            return
        while progress.elapsed >= self._next:
            self._next = next(self._moments)
        talk(f"{progress.elapsed:.0f} s  {_summary(progress, left)}")

    def close(self) -> None:
        """Nothing to tidy."""


class Bar:
    """Progress on a terminal: one line that is rewritten, and gone when the run ends."""

    def __init__(self, color: bool) -> None:
        self._color = color
        self._bar: Any = None
        self._task: Any = None

    def update(self, progress: Progress, left: float | None) -> None:
        """Redraws the line; the first call after SHORT_RUN imports rich and draws it."""
        if progress.elapsed < SHORT_RUN:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                BarColumn(bar_width=5),
                TextColumn("{task.description}", markup=False),
                console=Console(stderr=True, no_color=not self._color, highlight=False),
                transient=True,
            )
            self._task = self._bar.add_task("", total=1.0)
            clear_status()
            self._bar.start()
        text = f"{progress.elapsed:.0f} s  {_summary(progress, left)}"
        self._bar.update(self._task, completed=_share(progress), description=text)

    def close(self) -> None:
        """Removes the line."""
        if self._bar is not None:
            self._bar.stop()


def display(wanted: bool, color: bool) -> Lines | Bar | None:
    """The display that fits stderr; None where none is wanted."""
    if not wanted or sys.stderr is None:
        return None
    return Bar(color) if sys.stderr.isatty() else Lines()


def _moments() -> Iterator[float]:
    for power in count():
        for digit in (1, 2, 5):
            yield float(digit * 10**power)


def _summary(progress: Progress, left: float | None) -> str:
    parts = [f"iteration {_compact(progress.iteration)}"]
    if progress.gap is not None and progress.best_gap is not None:
        parts.append(f"gap {progress.gap:.1e} best {progress.best_gap:.1e}")
    if progress.elapsed > 0:
        parts.append(f"{_compact(progress.iteration / progress.elapsed)}/s")
    if left is not None:
        parts.append(f"estimate {_rounded(left)}")
    return "  ".join(parts)


def _compact(count: float) -> str:
    """`99999`, `1.23M`: so that a line fits a terminal of 80 columns."""
    units = ((1e9, "G"), (1e6, "M"), (1e3, "k")) if count >= 1e5 else ()
    unit, name = next(((unit, name) for unit, name in units if count >= unit), (1.0, ""))
    return f"{count / unit:.0f}{name}" if count / unit >= 100 else f"{count / unit:.3g}{name}"


def _rounded(seconds: float) -> str:
    for limit, unit, name in ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name}"
    return "days"


def _share(progress: Progress) -> float:
    """How much of the nearest limit is used up."""
    limits = progress.limits
    shares = [progress.iteration / limits.max_iter] if limits.max_iter else []
    shares += [progress.elapsed / limits.time_limit] if limits.time_limit else []
    return min(1.0, max(shares, default=0.0))
