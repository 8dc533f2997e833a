"""Card games laid out for kernels, in rows of lanes (kernels/sequence.py says what these are).

Lanes are hands: rows are public sequences, leaves those of the public tree. For other games: side_by_side.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Indices, readonly
from eqsolve.kernels.sequence import PublicLeaves, SequenceArrays

if TYPE_CHECKING:
    from eqsolve.forms.extensive.public import PublicTree
    from eqsolve.forms.extensive.treeplex import Integers, Treeplex

#: Bytes. Rows of eight lanes begin at a multiple, so that none lies in two cache lines: that saves a fifth of a sweep.
CACHE_LINE = 64
#: Entries of two tensors of largest entry 1 that differ by less count as equal.
SAME_TENSOR = 1e-13


def card_arrays(tree: PublicTree, treeplexes: Sequence[Treeplex], numbers: Sequence[Indices]) -> SequenceArrays:
    """Lay a card game out: a row per public sequence, a lane per hand, a leaf per end of the public game and player.

    `numbers`: for each player the number of their sequence by public sequence and hand, as in CardForm.
    """
    n = len(treeplexes)
    width = _width(max(tree.sizes))
    rows = offsets(len(moved) for moved in tree.moved)
    above, firsts, counts = np.zeros(rows[-1], dtype=np.int32), [], []
    for i in range(n):
        node = tree.moved[i][1:, 0]  # of every public sequence but the empty one; those of a node stand together
        first = np.flatnonzero(np.diff(node, prepend=-1)) + 1
        above[rows[i] : rows[i + 1]] = rows[i]
        above[rows[i] + 1 : rows[i + 1]] += tree.last[node, i]
        firsts.append(first + rows[i])
        counts.append(np.diff(first, append=len(node) + 1))
    kinds, kind = tree.kinds, tree.kind
    tensors = _Tensors(width)
    leaves = []
    for i in range(n):
        scales, places = tensors.add(tree, kinds, i)
        paying = scales[kind] != 0
        ends = tree.ends[paying]
        others = [tree.last[ends, j] + rows[j] for j in range(n) if j != i]
        leaves.append((tree.last[ends, i] + rows[i], others, scales[kind][paying], places[kind][paying]))
    lanes = []
    for i, own in enumerate(numbers):
        lane = np.empty(treeplexes[i].sequences + 1, dtype=np.int32)  # the last: of hands that cannot be
        lane[own] = (width * np.arange(rows[i], rows[i + 1], dtype=np.int32))[:, None] + np.arange(tree.sizes[i])
        lane[0] = width * rows[i]
        lanes.append(lane[:-1])
    return SequenceArrays(
        (0,) * width,
        rows,
        offsets(map(len, counts)),
        readonly(above),
        readonly(np.concatenate(firsts).astype(np.int64)),
        readonly(np.concatenate(counts).astype(np.int64)),
        PublicLeaves(
            *_sorted(leaves, int(rows[-1])),
            tensors=readonly(aligned(np.concatenate([np.zeros(0), *tensors.found]))),
            hands=readonly(np.array(tree.sizes, dtype=np.int64)),
            seats=_seats(tree.sizes),
        ),
        readonly(np.concatenate(lanes)),
    )


def aligned(rows: Array) -> Array:
    """Return a copy of rows [n] that begins at a multiple of CACHE_LINE bytes."""
    copy = uninitialised(rows.size)
    copy[:] = rows
    return copy


def uninitialised(size: int) -> Array:
    """Return an array of `size` floats, whatever they are, that begins at a multiple of CACHE_LINE bytes."""
    longer = np.empty(size + CACHE_LINE // 8)
    begin = -longer.__array_interface__["data"][0] % CACHE_LINE // 8
    return longer[begin : begin + size]


class _Tensors:
    """Collects the distinct tensors of a card game: of each, a row of lanes per joint hand of the others."""

    def __init__(self, width: int) -> None:
        self.width, self.found = width, list[Array]()
        self._known = dict[tuple[int, bytes], int]()
        self._rows = 0

    def add(self, tree: PublicTree, kinds: Integers, i: int) -> tuple[Array, Integers]:
        """Add what the `kinds` of ends [2, K], (world, settlement), pay player i.

        Returns the factors [K], 0 where nothing is paid, and the numbers [K] of the tensors' first rows.
        """
        scales, places = np.zeros(kinds.shape[1]), np.zeros(kinds.shape[1], dtype=np.int64)
        for k, (world, settled) in enumerate(kinds.T.tolist()):
            joint = (tree.chance[world] * tree.payoffs[settled, i]).reshape(tree.sizes)
            paid = np.moveaxis(joint, i, -1).reshape(-1, tree.sizes[i])
            scales[k] = paid.reshape(-1)[abs(paid).argmax()]
            if scales[k] != 0:
                places[k] = self._place(paid / scales[k])
        return scales, places

    def _place(self, paid: Array) -> int:
        """Return the first row of the tensor `paid` [joint hands of the others, own hands], kept if it is new."""
        key = (len(paid), (np.rint(paid / SAME_TENSOR) + 0.0).tobytes())  # + 0: no −0
        if key not in self._known:
            padded = np.zeros((len(paid), self.width))
            padded[:, : paid.shape[1]] = paid
            self.found.append(padded.reshape(-1))
            self._known[key] = self._rows
            self._rows += len(paid)
        return self._known[key]


def _seats(hands: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return `seats` of PublicLeaves: numbers of players and of hands as lengths of tuples."""
    if len(hands) not in (2, 3):
        return ((),)
    return ((0,) * hands[0] if len(set(hands)) == 1 else (),) * len(hands)


def _width(hands: int) -> int:
    """Return a number of lanes for so many hands: a power of two, or a multiple of eight."""
    return next((width for width in (1, 2, 4, 8) if hands <= width), -(-hands // 8) * 8)


def offsets(sizes: Iterable[int]) -> Integers:
    """Return [n + 1] where n parts of these sizes begin, one after another, and where the last ends."""
    return readonly(np.cumsum([0, *sizes], dtype=np.int64))


def _sorted(
    leaves: list[tuple[Integers, list[Integers], Array, Integers]], rows: int
) -> tuple[Integers, NDArray[np.int32], Array, Integers]:
    """Return `starts`, `others`, `scale`, `tensor` of PublicLeaves.

    `leaves`: for each player own rows [E_i], rows of the others (N − 1 times [E_i]), factors [E_i], first rows of their
    tensors [E_i]; `rows`: how many there are.
    """
    own = np.concatenate([leaf[0] for leaf in leaves])
    others = np.concatenate(
        [np.array(leaf[1], dtype=np.int32).reshape(len(leaves) - 1, len(leaf[0])).T for leaf in leaves]
    )
    order = np.argsort(own, kind="stable")
    return (
        readonly(np.searchsorted(own[order], np.arange(rows + 1))),
        readonly(np.ascontiguousarray(others[order])),
        readonly(np.concatenate([leaf[2] for leaf in leaves])[order]),
        readonly(np.concatenate([leaf[3] for leaf in leaves])[order]),
    )
