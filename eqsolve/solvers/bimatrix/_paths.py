"""Lemke and Howson's paths: two tableaux, walked by pivots in turn, and the profile of the basis where one ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tableau import LEAST_PAYOFF, SOLVED, Scaled, exchange, leaving, pivot

#: Rows and columns transposed at a time.
TILE = 16
#: How a path stands: it goes on, it ended, or no row may leave because of rounding.
ON_ITS_WAY, ARRIVED, STUCK = range(3)


class Walk(NamedTuple):
    """Where a path stands: the label dropped, the variable that enters next, in which tableau, and pivots made."""

    dropped: int
    entering: int
    in_q: bool
    pivots: int


class Path(NamedTuple):
    """A path's tableaux, P's and Q's, and of each the `rows`, `columns` and `place` of kernels/tableau.py."""

    p: NDArray[np.float64]  # [B, A + 1]
    p_rows: NDArray[np.int64]
    p_columns: NDArray[np.int64]
    p_place: NDArray[np.int64]
    q: NDArray[np.float64]  # [A, B + 1]
    q_rows: NDArray[np.int64]
    q_columns: NDArray[np.int64]
    q_place: NDArray[np.int64]


@jit
def path_in(tables, variables, which, m, n):
    """Return views of tables [2, 2 · A · B + A + B] and variables [2, 4 · (A + B)] as the `Path` 0 or 1."""
    labels, cut = m + n, n * (m + 1)
    table, own = tables[which], variables[which]
    return Path(
        table[:cut].reshape(n, m + 1),
        own[:n],
        own[n:labels],
        own[labels : 2 * labels],
        table[cut:].reshape(m, n + 1),
        own[2 * labels : 2 * labels + m],
        own[2 * labels + m : 3 * labels],
        own[3 * labels :],
    )


@jit
def begin(path, row_payoffs, column_payoffs, label):
    """Put a `Path`, all of which is modified in place, at the origin, about to drop `label`; return its `Walk`.

    Both payoffs are `Scaled` [A, B].
    """
    a, b = row_payoffs.table, column_payoffs.table
    m, n = a.shape
    low, inverse = column_payoffs.least, 1.0 / column_payoffs.unit
    for top in range(0, m, TILE):  # tile by tile: rows of one are columns of the other
        for left in range(0, n, TILE):
            for j in range(left, min(left + TILE, n)):
                for i in range(top, min(top + TILE, m)):
                    path.p[j, i] = (b[i, j] - low) * inverse + LEAST_PAYOFF
    path.p[:, m] = 1.0
    low, inverse = row_payoffs.least, 1.0 / row_payoffs.unit
    for i in range(m):
        for j in range(n):
            path.q[i, j] = (a[i, j] - low) * inverse + LEAST_PAYOFF
    path.q[:, n] = 1.0
    for i in range(m):
        path.p_columns[i] = path.p_place[i] = i
        path.q_rows[i] = i
        path.q_place[i] = -1 - i
    for j in range(n):
        path.p_rows[j] = m + j
        path.p_place[m + j] = -1 - j
        path.q_columns[j] = m + j
        path.q_place[m + j] = j
    return Walk(label, label, label >= m, 0)


@jit
def walk(path, at, pivots, row, ratios, tied):
    """Follow a `Path` from where its `Walk` says for at most so many pivots: (how it stands then, its new `Walk`).

    The path is modified in place; row, ratios float64 and tied int64 [max(A, B) + 1] are work space.
    """
    n, m = path.p.shape[0], path.q.shape[0]
    p, p_rows, p_columns, p_place = path.p, path.p_rows, path.p_columns, path.p_place
    q, q_rows, q_columns, q_place = path.q, path.q_rows, path.q_columns, path.q_place
    entering, in_q, made = at.entering, at.in_q, at.pivots
    status = ON_ITS_WAY
    for _ in range(pivots):
        if in_q:
            c = q_place[entering]
            r = leaving(q, m, q_place, 0, c, ratios, tied)
            if r < 0:
                status = STUCK
                break
            pivot(q, r, c, row)
            exchange(q_rows, q_columns, q_place, r, c)
            entering = int(q_columns[c])
        else:
            c = p_place[entering]
            r = leaving(p, n, p_place, m, c, ratios, tied)
            if r < 0:
                status = STUCK
                break
            pivot(p, r, c, row)
            exchange(p_rows, p_columns, p_place, r, c)
            entering = int(p_columns[c])
        in_q = not in_q
        made += 1
        if entering == at.dropped:
            status = ARRIVED
            break
    return status, Walk(at.dropped, entering, in_q, made)


@jit
def profile_of(path, row_payoffs, column_payoffs, profile):
    """Compute the profile [A + B] of the basis where a `Path` ended; tell whether it is an equilibrium to rounding.

    Both payoffs are `Scaled` [A, B]. `profile` and the path, which nothing needs any more, are modified in place.
    """
    a, b = row_payoffs, column_payoffs
    m = a.table.shape[0]
    x, y = profile[:m], profile[m:]
    b_own = Scaled(b.table.T, b.least, b.unit, b.spread)
    mixed_x = vertex(b_own, path.p.reshape(-1), path.p_rows, path.p_columns, 0, m, x)
    mixed_y = vertex(a, path.q.reshape(-1), path.q_rows, path.q_columns, m, 0, y)
    return regret(a.table, x, y, mixed_y) <= SOLVED * a.spread and regret(b.table.T, y, x, mixed_x) <= SOLVED * b.spread


@jit
def vertex(payoffs, table, rows, columns, first, slack, weights):
    """Compute the mixture of a tableau's basis afresh, written to weights [K]; return the actions that it mixes.

    The equations: in all rows of the payoffs, `Scaled` [R, K], that bind, the mixture pays alike. Actions are numbered
    from `first` among the variables, slacks from `slack`. table [R · (K + 1)], rows [R] and columns [K], which serve as
    work space, are modified in place.
    """
    size = 0
    for variable in rows:
        if first <= variable < first + weights.size:
            rows[size] = variable - first
            size += 1
    basic, count = rows[:size], 0
    for variable in columns:
        if slack <= variable < slack + payoffs.table.shape[0]:
            columns[count] = variable - slack
            count += 1
    low, inverse = payoffs.least, 1.0 / payoffs.unit
    system, ones = table[: size * size].reshape(size, size), table[size * size : size * (size + 1)].reshape(size, 1)
    for t in range(size):
        ones[t, 0] = 1.0
        for k in range(size):
            system[t, k] = (payoffs.table[columns[t], basic[k]] - low) * inverse + LEAST_PAYOFF
    solve_columns(system, ones)
    weights[:] = 0.0
    total = 0.0
    for k in range(size):
        weights[basic[k]] = max(ones[k, 0], 0.0)
        total += weights[basic[k]]
    for k in range(size):
        weights[basic[k]] /= total
    return basic


@jit
def regret(payoffs, own, other, support):
    """Return what the best action of payoffs [R, K] gains over the mixture own [R] against the mixture other [K].

    `support` lists the actions of `other` that may be positive. NaN where a mixture holds one.
    """
    best, value = -np.inf, 0.0
    for i in range(own.size):
        payoff = 0.0
        for k in support:
            payoff += payoffs[i, k] * other[k]
        best = max(best, payoff)
        value += own[i] * payoff
    return best - value
