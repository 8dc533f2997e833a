"""Lays sequence forms out for walks along single histories (kernels/histories.py says how).

A card game stays a public tree under a drawn deal of hands. Any other game is walked once more from its rules.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, readonly
from eqsolve.forms.rules import CHANCE, TERMINAL
from eqsolve.kernels.histories import HistoryArrays

if TYPE_CHECKING:
    from eqsolve.forms.extensive.public import PublicTree
    from eqsolve.forms.extensive.treeplex import Treeplex
    from eqsolve.forms.rules import Rules
    from eqsolve.kernels.sequence import SequenceArrays


def walked_histories(rules: Rules, treeplexes: Sequence[Treeplex], arrays: SequenceArrays) -> HistoryArrays:
    """Lay a game out by walking its rules: a node for every history, one deal of no hands."""
    n, lane = len(treeplexes), arrays.lane
    offsets = np.cumsum([0, *(tree.sequences for tree in treeplexes)])
    firsts = [
        dict(zip(tree.infosets, lane[offset + tree.first].tolist(), strict=True))
        for tree, offset in zip(treeplexes, offsets, strict=False)
    ]
    before, player, at, world = array("i"), array("i"), array("i"), array("i")
    chance, payoffs = array("d", [1.0]), array("d")
    stack: list[tuple[Any, int, int]] = [(rules.root(), -1, 0)]
    while stack:
        state, above, here = stack.pop()
        node, turn = len(player), rules.turn(state)
        before.append(above)
        player.append(turn)
        world.append(here)
        if turn == TERMINAL:
            at.append(len(payoffs) // n)
            payoffs.extend(map(float, rules.payoffs(state)))
        elif turn == CHANCE:
            at.append(0)
            chances = [float(p) for _, p in rules.chances(state)]
            stack += [(rules.after(state, k), node, len(chance) + k) for k in range(len(chances))][::-1]
            chance.extend(chance[here] * p for p in chances)
        else:
            at.append(firsts[turn][rules.infoset(state)])
            stack += [(rules.after(state, k), node, here) for k in range(len(rules.actions(state)))][::-1]
    tree = _Tree(*(np.array(column, dtype=np.int32) for column in (before, player, at, world)))
    return _arranged(
        arrays, tree, np.array(chance)[:, None], np.array(payoffs).reshape(-1, 1, n), np.zeros((1, n), np.int32)
    )


def card_histories(tree: PublicTree, arrays: SequenceArrays) -> HistoryArrays:
    """Lay a card game out: its public tree, and the deals that are possible."""
    rows, width = arrays.rows, len(arrays.lanes)
    dealt = np.flatnonzero(tree.chance[0])
    at = np.where(tree.player == TERMINAL, tree.settled, 0)
    for i, nodes in enumerate(tree.decisions):
        moved = tree.moved[i][:, 0]
        at[nodes] = width * (rows[i] + np.searchsorted(moved, nodes))  # actions are numbered node by node
    hands = np.stack(np.unravel_index(dealt, tree.sizes), axis=1)
    payoffs = tree.payoffs[:, :, dealt].transpose(0, 2, 1)
    walked = _Tree(*(column.astype(np.int32) for column in (tree.before, tree.player, at, tree.world)))
    return _arranged(arrays, walked, tree.chance[:, dealt], payoffs, hands.astype(np.int32))


class _Tree(NamedTuple):
    """A tree of P nodes, depth first; int32 [P]: the node `before` each, −1 at the root; others as in HistoryArrays."""

    before: NDArray[np.int32]
    player: NDArray[np.int32]
    at: NDArray[np.int32]
    world: NDArray[np.int32]


def _arranged(
    arrays: SequenceArrays, tree: _Tree, chance: Array, payoffs: Array, hands: NDArray[np.int32]
) -> HistoryArrays:
    """Return the tree with its nodes ordered so that the children of each stand in a row.

    `chance` [·, J], `payoffs` [S, J, N], `hands` int32 [J, N]: as in HistoryArrays.
    """
    order = np.argsort(tree.before, kind="stable")
    children = np.bincount(tree.before[1:], minlength=len(order))
    first = 1 + children.cumsum() - children
    return HistoryArrays(
        lanes=arrays.lanes,
        entries=int(arrays.rows[-1]) * len(arrays.lanes),
        deals=readonly(chance[0].cumsum()),
        hands=readonly(hands),
        player=readonly(tree.player[order]),
        first=readonly(first[order].astype(np.int32)),
        children=readonly(children[order].astype(np.int32)),
        at=readonly(tree.at[order]),
        world=readonly(tree.world[order]),
        chance=readonly(np.ascontiguousarray(chance)),
        payoffs=readonly(np.ascontiguousarray(payoffs)),
    )
