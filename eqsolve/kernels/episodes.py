"""Action values and visits estimated from episodes, as learners have them who see plays and no game.

An episode is played from a state for T stages, everyone following their policy. Two ways to make values of it:
`sampled` credits all its discounted rewards to the state where it began, an unbiased estimate of the value of the
game of T stages; `published` credits each reward to the state *in which it was earned*, discounted from the episode's
beginning, as the programme behind the figures of Fox et al. 2022, arXiv:2110.10614, did. The latter is no
estimate of a value: it grows with the number of visits from wherever.

Q(s, k) is a mean of rewards plus γ times the next state's estimated value, the others' actions drawn anew each time.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from eqsolve.kernels.crowding import CrowdingArrays
from eqsolve.kernels.jit import jit
from eqsolve.kernels.markov import DenseMarkovArrays
from eqsolve.kernels.routing import RoutingArrays, places
from eqsolve.kernels.sparse import HorizonArrays, SparseMarkovArrays
from eqsolve.kernels.variates import key_of, variate

Array: TypeAlias = NDArray[np.float64]

#: Games that can be played by joint actions, one state a row.
PLAYABLE = (DenseMarkovArrays, SparseMarkovArrays, HorizonArrays, CrowdingArrays, RoutingArrays)

#: What variates are drawn for: episodes that make values, a move that makes action values, episodes that count visits.
VALUES, MOVES, VISITS = 0, 1, 2


class EpisodeArrays(NamedTuple):
    """`game`: arrays of one of PLAYABLE, seen through `samples` episodes of `length` stages from each state.

    `rows` int64 [N·S + 1]: where each row begins in a packed profile; `start` float64 [S]; `visited`: whether rewards
    are credited to the visited state; `iteration` int64 [2]: which iteration's action values and visits are drawn
    next, counted up by each call.
    """

    game: Any
    rows: NDArray[np.int64]
    start: Array
    players: int
    discount: float
    length: int
    samples: int
    visited: bool
    seed: np.uint64
    iteration: NDArray[np.int64]
    scratch: int


@jit
def _draw_actions(game, x, s, key, n, actions):
    """Draw actions[i] from x in state s with variates n, …, n + N − 1. `actions` is modified in place."""
    states = game.start.size
    for i in range(game.players):
        begin, end = game.rows[i * states + s], game.rows[i * states + s + 1]
        u = variate(key, n + i)
        chosen = -1
        for e in range(begin, end):
            if x[e] > 0.0:  # rounding may leave a little at the end: it goes to the last possible action
                chosen = e - begin
                u -= x[e]
                if u < 0.0:
                    break
        actions[i] = chosen


def stage(game: Any, s: int, actions: NDArray[np.int64], u: float, rewards: Array) -> int:
    """Play joint `actions` in state s: fill `rewards` [N], return the next state drawn by u, −1 at the end."""
    raise NotImplementedError("jitted code only")


@jit
def _follow(game, cell, u):
    """Return where the move drawn by u leads from a cell of a list of moves; −1 where the game ends."""
    for m in range(game.first[cell], game.first[cell + 1]):
        u -= game.probability[m]
        if u < 0.0:
            return game.following[m]
    return -1


@jit
def _table_rewards(game, s, actions, rewards):
    """Write to rewards [N] those of joint actions [N] in state s, by table.

    Return their number, last player's fastest.
    """
    a = 0
    for i in range(game.sizes.size):
        a = a * game.sizes[i] + actions[i]
    for i in range(game.sizes.size):
        rewards[i] = game.rewards[i, s, a]
    return a


@overload(stage)
def _stage(game, s, actions, u, rewards):
    """Return the code of `stage` for the type of the game's arrays; actions int64 [N], rewards [N]."""
    arrays = getattr(game, "instance_class", None)
    if arrays is DenseMarkovArrays:

        def played(game, s, actions, u, rewards):
            a = _table_rewards(game, s, actions, rewards)
            for t in range(game.transitions.shape[2]):
                u -= game.transitions[s, a, t]
                if u < 0.0:
                    return t
            return -1

    elif arrays is SparseMarkovArrays:

        def played(game, s, actions, u, rewards):
            a = _table_rewards(game, s, actions, rewards)
            return _follow(game, s * game.rewards.shape[2] + a, u)

    elif arrays is HorizonArrays:

        def played(game, s, actions, u, rewards):
            states = game.rewards.shape[1]
            a = _table_rewards(game, s % states, actions, rewards)
            following = _follow(game, s % states * game.rewards.shape[2] + a, u)
            t = s // states + 1
            return t * states + following if following >= 0 and t < game.horizon else -1

    elif arrays is CrowdingArrays:

        def played(game, s, actions, u, rewards):
            loads = np.zeros(game.slope.shape[1], dtype=np.int64)
            for i in range(actions.size):
                loads[actions[i]] += 1
            for i in range(actions.size):
                rewards[i] = game.slope[s, actions[i]] * loads[actions[i]] + game.offset[s]
            return game.below[s] if loads.max() <= game.threshold[s] else game.above[s]

    elif arrays is RoutingArrays:

        def played(game, s, actions, u, rewards):
            group = np.empty(game.players, dtype=np.int64)
            layer = places(game, s, group)
            if layer == game.layers:
                actions[:] = 0  # the last edge is forced
            for i in range(actions.size):
                load = 0
                for j in range(actions.size):
                    load += group[j] == group[i] and actions[j] == actions[i]
                rewards[i] = (game.final if layer == game.layers else 1.0) / load
            if layer == game.layers:
                return 0 if game.returns else -1
            c = 0
            for i in range(actions.size):
                c = c * game.width + actions[i]
            return 1 + layer * game.width**game.players + c

    else:
        return None
    return played


