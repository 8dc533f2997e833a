"""Card games in sequence form: a public tree, once, times the joint deals of hands.

A player knows their hand and a node of the public tree, and the whole game is that tree with a vector over joint
deals at each leaf: probabilities from the *world* (the public chance moves so far), payoffs from the *settlement*.
Worlds and settlements are few, leaves of the game many: they are never needed one by one, and written by whole blocks
where somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import InputError
from eqsolve.forms.base import Array, Indices, Profile, readonly
from eqsolve.forms.extensive.dealt import Dealt, PublicRules, infoset
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.public import PublicTree, public_tree
from eqsolve.forms.extensive.treeplex import Leaves, Names, Treeplex, firsts, merge, ordered
from eqsolve.forms.rules import MAX_LEAVES

if TYPE_CHECKING:
    from eqsolve.forms.rules import Rules
    from eqsolve.kernels.histories import HistoryArrays
    from eqsolve.kernels.sequence import SequenceArrays

#: Numbers of the others' joint plans that are written down at once.
AT_ONCE = 2**21


class Block(NamedTuple):
    """Ends of one kind as a player has them, their public sequences in order.

    `world`, `settled`: the kind. `own` int32 [E] and `others` int32 [N − 1, E]: everyone's last public sequence.
    """

    world: int
    settled: int
    own: Indices
    others: Indices


def _written(form: CardForm) -> Leaves:
    """CardForm.leaves; InputError where they are too many."""
    if form.tree.leaves > MAX_LEAVES:
        raise InputError(
            f"the list of this game's {form.tree.leaves} leaves is not written out, {MAX_LEAVES} are the most",
            "use what needs no list of leaves: one of the CFR family, and the judge",
        )
    merged = merge(_leaves(form.tree, form.numbers), [treeplex.sequences for treeplex in form.treeplexes])
    for array in merged:
        readonly(array)
    return merged


@dataclass(frozen=True, eq=False)
class CardForm(SequenceForm):
    """A sequence form with the public tree that it was made from.

    `numbers[i]` int32 [public sequences of i, H_i]: the sequence that a public one is with each hand; 0 for the empty
    one, −1 where that cannot be. `leaves`: written when they are asked for; InputError where they are too many.
    """

    # made when asked for, so no argument of the constructor
    leaves: Leaves = field(init=False, repr=False, default=cached_property(_written))  # type: ignore[assignment]
    tree: PublicTree
    numbers: tuple[Indices, ...]

    def __post_init__(self) -> None:
        """Nothing is written yet."""

    @cached_property
    def size(self) -> int:
        """How many leaves there are, ends that no player tells apart being one."""
        tree = self.tree
        last = tree.last[tree.ends]
        # with the hands of those who never moved nobody tells deals apart
        silent, place = np.unique((last == 0) @ (1 << np.arange(len(self.players))), return_inverse=True)
        hands = [[_projected(world > 0, tree.sizes, int(mask)) for mask in silent] for world in tree.chance]
        counts = np.array([[np.count_nonzero(deals) for deals in row] for row in hands])
        _, group, many = np.unique(_keys(last), return_inverse=True, return_counts=True)
        alone = many[group] == 1
        world = tree.world[tree.ends]
        found = int(counts[world[alone], place[alone]].sum())
        together = dict[int, Any]()
        for k in np.flatnonzero(~alone).tolist():
            deals = hands[world[k]][place[k]]
            together[group[k]] = deals | together.get(group[k], False)
        return found + sum(int(np.count_nonzero(deals)) for deals in together.values())

    @cached_property
    def paid(self) -> Array:
        tree = self.tree
        return np.concatenate([tree.payoffs[s][:, tree.chance[w] > 0] for w, s in tree.kinds.T.tolist()], axis=1)

    @cached_property
    def ends(self) -> tuple[tuple[Block, ...], ...]:
        """Every player's, one for each kind of end."""
        tree, n = self.tree, len(self.players)
        order = np.argsort(tree.kind, kind="stable")
        begins = np.searchsorted(tree.kind[order], np.arange(tree.kinds.shape[1])).tolist()
        found: tuple[list[Block], ...] = tuple([] for _ in range(n))
        for (world, settled), ends in zip(tree.kinds.T.tolist(), np.split(tree.ends[order], begins[1:]), strict=True):
            for i in range(n):
                last = tree.last[ends[np.argsort(tree.last[ends, i], kind="stable")]]
                own, others = np.ascontiguousarray(last[:, i]), np.delete(last, i, axis=1).T
                found[i].append(Block(world, settled, own, np.ascontiguousarray(others)))
        return tuple(map(tuple, found))

    def backup(self, profile: Profile, player: int) -> Array:
        """[Q_i]: what the leaves right after each own sequence pay the player, by the reach of chance and others."""
        tree, hands, numbers = self.tree, self.tree.sizes[player], self.numbers[player]
        others = [j for j in range(len(self.players)) if j != player]
        # a hand that cannot be has the last sequence's number here, and a chance of 0
        plans = [self.treeplexes[j].plan(profile[j])[self.numbers[j]] for j in others]
        paid = np.zeros(numbers.shape)
        for block in self.ends[player]:
            joint = (tree.chance[block.world] * tree.payoffs[block.settled, player]).reshape(tree.sizes)
            tensor = np.moveaxis(joint, player, -1).reshape(-1, hands)
            some = max(1, AT_ONCE // len(tensor)) if tensor.any() else len(block.own) + 1
            for begin in range(0, len(block.own), some):
                part = slice(begin, begin + some)
                reached = [plan.take(rows[part], axis=0) for plan, rows in zip(plans, block.others, strict=True)]
                weights = reached[0]
                for here in reached[1:]:
                    weights = (weights[:, :, None] * here[:, None, :]).reshape(len(here), -1)
                _add(paid, block.own[part], weights @ tensor)
        # that entry is one too many
        found = np.empty(self.treeplexes[player].sequences + 1)
        found[numbers] = paid
        found[0] = paid[0].sum()
        return found[:-1]

    def told_by(self) -> Rules:
        return Dealt(self.tree.rules)

    def potential(self, profile: Profile) -> float | None:
        if not self.has_potential:
            return None
        return float(self.treeplexes[0].plan(profile[0]) @ self.backup(profile, 0))

    @cached_property
    def arrays(self) -> SequenceArrays:
        """The game as kernels take it, hands side by side."""
        from eqsolve.forms.extensive.layout.hands import card_arrays

        return card_arrays(self.tree, self.treeplexes, self.numbers)

    @cached_property
    def counted(self) -> CardForm:
        paid = readonly(np.ones_like(self.tree.payoffs))
        return replace(self, tree=replace(self.tree, payoffs=paid))

    @cached_property
    def histories(self) -> HistoryArrays:
        from eqsolve.forms.extensive.layout.history_trees import card_histories

        return card_histories(self.tree, self.arrays)


def card_form(rules: PublicRules) -> CardForm:
    """The whole game in sequence form: what `walk.sequence_form(Dealt(rules))` gives, by blocks."""
    tree = public_tree(rules)
    treeplexes, numbers = zip(*(_treeplex(tree, i) for i in range(len(rules.players))), strict=True)
    tables = (tree.payoffs[s][:, tree.chance[w] > 0] for w, s in tree.kinds.T.tolist())
    low, high = zip(*((table.min(axis=1), table.max(axis=1)) for table in tables), strict=True)
    spread = float((np.max(high, axis=0) - np.min(low, axis=0)).max())
    return CardForm(rules.players, treeplexes, spread, tree, numbers)


def _add(target: Array, rows: Indices, values: Array) -> None:
    """Adds `values` to the `rows` of `target`, which do not fall; modified in place."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    if len(starts) < len(rows):
        rows, values = rows[starts], np.add.reduceat(values, starts, axis=0)
    target[rows] += values


def _projected(possible: NDArray[np.bool_], sizes: tuple[int, ...], silent: int) -> NDArray[np.bool_]:
    """Which deals there are when nobody tells the hands of the `silent` players, a bit each, apart."""
    axes = tuple(i for i in range(len(sizes)) if silent >> i & 1)
    return np.asarray(possible.reshape(sizes).any(axis=axes, keepdims=True))


def _keys(last: Indices) -> NDArray[np.int64]:
    """A number for every row of `last`, the same for equal rows."""
    key = np.zeros(len(last), np.int64)
    for own in last.T:
        key = np.unique(key, return_inverse=True)[1] * (int(own.max(initial=0)) + 1) + own
    return key


def _depths(parent: NDArray[Any], place: NDArray[Any]) -> NDArray[np.int64]:
    """How many groups of a player come before each; `parent`: the sequence before each, `place`: the group of each."""
    depth = np.zeros(len(parent), dtype=np.int64)
    while True:
        deeper = np.where(parent > 0, depth[place[parent]] + 1, 0)
        if np.array_equal(deeper, depth):
            return depth
        depth = deeper


def _treeplex(tree: PublicTree, i: int) -> tuple[Treeplex, Indices]:
    """Player i's information sets, one per public node of theirs and hand possible there; and CardForm.numbers[i]."""
    nodes, moved = tree.decisions[i], tree.moved[i]
    # nodes come after those that they follow, and public sequences are numbered by nodes
    place, parent = np.searchsorted(nodes, moved[:, 0]), tree.last[nodes, i]
    count, depth = np.bincount(place[1:], minlength=len(nodes)), _depths(parent, place)
    joint = tree.chance.shape[1]
    # the first joint deal of each world that gives a hand; `joint` where none does
    deal = np.where(tree.chance > 0, np.arange(joint), joint).reshape(-1, *tree.sizes)
    first_deal = deal.min(axis=tuple(1 + j for j in range(len(tree.sizes)) if j != i))
    world = tree.world[nodes]
    d, hand = (part.astype(np.int32) for part in np.nonzero((first_deal < joint)[world]))
    # depth first, all of one deal comes before the next: by first deal, then by node
    order = ordered(depth[d], first_deal[world[d], hand] * len(nodes) + d)
    d, hand = d[order], hand[order]
    del order
    counts = count[d].astype(np.int32)
    first = firsts(counts)
    at = np.full((len(nodes), tree.sizes[i]), -1, dtype=np.int32)
    at[d, hand] = first
    numbers = at[place]
    np.add(numbers, moved[:, 1:], out=numbers, where=numbers >= 0)
    numbers[0] = 0

    return Treeplex(numbers[parent[d], hand], first, counts, partial(_names, tree, i, d, hand)), readonly(numbers)


def _names(tree: PublicTree, i: int, d: Indices, hand: Indices) -> Names:
    """Labels of player i's information sets, which are the public node number d[k] of theirs with the hand hand[k]."""
    mine = tree.player == i
    here = [(tree.rules.history(state), tree.rules.actions(state)) for node, state in tree.states() if mine[node]]
    hands, pairs = tree.hands[i], list(zip(d.tolist(), hand.tolist(), strict=True))
    labels = tuple(infoset(hands[h], here[k][0]) for k, h in pairs)
    return labels, ("", *(action for k, _ in pairs for action in here[k][1]))


def _leaves(tree: PublicTree, numbers: Sequence[Indices]) -> Leaves:
    """Every public leaf with every deal possible there, world by world."""
    n, z = len(numbers), tree.leaves
    sequences = np.empty((n, z), dtype=np.int32)
    chance, payoffs = np.empty(z), np.empty((n, z))
    world = tree.world[tree.ends]
    begin = 0
    for w, here in enumerate(np.split(tree.ends, np.searchsorted(world, np.arange(1, len(tree.chance))))):
        deals = np.flatnonzero(tree.chance[w])
        block = slice(begin, begin + len(here) * len(deals))
        begin = block.stop
        hands = np.unravel_index(deals, tree.sizes)
        chance[block] = np.tile(tree.chance[w, deals], len(here))
        tables = tree.payoffs[:, :, deals]
        for i in range(n):
            sequences[i, block] = numbers[i][tree.last[here, i]][:, hands[i]].reshape(-1)
            payoffs[i, block] = tables[tree.settled[here], i].reshape(-1)
    return Leaves(sequences, chance, payoffs)
