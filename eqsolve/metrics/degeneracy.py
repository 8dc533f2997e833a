"""Whether a game of two players is degenerate: some mixture of k actions has more than k pure best replies.

von Stengel 2007, "Equilibrium computation for two-player games in strategic and extensive form", in "Algorithmic Game
Theory", Definition 3.2. Then equilibria may come in continua, and methods that follow edges may get stuck. Whether it
holds is decided at the corners of the best-reply polytopes, where it shows first:

1. for every k actions of one player and k of the other, solve for the weights of the former that make the latter equal;
2. where the weights are not negative and no other reply is better, count the positive weights and the best replies.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array

#: Replies whose payoffs differ by less than this fraction of the payoff range tie; weights below it are 0.
TIE = 1e-9
#: Systems whose condition number exceeds this have no solution of their own: another choice of actions has it.
SINGULAR = 1e10
#: More systems than this are not solved; two players of 8 actions have 12,870.
LARGEST = 20_000


class Tie(NamedTuple):
    """A mixture [A_i] of `player` 0 or 1 and the other's best replies to it, more than it mixes actions."""

    player: int
    policy: Array
    replies: tuple[int, ...]


def systems(sizes: tuple[int, int]) -> int:
    """How many systems decide the question for each player: Σ_k C(m, k) C(n, k), k > 0."""
    return comb(sum(sizes), sizes[0]) - 1


def find_tie(payoffs: Array) -> Tie | None:
    """A mixture that shows that the game, [2, A_0, A_1], is degenerate, of as few actions as possible."""
    tie = find_pure_tie(payoffs)
    for k in range(2, min(payoffs.shape[1:]) + 1):
        for player, worth in enumerate((payoffs[1], payoffs[0].T)):
            if tie is None and (found := _among(_scaled(worth), k)) is not None:
                tie = Tie(player, *found)
    return tie


def find_pure_tie(payoffs: Array) -> Tie | None:
    """The same with a single action, in games of any size."""
    for player, worth in enumerate((payoffs[1], payoffs[0].T)):
        best = worth >= worth.max(axis=1, keepdims=True) - TIE * np.ptp(worth)
        tied = np.flatnonzero(best.sum(axis=1) > 1)
        if len(tied):
            policy = np.zeros(len(worth))
            policy[tied[0]] = 1.0
            return Tie(player, policy, tuple(int(a) for a in np.flatnonzero(best[tied[0]])))
    return None


def _scaled(worth: Array) -> Array:
    """The other's payoffs [own actions, replies] between 1 and 2: positive, so that corners have weights of sum < 1."""
    spread = float(np.ptp(worth))
    return np.asarray(1 + (worth - worth.min()) / (spread if spread > 0 else 1.0))


def _among(worth: Array, k: int) -> tuple[Array, tuple[int, ...]] | None:
    """A mixture of at most k actions with more best replies than it mixes actions, by steps 1 and 2 above."""
    own, other = (_choices(size, k) for size in worth.shape)
    i, j = (each.reshape(-1) for each in np.indices((len(own), len(other))))
    equal = np.swapaxes(worth[own[i][:, :, None], other[j][:, None, :]], 1, 2)
    regular = np.linalg.cond(equal) < SINGULAR
    i, equal = i[regular], equal[regular]
    weights = np.zeros((len(i), len(worth)))
    solved = np.linalg.solve(equal, np.ones((len(i), k, 1)))[:, :, 0]
    np.put_along_axis(weights, own[i], solved, axis=1)
    replies = weights @ worth
    best = replies >= 1 - TIE
    corner = (weights >= -TIE).all(axis=1) & (replies <= 1 + TIE).all(axis=1)
    tied = np.flatnonzero(corner & (best.sum(axis=1) > (weights > TIE).sum(axis=1)))
    if not len(tied):
        return None
    policy = np.where(weights[tied[0]] > TIE, weights[tied[0]], 0.0)
    return policy / policy.sum(), tuple(int(a) for a in np.flatnonzero(best[tied[0]]))


def _choices(size: int, k: int) -> NDArray[np.int64]:
    """Every k of `size` actions, a row each."""
    return np.array(list(combinations(range(size), k)), dtype=np.int64)
