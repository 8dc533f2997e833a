"""Expected costs in a congestion game, by linearity one resource at a time.

The load of a resource is a sum of independent variables (Poisson-binomial; weighted: each takes 0 or w_i).
F_i = distribution of the load of the first i players, B_i(l) = expected cost of the final load when it stands at l
before player i; then E[cost | i uses the resource] = Σ_l F_i(l) B_{i+1}(l + w_i): no deconvolution, no cancellation.

Each F_i is kept on the window of loads outside which it has next to no mass: from each end, entries are dropped at
every player as long as those dropped sum to at most TAIL. Beyond its window, B is what it is at the edge. Whoever
deviates by w shifts the load by at most w, so they leave a window that is w longer no more often than the load leaves
its own; hence |error| ≤ 6 · N · TAIL · max |cost|, far below rounding. O(N · window) per resource, a window being some
23 standard deviations of the load, and one load wide where policies are pure.

Of more than STORED players the F_i are not all kept, which would take N windows: F_0, F_B, F_2B, … are, B = ⌈√N⌉, and
those between are made again, a block at a time, when the B_i arrive there. The numbers are the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.tensor import dot

#: Probability that one end of a load's distribution may lose at each player.
TAIL = 1e-30
#: Players whose load distributions are all kept at once.
STORED = 4096


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
def usage(game, x):
    """Return [R, N]: the probability that each player uses each resource, by the packed profile x [n]."""
    out = np.zeros((game.costs.shape[0], game.weights.size))
    for i in range(game.weights.size):
        for s in range(game.offsets[i], game.offsets[i + 1]):
            for at in range(game.first[s], game.first[s + 1]):
                out[game.uses[at], i] += x[s]
    return out


@jit
def with_player(before, w, p, after):
    """Compute after[l] = (1 − p) before[l] + p before[l − w]: one more player on the resource.

    `after` is modified in place.
    """
    n = before.size
    q = 1.0 - p
    apart = min(w, n)
    for k in range(apart):
        after[k] = q * before[k]
    for k in range(n, w):
        after[k] = 0.0
    stays, comes, both = before[apart:], before[: n - apart], after[w : w + n - apart]
    for k in range(n - apart):
        both[k] = q * stays[k] + p * comes[k]
    for k in range(n - apart, n):
        after[w + k] = p * before[k]


@jit
def negligible(f):
    """Return how many entries at the low and at the high end of f [L] sum to at most TAIL each."""
    low, high = 0, 0
    lost = f[0]
    while lost <= TAIL and low < f.size - 1:
        low += 1
        lost += f[low]
    lost = f[f.size - 1]
    while lost <= TAIL and high < f.size - 1 - low:
        high += 1
        lost += f[f.size - 1 - high]
    return low, high


@jit
def load_distributions(weights, p, first, last, low, high, begin, store):
    """Write F_first … F_last on their windows: F_i at loads low[i] … high[i] − 1 from begin[i] on of what is returned.

    F_first is there already, at the beginning of `store` [room]. weights int64 [N]; p [N]: the probability that each
    player uses the resource. low, high, begin int64 [N + 1] are modified in place, and so is `store` unless a larger
    array is needed.
    """
    begin[first] = 0
    end = high[first] - low[first]
    for i in range(first, last):
        low[i + 1], high[i + 1], begin[i + 1] = low[i], high[i], begin[i]
        if p[i] == 0.0:
            continue
        n = high[i] - low[i]
        length = n + weights[i]
        if end + length > store.size:
            larger = np.empty(2 * (end + length))
            larger[:end] = store[:end]
            store = larger
        after = store[end : end + length]
        with_player(store[begin[i] : begin[i] + n], weights[i], p[i], after)
        bottom, top = negligible(after)
        low[i + 1], high[i + 1], begin[i + 1] = low[i] + bottom, low[i] + length - top, end + bottom
        end += length - top
    return store


@jit
def block_length(players):
    """Return how many players' distributions are kept between two that are kept for good."""
    return players if players <= STORED else int(np.ceil(np.sqrt(players)))


