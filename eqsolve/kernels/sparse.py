"""Action values and visitation of Markov games whose transitions are a list of moves, all players at once.

Without end, as for tables: (I − γ P) V = r, one chain for all players. Over a horizon, backward: the values of stage
t + 1 give the action values of stage t; nothing is solved. Rows of a policy are then the pairs (t, s), t first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.markov import joint_weights
from eqsolve.kernels.tensor import deviation_payoffs, dot


class SparseMarkovArrays(NamedTuple):
    """`rewards` float64 [N, S, ΠA]; out of cell s·ΠA + a lead moves first[cell] … first[cell + 1] − 1, int64, to
    `following` int64 [M] with `probability` float64 [M]; `sizes` int64 [N], `start` float64 [S], `offsets` int64
    [N + 1]: packed policies, state by state. `horizon`: 0, as the game has no last stage.
    """

    rewards: NDArray[np.float64]
    first: NDArray[np.int64]
    following: NDArray[np.int64]
    probability: NDArray[np.float64]
    sizes: NDArray[np.int64]
    start: NDArray[np.float64]
    offsets: NDArray[np.int64]
    discount: float
    scratch: int
    horizon: int = 0


class HorizonArrays(SparseMarkovArrays):
    """These arrays of a game that is played at stages 0 … horizon − 1; S counts the states of one stage."""

    __slots__ = ()


@jit
def row_starts(game, row, starts):
    """Compute starts[i] = where player i's row begins in the packed profile. `starts` is modified in place."""
    for i in range(game.sizes.size):
        starts[i] = game.offsets[i] + row * game.sizes[i]


@jit
def stage_values(game, x, starts, s, ahead, i, stage, work, q):
    """Compute q = action values of player i in state s, `ahead` [S] being what next states are worth to them.

    `stage` [ΠA], `work`, `q` [A_i] are modified in place.
    """
    joint = stage.size
    for a in range(joint):
        worth = 0.0
        for m in range(game.first[s * joint + a], game.first[s * joint + a + 1]):
            worth += game.probability[m] * ahead[game.following[m]]
        stage[a] = game.rewards[i, s, a] + game.discount * worth
    deviation_payoffs(stage, game.sizes, x, starts, i, work, q)


@jit
def spread(game, weights, s, mass, out):
    """Compute out[t] += mass · P(s → t), joint actions in s having probability `weights`.

    `out` is modified in place.
    """
    joint = weights.size
    for a in range(joint):
        w = mass * weights[a]
        if w != 0.0:
            for m in range(game.first[s * joint + a], game.first[s * joint + a + 1]):
                out[game.following[m]] += w * game.probability[m]


@jit
def sparse_action_values(game, x, q, v, work):
    """Write q [n], the action values of the packed profile x [n], and v [rows], the values of each player's states.

    `work` is scratch.
    """
    players, states, joint = game.rewards.shape
    weights = np.empty(joint)
    chain = np.zeros((states, states))
    values = np.empty((states, players))
    starts = np.empty(players, dtype=np.int64)
    for s in range(states):
        row_starts(game, s, starts)
        joint_weights(game.sizes, x, starts, weights)
        for i in range(players):
            values[s, i] = dot(weights, game.rewards[i, s])
        spread(game, weights, s, -game.discount, chain[s])
        chain[s, s] += 1.0
    solve_columns(chain, values)
    stage = np.empty(joint)
    for i in range(players):
        own = values[:, i].copy()
        v[i * states : (i + 1) * states] = own
        for s in range(states):
            row_starts(game, s, starts)
            stage_values(game, x, starts, s, own, i, stage, work, q[starts[i] : starts[i] + game.sizes[i]])


@jit
def sparse_visitation(game, x, d):
    """Compute d[r] of the packed profile x: discounted expected number of visits of the row's state.

    Modified in place.
    """
    players, states, joint = game.rewards.shape
    weights = np.empty(joint)
    chain = np.zeros((states, states))
    visits = np.empty((states, 1))
    starts = np.empty(players, dtype=np.int64)
    for s in range(states):
        visits[s, 0] = game.start[s]
        row_starts(game, s, starts)
        joint_weights(game.sizes, x, starts, weights)
        spread(game, weights, s, -game.discount, chain[s])
        chain[s, s] += 1.0
    solve_columns(chain.T.copy(), visits)
    for i in range(players):
        d[i * states : (i + 1) * states] = visits[:, 0]


@jit
def horizon_action_values(game, x, q, v, work):
    """Write q [n], the action values of the packed profile x [n], and v [rows], by one sweep back from the last stage.

    `work` is scratch.
    """
    players, states, joint = game.rewards.shape
    rows = game.horizon * states
    starts = np.empty(players, dtype=np.int64)
    stage = np.empty(joint)
    over = np.zeros(states)
    for t in range(game.horizon - 1, -1, -1):
        for s in range(states):
            row = t * states + s
            row_starts(game, row, starts)
            for i in range(players):
                at = i * rows + (t + 1) * states
                ahead = v[at : at + states] if t + 1 < game.horizon else over
                own = slice(starts[i], starts[i] + game.sizes[i])
                stage_values(game, x, starts, s, ahead, i, stage, work, q[own])
                v[i * rows + row] = dot(x[own], q[own])


@jit
def horizon_visitation(game, x, d):
    """Compute d[r] of the packed profile x: discounted probability of the row's state at its stage.

    Modified in place.
    """
    players, states, joint = game.rewards.shape
    rows = game.horizon * states
    weights = np.empty(joint)
    starts = np.empty(players, dtype=np.int64)
    d[:rows] = 0.0
    d[:states] = game.start
    for t in range(game.horizon - 1):
        for s in range(states):
            row = t * states + s
            row_starts(game, row, starts)
            joint_weights(game.sizes, x, starts, weights)
            following = d[(t + 1) * states : (t + 2) * states]
            spread(game, weights, s, game.discount * d[row], following)
    for i in range(1, players):
        d[i * rows : (i + 1) * rows] = d[:rows]
