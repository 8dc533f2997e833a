"""The indifference equations on given supports of a game by tensor, solved by Newton's method.

On the support S_i of each player all actions pay alike: u_i(a) = v_i for a ∈ S_i, Σ_a x_i(a) = 1, and x_i is 0
elsewhere. The equations are those of polish.py, which solves them for every form of game; here they cost microseconds.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.action_values import row_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tensor import tensor_backup, tensor_derivatives

NEWTON_STEPS = 10
#: Moves shorter than this end Newton's method: it is then off by about the square.
SHORTEST_MOVE = 1e-9
#: Moves longer than this leave the probabilities for good.
LONGEST_MOVE = 10.0
#: So far below 0 a probability is 0 up to rounding.
ZERO_PROBABILITY = 1e-11


@jit
def nash_gap(game, x, q, work):
    """Return the largest regret of a player at the packed profile x [n], whose action payoffs q [n] becomes.

    `work` is the backup's work space.
    """
    tensor_backup(game, x, q, work)
    gap = 0.0
    for i in range(game.sizes.size):
        best, value = -np.inf, 0.0
        for e in range(game.offsets[i], game.offsets[i + 1]):
            best = max(best, q[e])
            value += x[e] * q[e]
        gap = max(gap, best - value)
    return gap


@jit
def restricted(offsets, support, x):
    """Set x [n] to 0 off the support bool [n] and scale every row to sum 1; x is modified in place, offsets [N + 1]."""
    for i in range(offsets.size - 1):
        total = 0.0
        for e in range(offsets[i], offsets[i + 1]):
            x[e] = x[e] if support[e] else 0.0
            total += x[e]
        for e in range(offsets[i], offsets[i + 1]):
            x[e] /= total


@jit
def indifferent(game, scale, support, x, q, m, work):
    """Tell whether Newton finds, from x, probabilities ≥ 0 that solve the equations on `support`, bool [n].

    x becomes them, and anything where there are none. Payoffs are in units of `scale`, so that they and the sums
    weigh alike. q [n], m [n, n] and work (as in `tensor_derivatives`) are scratch.
    """
    offsets = game.offsets
    players = offsets.size - 1
    chosen = np.flatnonzero(support)
    k = chosen.size
    owner = np.searchsorted(offsets, chosen, side="right") - 1
    a = np.empty((k + players, k + players))
    b = np.empty((k + players, 1))
    v = np.empty(players)
    restricted(offsets, support, x)
    for _ in range(NEWTON_STEPS):
        tensor_derivatives(game, x, q, m, work)
        row_values(offsets, x, q, v)
        a[:] = 0.0
        b[:] = 0.0
        for r in range(k):
            e, i = chosen[r], owner[r]
            for c in range(k):
                a[r, c] = m[e, chosen[c]] / scale
            a[r, k + i] = -1.0
            a[k + i, r] = 1.0
            b[r, 0] = (v[i] - q[e]) / scale
        solve_columns(a, b)
        longest = 0.0
        for r in range(k):
            x[chosen[r]] += b[r, 0]
            longest = max(longest, abs(b[r, 0]))
            if not abs(b[r, 0]) < LONGEST_MOVE:  # nor a number
                return False
        if longest < SHORTEST_MOVE:
            for e in chosen:
                if x[e] < -ZERO_PROBABILITY:
                    return False
                x[e] = max(x[e], 0.0)
            restricted(offsets, support, x)
            return True
    return False
