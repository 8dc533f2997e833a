"""Sequence forms laid out for kernels, in rows of lanes (kernels/sequence.py says what these are).

A card game's lanes are hands: rows are public sequences, leaves those of the public tree. Any other form has one lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, readonly
from eqsolve.kernels.sequence import SequenceArrays

if TYPE_CHECKING:
    from eqsolve.forms.cards import CardForm
    from eqsolve.forms.public import PublicTree
    from eqsolve.forms.sequence import Integers, SequenceForm

#: What rows of eight lanes begin at a multiple of, so that none lies in two lines of the cache: a fifth of a sweep.
LINE = 64
#: Entries of two tensors of largest entry 1 that differ by less are the same.
SAME_TENSOR = 1e-13


def plain_arrays(form: SequenceForm) -> SequenceArrays:
    """A row per sequence, one lane, leaves as they are."""
    n, trees = len(form.players), form.treeplexes
    rows = _offsets(tree.sequences for tree in trees)
    sequences, chance, payoffs = form.leaves
    leaves = []
    for i in range(n):
        worth = chance * payoffs[i]
        paying = np.flatnonzero(worth)
        others = [sequences[j, paying] + rows[j] for j in range(n) if j != i]
        leaves.append((sequences[i, paying] + rows[i], others, worth[paying], np.zeros(len(paying), np.int64)))
    return SequenceArrays(
        (0,),
        _seats([1] * n),
        *_tree(
            rows,
            [tree.parent + rows[i] for i, tree in enumerate(trees)],
            [tree.first + rows[i] for i, tree in enumerate(trees)],
            [tree.count for tree in trees],
        ),
        *_sorted(leaves, int(rows[-1])),
        tensors=readonly(np.ones(1)),
        hands=readonly(np.ones(n, np.int64)),
        lane=readonly(np.arange(rows[-1], dtype=np.int32)),
    )


def card_arrays(form: CardForm) -> SequenceArrays:
    """A row per public sequence, a lane per hand, a leaf per end of the public game and player."""
    tree, n = form.tree, len(form.players)
    width = _width(max(tree.sizes))
    rows = _offsets(len(moved) for moved in tree.moved)
    parents, firsts, counts = [], [], []
    for i in range(n):
        node = tree.moved[i][1:, 0]  # of every public sequence but the empty one; those of a node stand together
        first = np.flatnonzero(np.diff(node, prepend=-1)) + 1
        parents.append(tree.last[node[first - 1], i] + rows[i])
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
    for i, numbers in enumerate(form.numbers):
        lane = np.empty(form.treeplexes[i].sequences + 1, dtype=np.int32)  # the last: of hands that cannot be
        lane[numbers] = (width * np.arange(rows[i], rows[i + 1], dtype=np.int32))[:, None] + np.arange(tree.sizes[i])
        lane[0] = width * rows[i]
        lanes.append(lane[:-1])
    return SequenceArrays(
        (0,) * width,
        _seats(tree.sizes),
        *_tree(rows, parents, firsts, counts),
        *_sorted(leaves, int(rows[-1])),
        tensors=readonly(aligned(np.concatenate([np.zeros(0), *tensors.found]))),
        hands=readonly(np.array(tree.sizes, dtype=np.int64)),
        lane=readonly(np.concatenate(lanes)),
    )


def aligned(rows: Array) -> Array:
    """A copy that begins at a multiple of LINE bytes."""
    room = np.empty(rows.size + LINE // 8)
    begin = -room.ctypes.data % LINE // 8
    copy = room[begin : begin + rows.size]
    copy[:] = rows
    return copy


class _Tensors:
    """The distinct tensors of a card game, each a row of lanes per joint hand of the others."""

    def __init__(self, width: int) -> None:
        self.width, self.found = width, list[Array]()
        self._known = dict[tuple[int, bytes], int]()
        self._rows = 0

    def add(self, tree: PublicTree, kinds: Integers, i: int) -> tuple[Array, Integers]:
        """For player i and each kind of end, (world, settlement): scale, 0 where nothing is paid, and first row."""
        scales, places = np.zeros(kinds.shape[1]), np.zeros(kinds.shape[1], dtype=np.int64)
        for k, (world, settled) in enumerate(kinds.T.tolist()):
            joint = (tree.chance[world] * tree.payoffs[settled, i]).reshape(tree.sizes)
            paid = np.moveaxis(joint, i, -1).reshape(-1, tree.sizes[i])
            scales[k] = paid.reshape(-1)[abs(paid).argmax()]
            if scales[k] != 0:
                places[k] = self._place(paid / scales[k])
        return scales, places

    def _place(self, paid: Array) -> int:
        key = (len(paid), (np.rint(paid / SAME_TENSOR) + 0.0).tobytes())  # + 0: no −0
        if key not in self._known:
            padded = np.zeros((len(paid), self.width))
            padded[:, : paid.shape[1]] = paid
            self.found.append(padded.reshape(-1))
            self._known[key] = self._rows
            self._rows += len(paid)
        return self._known[key]


def _seats(hands: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Numbers of players and of hands as lengths of tuples, as far as code is compiled for them."""
    if len(hands) not in (2, 3):
        return ((),)
    return ((0,) * hands[0] if len(set(hands)) == 1 else (),) * len(hands)


def _width(hands: int) -> int:
    """Lanes for so many hands: a power of two, or whole vectors of eight."""
    return next((width for width in (1, 2, 4, 8) if hands <= width), -(-hands // 8) * 8)


def _offsets(sizes: Iterable[int]) -> Integers:
    return readonly(np.cumsum([0, *sizes], dtype=np.int64))


def _tree(
    rows: Integers,
    parents: Sequence[NDArray[np.integer[Any]]],
    firsts: Sequence[NDArray[np.integer[Any]]],
    counts: Sequence[NDArray[np.integer[Any]]],
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """rows, groups, parent, first, counts of SequenceArrays."""
    parent, first, count = (readonly(np.concatenate(parts).astype(np.int64)) for parts in (parents, firsts, counts))
    return rows, _offsets(map(len, parents)), parent, first, count


def _sorted(
    leaves: list[tuple[Integers, list[Integers], Array, Integers]], rows: int
) -> tuple[Integers, NDArray[np.int32], Array, Integers]:
    """starts, others, scale, tensor of SequenceArrays from every player's (own row, others' rows, scale, tensor)."""
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
