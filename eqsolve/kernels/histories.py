"""Games for methods that walk single histories, and the draws of a walk.

In a card game hands are dealt first; then the walk goes down the public tree, which everybody sees. Any other game has
one deal, of no hands; there, nodes of one information set have the same place in rows of lanes. What is drawn at an
information set depends on its place and on the walk's key alone: it is the same in all its histories that a walk meets.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.variates import variate

CHANCE, TERMINAL = -1, -2


class HistoryArrays(NamedTuple):
    """A tree of P nodes, walked after one of J joint deals of hands; N players, R rows of W lanes.

    `lanes`, a tuple of length W, and `entries` = R · W are those of the game's SequenceArrays. `deals` float64 [J]: the
    cumulative probabilities of the joint deals; `hands` int32 [J, N]: each player's lane. Per node, the root first,
    int32 [P]: `player` to move, CHANCE or TERMINAL; `first` child, behind which the others stand; how many `children`;
    `at`, the place in rows of lanes of the first action with hand 0 or, where the game ends, the row of `payoffs`
    float64 [S, J, N]; `world`, the row of `chance` float64 [·, J], the probability of the deal with chance's moves up
    to the node.
    """

    lanes: tuple[int, ...]
    entries: int
    deals: NDArray[np.float64]
    hands: NDArray[np.int32]
    player: NDArray[np.int32]
    first: NDArray[np.int32]
    children: NDArray[np.int32]
    at: NDArray[np.int32]
    world: NDArray[np.int32]
    chance: NDArray[np.float64]
    payoffs: NDArray[np.float64]


@jit
def deal(game, key):
    """Draw a joint deal; return its number."""
    drawn = np.searchsorted(game.deals, variate(key, game.entries + game.player.size), side="right")
    return min(drawn, game.deals.size - 1)  # rounding may leave a little at the end


@jit
def outcome(game, node, dealt, key):
    """Draw the child of a chance node, given the joint deal `dealt`; return its node."""
    left = variate(key, game.entries + node) * game.chance[game.world[node], dealt]
    chosen = -1
    for child in range(game.first[node], game.first[node] + game.children[node]):
        p = game.chance[game.world[child], dealt]
        if p > 0.0:  # rounding may leave a little at the end: it goes to the last possible outcome
            chosen = child
            left -= p
            if left < 0.0:
                break
    return chosen


@jit
def first_place(game, node, dealt):
    """Return the place of the first action in rows of lanes [R · W]; each further action stands W places on."""
    return game.at[node] + game.hands[dealt, game.player[node]]


@jit
def match(regrets, place, width, policy):
    """Match regrets: policy ∝ max(R, 0), uniform where that is 0 for all actions; `policy` [A] is modified in place.

    `regrets` [R · W]: those of the A actions stand at `place`, `place` + W, …, with W = `width`.
    """
    total = 0.0
    for k in range(policy.size):
        total += max(regrets[place + k * width], 0.0)
    for k in range(policy.size):
        policy[k] = max(regrets[place + k * width], 0.0) / total if total > 0.0 else 1.0 / policy.size


@jit
def choice(policy, u):
    """Return the action that a uniform variate u draws from `policy` [A]."""
    chosen = -1
    for k in range(policy.size):
        if policy[k] > 0.0:  # rounding may leave a little at the end: it goes to the last possible action
            chosen = k
            u -= policy[k]
            if u < 0.0:
                break
    return chosen
