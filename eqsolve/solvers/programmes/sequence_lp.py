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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import NEGLIGIBLE, Entries, Programme, in_thread, maximum
from eqsolve.arithmetic.rational import require_flint, solution
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
        columns, rows = (np.zeros(size, dtype=np.bool_) for size in extent(game))
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
        matrix = entries(game, exact.sequences, paid)
        # variables that are not basic are 0, constraints whose slack is not basic hold with equality
        columns, rows = np.flatnonzero(state.basic_columns), np.flatnonzero(~state.basic_rows)
        if len(columns) != len(rows):
            return None
        equations = [dict[int, int]() for _ in rows]
        dual = [dict[int, int]() for _ in columns]
        row_of, column_of = (np.full(len(held), -1) for held in (state.basic_rows, state.basic_columns))
        row_of[rows], column_of[columns] = np.arange(len(rows)), np.arange(len(columns))
        for r, c, value in zip(row_of[matrix.rows], column_of[matrix.columns], matrix.values, strict=True):
            if r >= 0 and c >= 0:
                equations[r][int(c)] = dual[c][int(r)] = value
        # x_∅ = 1 stands after the rows of the second player's sequences, q_∅ after the columns of the first's
        one, two = (treeplex.sequences for treeplex in game.treeplexes)
        primal = solution(equations, [int(r == two) for r in rows])
        multipliers = solution(dual, [-int(c == one) for c in columns])
        if primal is None or multipliers is None:
            return None
        plans = _plan(primal, columns, one), _plan(multipliers, rows, two)
        if any(min(plan) < 0 for plan in plans):
            return None
        return tuple(_rational_behaviour(*each) for each in zip(game.treeplexes, plans, strict=True))


def extent(game: SequenceForm) -> tuple[int, int]:
    """How many variables (x, then q) and constraints (of the second's sequences, then of the first's plan)."""
    one, two = game.treeplexes
    return one.sequences + 1 + len(two.parent), two.sequences + 1 + len(one.parent)


def programme(game: SequenceForm) -> Programme:
    """The game as a linear programme."""
    paid = game.leaves.chance * (game.leaves.payoffs[0] - _always(game))
    largest = np.abs(paid).max()
    matrix = entries(game, game.leaves.sequences, paid / largest if largest > 0 else paid)
    plan, (columns, rows) = game.treeplexes[0].sequences, extent(game)
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


def entries(game: SequenceForm, sequences: NDArray[np.int32], paid: NDArray[Any]) -> Entries:
    """The matrix, zeros left out, for leaves at `sequences` [2, Z] that pay `paid` [Z], chance included.

    The same for integers of any length.
    """
    one, two = game.treeplexes
    x, q = np.arange(one.sequences), one.sequences + np.arange(1 + len(two.parent))
    t, e = np.arange(two.sequences), two.sequences + np.arange(1 + len(one.parent))
    blocks = (
        (sequences[1], sequences[0], paid),
        (t, q[_sets(two)], np.full(len(t), -1)),
        (two.parent, q[1:], np.full(len(two.parent), 1)),
        (e[_sets(one)], x, np.full(len(x), 1)),
        (e[1:], one.parent, np.full(len(one.parent), -1)),
    )
    rows, columns = (np.concatenate([block[k] for block in blocks]).astype(np.int64) for k in (0, 1))
    values = np.concatenate([block[2].astype(paid.dtype) for block in blocks])
    there = values != 0
    return Entries(rows[there], columns[there], values[there])


def _sets(treeplex: Treeplex) -> NDArray[np.int64]:
    """[Q]: the information set of every sequence, counted from 1; 0 for the empty sequence."""
    return np.concatenate([np.zeros(1, np.int64), 1 + np.repeat(np.arange(len(treeplex.parent)), treeplex.count)])


def behaviour(treeplex: Treeplex, plan: Array) -> Array:
    """The policy of a realisation plan; uniform where the plan does not come."""
    weights = np.where(plan > NEGLIGIBLE, plan, 0.0)
    reached = np.repeat(np.add.reduceat(weights, treeplex.first), treeplex.count)
    policy = np.ones(len(plan))
    policy[1:] = np.where(reached > 0, weights[1:], 1.0)
    policy[1:] /= np.where(reached > 0, reached, np.repeat(treeplex.count, treeplex.count))
    return policy


def _plan(solved: list[Fraction], held: NDArray[np.int64], size: int) -> list[Fraction]:
    """A plan [size] that has the `solved` values at the sequences `held`, numbers from `size` on left out, else 0."""
    plan = [Fraction(0)] * size
    for k, value in zip(held[held < size].tolist(), solved, strict=False):
        plan[k] = value
    return plan


def _rational_behaviour(treeplex: Treeplex, plan: list[Fraction]) -> tuple[Fraction, ...]:
    """`behaviour` in rationals."""
    policy = [Fraction(1)] * len(plan)
    for first, count in zip(treeplex.first.tolist(), treeplex.count.tolist(), strict=True):
        here = slice(first, first + count)
        reached = sum(plan[here])
        policy[here] = [p / reached for p in plan[here]] if reached else [Fraction(1, count)] * count
    return tuple(policy)
