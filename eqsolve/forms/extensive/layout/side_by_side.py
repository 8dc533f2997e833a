"""Sequence forms without hands laid out for kernels: information sets side by side (kernels/sequence.py).

Which sets share a group is free, as long as they are of one depth and have as many actions; but a leaf pays to all
lanes of a row at once, so sets that meet the same sequences of the others belong together. So they are grouped by
connected components of who meets whom; where players keep only their own moves secret, one is a public state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, readonly
from eqsolve.forms.extensive.layout.hands import aligned, offsets
from eqsolve.forms.extensive.treeplex import numbered
from eqsolve.kernels.sequence import SequenceArrays, SingleLeaves

if TYPE_CHECKING:
    from eqsolve.forms.extensive.treeplex import Integers, Leaves, Treeplex

#: Lanes of a row: one vector of AVX-512, two of AVX2.
WIDTH = 8
#: Lanes are used only if at most this share of the leaves is left when those of a row are one.
WORTH_IT = 0.75
#: Components are labelled in at most so many rounds; labels that are not final still give a right layout.
SPREADS = 64


class _Layout(NamedTuple):
    """One player's layout, in which rows and their entries are counted from the player's first.

    `entry` int64 [Q]: the place of each sequence; `above` int64 [rows − 1, W]: per row but the first, the places above
    its lanes; per group int64 [G]: its `first` row and how many actions it has, `counts`.
    """

    entry: Integers
    above: Integers
    first: Integers
    counts: Integers

    @property
    def rows(self) -> int:
        """How many rows the player has, that of the empty sequence included."""
        return 1 + int(self.counts.sum())


def single_arrays(treeplexes: Sequence[Treeplex], leaves: Leaves) -> SequenceArrays:
    """Lay a game out: up to eight information sets in a group where that saves leaves, else one."""
    n, sequences = len(treeplexes), leaves.sequences
    width, layouts = WIDTH, [_side_by_side(treeplexes, leaves, i) for i in range(n)]
    if sum(_different(_met(layouts, sequences, i, width)[1]) for i in range(n)) > WORTH_IT * sequences.size:
        width, layouts = 1, [_laid(tree, np.arange(len(tree.count)), 1) for tree in treeplexes]
    rows = offsets(layout.rows for layout in layouts)
    groups = offsets(len(layout.counts) for layout in layouts)
    above = np.zeros((rows[-1], width), dtype=np.int32)
    for layout, base in zip(layouts, rows.tolist(), strict=False):
        above[base] = base * width
        above[base + 1 : base + layout.rows] = layout.above + base * width
    bases = rows[:-1] * width
    return SequenceArrays(
        (0,) * width,
        rows,
        groups,
        readonly(above if width > 1 else above[:, 0].copy()),
        readonly(np.concatenate([layout.first + base for layout, base in zip(layouts, rows, strict=False)])),
        readonly(np.concatenate([layout.counts for layout in layouts])),
        _leaves(leaves, layouts, rows, width),
        readonly(
            np.concatenate([layout.entry + base for layout, base in zip(layouts, bases, strict=True)]).astype(np.int32)
        ),
    )


def _side_by_side(treeplexes: Sequence[Treeplex], leaves: Leaves, i: int) -> _Layout:
    """Lay out player i's sets by depth, number of actions, component and number, up to eight in a group."""
    tree = treeplexes[i]
    depth = np.zeros(len(tree.count), np.int64)
    for level, (start, end) in enumerate(tree.levels):
        depth[start:end] = level
    return _laid(tree, np.lexsort((_components(treeplexes, leaves, i), tree.count, depth)), WIDTH, depth)


