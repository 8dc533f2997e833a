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
from eqsolve.kernels.tableau import FEW_ACTIONS, SOLVED, exchange, extremes, leaving, pivot, power_of_two_above

#: Reduced costs below this are rounding.
REDUCED_COST = 1e-11
#: The payoffs' least, in units of their range.
LEAST = 0.5
#: Right-hand sides below minus this are no rounding.
FEASIBLE = 1e-9
#: How often a tableau is made anew before the method gives up.
RENEWALS = 5

#: How the method stands; how often the tableau was made anew.
STANDING, RENEWED = range(2)
FRESH, PIVOTING, OPTIMAL, LOST = range(4)


class State(NamedTuple):
    """`table` float64 [A + 1, B + 1], the objective's row last; `weights` float64 [B]: Devex's, of its columns; `books`
    int64: its variables, and how the method stands; `profile` float64 [A + B], packed, at the end.
    """

    iteration: int
    table: NDArray[np.float64]
    weights: NDArray[np.float64]
    books: NDArray[np.int64]
    profile: NDArray[np.float64]


@dataclass(frozen=True)
class ZeroSumSimplex:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("zero-sum-simplex starts at the origin and takes no --start")
        m, n = (len(labels) for labels in game.actions)
        return State(
            0, np.zeros((m + 1, n + 1)), np.zeros(n), np.zeros(2 * (m + n) + 2, dtype=np.int64), np.zeros(m + n)
        )

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        after = State(
            state.iteration, state.table.copy(), state.weights.copy(), state.books.copy(), state.profile.copy()
        )
        pivots = simplex.interpreted if after.profile.size <= FEW_ACTIONS else simplex
        taken = pivots(game.tensor().payoffs[0], after.table, after.weights, after.books, after.profile, steps)
        return after._replace(iteration=state.iteration + taken)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        if state.books[STANDING - 2] != OPTIMAL:
            return {}
        return {"maximin": game.unpack(state.profile)}

    def finished(self, state: State) -> bool:
        return bool(state.books[STANDING - 2] >= OPTIMAL)


@jit
def simplex(a, table, weights, books, profile, steps):
    """At most `steps` pivots; how many, the look that finds none counted. All but `a` are modified in place.

    a [A, B]: the row player's payoffs.
    """
    m, n = a.shape
    low, high = extremes(a.reshape(-1))
    unit = power_of_two_above(high - low)
    rows, columns, place, control = books[:m], books[m : m + n], books[m + n : 2 * (m + n)], books[2 * (m + n) :]
    row, ratios, tied = np.empty(n + 1), np.empty(m), np.empty(m, dtype=np.int64)
    if control[STANDING] == FRESH:
        originate(a, low, unit, table, rows, columns, place)
        weights[:] = 1.0
        control[STANDING] = PIVOTING
    for taken in range(steps):
        c = entering(table[m], weights)
        r = leaving(table, m, place, 0, c, ratios, tied) if c >= 0 else -1
        if r >= 0:
            pivot(table, r, c, row)
            exchange(rows, columns, place, r, c)
            reweigh(weights, row, c)
            continue
        if policies(a, low, unit, rows, columns, profile) <= SOLVED * (high - low):
            control[STANDING] = OPTIMAL
        elif control[RENEWED] == RENEWALS:
            control[STANDING] = LOST
        else:
            control[RENEWED] += 1
            weights[:] = 1.0
            renew(a, low, unit, table, rows, columns, place, row)
            continue
        return taken + 1
    return steps


@jit
def entering(costs, weights):
    """The column with the largest square of a reduced cost over its weight; −1 if no cost is negative."""
    c, most = -1, 0.0
    for k in range(weights.size):
        if costs[k] < -REDUCED_COST and costs[k] * costs[k] > most * weights[k]:
            c, most = k, costs[k] * costs[k] / weights[k]
    return c


@jit
def reweigh(weights, row, c):
    """Devex: the squared lengths of the edges, measured in the variables that were nonbasic first, from below.

    `row` [B + 1]: the pivot's row after the pivot in column c. `weights` is modified in place.
    """
    before = weights[c]
    for k in range(weights.size):
        weights[k] = max(weights[k], row[k] * row[k] * before)
    weights[c] = max(row[c] * row[c] * before, 1.0)


@jit
def originate(a, low, unit, table, rows, columns, place):
    """The tableau of the origin and its books; all but `a` are modified in place."""
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            table[i, j] = (a[i, j] - low) / unit + LEAST
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
def policies(a, low, unit, rows, columns, profile):
    """Both policies from the basis, `profile` modified in place; the sum of their gaps, ∞ where they are none."""
    m, n = a.shape
    basic = rows[rows >= m] - m
    tight = columns[columns < m]
    size = basic.size
    system = np.empty((size, size))
    profile[:] = 0.0
    for side in range(2):
        for t in range(size):
            for k in range(size):
                value = (a[tight[t], basic[k]] - low) / unit + LEAST
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
        worth = 0.0
        for k in range(size):
            worth += a[i, basic[k]] * profile[m + basic[k]]
        best = max(best, worth)
    for t in range(size):
        for j in range(n):
            received[j] += profile[tight[t]] * a[tight[t], j]
    return best - received.min()


@jit
def renew(a, low, unit, table, rows, columns, place, row):
    """The tableau of the basis that the books name, by pivots from the origin; all but `a` are modified in place.

    Each wanted variable leaves its column at the row, of those whose variable is to go, with the largest entry. If
    the basis is infeasible by more than rounding the tableau is the origin's.
    """
    m, n = a.shape
    wanted = rows[rows >= m]
    goes = np.zeros(m, dtype=np.bool_)
    for k in columns[columns < m]:
        goes[k] = True
    originate(a, low, unit, table, rows, columns, place)
    for variable in wanted:
        c, r = variable - m, -1
        for i in range(m):
            if goes[i] and (r < 0 or abs(table[i, c]) > abs(table[r, c])):
                r = i
        goes[r] = False
        pivot(table, r, c, row)
        exchange(rows, columns, place, r, c)
    if table[:m, n].min() < -FEASIBLE:
        originate(a, low, unit, table, rows, columns, place)
    for i in range(m):
        table[i, n] = max(table[i, n], 0.0)
