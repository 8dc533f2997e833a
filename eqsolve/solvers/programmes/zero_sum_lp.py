"""Maximin policies of a two-player zero-sum (or constant-sum) game by one linear programme.

von Neumann 1928; the programme is Dantzig's (1951): maximise v subject to Σ_a x_a A[a, b] ≥ v for every column b,
Σ_a x_a = 1, x ≥ 0; its dual solution is the column player's policy. Payoffs are scaled to [0, 1] first, so the
tolerances are relative to the payoff range. HiGHS solves it (dual simplex); one long step, not cut into shorter ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import Entries, Programme, in_thread, maximum
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import NormalForm


class State(NamedTuple):
    """`row`, `column`: the policies; meaningless before the step. `solved`: HiGHS proved optimality."""

    iteration: int
    row: NDArray[np.float64]
    column: NDArray[np.float64]
    solved: bool


@dataclass(frozen=True)
class ZeroSumLP:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("zero-sum-lp solves one linear programme and takes no --start")
        row, column = game.uniform()
        return State(0, row.copy(), column.copy(), False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        row, column, solved = in_thread(maximin, game.tensor().payoffs[0])
        return State(1, row, column, solved)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"maximin": frozen((state.row, state.column))} if state.solved else {}

    def finished(self, state: State) -> bool:
        return state.iteration > 0


def maximin(payoffs: Array) -> tuple[Array, Array, bool]:
    """(row policy [A], column policy [B], whether HiGHS proved optimality) for the row player's payoffs [A, B]."""
    rows, columns = payoffs.shape
    low, spread = payoffs.min(), np.ptp(payoffs)
    scaled = (payoffs - low) / spread if spread > 0 else np.zeros_like(payoffs)
    # variables x_0 … x_{A−1}, v; constraints Σ_a x_a A[a, b] − v ≥ 0 for each b, then Σ x = 1
    constraints = np.zeros((columns + 1, rows + 1))
    constraints[:columns, :rows] = scaled.T
    constraints[:columns, rows] = -1.0
    constraints[columns, :rows] = 1.0
    there = np.nonzero(constraints)
    found = maximum(
        Programme(
            costs=np.append(np.zeros(rows), 1.0),
            least=np.append(np.zeros(rows), -np.inf),
            lower=np.append(np.zeros(columns), 1.0),
            upper=np.append(np.full(columns, np.inf), 1.0),
            matrix=Entries(there[0], there[1], constraints[there]),
        )
    )
    return (
        _distribution(found.values[:rows]),
        _distribution(np.abs(found.multipliers[:columns])),
        found.solved,
    )


def _distribution(weights: Array) -> Array:
    """Weights freed from rounding below zero and scaled to sum 1; uniform where there is nothing to scale."""
    positive = np.maximum(weights, 0.0)
    total = positive.sum()
    return positive / total if total > 0 else np.full(len(weights), 1 / len(weights))
