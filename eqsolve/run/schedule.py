"""When a run stops, and at which iterations its answer is measured."""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.arguments import nonnegative

#: Relative tolerance where neither a tolerance nor a number of iterations is given.
DEFAULT_RTOL = 1e-6
#: Limit of the loop's wall time where no limit is given, in seconds.
DEFAULT_TIME_LIMIT = 60.0


@dataclass(frozen=True)
class Limits:
    """When to stop. `tol` and `rtol` both None: no tolerance, the run does exactly what the limits say.

    `implicit_time` says that nobody asked for the time limit.
    """

    tol: float | None
    rtol: float | None
    max_iter: int | None
    time_limit: float | None
    implicit_time: bool = False

    @classmethod
    def of(cls, tol: float | None, rtol: float | None, max_iter: int | None, time_limit: float | None) -> Limits:
        """Return what the options mean together.

        A number of iterations alone switches the default tolerance off: the run does exactly so many. A time limit
        leaves it on, and without any limit there is one of 60 s. UsageError for other
        values than finite numbers of at least 0.
        """
        for name, value in (("tol", tol), ("rtol", rtol), ("max-iter", max_iter), ("time-limit", time_limit)):
            if value is not None:
                nonnegative(name, value)
        unlimited = max_iter is None and time_limit is None
        if tol is None and rtol is None and max_iter is None:
            rtol = DEFAULT_RTOL
        return cls(tol, rtol, max_iter, DEFAULT_TIME_LIMIT if unlimited else time_limit, unlimited)

    def tolerance(self, scale: float) -> float | None:
        """The gap that ends the run, `rtol` counting in units of `scale`: the payoff range, or 1 for probabilities."""
        if self.tol is None and self.rtol is None:
            return None
        return max(self.tol or 0.0, (self.rtol or 0.0) * scale)


def next_measuring_point(n: int, every: int | None = None) -> int:
    """The first measuring point after iteration n: 0, 1, 2, …, 10, 11, 13, 15, …, or the multiples of `every`."""
    if every is not None:
        return (n // every + 1) * every
    point = 0
    while point <= n:
        point = max(point + 1, (11 * point + 9) // 10)  # ⌈1.1 point⌉, exactly
    return point


def is_measuring_point(n: int, every: int | None = None) -> bool:
    """Whether iteration n is one."""
    return n == 0 or next_measuring_point(n - 1, every) == n
