"""The public part of a card game, once: what happens to all hands alike, as flat arrays.

It is walked depth first, so that what follows a node stands right behind it. Where two places go on alike, the second
is a copy of the first with other numbers: a game of millions of public histories is a few hundred blocks.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve import memory
from eqsolve.errors import InputError
from eqsolve.forms.base import Array, Indices, ReadOnly, readonly
from eqsolve.forms.extensive.dealt import PublicRules
from eqsolve.forms.rules import CHANCE, MAX_PROFILE_ENTRIES, TERMINAL, State

#: Bytes that building, solving and judging take of every entry of a profile: measured, liar's dice of 2 × 5 dice.
BYTES = 90


@dataclass(frozen=True, eq=False)
class PublicTree(ReadOnly):
    """The public nodes, depth first; P of them, J = ΠH joint deals.

    `hands`: labels of each player's. All int32 [P]: `before`, the node that each follows, −1 at the root; `choice`, by
    which action or outcome; `player`, who moves, CHANCE or TERMINAL; `world`, row of `chance` float64 [W, J], the
    probability of each deal together with the public chance moves so far; `settled`, at terminal nodes the row of
    `payoffs` float64 [S, N, J], else −1. A player's *public sequence* is their last (node, action), numbered along
    `moved[i]`; 0 is the empty one. `last` int32 [P, N]: everyone's at each node. `moved[i]` int32 [·, 2]: node and
    action of each public sequence, (−1, −1) for the empty one.
    """

    rules: PublicRules
    hands: tuple[tuple[str, ...], ...]
    before: Indices
    choice: Indices
    player: Indices
    world: Indices
    chance: Array
    settled: Indices
    payoffs: Array
    last: Indices
    moved: tuple[Indices, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many hands each player may have."""
        return tuple(map(len, self.hands))

    @cached_property
    def decisions(self) -> tuple[NDArray[np.intp], ...]:
        """The nodes where each player moves, in order."""
        return tuple(np.flatnonzero(self.player == i) for i in range(len(self.hands)))

    @cached_property
    def ends(self) -> NDArray[np.intp]:
        """The public leaves, ordered by world."""
        ends = np.flatnonzero(self.player == TERMINAL)
        return np.asarray(ends[np.argsort(self.world[ends], kind="stable")])

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """[2, ·]: world and settlement of every kind of end; those of one kind share a table of payoffs by deals."""
        return np.stack(np.divmod(np.unique(self._kinds), len(self.payoffs)))

    @cached_property
    def kind(self) -> NDArray[np.intp]:
        """Of every one of `ends` its kind."""
        return np.unique(self._kinds, return_inverse=True)[1]

    @property
    def _kinds(self) -> NDArray[np.int64]:
        return self.world[self.ends] * np.int64(len(self.payoffs)) + self.settled[self.ends]

    @cached_property
    def deals(self) -> NDArray[np.int64]:
        """[W]: how many joint deals are possible in each world."""
        return np.asarray(np.count_nonzero(self.chance, axis=1), dtype=np.int64)

    @property
    def leaves(self) -> int:
        """Leaves of the whole game."""
        return int(self.deals[self.world[self.ends]].sum())

    def state(self, node: int) -> State:
        """What the rules call the place, from the root."""
        path = list[int]()
        while self.before[node] >= 0:
            path.append(int(self.choice[node]))
            node = int(self.before[node])
        state = self.rules.root()
        for choice in reversed(path):
            state = self.rules.after(state, choice)
        return state

    def states(self) -> Iterator[tuple[int, State]]:
        """The nodes where a player moves, in order, and what the rules call them."""
        path = list[tuple[int, State]]()
        columns = (column.tolist() for column in (self.before, self.choice, self.player))
        for node, (before, choice, player) in enumerate(zip(*columns, strict=True)):
            if player == TERMINAL:
                continue
            while path and path[-1][0] != before:
                path.pop()
            path.append((node, self.rules.after(path[-1][1], choice) if path else self.rules.root()))
            if player != CHANCE:
                yield path[-1]


class _Block(NamedTuple):
    """A place and all that follows it: nodes from `start` to `end`, public sequences from `first[i]` to `beyond[i]`."""

    start: int
    end: int
    first: tuple[int, ...]
    beyond: tuple[int, ...]


class _Begun(NamedTuple):
    """On the stack below all that follows a place: whose block is whole when this comes up."""

    key: Hashable
    start: int
    first: tuple[int, ...]


