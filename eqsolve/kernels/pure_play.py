"""Payoffs at pure profiles of a normal form, one player's reply at a time; no tensor of a congestion game is needed.

`stand`, `own_payoffs` and `move` are one name each for every representation, picked by the type of `game` when a
sweep is compiled. A *standing* is what a reply needs to know of everybody's actions, kept up to date move by move:
the load of every resource in a congestion game, the flat number of the joint action in a game given by a tensor.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from eqsolve.kernels.congestion import CongestionArrays
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tensor import TensorArrays

Actions: TypeAlias = NDArray[np.int64]


def stand(game: Any, actions: Actions) -> Actions:
    """Return the standing of the pure profile `actions` int64 [N]. Jitted code only."""
    raise TypeError("jitted code only")


def own_payoffs(game: Any, actions: Actions, standing: Actions, i: int, q: NDArray[np.float64]) -> None:
    """Fill q [A_i] with the payoffs of player i's actions, the others at theirs. Jitted code only."""


def move(game: Any, actions: Actions, standing: Actions, i: int, k: int) -> None:
    """Let player i go over to action k; `actions` and `standing` are modified in place. Jitted code only."""


@jit
def _stride(sizes, i):
    """Return how far apart player i's actions are in a flat tensor of shape `sizes` [N]."""
    stride = 1
    for j in range(i + 1, sizes.size):
        stride *= sizes[j]
    return stride


@jit
def _tensor_stand(game, actions):
    """Return the number of the joint action, actions int64 [N], in the flat tensor: int64 [1]."""
    standing = np.zeros(1, dtype=np.int64)
    for i in range(actions.size):
        standing[0] = standing[0] * game.sizes[i] + actions[i]
    return standing


@jit
def _tensor_payoffs(game, actions, standing, i, q):
    """Write to q [A_i] what player i's actions pay, the others at theirs; actions int64 [N], standing int64 [1]."""
    stride = _stride(game.sizes, i)
    first = i * (game.payoffs.size // game.sizes.size) + standing[0] - actions[i] * stride
    for k in range(game.sizes[i]):
        q[k] = game.payoffs[first + k * stride]


@jit
def _tensor_move(game, actions, standing, i, k):
    """Let player i go over to action k; actions int64 [N] and standing int64 [1] are modified in place."""
    standing[0] += (k - actions[i]) * _stride(game.sizes, i)
    actions[i] = k


@jit
def _put(game, loads, s, weight):
    """Put `weight` more on every resource of strategy s; loads int64 [R] are modified in place."""
    for at in range(game.first[s], game.first[s + 1]):
        loads[game.uses[at]] += weight


@jit
def _congestion_stand(game, actions):
    """Return the load of every resource, int64 [R], at the pure profile actions int64 [N]."""
    loads = np.zeros(game.costs.shape[0], dtype=np.int64)
    for i in range(actions.size):
        _put(game, loads, game.offsets[i] + actions[i], game.weights[i])
    return loads


@jit
def _congestion_payoffs(game, actions, loads, i, q):
    """Write to q [A_i] what player i's actions pay, the others at theirs; actions int64 [N].

    The player's own weight is taken off loads int64 [R] for the time being; they are left as they were.
    """
    own, weight = game.offsets[i] + actions[i], game.weights[i]
    _put(game, loads, own, -weight)
    for s in range(game.offsets[i], game.offsets[i + 1]):
        cost = 0.0
        for at in range(game.first[s], game.first[s + 1]):
            r = game.uses[at]
            cost += game.costs[r, loads[r] + weight]
        q[s - game.offsets[i]] = -cost
    _put(game, loads, own, weight)


@jit
def _congestion_move(game, actions, loads, i, k):
    """Let player i go over to action k; actions int64 [N] and loads int64 [R] are modified in place."""
    _put(game, loads, game.offsets[i] + actions[i], -game.weights[i])
    _put(game, loads, game.offsets[i] + k, game.weights[i])
    actions[i] = k


def _by_type(game, tensor, congestion):
    """Return the code for the type of the game's arrays, of payoff tensors or of congestion games; None for others."""
    return {TensorArrays: tensor, CongestionArrays: congestion}.get(getattr(game, "instance_class", object))


@overload(stand)
def _choose_stand(game, actions):
    """Return the code of `stand` for the type of the game's arrays, None for others; actions int64 [N]."""
    return _by_type(
        game,
        lambda game, actions: _tensor_stand(game, actions),
        lambda game, actions: _congestion_stand(game, actions),
    )


@overload(own_payoffs)
def _choose_payoffs(game, actions, standing, i, q):
    """Return the code of `own_payoffs` for the type of the game's arrays, None for others.

    actions int64 [N], standing as `stand` gives it, q [A_i].
    """
    return _by_type(
        game,
        lambda game, actions, standing, i, q: _tensor_payoffs(game, actions, standing, i, q),
        lambda game, actions, standing, i, q: _congestion_payoffs(game, actions, standing, i, q),
    )


@overload(move)
def _choose_move(game, actions, standing, i, k):
    """Return the code of `move` for the type of the game's arrays, None for others; actions int64 [N]."""
    return _by_type(
        game,
        lambda game, actions, standing, i, k: _tensor_move(game, actions, standing, i, k),
        lambda game, actions, standing, i, k: _congestion_move(game, actions, standing, i, k),
    )
