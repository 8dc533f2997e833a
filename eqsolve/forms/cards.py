"""Card games in sequence form: a public tree, once, times the joint deals of hands.

What a player knows is his hand and a node of the public tree, and the whole game is that tree with a vector over joint
deals at each leaf: probabilities from the *world* (the public chance moves so far), payoffs from the *settlement*.
Worlds and settlements are few, leaves of the game many: they are written by whole blocks.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from eqsolve.errors import InputError
from eqsolve.forms.base import Array, readonly
from eqsolve.forms.dealt import PublicRules, infoset
from eqsolve.forms.rules import CHANCE, MAX_LEAVES, TERMINAL, State
from eqsolve.forms.sequence import Integers, Leaves, Names, SequenceForm, Treeplex, firsts, merge, ordered

if TYPE_CHECKING:
    from eqsolve.kernels.histories import HistoryArrays
    from eqsolve.kernels.sequence import SequenceArrays

#: Nodes of a public tree at most.
MAX_NODES = 2_000_000


@dataclass(frozen=True, eq=False)
class PublicTree:
    """The public nodes, depth first; P of them, J = ΠH joint deals.

    `hands`: labels of each player's. `before` int64 [P]: the node that each follows, −1 at the root. `player` int64
    [P]: who moves, CHANCE or TERMINAL. `world` int64 [P]: row of `chance` float64 [W, J], the probability of each deal
    together with the public chance moves so far. `settled` int64 [P]: at terminal nodes the row of `payoffs`
    float64 [S, N, J], else −1. A player's *public sequence* is his
    last (node, action), numbered along `moved[i]`; 0 is the empty one. `last` int64 [P, N]: everyone's at each node.
    `moved[i]` int64 [·, 2]: node and action of each public sequence, (−1, −1) for the empty one. `actions` and
    `states`: labels of the actions, and what the rules call the state, at the nodes where someone moves, by node.
    """

    rules: PublicRules
    hands: tuple[tuple[str, ...], ...]
    before: Integers
    player: Integers
    world: Integers
    chance: Array
    settled: Integers
    payoffs: Array
    last: Integers
    moved: tuple[Integers, ...]
    actions: dict[int, tuple[str, ...]]
    states: dict[int, State]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many hands each player may have."""
        return tuple(map(len, self.hands))

    @cached_property
    def decisions(self) -> tuple[Integers, ...]:
        """The nodes where each player moves, in order."""
        return tuple(np.flatnonzero(self.player == i) for i in range(len(self.hands)))

    @cached_property
    def ends(self) -> Integers:
        """The public leaves, ordered by world."""
        ends = np.flatnonzero(self.player == TERMINAL)
        return np.asarray(ends[np.argsort(self.world[ends], kind="stable")])

    @cached_property
    def deals(self) -> Integers:
        """[W]: how many joint deals are possible in each world."""
        return np.asarray(np.count_nonzero(self.chance, axis=1), dtype=np.int64)

    @property
    def leaves(self) -> int:
        """Leaves of the whole game."""
        return int(self.deals[self.world[self.ends]].sum())


@dataclass(frozen=True, eq=False)
class CardForm(SequenceForm):
    """A sequence form with the public tree that it was made from.

    `numbers[i]` int64 [public sequences of i, H_i]: the sequence that a public one is with each hand; 0 for the empty
    one, −1 where that cannot be.
    """

    tree: PublicTree
    numbers: tuple[Integers, ...]

    @cached_property
    def arrays(self) -> SequenceArrays:
        """The game as kernels take it, hands side by side."""
        from eqsolve.forms.lanes import card_arrays

        return card_arrays(self)

    @cached_property
    def visits(self) -> SequenceArrays:
        from eqsolve.forms.lanes import card_arrays

        paid = readonly(np.ones_like(self.tree.payoffs))
        return card_arrays(replace(self, tree=replace(self.tree, payoffs=paid)))

    @cached_property
    def histories(self) -> HistoryArrays:
        from eqsolve.forms.histories import card_histories

        return card_histories(self)


