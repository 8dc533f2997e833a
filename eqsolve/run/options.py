"""What a run is asked to do, as one record: made once, by the command line or by a program, and passed through.

Everything is checked here and nowhere else, so that every way in refuses the same values in the same words.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from eqsolve.arguments import nonnegative, whole
from eqsolve.errors import UsageError

#: Relative tolerance where neither a tolerance nor a number of iterations is given.
DEFAULT_RTOL = 1e-6
#: Limit of the loop's wall time where no limit is given, in seconds.
DEFAULT_TIME_LIMIT = 60.0
#: Seconds between two checkpoints.
DEFAULT_CHECKPOINT_EVERY = 60.0
#: Seeds are unsigned 64-bit numbers.
SEEDS = 2**64


@dataclass(frozen=True)
class Limits:
    """When to stop. `tol` and `rtol` both None: no tolerance, the run does exactly what the limits say.

    `implicit_time` says that nobody asked for the time limit, `implicit_rtol` that nobody asked for `rtol`.
    """

    tol: float | None
    rtol: float | None
    max_iter: int | None
    time_limit: float | None
    implicit_time: bool = False
    implicit_rtol: bool = field(default=False, compare=False)

    @classmethod
    def of(
        cls,
        tol: float | None = None,
        rtol: float | None = None,
        max_iter: int | None = None,
        time_limit: float | None = None,
    ) -> Limits:
        """Return what the options mean together.

        A number of iterations alone switches the default tolerance off: the run does exactly so many. A time limit
        leaves it on, and without any limit there is one of 60 s. UsageError for other
        values than finite numbers of at least 0.
        """
        unlimited = max_iter is None and time_limit is None
        by_default = tol is None and rtol is None and max_iter is None
        if max_iter is not None:
            nonnegative("max-iter", max_iter)
        return cls(
            _number("tol", tol),
            DEFAULT_RTOL if by_default else _number("rtol", rtol),
            max_iter,
            DEFAULT_TIME_LIMIT if unlimited else _number("time-limit", time_limit),
            unlimited,
            by_default,
        )

    def tolerance(self, scale: float | None) -> float | None:
        """The gap that ends the run, `rtol` counting in units of `scale`: the payoff range, or 1 for probabilities.

        Where payoffs have no bounds (`scale` None) the default counts in payoff units; UsageError for an `rtol` that
        was asked for.
        """
        if self.tol is None and self.rtol is None:
            return None
        if scale is None and self.rtol is not None and not self.implicit_rtol:
            raise UsageError(
                "rtol: payoffs of this game have no bounds, so there is no range of which to take a fraction",
                "give a tolerance in payoff units: --tol X (in Python: tol=X)",
            )
        scale = 1.0 if scale is None else scale
        return max(self.tol or 0.0, (self.rtol or 0.0) * scale)


@dataclass(frozen=True)
class RunOptions:
    """What a run of an algorithm on a game is asked to do.

    `answer`: 'best' (the measured point with the least gap, of all answers that the method offers) or the name of an
    answer, then taken where the run ends. `measure_every`: iterations between measured points; None where a schedule
    sets them. `checkpoint_every`: seconds between two checkpoints. `threads`: of sweeps over large games. `polish`:
    whether answers may be polished; None leaves that to the method. `exact`: whether answers are certified in rational
    arithmetic.
    """

    limits: Limits
    answer: str = "best"
    seed: int = 0
    measure_every: int | None = None
    checkpoint_every: float = DEFAULT_CHECKPOINT_EVERY
    threads: int = 1
    polish: bool | None = None
    exact: bool = False

    @classmethod
    def of(
        cls,
        *,
        tol: Any = None,
        rtol: Any = None,
        max_iter: Any = None,
        time_limit: Any = None,
        answer: str = "best",
        seed: Any = 0,
        measure_every: Any = None,
        checkpoint_every: Any = DEFAULT_CHECKPOINT_EVERY,
        threads: Any = 1,
        polish: bool | None = None,
        exact: bool = False,
    ) -> RunOptions:
        """Check what was asked for, numbers of numpy among it, and return it; UsageError says what was expected."""
        made = cls(
            limits=Limits.of(tol, rtol, None if max_iter is None else whole("max-iter", max_iter), time_limit),
            answer=answer,
            seed=seed_of(seed),
            measure_every=None if measure_every is None else whole("measure-every", measure_every),
            checkpoint_every=_number("checkpoint-every", checkpoint_every) or 0.0,
            threads=whole("threads", threads),
            polish=polish,
            exact=exact,
        )
        for name, value in (("measure-every", made.measure_every), ("threads", made.threads)):
            if value is not None and value < 1:
                raise UsageError(f"{name}: expected a whole number of at least 1, got {value}")
        return made


def seed_of(seed: Any) -> int:
    """Return a seed as an int; UsageError unless it is a whole number from 0 to 2^64 − 1."""
    found = whole("seed", seed)
    if not 0 <= found < SEEDS:
        raise UsageError(f"seed: expected a whole number from 0 to 2^64 − 1, got {found}")
    return found


def _number(name: str, value: Any) -> float | None:
    """Return a finite number of at least 0 as a float, the largest float for whole numbers beyond; None for None."""
    return None if value is None else float(min(nonnegative(name, value), sys.float_info.max))
