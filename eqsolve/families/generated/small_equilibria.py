"""Whether a game of two integer matrices has an equilibrium in which nobody mixes more than a few actions.

For each number k of actions and every pair of supports of k actions each, in integers throughout:

1. against a mixture of k columns only rows can be best that no row beats in all of these columns; and vice versa. Pairs
   of supports that pass on both sides are few;
2. the mixture that makes the k rows equally good is proportional to cofactors of their differences;
3. it must have no negative entry, and no other row may be better; and vice versa.

A support pair whose mixture is not unique counts as an equilibrium. Where supports of an equilibrium have unlike sizes,
unused best replies fill the smaller one up: such a pair passes too, so none is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from eqsolve.families.generated.subsets import ranks, subsets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole: TypeAlias = NDArray[np.int64]
    Truth: TypeAlias = NDArray[np.bool_]

#: Supports may have this many actions: with more, cofactors of payoffs below MAX_PAYOFF leave int64.
SMALL_SUPPORT = 3
MAX_PAYOFF = 10**6
#: Numbers of one array at a time.
NUMBERS_AT_ONCE = 2**21


def has_small_equilibrium(row: Whole, column: Whole, most: int) -> bool:
    """Whether there is an equilibrium whose supports have at most `most` actions; payoffs [m, n] in [0, MAX_PAYOFF)."""
    return any(_has_equilibrium_of(row, column, k) for k in range(1, min(most, *row.shape) + 1))


def _has_equilibrium_of(row: Whole, column: Whole, k: int) -> bool:
    import numpy as np

    columns = subsets(row.shape[1], k)
    columns_open = _unbeaten(column.T, subsets(row.shape[0], k))
    for rows, cols in _pairs(_unbeaten(row, columns), columns):
        passed = columns_open[ranks(rows)[:, None], cols].all(axis=1)
        if passed.any() and np.any(
            _stable(row, rows[passed], cols[passed]) & _stable(column.T, cols[passed], rows[passed])
        ):
            return True
    return False


def _unbeaten(payoffs: Whole, columns: Whole) -> Truth:
    """[sets, rows]: whether no row is better than this one in all columns of the set."""
    import numpy as np

    better = np.packbits(payoffs[None, :, :] > payoffs[:, None, :], axis=1).transpose(2, 0, 1)  # column, row, bits
    found = np.empty((len(columns), len(payoffs)), dtype=bool)
    step = max(1, NUMBERS_AT_ONCE // better[0].size)
    for at in range(0, len(columns), step):
        sets = columns[at : at + step]
        all_better = better[sets[:, 0]]
        for place in range(1, sets.shape[1]):
            all_better &= better[sets[:, place]]
        found[at : at + step] = ~all_better.any(axis=-1)
    return found


def _pairs(unbeaten: Truth, columns: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Supports of both, [pairs, k] each: every set of columns with every set of rows that may be best against it."""
    import numpy as np

    k = columns.shape[1]
    counts = unbeaten.sum(axis=1)
    for count in np.unique(counts[counts >= k]).tolist():
        places = np.array(list(combinations(range(count), k)))
        sets = np.flatnonzero(counts == count)
        step = max(1, NUMBERS_AT_ONCE // len(places))
        for at in range(0, len(sets), step):
            some = sets[at : at + step]
            candidates = np.nonzero(unbeaten[some])[1].reshape(-1, count)
            yield candidates[:, places].reshape(-1, k), np.repeat(columns[some], len(places), axis=0)


def _stable(payoffs: Whole, rows: Whole, columns: Whole) -> Truth:
    """[pairs]: whether a mixture of the columns makes these rows equally good and no other better."""
    import numpy as np

    at = payoffs[rows[:, :, None], columns[:, None, :]]
    differences = at[:, 1:] - at[:, :1]
    if rows.shape[1] == 1:
        mixture = np.ones_like(columns)
    elif rows.shape[1] == 2:
        mixture = np.stack([-differences[:, 0, 1], differences[:, 0, 0]], axis=1)
    else:
        mixture = np.cross(differences[:, 0], differences[:, 1])
    mixture = mixture * np.where(mixture.sum(axis=1) < 0, -1, 1)[:, None]
    found = np.empty(len(rows), dtype=bool)
    step = max(1, NUMBERS_AT_ONCE // (payoffs.shape[0] * rows.shape[1]))
    for start in range(0, len(rows), step):
        some = slice(start, start + step)
        paid = (payoffs.T[columns[some]] * mixture[some, :, None]).sum(axis=1)
        found[some] = paid.max(axis=1) == (at[some, 0] * mixture[some]).sum(axis=1)
    return found & (mixture >= 0).all(axis=1)
