"""Which actions of a normal form survive iterated elimination of dominated ones. It is shown, never applied.

In the game that is left an action a of player i is

- strictly dominated by an action, or by a mixture x of actions, that pays more against everything the others may do
  (Luce and Raiffa 1957): Σ_b x_b u_i(b, a_-i) > u_i(a, a_-i) for all a_-i;
- weakly dominated if that pays at least as much always and more once.

Actions are compared as the payoffs compare that the game's floats stand for; where these are not known, up to
rounding. A mixture must be better by more than rounding of payoffs scaled to range 1, TIE_OF_MIXTURES.

Each round takes away all such actions of all players at once. What survives strict domination does not depend on the
order (Gilboa, Kalai and Zemel 1990); what survives weak domination may. Mixtures are found by a linear programme per
action, and each is looked at again before it counts; actions that are best replies to something need none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame

#: Of payoffs scaled to range 1: differences up to this are ties where a programme found a mixture.
TIE_OF_MIXTURES = 1e-9
#: Comparisons of payoffs that one round takes at most; and entries of all its linear programmes.
MOST_COMPARISONS, MOST_ENTRIES = 200_000_000, 500_000


class Own(NamedTuple):
    """A player's payoffs [A_i, others], twice: `ordered` ones, of which those that differ by no more than `rounding`
    are equal, and `scaled` ones, from 0 to 1.
    """

    ordered: Array
    rounding: float
    scaled: Array

    def ahead(self, action: int) -> NDArray[np.int8]:
        """Whether each action [A_i, others] pays more (1), as much (0) or less (−1) than `action`."""
        off = self.ordered - self.ordered[action]
        return np.asarray((off > self.rounding).astype(np.int8) - (off < -self.rounding))


#: The mixture that dominates an action of a player; None where there is none.
Search: TypeAlias = Callable[[Own, int], Array | None]


@dataclass(frozen=True)
class Eliminated:
    """In `round` (from 1) `player` lost `action` to the mixture `by` [A_i] of what they had left."""

    round: int
    player: int
    action: int
    by: Array


@dataclass(frozen=True)
class Dominance:
    """`kind`: 'pure' or 'mixed' (strictly, by actions or mixtures) or 'weak' (weakly, by mixtures).

    `survivors` are numbers of each player's actions. `examined`: False where there are too many, and all survive.
    """

    kind: str
    examined: bool
    survivors: tuple[tuple[int, ...], ...]
    eliminated: tuple[Eliminated, ...]


def dominance(game: TensorGame) -> tuple[Dominance, Dominance, Dominance]:
    """What survives each kind of elimination."""
    sizes = game.payoffs.shape[1:]
    comparisons = prod(sizes) * sum(sizes)
    mixtures = comparisons <= MOST_ENTRIES
    return (
        _iterated(game, "pure", _stricter_action, comparisons <= MOST_COMPARISONS),
        _iterated(game, "mixed", _stricter_mixture, mixtures),
        _iterated(game, "weak", _weakly_better, mixtures),
    )


def _iterated(game: TensorGame, kind: str, search: Search, examined: bool) -> Dominance:
    left = [np.arange(size) for size in game.payoffs.shape[1:]]
    gone = list[Eliminated]()
    number, last = 0, -1
    while examined and len(gone) > last:
        last, number = len(gone), number + 1
        for i, action, by in list(_dominated(game, left, search)):
            whole = np.zeros(game.payoffs.shape[1 + i])
            whole[left[i]] = by
            gone.append(Eliminated(number, i, int(left[i][action]), whole))
        for one in gone[last:]:
            left[one.player] = left[one.player][left[one.player] != one.action]
    return Dominance(kind, examined, tuple(tuple(own.tolist()) for own in left), tuple(gone))


def _dominated(game: TensorGame, left: list[NDArray[np.int64]], search: Search) -> Iterator[tuple[int, int, Array]]:
    """Player, place among their actions that are left, and the mixture of these."""
    for i, own in enumerate(left):

        def part(table: Array, i: int = i) -> Array:
            return np.moveaxis(table[np.ix_(*left)], i, 0).reshape(len(left[i]), -1)

        worth = part(game.scaled[i])
        worth = worth - worth.min()
        there = Own(part(game.ordered[i]), float(game.rounding[i]), worth / (worth.max() or 1.0))
        for action in range(len(own)):
            if len(own) > 1 and (by := search(there, action)) is not None:
                yield i, action, by


def _stricter_action(own: Own, action: int) -> Array | None:
    """A single action that is better always."""
    return _alone(own.ahead(action).min(axis=1) > 0)


def _stricter_mixture(own: Own, action: int) -> Array | None:
    """The mixture whose advantage is never below the largest m that there is, if that is positive."""
    if (own.ahead(action).max(axis=0) <= 0).any():
        return None
    if (alone := _stricter_action(own, action)) is not None:
        return alone
    ahead = own.scaled - own.scaled[action]
    # one more variable, which no advantage may be below
    rows = np.column_stack([ahead.T, -np.ones(ahead.shape[1])])
    mixture = _mixture(np.append(np.zeros(len(ahead)), 1.0), rows, action, len(ahead))
    return mixture if mixture is not None and (mixture @ ahead).min() > TIE_OF_MIXTURES else None


def _weakly_better(own: Own, action: int) -> Array | None:
    """The mixture that is never worse and on the whole best."""
    signs = own.ahead(action)
    if (np.delete(signs, action, axis=0).max(axis=0) < 0).any():
        return None
    if (alone := _alone((signs.min(axis=1) >= 0) & (signs.max(axis=1) > 0))) is not None:
        return alone
    ahead = own.scaled - own.scaled[action]
    mixture = _mixture(ahead.sum(axis=1) / ahead.shape[1], ahead.T, action, len(ahead))
    if mixture is None:
        return None
    gain = mixture @ ahead
    return mixture if gain.min() >= -TIE_OF_MIXTURES and gain.max() > 100 * TIE_OF_MIXTURES else None


def _alone(better: NDArray[np.bool_]) -> Array | None:
    """The first of the actions that are better, as a mixture."""
    if not better.any():
        return None
    policy = np.zeros(len(better))
    policy[int(np.argmax(better))] = 1.0
    return policy


def _mixture(costs: Array, rows: Array, action: int, size: int) -> Array | None:
    """The mixture of the other actions that maximises costs · v subject to rows v ≥ 0.

    v [columns] begins with the mixture [size]; what follows may be any number.

    By HiGHS, called here and not by way of the solvers; what it finds is looked at again, whatever it says of it.
    """
    import highspy

    from eqsolve.arithmetic.highs import silent_highs

    columns, infinite = len(costs), highspy.kHighsInf
    is_action = np.arange(columns) < size
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = columns, len(rows) + 1, highspy.ObjSense.kMaximize
    lp.col_cost_ = costs
    lp.col_lower_ = np.where(is_action, 0.0, -infinite)
    lp.col_upper_ = np.where(np.arange(columns) == action, 0.0, np.where(is_action, 1.0, infinite))
    lp.row_lower_ = np.append(np.zeros(len(rows)), 1.0)
    lp.row_upper_ = np.append(np.full(len(rows), infinite), 1.0)
    dense = np.vstack([rows, is_action.astype(np.float64)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.arange(0, dense.size + 1, columns, dtype=np.int32)
    lp.a_matrix_.index_ = np.tile(np.arange(columns, dtype=np.int32), len(dense))
    lp.a_matrix_.value_ = dense.reshape(-1)
    highs = silent_highs()
    highs.passModel(lp)
    highs.run()
    mixture = np.maximum(np.array(highs.getSolution().col_value)[:size], 0.0)
    mixture[mixture < TIE_OF_MIXTURES] = 0.0
    total = mixture.sum()
    return mixture / total if total > 0 else None