def _laid(tree: Treeplex, order: Integers, width: int, depth: Integers | None = None) -> _Layout:
    """Lay out information sets in `order` [I], up to `width` of one `depth` [I] and number of actions in a group."""
    count = tree.count[order].astype(np.int64)
    alike = np.zeros(len(order), np.bool_)
    if depth is not None:
        alike[1:] = (np.diff(depth[order]) == 0) & (np.diff(count) == 0)
    begin = np.flatnonzero(~alike)
    within = np.arange(len(order)) - np.repeat(begin, np.diff(begin, append=len(order)))
    lane = within % width
    group = np.cumsum(lane == 0) - 1
    counts = count[lane == 0]
    first = 1 + counts.cumsum() - counts
    entry = np.zeros(tree.sequences, np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = first[group] * width + lane
    start = np.repeat(tree.first, tree.count)
    entry[1:] = np.repeat(place, tree.count) + (np.arange(1, tree.sequences) - start) * width
    above = np.full((len(counts), width), width - 1)  # of lanes without a set, where no one looks
    above[group, lane] = entry[tree.parent[order]]
    return _Layout(entry, np.repeat(above, counts, axis=0), first, counts)


def _components(treeplexes: Sequence[Treeplex], leaves: Leaves, i: int) -> Integers:
    """Return labels [I] of player i's information sets, equal within a connected component.

    Two sets are connected if some tuple of the others' sequences has leaves with both.
    """
    tree, sequences = treeplexes[i], leaves.sequences
    where = np.repeat(np.arange(1, 1 + len(tree.count)), tree.count)
    own = np.concatenate([np.zeros(1, np.int64), where])[sequences[i]]  # 0: the game ends before any move of theirs
    others = [j for j in range(len(sequences)) if j != i]
    key = numbered(sequences[others], [treeplexes[j].sequences for j in others])
    met = np.unique(key, return_inverse=True)[1].reshape(-1)
    label = np.arange(1 + len(tree.count))
    for _ in range(SPREADS):
        least = np.full(met.max(initial=0) + 1, len(label))
        np.minimum.at(least, met, label[own])
        spread = label.copy()
        np.minimum.at(spread, own, least[met])
        if np.array_equal(spread, label):
            break
        label = spread
    return label[1:]


def _met(layouts: list[_Layout], sequences: NDArray[np.int32], i: int, width: int) -> tuple[Integers, Integers]:
    """Return for every leaf player i's place [Z] and a number [Z].

    The numbers are ordered as the tuples of player i's row and the others' sequences.
    """
    own = layouts[i].entry[sequences[i]]
    others = [j for j in range(len(layouts)) if j != i]
    columns = np.stack([own // width, *(layouts[j].entry[sequences[j]] for j in others)])
    return own, numbered(columns, [layouts[i].rows, *(layouts[j].rows * width for j in others)])


def _different(key: Integers) -> int:
    """Return how many different numbers `key` [Z] holds."""
    return int(np.count_nonzero(np.diff(np.sort(key), prepend=-1)))


def _leaves(leaves: Leaves, layouts: list[_Layout], rows: Integers, width: int) -> SingleLeaves:
    """Return the leaves that pay something to the player, for one player after another."""
    n, (sequences, chance, payoffs) = len(layouts), leaves
    starts, places, paid, payments = [np.zeros(1, np.int64)], list[NDArray[np.int32]](), list[NDArray[np.int32]](), []
    kinds = 0
    for i in range(n):
        worth = chance * payoffs[i]
        paying = np.flatnonzero(worth)
        own, key = _met(layouts, sequences[:, paying], i, width)
        order = np.argsort(key, kind="stable")
        fresh = np.diff(key[order], prepend=-1) != 0
        table = np.zeros((int(fresh.sum()), width))
        table[np.cumsum(fresh) - 1, own[order] % width] = worth[paying][order]
        which, distinct = _distinct(table)
        paid.append(which + np.int32(kinds))
        payments.append(distinct)
        kinds += len(distinct)
        leaf = order[fresh]
        starts.append(starts[-1][-1] + np.searchsorted(own[leaf] // width, np.arange(1, layouts[i].rows + 1)))
        place = np.empty((len(leaf), n - 1), np.int32)
        for column, j in enumerate(j for j in range(n) if j != i):
            place[:, column] = layouts[j].entry[sequences[j, paying[leaf]]] + rows[j] * width
        places.append(place)
    which, distinct = _distinct(np.concatenate(payments))
    return SingleLeaves(
        readonly(np.concatenate(starts)),
        readonly(np.concatenate(places)),
        readonly(which[np.concatenate(paid)]),
        readonly(aligned(distinct.reshape(-1))),
    )


def _distinct(table: Array) -> tuple[NDArray[np.int32], Array]:
    """Return which of the table's distinct rows each of its rows is [n], and these [distinct, W]."""
    # equal for equal rows, and hardly for others; a product of matrices would round some rows otherwise than others
    mixed = (table * np.random.default_rng(0).random(table.shape[1])).sum(axis=1)
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    if np.array_equal(table[first[which]], table):
        return which.astype(np.int32), table[first]
    return np.arange(len(table), dtype=np.int32), table