@jit
def first_distributions(weights, p, block, low, high, begin, store, kept, starts):
    """Return `store`, with the F of the last block as `load_distributions` leaves them, and `kept`.

    F of block k's first player begins at starts[k] of `kept`, int64 [blocks + 1]. These three are modified in place
    unless larger arrays are needed; weights, p [N] and low, high, begin [N + 1] are as in `load_distributions`.
    """
    players = weights.size
    low[0], high[0] = 0, 1
    store[0] = 1.0
    starts[0] = 0
    for k in range(starts.size - 1):
        first, last = k * block, min((k + 1) * block, players)
        n = high[first] - low[first]
        if starts[k] + n > kept.size:
            larger = np.empty(2 * (starts[k] + n))
            larger[: starts[k]] = kept[: starts[k]]
            kept = larger
        kept[starts[k] : starts[k] + n] = store[:n]
        starts[k + 1] = starts[k] + n
        store = load_distributions(weights, p, first, last, low, high, begin, store)
        if last < players:
            for load in range(high[last] - low[last]):
                store[load] = store[begin[last] + load]
    return store, kept


@jit
def congestion_backup(game, x, q):
    """Compute q[s] = −(expected cost of strategy s against the others in x). q is modified in place."""
    players = game.weights.size
    total = game.costs.shape[1] - 1
    widest = game.weights.max()
    block = block_length(players)
    blocks = (players + block - 1) // block
    p = usage(game, x)
    paid = np.empty((game.costs.shape[0], players))
    low = np.empty(players + 1, dtype=np.int64)
    high = np.empty(players + 1, dtype=np.int64)
    begin = np.empty(players + 1, dtype=np.int64)
    starts = np.empty(blocks + 1, dtype=np.int64)
    store = np.empty(total + 2)
    kept = np.empty(1)
    ahead = np.empty(total + 2 * widest + 1)
    behind = np.empty(total + 2 * widest + 1)
    for r in range(game.costs.shape[0]):
        store, kept = first_distributions(game.weights, p[r], block, low, high, begin, store, kept, starts)
        for load in range(low[players], high[players] + widest):
            ahead[load] = game.costs[r, min(load, total)]
        for k in range(blocks - 1, -1, -1):
            first, last = k * block, min((k + 1) * block, players)
            if k < blocks - 1:
                store[: starts[k + 1] - starts[k]] = kept[starts[k] : starts[k + 1]]
                store = load_distributions(game.weights, p[r], first, last, low, high, begin, store)
            for i in range(last - 1, first - 1, -1):
                w = game.weights[i]
                bottom, top = low[i], high[i]
                ahead[bottom : low[i + 1]] = ahead[low[i + 1]]
                ahead[high[i + 1] + widest : top + widest + w] = ahead[high[i + 1] + widest - 1]
                paid[r, i] = dot(store[begin[i] : begin[i] + top - bottom], ahead[bottom + w : top + w])
                if p[r, i] != 0.0:
                    stays, comes = ahead[bottom : top + widest], ahead[bottom + w : top + widest + w]
                    now = behind[bottom : top + widest]
                    for load in range(now.size):
                        now[load] = (1.0 - p[r, i]) * stays[load] + p[r, i] * comes[load]
                    ahead, behind = behind, ahead
    for i in range(players):
        for s in range(game.offsets[i], game.offsets[i + 1]):
            cost = 0.0
            for at in range(game.first[s], game.first[s + 1]):
                cost += paid[game.uses[at], i]
            q[s] = -cost


@jit
def rosenthal_potential(game, x):
    """Return −Σ_r E[Σ_{l ≤ load_r} cost_r(l)], weights all one (Rosenthal 1973)."""
    players = game.weights.size
    block = block_length(players)
    p = usage(game, x)
    low = np.empty(players + 1, dtype=np.int64)
    high = np.empty(players + 1, dtype=np.int64)
    begin = np.empty(players + 1, dtype=np.int64)
    starts = np.empty((players + block - 1) // block + 1, dtype=np.int64)
    store = np.empty(players + 2)
    kept = np.empty(1)
    potential = 0.0
    for r in range(game.costs.shape[0]):
        store, kept = first_distributions(game.weights, p[r], block, low, high, begin, store, kept, starts)
        paid = 0.0
        for load in range(1, high[players]):
            paid += game.costs[r, load]
            if load >= low[players]:
                potential -= store[begin[players] + load - low[players]] * paid
    return potential
