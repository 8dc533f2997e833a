"""What a row of the registry says of an algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from eqsolve.forms.concept import Concept


@dataclass(frozen=True)
class Row:
    """One algorithm. `needs` are structures the game must have: 'two-player', 'zero-sum', 'tensor'. `most_leaves`:
    of an extensive game that it takes. `summary`: at most 50 characters, or lists on a terminal cut it off.

    `concept`: of which equilibria it looks for one; its answers are judged by that gap. `converges` lists pairs
    (answer, class of games): where that answer's gap provably tends to 0, for steps that are small enough where the
    method has a step size.
    `polish` lets `run.solve` try a support polish of the answer at measuring points. `keeps_zeros`: a probability that
    starts at 0 stays 0. `most_actions`: games with more, of all players together, are not accepted; `most_supports`:
    nor are games of more than two players with more profiles of supports. `long_step`: with more actions a step takes
    so long that nobody should time it unasked. `quantal`: with which hyperparameters it looks for logit quantal
    responses, in words, and is judged by the distance to those; empty where it never does.
    """

    name: str
    target: str
    forms: tuple[str, ...]
    summary: str
    reference: str
    answers: tuple[str, ...]
    converges: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    polish: bool = False
    keeps_zeros: bool = False
    concept: Concept = Concept.NASH
    most_leaves: int | None = None
    most_actions: int | None = None
    most_supports: int | None = None
    long_step: int | None = None
    quantal: str = ""
    #: Of an algorithm that is in no table of ours: its class, and the package that brings it.
    solver: type[Any] | None = None
    package: str | None = None

    def load(self) -> type[Any]:
        """The solver's class; imports its module."""
        if self.solver is not None:
            return self.solver
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]  # the table's own promise
