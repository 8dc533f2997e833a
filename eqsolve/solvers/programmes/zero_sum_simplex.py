"""The primal simplex method for a two-player zero-sum (or constant-sum) game, on one condensed tableau.

Dantzig 1951 (Activity Analysis of Production and Allocation, ch. 20). With the row player's payoffs A scaled to be
positive, maximise Σ y subject to A y ≤ 1, y ≥ 0: the optimum is 1 / value, y normalised is the column player's
maximin policy, and the prices of the rows, normalised, are the row player's. A step is a pivot:

1. the variable whose reduced cost is the largest for the length of its edge enters, lengths by Devex (Harris 1973,
   Mathematical Programming 5);
2. a lexicographic ratio test says which leaves, so that degenerate games end too (Dantzig, Orden and Wolfe 1955);
3. where none enters both policies are computed afresh from the basis, by elimination. Should rounding have led to a
   wrong basis, the tableau is made anew from it, and pivoting goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tableau import FEW_ACTIONS, LEAST_PAYOFF, SOLVED, exchange, is_basis, leaving, pivot, scaled

#: Reduced costs below this are rounding.
REDUCED_COST = 1e-11
#: Right-hand sides below minus this are no rounding.
FEASIBLE = 1e-9
#: How often a tableau is made anew before the method gives up.
RENEWALS = 5

#: How the method stands.
NOT_BEGUN, PIVOTING, OPTIMAL, FAILED = range(4)


class State(NamedTuple):
    """The tableau, A rows of constraints and B columns, and what the pivoting goes by."""

    iteration: int
    table: NDArray[np.float64]  # [A + 1, B + 1]: the row of costs last
    variables: NDArray[np.int64]  # [2 · (A + B)]: `rows`, `columns` and `place` of kernels/tableau.py
    weights: NDArray[np.float64]  # [B]: Devex's, of the columns
    stage: int  # one of the four above
    renewals: int  # how often the tableau was made anew
    profile: NDArray[np.float64]  # [A + B], packed, at the end


@dataclass(frozen=True)
class ZeroSumSimplex:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("zero-sum-simplex starts at the origin and takes no --start")
        m, n = (len(labels) for labels in game.actions)
        variables = np.zeros(2 * (m + n), dtype=np.int64)
        return State(0, np.zeros((m + 1, n + 1)), variables, np.zeros(n), NOT_BEGUN, 0, np.zeros(m + n))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        arrays = state.table.copy(), state.variables.copy(), state.weights.copy(), state.profile.copy()
        pivots = simplex.interpreted if state.profile.size <= FEW_ACTIONS else simplex
        taken, stage, renewals = pivots(game.tensor().payoffs[0], *arrays, state.stage, state.renewals, steps)
        table, variables, weights, profile = arrays
        return State(state.iteration + taken, table, variables, weights, stage, renewals, profile)

    def is_state(self, game: NormalForm, state: State) -> bool:
        m, n = map(len, game.actions)
        if state.stage != PIVOTING:
            return NOT_BEGUN <= state.stage <= FAILED
        return is_basis(state.variables[:m], state.variables[m : m + n], state.variables[m + n :])

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"maximin": game.unpack(state.profile)} if state.stage == OPTIMAL else {}

    def finished(self, state: State) -> bool:
        return state.stage >= OPTIMAL


@jit
def simplex(a, table, variables, weights, profile, stage, renewals, steps):
    """Make at most `steps` pivots: (how many, the look that finds none counted; how the method stands; renewals).

    a [A, B]: the row player's payoffs. Modified in place are table [A + 1, B + 1], variables [2 · (A + B)], weights [B]
    and profile [A + B].
    """
    m, n = a.shape
    rows, columns, place = variables[:m], variables[m : m + n], variables[m + n :]
    payoffs = scaled(a)
    row, ratios, tied = np.empty(n + 1), np.empty(m), np.empty(m, dtype=np.int64)
    if stage == NOT_BEGUN:
        originate(payoffs, table, rows, columns, place)
        weights[:] = 1.0
        stage = PIVOTING
    taken = 0
    while taken < steps and stage == PIVOTING:
        taken += 1
        c = entering(table[m], weights)
        r = leaving(table, m, place, 0, c, ratios, tied) if c >= 0 else -1
        if r >= 0:
            pivot(table, r, c, row)
            exchange(rows, columns, place, r, c)
            reweigh(weights, row, c)
        elif policies(payoffs, rows, columns, profile) <= SOLVED * payoffs.spread:
            stage = OPTIMAL
        elif renewals == RENEWALS:
            stage = FAILED
        else:
            renewals += 1
            weights[:] = 1.0
            renew(payoffs, table, rows, columns, place, row)
    return taken, stage, renewals


@jit
def entering(costs, weights):
    """Return the column with the largest square of its reduced cost over its weight; −1 if no cost is negative.

    costs [B + 1], of which the last is no column's; weights [B].
    """
    c, most = -1, 0.0
    for k in range(weights.size):
        if costs[k] < -REDUCED_COST and costs[k] * costs[k] > most * weights[k]:
            c, most = k, costs[k] * costs[k] / weights[k]
    return c


@jit
def reweigh(weights, row, c):
    """Update Devex's weights [B], modified in place, after a pivot in column c.

    They bound from below the squared lengths of the edges, measured in the variables that were nonbasic first. row
    [B + 1]: the pivot's row after the pivot.
    """
    before = weights[c]
    for k in range(weights.size):
        weights[k] = max(weights[k], row[k] * row[k] * before)
    weights[c] = max(row[c] * row[c] * before, 1.0)


@jit
def originate(payoffs, table, rows, columns, place):
    """Write the tableau of the origin, where the slacks are basic, of payoffs `Scaled`.

    Modified in place are table [A + 1, B + 1], rows [A], columns [B] and place [A + B].
    """
    a, low, unit = payoffs.table, payoffs.least, payoffs.unit
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            table[i, j] = (a[i, j] - low) / unit + LEAST_PAYOFF
    table[m, :n] = -1.0
    table[:, n] = 1.0
    table[m, n] = 0.0
    for k in range(m):
        rows[k] = k
        place[k] = -1 - k
    for k in range(n):
        columns[k] = m + k
        place[m + k] = k


@jit
def policies(payoffs, rows, columns, profile):
    """Compute both policies of the basis, written to profile [A + B]; return the sum of their gaps, ∞ where none exist.

    The payoffs are `Scaled`; rows int64 [A] and columns int64 [B] are those of the tableau.
    """
    a, low, unit = payoffs.table, payoffs.least, payoffs.unit
    m, n = a.shape
    basic = rows[rows >= m] - m
    tight = columns[columns < m]
    size = basic.size
    system = np.empty((size, size))
    profile[:] = 0.0
    for side in range(2):
        for t in range(size):
            for k in range(size):
                value = (a[tight[t], basic[k]] - low) / unit + LEAST_PAYOFF
                if side == 0:
                    system[t, k] = value
                else:
                    system[k, t] = value
        weights = np.ones((size, 1))
        solve_columns(system, weights)
        total = 0.0
        for k in range(size):
            weights[k, 0] = max(weights[k, 0], 0.0)
            total += weights[k, 0]
        if not 0.0 < total < np.inf:
            return np.inf
        for k in range(size):
            profile[m + basic[k] if side == 0 else tight[k]] = weights[k, 0] / total
    best, received = -np.inf, np.zeros(n)
    for i in range(m):
        payoff = 0.0
        for k in range(size):
            payoff += a[i, basic[k]] * profile[m + basic[k]]
        best = max(best, payoff)
    for t in range(size):
        for j in range(n):
            received[j] += profile[tight[t]] * a[tight[t], j]
    return best - received.min()


@jit
def renew(payoffs, table, rows, columns, place, row):
    """Compute the tableau of the basis that rows and columns name afresh, by pivots from the origin.

    Each variable that is to be basic leaves its column at the row, of those whose variable is to go, with the largest
    entry. If the basis is infeasible by more than rounding the tableau becomes the origin's. The payoffs are `Scaled`;
    modified in place are table [A + 1, B + 1], rows [A], columns [B], place [A + B] and, work space, row [B + 1].
    """
    m, n = payoffs.table.shape
    wanted = rows[rows >= m]
    goes = np.zeros(m, dtype=np.bool_)
    for k in columns[columns < m]:
        goes[k] = True
    originate(payoffs, table, rows, columns, place)
    for variable in wanted:
        c, r = variable - m, -1
        for i in range(m):
            if goes[i] and (r < 0 or abs(table[i, c]) > abs(table[r, c])):
                r = i
        goes[r] = False
        pivot(table, r, c, row)
        exchange(rows, columns, place, r, c)
    if table[:m, n].min() < -FEASIBLE:
        originate(payoffs, table, rows, columns, place)
    for i in range(m):
        table[i, n] = max(table[i, n], 0.0)
