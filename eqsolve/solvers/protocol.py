"""What a solver is: a frozen dataclass of hyperparameters with three methods, and what a state is.

A state is a NamedTuple of arrays and scalars, its first field `iteration`. `step` is one jitted sweep (or one long
step that says so) and leaves its input as it was; step(step(s, a), b) == step(s, a + b) and step(s, 0) == s bit for
bit. No solver owns a loop, a clock, a tolerance or any output. Randomness is drawn from counters keyed by the seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from eqsolve.forms.base import Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.exact_payoffs import Chances, Policies
from eqsolve.forms.joint import Joint
from eqsolve.forms.play import PlaySums

#: A NamedTuple; `state.iteration` counts what the method calls a step.
State: TypeAlias = Any


class Solver(Protocol):
    """Every algorithm: a frozen dataclass whose fields are its hyperparameters."""

    def init(self, game: Any, seed: int, start: Profile | None = None) -> State:
        """Return the state before the first step; `start` seeds the iterate. UsageError where a start means nothing."""

    def step(self, game: Any, state: State, steps: int) -> State:
        """Return the state `steps` steps later; `state` stays as it was."""

    def answers(self, game: Any, state: State) -> Mapping[str, Profile]:
        """Return the profiles that the method offers, the one it stands by first; empty while it has none.

        They may be made when they are asked for, from the state as it is then.
        """


@runtime_checkable
class Adapts(Protocol):
    """A method with hyperparameters whose defaults depend on the game."""

    def adapted(self, game: Any) -> Solver:
        """Return the method with those defaults filled in, so that a result can say what was used."""


@runtime_checkable
class ChecksStates(Protocol):
    """A method whose kernels index by numbers of its state, which they do not check."""

    def is_state(self, game: Any, state: State) -> bool:
        """Tell whether those numbers lie within the game; a checkpoint from a stranger may hold any."""


@runtime_checkable
class HasFigures(Protocol):
    """A method with numbers of its own worth watching: a temperature, the precision of a path."""

    def figures(self, game: Any, state: State) -> Mapping[str, float]:
        """Return these numbers by name; every state has the same names."""


@runtime_checkable
class AnswersByLogit(Protocol):
    """A method that looks for logit quantal responses, always or where its hyperparameters ask for them."""

    def asked_precision(self, game: Any) -> float | None:
        """Return λ of the quantal responses asked for, in 1 / payoff units; None where a Nash equilibrium is.

        Its answers are then judged by their distance to the logit responses, and never polished.
        """


@runtime_checkable
class Advances(Protocol):
    """A method that can go on without a second state: there may be no room for one."""

    def advance(self, game: Any, state: State, steps: int) -> State:
        """Return what `step` returns; the arrays of `state` are modified in place."""


@runtime_checkable
class Polishes(Protocol):
    """A method that polishes its own answers: it solves for an equilibrium on the support of one."""

    def polished_answers(self, state: State) -> frozenset[str]:
        """Return the names of the answers that are polished in this state."""


@runtime_checkable
class Samples(Protocol):
    """A method whose iterations look at sampled histories, and not at every leaf."""

    def visits(self) -> int:
        """Return how many visits of a leaf by a sweep of the whole game take as long as one iteration, about.

        Answers are measured so far apart that this takes a fifth of the time.
        """


@runtime_checkable
class Finishes(Protocol):
    """A method that has an end of its own."""

    def finished(self, state: State) -> bool:
        """Tell whether nothing is left to do."""


@runtime_checkable
class Remarks(Protocol):
    """A method that has something to say about how it ended."""

    def remarks(self, game: Any, state: State) -> Sequence[str]:
        """Return sentences for the user, about the last state of a run; none where the answer says it all."""


@runtime_checkable
class Correlates(Protocol):
    """A method whose answer is a joint distribution over pure profiles, called `joint`; of profiles it offers none."""

    concept: ClassVar[Concept]

    def joint(self, game: Any, state: State) -> Joint | None:
        """Return the distribution that the method stands by; None while it has none."""


@runtime_checkable
class SolvesExactly(Protocol):
    """A method that can tell its answer in rationals from where it ended: by a basis, by supports."""

    def require_rationals(self) -> None:
        """Raise UsageError if a library that this needs is not installed."""

    def solution(self, game: Any, state: State, exact: Any, answer: Profile) -> Policies | None:
        """Return what `answer` rounds, in the game as `exact` tells it in rationals; None where it cannot be had."""


@runtime_checkable
class SolvesJointExactly(Correlates, Protocol):
    """A method that can tell its joint distribution in rationals from where it ended: by a basis."""

    def require_rationals(self) -> None:
        """Raise UsageError if a library that this needs is not installed."""

    def joint_solution(self, game: Any, state: State, exact: Any) -> tuple[Joint, Chances] | None:
        """Return what the answer rounds, in the game as `exact` tells it in rationals; None where it cannot be had."""


@runtime_checkable
class SumsPlay(Protocol):
    """A method that sums what its iterations play, for the CCE and CE gaps of the run's joint play."""

    def plays(self, state: State) -> PlaySums | None:
        """Return the sums over the profiles played so far; None in games where the method sums none."""


@dataclass(frozen=True)
class Enumeration:
    """The equilibria that a method has listed so far, and what the list covers.

    `profiles`: in the order of finding. `complete`: whether none is missing of the kind that `coverage` names, in words
    such as "every pure equilibrium"; where it is False these begin with "at least". `components`: for each profile the
    number, from 1, of its connected component of the set of all equilibria; None where that is not known.
    `nash_subsets`: the maximal products of mixtures of which that set is the union; None while not known, or too many.
    For each product and each player: the numbers, from 0, of those of `profiles` of which that player's policies are
    mixed.
    """

    profiles: Sequence[Profile]
    coverage: str
    complete: bool
    components: Sequence[int] | None = None
    nash_subsets: Sequence[tuple[tuple[int, ...], ...]] | None = None

    def kept(self, keep: Sequence[bool], why: str) -> Enumeration:
        """Return the list with only those profiles whose `keep` is True; `coverage` then says that others were left
        out, and `why`. Where none is left out, the list as it is.
        """
        left_out = sum(not one for one in keep)
        if not left_out:
            return self
        others, them = (f"{left_out} more were found and are", "them")
        if left_out == 1:
            others, them = ("1 more was found and is", "it")
        return Enumeration(
            tuple(compress(self.profiles, keep)),
            f"at least these equilibria: {others} not listed, {why}; with {them}: {self.coverage}",
            False,
            None if self.components is None else tuple(compress(self.components, keep)),
        )


@runtime_checkable
class Enumerates(Finishes, Protocol):
    """A method that lists equilibria; it runs to its own end or a limit, never to a tolerance."""

    def enumeration(self, game: Any, state: State) -> Enumeration:
        """Return all that were found so far, and what the list covers."""
