"""Whether a game of two players is degenerate: some mixture of k actions has more than k pure best replies.

von Stengel 2007, "Equilibrium computation for two-player games in strategic and extensive form", in "Algorithmic Game
Theory", Definition 3.2. Then equilibria may come in continua, and methods that follow edges may get stuck. Whether it
holds is decided at the corners of the best-reply polytopes, where it shows first:

1. for every k actions of one player and k of the other, solve for the weights of the former that make the latter equal;
2. where the weights are not negative and no other reply is better, count the positive weights and the best replies.

What floats show is looked at again in integers where payoffs are the numbers as they were written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.exact_payoffs import equalising_mixture
from eqsolve.forms.normal.game import TensorGame
from eqsolve.forms.tolerances import MAY_TIE

#: Systems whose condition number exceeds this have no solution of their own: another choice of actions has it.
WORST_CONDITION = 1e10
#: More systems than this are not solved; two players of 8 actions have 12,870.
MAX_SYSTEMS = 20_000


class Tie(NamedTuple):
    """A mixture [A_i] of `player` 0 or 1 and the other's best replies to it, more than it mixes actions."""

    player: int
    policy: Array
    replies: tuple[int, ...]


def systems(sizes: tuple[int, int]) -> int:
    """How many systems decide the question for each player: Σ_k C(m, k) C(n, k), k > 0."""
    return comb(sum(sizes), sizes[0]) - 1


def find_tie(game: TensorGame) -> Tie | None:
    """A mixture that shows that the game of two players is degenerate, of as few actions as possible."""
    tie = find_pure_tie(game)
    row, column = game.scaled
    for k in range(2, min(row.shape) + 1):
        for player, worth in enumerate((1 + column, 1 + row.T)):
            if tie is None:
                tie = next((Tie(player, *found) for found in _among(worth, k, _exactly(game, player))), None)
    return tie


def find_pure_tie(game: TensorGame) -> Tie | None:
    """The same with a single action, in games of any size."""
    numbers = game.ordered if game.is_exact else game.scaled
    for player, worth in enumerate((numbers[1], numbers[0].T)):
        best = worth >= worth.max(axis=1, keepdims=True) - (0.0 if game.is_exact else MAY_TIE)
        tied = np.flatnonzero(best.sum(axis=1) > 1)
        if len(tied):
            policy = np.zeros(len(worth))
            policy[tied[0]] = 1.0
            return Tie(player, policy, tuple(int(a) for a in np.flatnonzero(best[tied[0]])))
    return None


def _exactly(game: TensorGame, player: int) -> list[list[int]] | None:
    """The other's payoffs [replies, own actions] in integers; None where payoffs are floats that may be rounded."""
    if not game.is_exact:
        return None
    found: list[list[int]] = (game.integers[1].T if player == 0 else game.integers[0]).tolist()
    return found


def _among(worth: Array, k: int, exact: list[list[int]] | None) -> Iterator[tuple[Array, tuple[int, ...]]]:
    """Mixtures of at most k actions with more best replies than these, by steps 1 and 2 above.

    `worth`: the other's payoffs [own actions, replies] between 1 and 2, positive, so that corners have weights of sum
    < 1; `exact`, the same in integers.
    """
    own, other = (_choices(size, k) for size in worth.shape)
    i, j = (each.reshape(-1) for each in np.indices((len(own), len(other))))
    equal = np.swapaxes(worth[own[i][:, :, None], other[j][:, None, :]], 1, 2)
    regular = np.linalg.cond(equal) < WORST_CONDITION
    i, j, equal = i[regular], j[regular], equal[regular]
    weights = np.zeros((len(i), len(worth)))
    solved = np.linalg.solve(equal, np.ones((len(i), k, 1)))[:, :, 0]
    np.put_along_axis(weights, own[i], solved, axis=1)
    replies = weights @ worth
    best = replies >= 1 - MAY_TIE
    corner = (weights >= -MAY_TIE).all(axis=1) & (replies <= 1 + MAY_TIE).all(axis=1)
    for c in np.flatnonzero(corner & (best.sum(axis=1) > (weights > MAY_TIE).sum(axis=1))):
        policy, listed = np.where(weights[c] > MAY_TIE, weights[c], 0.0), np.flatnonzero(best[c]).tolist()
        if exact is not None:
            found, is_tied = equalising_mixture(exact, other[j[c]].tolist(), own[i[c]].tolist())
            if found is None or not is_tied:
                continue
            policy = np.array([float(weight / sum(found)) for weight in found])
            listed = [r for r, paid in enumerate(exact) if sum(p * w for p, w in zip(paid, found, strict=True)) == 1]
        yield policy / policy.sum(), tuple(listed)


def _choices(size: int, k: int) -> NDArray[np.int64]:
    """Every k of `size` actions, a row each."""
    return np.array(list(combinations(range(size), k)), dtype=np.int64)
