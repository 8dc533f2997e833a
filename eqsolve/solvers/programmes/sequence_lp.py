"""Maximin plans of a two-player zero-sum (or constant-sum) extensive game by one linear programme, linear in its tree.

Koller, Megiddo and von Stengel 1994 (STOC); von Stengel 1996 (Games and Economic Behavior 14). With x and y the
realisation plans and A the payoffs of the first player by pairs of sequences, times chance:

    max q_∅   subject to   Σ_s x_s A[s, t] + Σ_{I after t} q_I ≥ q_{I(t)} for every sequence t of the second player,
                           x_∅ = 1,  Σ_{s at I} x_s = x_{parent of I} for every information set I of the first,  x ≥ 0

where q_I is what the first player is sure of if the second comes to I. The multipliers of the first rows are y. Payoffs
are scaled so that the largest entry of A is 1; HiGHS ends at a vertex, exact to rounding. One long step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import NEGLIGIBLE, Programme, in_thread, maximum
from eqsolve.arithmetic.rational import require_flint
from eqsolve.arithmetic.sequence_constraints import (
    constraints,
    extent,
    plan_at,
    rational_behaviour,
    square_system,
)
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.exact_payoffs import ExactLeaves, Policies
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex


class State(NamedTuple):
    """`first`, `second`: the policies; meaningless before the step. `solved`: HiGHS proved optimality.

    `basic_columns`, `basic_rows`: the basis at which it ended, along the programme's variables and constraints.
    """

    iteration: int
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    solved: bool
    basic_columns: NDArray[np.bool_]
    basic_rows: NDArray[np.bool_]


@dataclass(frozen=True)
class SequenceLP:
    """No hyperparameters."""

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("sequence-lp solves one linear programme and takes no --start")
        first, second = game.uniform()
        columns, rows = (np.zeros(size, dtype=np.bool_) for size in extent(*game.treeplexes))
        return State(0, first.copy(), second.copy(), False, columns, rows)

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        one, two = game.treeplexes
        found = in_thread(maximum, programme(game))
        plans = found.values[: one.sequences], np.abs(found.multipliers[: two.sequences])
        first, second = (behaviour(*each) for each in zip((one, two), plans, strict=True))
        return State(1, first, second, found.solved, found.basic_columns, found.basic_rows)

    def answers(self, game: SequenceForm, state: State) -> dict[str, Profile]:
        return {"maximin": frozen((state.first, state.second))} if state.solved else {}

    def finished(self, state: State) -> bool:
        return state.iteration > 0

    def require_rationals(self) -> None:
        require_flint()

    def solution(self, game: SequenceForm, state: State, exact: ExactLeaves, answer: Profile) -> Policies | None:
        """The plans at the basis where HiGHS ended, in rationals; None where that basis, seen exactly, gives none."""
        always = Fraction(_always(game))
        paid = exact.paid[0] * always.denominator - exact.chance * always.numerator
        first, second = game.treeplexes
        matrix = constraints(first, second, exact.sequences[0], exact.sequences[1], paid)
        # variables that are not basic are 0, constraints whose slack is not basic hold with equality
        columns, rows = np.flatnonzero(state.basic_columns), np.flatnonzero(~state.basic_rows)
        if len(columns) != len(rows):
            return None
        equations, dual = square_system(matrix, columns, rows)
        # x_∅ = 1 stands after the rows of the second player's sequences, q_∅ after the columns of the first's
        one, two = (treeplex.sequences for treeplex in game.treeplexes)
        plans = (
            plan_at(equations, [int(r == two) for r in rows], columns, one),
            plan_at(dual, [-int(c == one) for c in columns], rows, two),
        )
        if None in plans:
            return None
        return tuple(rational_behaviour(*each) for each in zip(game.treeplexes, plans, strict=True))


def programme(game: SequenceForm) -> Programme:
    """The game as a linear programme."""
    paid = game.leaves.chance * (game.leaves.payoffs[0] - _always(game))
    largest = np.abs(paid).max()
    (one, two), (own, others) = game.treeplexes, game.leaves.sequences
    matrix = constraints(one, two, own, others, paid / largest if largest > 0 else paid)
    plan, (columns, rows) = game.treeplexes[0].sequences, extent(*game.treeplexes)
    costs, lower = np.zeros(columns), np.zeros(rows)
    costs[plan] = 1.0
    equations = rows - 1 - len(game.treeplexes[0].parent)
    lower[equations] = 1.0
    upper = lower.copy()
    upper[:equations] = np.inf
    least = np.where(np.arange(columns) < plan, 0.0, -np.inf)
    return Programme(costs, least, lower, upper, matrix)


def _always(game: SequenceForm) -> float:
    """What all leaves pay the first player in any case; 0 if they may win or lose: then leaves of 0 need no entry."""
    payoffs = game.leaves.payoffs[0]
    return float(np.clip(0.0, payoffs.min(), payoffs.max()))


def behaviour(treeplex: Treeplex, plan: Array) -> Array:
    """The policy of a realisation plan whose negligible entries are rounding."""
    return treeplex.behaviour(np.where(plan > NEGLIGIBLE, plan, 0.0))