class _Book:
    """What the walk has written: columns that grow."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes, self.seats, self.joint = sizes, range(len(sizes)), prod(sizes)
        self.before, self.choice, self.player, self.world, self.settled = (array("i") for _ in range(5))
        self.last = [array("i") for _ in sizes]
        self.nodes, self.actions = ([array("i", [-1]) for _ in sizes] for _ in range(2))
        self.available = memory.available()

    @property
    def beyond(self) -> tuple[int, ...]:
        """How many public sequences there are of each player."""
        return tuple(map(len, self.nodes))

    def enter(self, above: int, choice: int, turn: int, here: int, settled: int, own: tuple[int, ...]) -> int:
        """One node; its number."""
        for column, value in zip(
            (self.before, self.choice, self.player, self.world, self.settled),
            (above, choice, turn, here, settled),
            strict=True,
        ):
            column.append(value)
        for last, sequence in zip(self.last, own, strict=True):
            last.append(sequence)
        return len(self.player) - 1

    def offer(self, turn: int, node: int, count: int) -> int:
        """The actions of a node; the number of the first one's public sequence."""
        first = len(self.nodes[turn])
        self.require(sum(map(len, self.nodes)) + count)
        self.nodes[turn].extend([node] * count)
        self.actions[turn].extend(range(count))
        return first

    def repeat(self, block: _Block, above: int, choice: int, own: tuple[int, ...]) -> None:
        """Once more what follows a place, after another node."""
        here, all_of = len(self.player), slice(block.start, block.end)
        self.require(sum(map(len, self.nodes)) + sum(block.beyond) - sum(block.first))
        _append(self.before, _part(self.before, all_of) + (here - block.start))
        for column in (self.choice, self.player, self.world, self.settled):
            column.extend(column[all_of])
        self.before[here], self.choice[here] = above, choice
        for i in self.seats:
            # sequences from before the place become those from before the other one
            last, shift = _part(self.last[i], all_of), len(self.nodes[i]) - block.first[i]
            _append(self.last[i], np.where(last >= block.first[i], last + shift, own[i]))
            moves = slice(block.first[i], block.beyond[i])
            _append(self.nodes[i], _part(self.nodes[i], moves) + (here - block.start))
            self.actions[i].extend(self.actions[i][moves])

    def require(self, rows: int, tables: int = 0) -> None:
        """InputError if there is no room for so many public sequences and tables over joint deals."""
        entries = rows * max(self.sizes)
        needed = BYTES * entries + 8 * tables * self.joint
        if entries <= MAX_PROFILE_ENTRIES and (self.available is None or needed <= self.available):
            return
        there = "" if self.available is None else f", of {memory.gib(self.available)} that are free"
        size = f"policies of {entries} entries and more, {memory.gib(needed)} and more in all"
        raise InputError(
            f"the game is too large: {size}{there}",
            "make the game smaller",
        )


def _part(column: array[int], part: slice) -> Indices:
    return np.array(column[part], dtype=np.int32)


def _append(column: array[int], values: Indices) -> None:
    column.frombytes(values.astype(np.int32, copy=False).tobytes())


def public_tree(rules: PublicRules) -> PublicTree:
    """The public part of the game; InputError where the game is too large, as soon as that shows."""
    n, deals = len(rules.players), rules.deals()
    book, joint = _Book(deals.shape), prod(deals.shape)
    # ways and the total they are out of: whole numbers, which float64 holds exactly up to 2^53
    worlds = [(deals.reshape(-1), np.full(joint, deals.sum()))]
    outcomes: dict[tuple[int, bytes], list[int | None]] = {}
    settlements: dict[Hashable, int] = {}
    known: dict[Hashable, _Block] = {}
    stack: list[_Begun | tuple[State, int, int, int, tuple[int, ...]]] = [(rules.root(), -1, 0, 0, (0,) * n)]
    while stack:
        top = stack.pop()
        if isinstance(top, _Begun):
            known[top.key] = _Block(top.start, len(book.player), top.first, book.beyond)
            continue
        state, above, choice, here, own = top
        turn = rules.turn(state)
        if turn == TERMINAL:
            settled = settlements.setdefault(rules.settlement(state), len(settlements))
            book.enter(above, choice, turn, here, settled, own)
            continue
        key = rules.alike(state), here
        if key in known:
            book.repeat(known[key], above, choice, own)
            continue
        node = book.enter(above, choice, turn, here, -1, own)
        stack.append(_Begun(key, node, book.beyond))
        if turn == CHANCE:
            ways = rules.ways(state).reshape(-1, joint)
            reached = outcomes.setdefault((here, ways.tobytes()), [])
            if not reached:
                reached += _worlds(worlds, here, ways)
                book.require(sum(book.beyond), 3 * len(worlds))
            reachable = [(k, there) for k, there in enumerate(reached) if there is not None]
            stack += [(rules.after(state, k), node, k, there, own) for k, there in reversed(reachable)]
        else:
            count = len(rules.actions(state))
            first = book.offer(turn, node, count)
            stack += [
                (rules.after(state, k), node, k, here, (*own[:turn], first + k, *own[turn + 1 :]))
                for k in range(count - 1, -1, -1)
            ]
    book.require(sum(book.beyond), 3 * len(worlds) + 3 * n * len(settlements))
    return PublicTree(
        rules=rules,
        hands=rules.hands,
        before=_column(book.before),
        choice=_column(book.choice),
        player=_column(book.player),
        world=_column(book.world),
        chance=readonly(np.array([ways / total for ways, total in worlds])),
        settled=_column(book.settled),
        payoffs=readonly(np.array([rules.payoffs(key).reshape(n, joint) for key in settlements], dtype=np.float64)),
        last=readonly(np.stack(list(map(_column, book.last)), axis=1)),
        moved=tuple(
            readonly(np.stack([_column(nodes), _column(actions)], axis=1))
            for nodes, actions in zip(book.nodes, book.actions, strict=True)
        ),
    )


def _worlds(worlds: list[tuple[Array, Array]], here: int, ways: Array) -> list[int | None]:
    """Enters the worlds that the outcomes of a chance node lead to; None for those that cannot be."""
    before, out_of = worlds[here]
    total = np.where(before > 0, ways.sum(axis=0), 1.0)
    reached: list[int | None] = []
    for outcome in ways:
        after = before * outcome
        possible = bool(after.any())
        reached.append(len(worlds) if possible else None)
        if possible:
            worlds.append((after, out_of * total))
    return reached


def _column(values: array[int]) -> Indices:
    return readonly(np.array(values, dtype=np.int32))
