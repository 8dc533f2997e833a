"""What a row of the registry says of an algorithm. Loads no solver and no numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple

from eqsolve.forms.concept import Concept
from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.limits import Limit


class GameClass(StrEnum):
    """The classes of games in which an answer may be said to converge; `PROMISES` says what each means."""

    ANY = "any"
    POTENTIAL = "potential"
    POTENTIAL_SMALL_STEPS = "potential (small steps)"
    TWO_PLAYER = "two-player"
    ZERO_SUM = "two-player zero-sum"
    ZERO_SUM_IN_PROBABILITY = "two-player zero-sum (in probability)"


class Promise(NamedTuple):
    """What it means that an answer converges in a class of games."""

    #: What a game must have to be in the class.
    structure: frozenset[Structure]
    #: What tends to 0 as iterations go on, in words; "the gap" is that of the row's concept.
    vanishing: str


_ZERO_SUM = frozenset({Structure.TWO_PLAYER, Structure.ZERO_SUM})

#: Class of games -> what a row promises that names it in `converges`.
PROMISES: Mapping[GameClass, Promise] = {
    GameClass.ANY: Promise(frozenset(), "the gap"),
    GameClass.POTENTIAL: Promise(frozenset({Structure.POTENTIAL}), "the gap"),
    GameClass.POTENTIAL_SMALL_STEPS: Promise(
        frozenset({Structure.POTENTIAL}), "the gap, for every step that is small enough"
    ),
    GameClass.TWO_PLAYER: Promise(frozenset({Structure.TWO_PLAYER}), "the gap"),
    GameClass.ZERO_SUM: Promise(_ZERO_SUM, "the gap"),
    GameClass.ZERO_SUM_IN_PROBABILITY: Promise(_ZERO_SUM, "the probability that the gap exceeds ε, for every ε > 0"),
}


@dataclass(frozen=True)
class Row:
    """One algorithm. Of another package's row plain strings do in place of the enums' members."""

    name: str
    #: `module:class`, imported when the algorithm is used.
    target: str
    #: The forms that it takes.
    forms: tuple[FormName | str, ...]
    #: At most 50 characters, or lists on a terminal cut it off.
    summary: str
    reference: str
    #: Names of its answers, first the one that it stands by.
    answers: tuple[str, ...]
    #: Pairs of an answer and a class of games in which it is proved to converge, as PROMISES says.
    converges: tuple[tuple[str, GameClass | str], ...]
    #: Structure that a game must have.
    needs: tuple[Structure | str, ...] = ()
    aliases: tuple[str, ...] = ()
    #: Whether `run.solve` tries a support polish of the answer at measuring points.
    polish: bool = False
    #: Whether a probability that starts at 0 stays 0.
    keeps_zeros: bool = False
    #: Of which equilibria it looks for one; its answers are judged by that gap.
    concept: Concept = Concept.NASH
    #: How large a game may be, and what happens beyond.
    limits: tuple[Limit, ...] = ()
    #: With which hyperparameters it looks for logit quantal responses, in words, and is judged by the distance to
    #: those; empty where it never does.
    quantal: str = ""
    #: Of an algorithm that is in no table of ours: its class, and the package that brings it.
    solver: type[Any] | None = None
    package: str | None = None

    def load(self) -> type[Any]:
        """Return the solver's class; import its module."""
        if self.solver is not None:
            return self.solver
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]  # the table's own promise


def games_in_words(converges: str) -> str:
    """Return a row's class of games as sentences name it: `potential games (small steps)`."""
    games, bracket, condition = converges.partition(" (")
    return f"{games} {'game' if games == 'any' else 'games'}{bracket}{condition}"
