"""Action values and visitation of a Markov game given by tables, all players at once.

Rewards and transitions under the profile give one chain for all players; V solves (I − γ P) V = r; then
Q_i(s, k) = E[R_i + γ P V_i | a_i = k], one tensor contraction per player and state. The visitation solves the
transposed equations, (I − γ P)ᵀ D = μ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tensor import deviation_payoffs, dot


class DenseMarkovArrays(NamedTuple):
    """`rewards` float64 [N, S, ΠA], `transitions` float64 [S, ΠA, S], `start` float64 [S], `sizes` int64 [N],
    `offsets` int64 [N + 1]: packed policies, state by state.
    """

    rewards: NDArray[np.float64]
    transitions: NDArray[np.float64]
    start: NDArray[np.float64]
    sizes: NDArray[np.int64]
    offsets: NDArray[np.int64]
    discount: float
    scratch: int


@jit
def joint_weights(sizes, x, starts, out):
    """Write to out[a], [ΠA], Π_j x_j(a_j), last player fastest; j's row of the flat x begins at starts[j], [N].

    sizes [N]: how many actions each has.
    """
    length = 1
    out[0] = 1.0
    for j in range(sizes.size):
        for a in range(length - 1, -1, -1):
            w = out[a]
            for k in range(sizes[j] - 1, -1, -1):
                out[a * sizes[j] + k] = w * x[starts[j] + k]
        length *= sizes[j]


@jit
def chain_row(game, weights, s, row):
    """Compute row[t] = 1{t = s} − γ P(s → t), joint actions in s having probability `weights`.

    `row` is modified in place.
    """
    row[:] = 0.0
    for a in range(weights.size):
        w = game.discount * weights[a]
        if w != 0.0:
            for t in range(row.size):
                row[t] -= w * game.transitions[s, a, t]
    row[s] += 1.0


@jit
def dense_action_values(game, x, q, v, work):
    """Write q [n], the action values of the packed profile x [n], and v [rows], the values of each player's states.

    `work` is scratch.
    """
    players, states, joint = game.rewards.shape
    weights = np.empty(joint)
    chain = np.empty((states, states))
    values = np.empty((states, players))
    starts = np.empty(players, dtype=np.int64)
    for s in range(states):
        for i in range(players):
            starts[i] = game.offsets[i] + s * game.sizes[i]
        joint_weights(game.sizes, x, starts, weights)
        for i in range(players):
            values[s, i] = dot(weights, game.rewards[i, s])
        chain_row(game, weights, s, chain[s])
    solve_columns(chain, values)
    stage = np.empty(joint)
    continuation = np.empty(states)
    for i in range(players):
        for s in range(states):
            continuation[s] = values[s, i]
            v[i * states + s] = values[s, i]
        for s in range(states):
            for j in range(players):
                starts[j] = game.offsets[j] + s * game.sizes[j]
            for a in range(joint):
                stage[a] = game.rewards[i, s, a] + game.discount * dot(game.transitions[s, a], continuation)
            deviation_payoffs(stage, game.sizes, x, starts, i, work, q[starts[i] : starts[i] + game.sizes[i]])


@jit
def dense_visitation(game, x, d):
    """Compute d[r] of the packed profile x: discounted expected number of visits of the row's state.

    Modified in place.
    """
    players, states, joint = game.rewards.shape
    weights = np.empty(joint)
    chain = np.empty((states, states))
    visits = np.empty((states, 1))
    starts = np.empty(players, dtype=np.int64)
    for s in range(states):
        visits[s, 0] = game.start[s]
        for i in range(players):
            starts[i] = game.offsets[i] + s * game.sizes[i]
        joint_weights(game.sizes, x, starts, weights)
        chain_row(game, weights, s, chain[s])
    solve_columns(chain.T.copy(), visits)
    for i in range(players):
        d[i * states : (i + 1) * states] = visits[:, 0]
