"""Games as those take them who walk single histories, and what a walk draws on its way.

First hands are dealt, then a tree is walked down that all see: so for card games. Any other game has one deal, of no
hands, and all that its players may not see is in which nodes have the same row. What is drawn at an information set
depends on its number and the key of the walk alone: it is the same in all histories of the set that a walk meets.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.variates import variate

CHANCE, TERMINAL = -1, -2


class HistoryArrays(NamedTuple):
    """`lanes`, W of them, and `entries`, the numbers in all rows, are those of the game's SequenceArrays.

    `deals` float64 [J]: probabilities of the joint deals, summed up; `hands` int32 [J, N]: everyone's lane. Per node,
    the root first, int32 [P]: `player` to move, CHANCE or TERMINAL; `first` child, the others in a row; how many
    `children`; `at`, where the first action of hand 0 stands in rows of lanes or, at the end, the row of `payoffs`
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
    """A joint deal, drawn."""
    drawn = np.searchsorted(game.deals, variate(key, game.entries + game.player.size), side="right")
    return min(drawn, game.deals.size - 1)  # rounding may leave a little at the end


@jit
def outcome(game, node, dealt, key):
    """The child of a chance node, drawn as the deal has it."""
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
def entry(game, node, dealt):
    """Where the first action's number stands in rows of lanes; those of the next are W further on each."""
    return game.at[node] + game.hands[dealt, game.player[node]]


@jit
def match(regrets, place, width, policy):
    """policy ∝ positive parts of the regrets at `place`, uniform where there are none; modified in place."""
    total = 0.0
    for k in range(policy.size):
        total += max(regrets[place + k * width], 0.0)
    for k in range(policy.size):
        policy[k] = max(regrets[place + k * width], 0.0) / total if total > 0.0 else 1.0 / policy.size


@jit
def choice(policy, u):
    """An action, drawn by a variate u."""
    chosen = -1
    for k in range(policy.size):
        if policy[k] > 0.0:  # as above
            chosen = k
            u -= policy[k]
            if u < 0.0:
                break
    return chosen
