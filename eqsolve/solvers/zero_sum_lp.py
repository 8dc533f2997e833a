"""Maximin policies of a two-player zero-sum (or constant-sum) game by one linear programme.

von Neumann 1928; the programme is Dantzig's (1951): maximise v subject to Σ_a x_a A[a, b] ≥ v for every column b,
Σ_a x_a = 1, x ≥ 0; its dual solution is the column player's policy. Payoffs are scaled to [0, 1] first, so the
tolerances are relative to the payoff range. HiGHS solves it (dual simplex); one long step, not cut into shorter ones.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal import NormalForm

#: Primal and dual feasibility on payoffs scaled to [0, 1]; the smallest that HiGHS takes.
FEASIBILITY = 1e-10


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
        payoffs = game.tensor().payoffs[0]
        # a thread of its own keeps the main one free for signals: HiGHS cannot be interrupted from Python
        with ThreadPoolExecutor(1) as executor:
            row, column, solved = executor.submit(maximin, payoffs).result()
        return State(1, row, column, solved)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"maximin": frozen((state.row, state.column))} if state.solved else {}

    def finished(self, state: State) -> bool:
        return state.iteration > 0


def maximin(payoffs: Array) -> tuple[Array, Array, bool]:
    """(row policy [A], column policy [B], whether HiGHS proved optimality) for the row player's payoffs [A, B]."""
    import highspy

    rows, columns = payoffs.shape
    low, spread = payoffs.min(), np.ptp(payoffs)
    scaled = (payoffs - low) / spread if spread > 0 else np.zeros_like(payoffs)
    # variables x_0 … x_{A−1}, v; constraints Σ_a x_a A[a, b] − v ≥ 0 for each b, then Σ x = 1; column-wise
    constraints = np.zeros((columns + 1, rows + 1))
    constraints[:columns, :rows] = scaled.T
    constraints[:columns, rows] = -1.0
    constraints[columns, :rows] = 1.0
    where = constraints.T != 0.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = rows + 1, columns + 1
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.append(np.zeros(rows), 1.0)
    lp.col_lower_ = np.append(np.zeros(rows), -highspy.kHighsInf)
    lp.col_upper_ = np.full(rows + 1, highspy.kHighsInf)
    lp.row_lower_ = np.append(np.zeros(columns), 1.0)
    lp.row_upper_ = np.append(np.full(columns, highspy.kHighsInf), 1.0)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], where.sum(axis=1).cumsum()]).astype(np.int32)
    lp.a_matrix_.index_ = np.nonzero(where)[1].astype(np.int32)
    lp.a_matrix_.value_ = constraints.T[where]
    highs = highspy.Highs()
    highs.silent()
    for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(option, FEASIBILITY)
    highs.setOptionValue("threads", 1)
    highs.passModel(lp)
    highs.run()
    solution = highs.getSolution()
    solved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (
        _distribution(np.array(solution.col_value)[:rows]),
        _distribution(np.abs(np.array(solution.row_dual)[:columns])),
        solved,
    )


def _distribution(weights: Array) -> Array:
    """Weights freed from rounding below zero and scaled to sum 1; uniform where there is nothing to scale."""
    positive = np.maximum(weights, 0.0)
    total = positive.sum()
    return positive / total if total > 0 else np.full(len(weights), 1 / len(weights))
