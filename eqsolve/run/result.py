"""What a run leaves: statuses, one record per measured point, checkpoints and the result.

These are values; `store` writes them and `report` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.exact_payoffs import Chances, Policies
from eqsolve.forms.joint import Joint
from eqsolve.metrics.exact_regrets import ExactDeviations, ExactJointDeviations
from eqsolve.metrics.gap import Gap
from eqsolve.metrics.reach import Unreached
from eqsolve.run.options import RunOptions

if TYPE_CHECKING:
    from typing_extensions import TypeIs


class Status(StrEnum):
    """How a run ended. Not converging is an outcome with a name."""

    CONVERGED = "converged"
    EXHAUSTED = "exhausted"
    ITERATION_LIMIT = "iteration_limit"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"


@dataclass(frozen=True)
class Clocks:
    """Seconds spent on a run, by what they went into.

    `work`: the solver's steps. `check`: measuring. `load`: compiling and loading kernels. `read`: reading the game.
    `finish`: completing the answer once, after the last step: rows that play does not reach, and exact certificates.
    """

    work: float = 0.0
    check: float = 0.0
    load: float = 0.0
    read: float = 0.0
    finish: float = 0.0


@dataclass(frozen=True)
class Record:
    """One answer, measured: the figures at `iteration` of the answer called `answer`.

    `gap` judges it: its Nash gap, its distance to logit responses where a method was asked for these, or the CE or CCE
    gap of a joint distribution. `measured`: what the judge found, by the names of metrics/figures.py; a name that is
    missing, or None, does not apply. `figures` are those that the method itself tells of its state; most tell none.
    """

    iteration: int
    answer: str
    polished: bool
    gap: Gap
    measured: Mapping[str, Any]
    clocks: Clocks
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def concept(self) -> Concept:
        """Of which equilibria the answer is meant to be one."""
        return self.gap.concept

    @property
    def nash_gap(self) -> float:
        """The least ε for which the measured profile is an ε-Nash equilibrium; KeyError for a joint distribution."""
        return float(self.measured["nash_gap"])


A_co = TypeVar("A_co", covariant=True)


@dataclass(frozen=True)
class Measured(Generic[A_co]):
    """An answer and the record that judges it: a profile, or a joint distribution over pure profiles.

    `unreached`: of a profile of an extensive game, for each player and information set, why play does not come there,
    None where it does; None for the whole where that was not looked for.
    """

    answer: A_co
    record: Record
    unreached: tuple[tuple[Unreached | None, ...], ...] | None = None


#: An answer with its record, whichever of the two it is.
Judged: TypeAlias = Measured[Profile] | Measured[Joint]


def is_joint(judged: Judged) -> TypeIs[Measured[Joint]]:
    """Tell whether an answer is a joint distribution, not a profile."""
    return judged.record.concept.is_joint


@dataclass(frozen=True)
class Exact:
    """A profile of rationals with its figures as fractions.

    `of`: 'solution', which the method solved for in rationals; 'support', which makes exactly alike what the answer
    plays; 'given', as its fractions were written; or 'answer', the float64 one taken by its word.
    """

    of: str
    policies: Policies
    deviations: ExactDeviations


@dataclass(frozen=True)
class ExactJoint:
    """A joint distribution over the pure profiles `joint.actions` in rationals, with its figures as fractions.

    `of`: as in `Exact`, but never 'support'.
    """

    of: str
    joint: Joint
    probabilities: Chances
    deviations: ExactJointDeviations


@dataclass(frozen=True)
class Appraised:
    """One of the profiles that a file holds, by its `name` there, with its figures and remarks on its numbers."""

    name: str
    measured: Judged
    notes: tuple[str, ...] = ()
    exact: Exact | ExactJoint | None = None


@dataclass(frozen=True)
class Game:
    """A form with its name and origin: what a result says it is about."""

    form: Form
    kind: str
    name: str
    hash: str


@dataclass(frozen=True)
class Algorithm:
    """A solver as a result names it: `requested` is what was asked for, `reason` why `auto` chose this one, `concept`
    of which equilibria it looks for one.
    """

    name: str
    parameters: Mapping[str, Any]
    requested: str
    reason: str | None = None
    concept: Concept = Concept.NASH


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stood: the solver's state (its fields by name) and the best answer measured so far.

    `options`: what the run was asked to do; one that continues it may be asked for other limits, but not another seed.
    """

    state: Mapping[str, Any]
    best: Judged | None
    records: int
    clocks: Clocks
    game_hash: str
    algorithm: str
    parameters: Mapping[str, Any]
    options: RunOptions
    start_digest: str | None


@dataclass(frozen=True)
class Result:
    """What `solve` returns. `answer` is None where a method found nothing to stand by, or a joint distribution: then
    `joint` has it, which is no profile and never stands for one.

    `chosen` is 'best' (the measured point with the least gap) or 'final'; `last` judges the last iterate of the
    run, which need not be the answer. `equilibria` holds, for methods that find several, those whose measured
    Nash gap is at most `tolerance` (absolute, in payoff units); `complete` says in words what the list covers.
    `components`: where the method knows, for each of these the number of its component of the set of all equilibria.
    `nash_subsets`: the products of mixtures of which that set is the union, each by the numbers, from 0, of those of
    `equilibria` whose policies are mixed, for each player.
    `records`: of the measured points, in their order; of more than 10,000 the last and every 2nd, 4th, … of the others
    (a trace has all).
    `exact`: the answer's certificate in rational arithmetic, if one was asked for, or `exact_joint`, that of a joint
    distribution; `exact_equilibria`: those of the equilibria listed.
    """

    game: Game
    algorithm: Algorithm
    status: Status
    iterations: int
    tolerance: float | None
    answer: Measured[Profile] | None
    chosen: str
    last: Record | None
    equilibria: tuple[Measured[Profile], ...] | None
    complete: str | None
    records: tuple[Record, ...]
    seed: int
    clocks: Clocks
    notes: tuple[str, ...] = ()
    exact: Exact | None = None
    exact_joint: ExactJoint | None = None
    exact_equilibria: tuple[Exact, ...] | None = None
    components: tuple[int, ...] | None = None
    nash_subsets: tuple[tuple[tuple[int, ...], ...], ...] | None = None
    joint: Measured[Joint] | None = None

    @property
    def judged(self) -> Judged | None:
        """The answer, whichever kind it is of."""
        return self.joint or self.answer
