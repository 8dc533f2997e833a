"""Expected costs in a congestion game, by linearity one resource at a time.

The load of a resource is a sum of independent variables (Poisson-binomial; weighted: each takes 0 or w_i).
F_i = distribution of the load of the first i players, B_i(l) = expected cost of the final load when it stands at l
before player i; then E[cost | i uses the resource] = Σ_l F_i(l) B_{i+1}(l + w_i): no deconvolution, no cancellation.
O(N · total weight) per resource.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit


class CongestionArrays(NamedTuple):
    """`costs` float64 [R, W + 1] at total load l; `weights` int64 [N]; strategies as a sparse table: those of player
    i are offsets[i] … offsets[i+1], and strategy s uses resources uses[first[s] : first[s+1]].
    """

    costs: NDArray[np.float64]
    weights: NDArray[np.int64]
    offsets: NDArray[np.int64]
    first: NDArray[np.int64]
    uses: NDArray[np.int64]
    scratch: int


@jit
def load_distributions(weights, p, loads):
    """loads[i, l] = probability that players 0 … i−1 together put l on the resource. `loads` is modified in place."""
    loads[:] = 0.0
    loads[0, 0] = 1.0
    top = 0
    for i in range(weights.size):
        w = weights[i]
        for load in range(top + 1):
            loads[i + 1, load] += (1.0 - p[i]) * loads[i, load]
            loads[i + 1, load + w] += p[i] * loads[i, load]
        top += w


@jit
def usage(game, x):
    """[R, N]: the probability that each player uses each resource."""
    out = np.zeros((game.costs.shape[0], game.weights.size))
    for i in range(game.weights.size):
        for s in range(game.offsets[i], game.offsets[i + 1]):
            for at in range(game.first[s], game.first[s + 1]):
                out[game.uses[at], i] += x[s]
    return out


@jit
def congestion_backup(game, x, q):
    """q[s] = −(expected cost of strategy s against the others in x). q is modified in place."""
    players = game.weights.size
    total = game.costs.shape[1] - 1
    p = usage(game, x)
    loads = np.empty((players + 1, total + 1))
    paid = np.empty((game.costs.shape[0], players))
    for r in range(game.costs.shape[0]):
        load_distributions(game.weights, p[r], loads)
        expected = game.costs[r].copy()
        top = total
        for i in range(players - 1, -1, -1):
            w = game.weights[i]
            top -= w
            cost = 0.0
            for load in range(top + 1):
                cost += loads[i, load] * expected[load + w]
                expected[load] = (1.0 - p[r, i]) * expected[load] + p[r, i] * expected[load + w]
            paid[r, i] = cost
    for i in range(players):
        for s in range(game.offsets[i], game.offsets[i + 1]):
            cost = 0.0
            for at in range(game.first[s], game.first[s + 1]):
                cost += paid[game.uses[at], i]
            q[s] = -cost


@jit
def rosenthal_potential(game, x):
    """−Σ_r E[Σ_{l ≤ load_r} cost_r(l)], weights all one (Rosenthal 1973)."""
    players = game.weights.size
    p = usage(game, x)
    loads = np.empty((players + 1, players + 1))
    potential = 0.0
    for r in range(game.costs.shape[0]):
        load_distributions(game.weights, p[r], loads)
        paid = 0.0
        for load in range(1, players + 1):
            paid += game.costs[r, load]
            potential -= loads[players, load] * paid
    return potential
