"""Facility games whose next state depends only on whether the fullest facility stays within a limit.

P(max load ≤ T | a_i = k) for every player and facility by counting, never by joint actions. Loads c of the m
facilities are kept only while all are ≤ T, the last one implied by the number of players placed, so a level is a box
of (T+1)^(m−1) entries. F_i = distribution of the loads of the first i players, B_i(c) = probability that all loads
stay ≤ T from c on; P = Σ_c F_i(c) B_{i+1}(c + e_k), the dynamic programme's own gradient.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns


class CrowdingArrays(NamedTuple):
    """Reward of a player at facility k in state s: slope[s, k] · load_k + offset[s]. Next state: below[s] if the
    largest load is ≤ threshold[s], else above[s]. `start` float64 [S]; `offsets` int64 [N + 1]: packed policies,
    state by state.
    """

    slope: NDArray[np.float64]
    offset: NDArray[np.float64]
    threshold: NDArray[np.int64]
    below: NDArray[np.int64]
    above: NDArray[np.int64]
    start: NDArray[np.float64]
    offsets: NDArray[np.int64]
    discount: float
    scratch: int


@jit
def stay_within(x, limit, out):
    """Compute out[i, k] = P(every load ≤ limit | player i at k), players at facility k with probability x[i, k].

    `out` is modified in place.
    """
    players, m = x.shape
    side = min(limit, players) + 1
    box = side ** (m - 1)
    strides = np.empty(m, dtype=np.int64)
    strides[m - 1] = 0
    for k in range(m - 2, -1, -1):
        strides[k] = 1 if k == m - 2 else strides[k + 1] * side
    loads = np.zeros((box, m), dtype=np.int64)
    placed = np.zeros(box, dtype=np.int64)
    for c in range(box):
        for k in range(m - 1):
            loads[c, k] = (c // strides[k]) % side
            placed[c] += loads[c, k]
    # forward[i, c]: zero wherever the implied load of the last facility is outside 0 … limit
    forward = np.zeros((players + 1, box))
    forward[0, 0] = 1.0
    for i in range(players):
        for c in range(box):
            last = i - placed[c]
            f = forward[i, c]
            if f == 0.0:
                continue
            for k in range(m - 1):
                if loads[c, k] < side - 1:
                    forward[i + 1, c + strides[k]] += x[i, k] * f
            if last < side - 1:
                forward[i + 1, c] += x[i, m - 1] * f
    ahead = np.zeros(box)
    for c in range(box):
        last = players - placed[c]
        ahead[c] = 1.0 if 0 <= last < side else 0.0
    behind = np.empty(box)
    for i in range(players - 1, -1, -1):
        out[i, :] = 0.0
        for c in range(box):
            last = i - placed[c]
            behind[c] = 0.0
            if last < 0 or last >= side:
                continue
            stays = 0.0
            for k in range(m - 1):
                if loads[c, k] < side - 1:
                    b = ahead[c + strides[k]]
                    out[i, k] += forward[i, c] * b
                    stays += x[i, k] * b
            if last < side - 1:
                b = ahead[c]
                out[i, m - 1] += forward[i, c] * b
                stays += x[i, m - 1] * b
            behind[c] = stays
        ahead, behind = behind, ahead


@jit
def crowding_mdps(game, x, rewards, within):
    """Set rewards[s, i, k], within[s, i, k] to expected reward and P(max load ≤ threshold) of i's action k in state s.

    Both are modified in place. `x` is a packed profile.
    """
    states, m = game.slope.shape
    players = game.offsets.size - 1
    here = np.empty((players, m))
    for s in range(states):
        for i in range(players):
            for k in range(m):
                here[i, k] = x[game.offsets[i] + s * m + k]
        stay_within(here, game.threshold[s], within[s])
        for k in range(m):
            for i in range(players):
                others = 0.0
                for j in range(players):
                    if j != i:
                        others += here[j, k]
                rewards[s, i, k] = game.slope[s, k] * (1.0 + others) + game.offset[s]


@jit
def crowding_action_values(game, x, q, v):
    """Write q [n], the action values of the packed profile x [n], and v [rows], the values of each player's rows."""
    states, m = game.slope.shape
    players = game.offsets.size - 1
    rewards = np.empty((states, players, m))
    within = np.empty((states, players, m))
    crowding_mdps(game, x, rewards, within)
    chain = np.zeros((states, states))
    values = np.zeros((states, players))
    for s in range(states):
        chain[s, s] += 1.0
        stays = 0.0
        for k in range(m):
            stays += x[s * m + k] * within[s, 0, k]
        chain[s, game.below[s]] -= game.discount * stays
        chain[s, game.above[s]] -= game.discount * (1.0 - stays)
        for i in range(players):
            for k in range(m):
                values[s, i] += x[game.offsets[i] + s * m + k] * rewards[s, i, k]
    solve_columns(chain, values)
    for i in range(players):
        for s in range(states):
            v[i * states + s] = values[s, i]
            low = values[game.below[s], i]
            high = values[game.above[s], i]
            for k in range(m):
                p = within[s, i, k]
                q[game.offsets[i] + s * m + k] = rewards[s, i, k] + game.discount * (p * low + (1.0 - p) * high)


@jit
def crowding_visitation(game, x, d):
    """Compute d[r] of the packed profile x: discounted expected number of visits of the row's state. Modified in place.

    Solves (I − γ P)ᵀ D = μ.
    """
    states, m = game.slope.shape
    players = game.offsets.size - 1
    here = np.empty((players, m))
    within = np.empty((players, m))
    transposed = np.zeros((states, states))
    visits = np.empty((states, 1))
    for s in range(states):
        visits[s, 0] = game.start[s]
        for i in range(players):
            for k in range(m):
                here[i, k] = x[game.offsets[i] + s * m + k]
        stay_within(here, game.threshold[s], within)
        stays = 0.0
        for k in range(m):
            stays += here[0, k] * within[0, k]
        transposed[s, s] += 1.0
        transposed[game.below[s], s] -= game.discount * stays
        transposed[game.above[s], s] -= game.discount * (1.0 - stays)
    solve_columns(transposed, visits)
    for i in range(players):
        d[i * states : (i + 1) * states] = visits[:, 0]