def public_tree(rules: PublicRules) -> PublicTree:
    """The public part of the game, walked depth first; InputError where it or the game is too large to write out."""
    n, deals = len(rules.players), rules.deals()
    joint = prod(deals.shape)
    before, player, world, settled = list[int](), list[int](), list[int](), list[int]()
    last = list[tuple[int, ...]]()
    moved = [[(-1, -1)] for _ in range(n)]
    actions, states = dict[int, tuple[str, ...]](), dict[int, State]()
    # ways and the total they are out of: whole numbers, which float64 holds exactly up to 2^53
    worlds = [(deals.reshape(-1), np.full(joint, deals.sum()))]
    outcomes: dict[tuple[int, bytes], list[int | None]] = {}
    settlements: dict[Hashable, int] = {}
    leaves, sizes = 0, [int(np.count_nonzero(deals))]
    stack: list[tuple[State, int, int, tuple[int, ...]]] = [(rules.root(), -1, 0, (0,) * n)]
    while stack:
        state, above, here, own = stack.pop()
        node = len(player)
        if node >= MAX_NODES or leaves > MAX_LEAVES:
            raise InputError(
                f"the game is too large to write out: more than {leaves} leaves and {node} public histories",
                "make the game smaller",
            )
        turn = rules.turn(state)
        before.append(above)
        player.append(turn)
        world.append(here)
        last.append(own)
        settled.append(-1)
        if turn == TERMINAL:
            settled[node] = settlements.setdefault(rules.settlement(state), len(settlements))
            leaves += sizes[here]
        elif turn == CHANCE:
            ways = rules.ways(state).reshape(-1, joint)
            reached = outcomes.setdefault((here, ways.tobytes()), [])
            if not reached:
                reached += _worlds(worlds, sizes, here, ways)
            reachable = [(k, there) for k, there in enumerate(reached) if there is not None]
            stack += [(rules.after(state, k), node, there, own) for k, there in reversed(reachable)]
        else:
            states[node], actions[node] = state, rules.actions(state)
            first, count = len(moved[turn]), len(actions[node])
            moved[turn] += [(node, k) for k in range(count)]
            stack += [
                (rules.after(state, k), node, here, (*own[:turn], first + k, *own[turn + 1 :]))
                for k in range(count - 1, -1, -1)
            ]
    return PublicTree(
        rules=rules,
        hands=rules.hands,
        before=_integers(before),
        player=_integers(player),
        world=_integers(world),
        chance=readonly(np.array([ways / total for ways, total in worlds])),
        settled=_integers(settled),
        payoffs=readonly(np.array([rules.payoffs(key).reshape(n, joint) for key in settlements], dtype=np.float64)),
        last=_integers(last),
        moved=tuple(map(_integers, moved)),
        actions=actions,
        states=states,
    )


def _worlds(worlds: list[tuple[Array, Array]], sizes: list[int], here: int, ways: Array) -> list[int | None]:
    """Enters the worlds that the outcomes of a chance node lead to; None for those that cannot be."""
    before, out_of = worlds[here]
    total = np.where(before > 0, ways.sum(axis=0), 1.0)
    reached: list[int | None] = []
    for outcome in ways:
        after = before * outcome
        possible = int(np.count_nonzero(after))
        reached.append(len(worlds) if possible else None)
        if possible:
            worlds.append((after, out_of * total))
            sizes.append(possible)
    return reached


def _integers(values: Sequence[Any]) -> Integers:
    return readonly(np.array(values, dtype=np.int64))


def card_form(rules: PublicRules) -> CardForm:
    """The whole game in sequence form: what `walk.sequence_form(Dealt(rules))` gives, by blocks."""
    tree = public_tree(rules)
    treeplexes, numbers = zip(*(_treeplex(tree, i) for i in range(len(rules.players))), strict=True)
    leaves = _leaves(tree, numbers)
    merged = merge(leaves, [treeplex.sequences for treeplex in treeplexes])
    spread = float(np.ptp(leaves.payoffs, axis=1).max())
    return CardForm(rules.players, treeplexes, merged, spread, tree, numbers)


def _treeplex(tree: PublicTree, i: int) -> tuple[Treeplex, Integers]:
    """Player i's information sets, one per public node of his and hand possible there; and CardForm.numbers[i]."""
    nodes, moved = tree.decisions[i], tree.moved[i]
    joint = tree.chance.shape[1]
    # the first joint deal of each world that gives a hand; `joint` where none does
    deal = np.where(tree.chance > 0, np.arange(joint), joint).reshape(-1, *tree.sizes)
    first_deal = deal.min(axis=tuple(1 + j for j in range(len(tree.sizes)) if j != i))[tree.world[nodes]]
    d, hand = np.nonzero(first_deal < joint)
    parent = tree.last[nodes, i]
    # nodes come after those that they follow, and public sequences are numbered by nodes
    place = np.searchsorted(nodes, moved[:, 0])
    depth = np.zeros(len(nodes), dtype=np.int64)
    count = np.zeros(len(nodes), dtype=np.int64)
    for k, before in enumerate(parent.tolist()):
        depth[k] = depth[place[before]] + 1 if before else 0
    np.add.at(count, place[1:], 1)
    # depth first, all of one deal comes before the next: by first deal, then by node
    order = ordered(depth[d], first_deal[d, hand] * len(tree.player) + d)
    d, hand = d[order], hand[order]
    first = firsts(count[d])
    at = np.full(first_deal.shape, -1, dtype=np.int64)
    at[d, hand] = first
    numbers = np.where(at[place] >= 0, at[place] + moved[:, 1:], -1)
    numbers[0] = 0

    def names() -> Names:
        told = [tree.rules.told(tree.states[node]) for node in nodes.tolist()]
        hands, pairs = tree.hands[i], list(zip(d.tolist(), hand.tolist(), strict=True))
        actions = [tree.actions[node] for node in nodes.tolist()]
        return tuple(infoset(hands[h], told[k]) for k, h in pairs), ("", *(a for k, _ in pairs for a in actions[k]))

    return Treeplex(numbers[parent[d], hand], first, count[d], names), readonly(numbers)


def _leaves(tree: PublicTree, numbers: Sequence[Integers]) -> Leaves:
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
            sequences[i, block] = numbers[i].astype(np.int32)[tree.last[here, i]][:, hands[i]].reshape(-1)
            payoffs[i, block] = tables[tree.settled[here], i].reshape(-1)
    return Leaves(sequences, chance, payoffs)