@jit
def estimated_action_values(game, x, q, v):
    """Fill q [n] and v [rows] of the packed profile x [n] from episodes, and make those of the next iteration due."""
    players, states = game.players, game.start.size
    actions, rewards = np.empty(players, dtype=np.int64), np.empty(players)
    iteration = game.iteration[0]
    game.iteration[0] += 1
    v[:] = 0.0
    key, n = key_of(game.seed, iteration, VALUES), 0
    for begin in range(states):
        for _ in range(game.samples):
            s, weight = begin, 1.0 / game.samples
            for _ in range(game.length):
                _draw_actions(game, x, s, key, n, actions)
                following = stage(game.game, s, actions, variate(key, n + players), rewards)
                n += players + 1
                credited = s if game.visited else begin
                for i in range(players):
                    v[i * states + credited] += weight * rewards[i]
                if following < 0:
                    break
                s, weight = following, weight * game.discount
    key, n = key_of(game.seed, iteration, MOVES), 0
    for r in range(players * states):
        i, s = r // states, r % states
        for e in range(game.rows[r], game.rows[r + 1]):
            q[e] = 0.0
            for _ in range(game.samples):
                _draw_actions(game, x, s, key, n, actions)
                actions[i] = e - game.rows[r]
                following = stage(game.game, s, actions, variate(key, n + players), rewards)
                n += players + 1
                ahead = v[i * states + following] if following >= 0 else 0.0
                q[e] += (rewards[i] + game.discount * ahead) / game.samples


@jit
def estimated_visitation(game, x, d):
    """Compute d[r] from episodes out of every possible start, weighted as they are likely; modified in place."""
    players, states = game.players, game.start.size
    actions, rewards = np.empty(players, dtype=np.int64), np.empty(players)
    key, n = key_of(game.seed, game.iteration[1], VISITS), 0
    game.iteration[1] += 1
    d[:] = 0.0
    for begin in range(states):
        if game.start[begin] == 0.0:
            continue
        for _ in range(game.samples):
            s, weight = begin, game.start[begin] / game.samples
            for _ in range(game.length):
                d[s] += weight
                _draw_actions(game, x, s, key, n, actions)
                s = stage(game.game, s, actions, variate(key, n + players), rewards)
                n += players + 1
                if s < 0:
                    break
                weight *= game.discount
    for i in range(1, players):
        d[i * states : (i + 1) * states] = d[:states]
