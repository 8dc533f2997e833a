"""What a run comes to: the better of two answers, the equilibria that are listed, certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import compress
from typing import TypeAlias

from eqsolve.forms.base import Profile
from eqsolve.run.appraisal import Appraiser
from eqsolve.run.options import DEFAULT_RTOL
from eqsolve.run.result import Clocks, Exact, ExactJoint, Judged, Measured
from eqsolve.solvers.protocol import Enumerates, State

#: Makes the exact certificate of a profile or a joint distribution, given a run's last state.
Certify: TypeAlias = Callable[[State, Judged], Exact | ExactJoint]


@dataclass(frozen=True)
class Listed:
    """The equilibria of a method that lists them, measured, as `Result` has them."""

    equilibria: tuple[Measured[Profile], ...]
    coverage: str
    components: tuple[int, ...] | None
    nash_subsets: tuple[tuple[tuple[int, ...], ...], ...] | None


@dataclass(frozen=True)
class Certificates:
    """Exact figures of a profile or of a joint distribution, and of the equilibria listed, as far as any."""

    exact: Exact | None = None
    exact_joint: ExactJoint | None = None
    exact_equilibria: tuple[Exact, ...] | None = None


def within(appraiser: Appraiser, solver: Enumerates, state: State, tolerance: float | None, clocks: Clocks) -> Listed:
    """Return the equilibria whose measured gap is at most the tolerance; without one the default serves.

    What is left out is said by the coverage.
    """
    form = appraiser.form
    found = solver.enumeration(form, state)
    bound = DEFAULT_RTOL * (1.0 if form.scale is None else form.scale) if tolerance is None else tolerance
    measured = [appraiser.judged("equilibrium", profile, state, clocks) for profile in found.profiles]
    close = [one.record.nash_gap <= bound for one in measured]
    kept = found.kept(close, f"the measured gap being above {bound:.6g}")
    return Listed(
        tuple(compress(measured, close)),
        kept.coverage,
        None if kept.components is None else tuple(kept.components),
        None if kept.nash_subsets is None else tuple(kept.nash_subsets),
    )


def certified(certify: Certify, state: State, answer: Judged | None, listed: Listed | None) -> Certificates:
    """Return the certificates of the answer and of the equilibria listed."""
    of_answer = None if answer is None else certify(state, answer)
    of_listed = None
    if listed is not None:
        each = [certify(state, one) for one in listed.equilibria]
        of_listed = tuple(one for one in each if isinstance(one, Exact))  # all are: these are profiles
    if isinstance(of_answer, ExactJoint):
        return Certificates(None, of_answer, of_listed)
    return Certificates(of_answer, None, of_listed)


def timed(measured: Judged, clocks: Clocks) -> Judged:
    """Return a measured answer with the clocks as they stand after it was measured."""
    return replace(measured, record=replace(measured.record, clocks=clocks))


def better(one: Judged | None, other: Judged | None) -> Judged | None:
    """Return the one with the smaller gap; the earlier where they are equal."""
    if one is None or other is None:
        return one or other
    return other if other.record.gap.value < one.record.gap.value else one
