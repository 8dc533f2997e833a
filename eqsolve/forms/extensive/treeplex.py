"""Treeplexes: one player's part of an extensive game in sequence form, and the leaves where all parts meet.

von Stengel 1996, "Efficient computation of behavior strategies"; Hoda, Gilpin, Pena and Sandholm 2010. A player's
*sequence* is their last (information set, action), which with perfect recall stands for all they did before; 0 is the
empty one. Information sets are ordered by depth (how many of their own come before), then by the first visit of a
depth-first walk, so that parents come first and those of one depth stand together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, ReadOnly, readonly

Integers: TypeAlias = NDArray[np.int64]
#: Labels of the information sets [I] and of the sequences' actions [Q], the empty sequence's first.
Names: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Treeplex(ReadOnly):
    """One player's information sets: `parent` (the sequence before each), `first` (that of its first action), `count`.

    All int32 [I], whatever integers they are made from. `names` gives the labels when they are asked for: there can be
    very many.
    """

    parent: NDArray[np.integer[Any]]
    first: NDArray[np.integer[Any]]
    count: NDArray[np.integer[Any]]
    names: Callable[[], Names]

    def __post_init__(self) -> None:
        for name in ("parent", "first", "count"):
            object.__setattr__(self, name, readonly(np.array(getattr(self, name), dtype=np.int32)))

    @property
    def sequences(self) -> int:
        """Q: how many sequences there are, the empty one included."""
        return 1 + int(self.count.sum())

    @cached_property
    def _names(self) -> Names:
        return self.names()

    @property
    def infosets(self) -> tuple[str, ...]:
        """Labels of the information sets, [I]."""
        return self._names[0]

    @property
    def actions(self) -> tuple[str, ...]:
        """Labels of the last action of every sequence, [Q]; that of the empty one is empty."""
        return self._names[1]

    @cached_property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """The information sets of each depth, from and to: at 0 those before which the player does nothing."""
        highest = np.maximum.accumulate(self.parent)
        found, start, known = list[tuple[int, int]](), 0, 1
        while start < len(self.parent):
            # as depths do not fall, parents of the next levels are all above those of this one
            end = int(np.searchsorted(highest, known))
            found.append((start, end))
            start, known = end, int(self.first[end - 1] + self.count[end - 1])
        return tuple(found)

    def plan(self, policy: Array) -> Array:
        """The realisation plan [Q]: of every sequence, the probability that the player does all of it if they can.

        Further axes of a policy, such as one for hands, stay as they are.
        """
        plan = np.array(policy, dtype=np.float64)
        for start, end in self.levels[1:]:
            here = slice(int(self.first[start]), int(self.first[end - 1] + self.count[end - 1]))
            plan[here] *= plan[np.repeat(self.parent[start:end], self.count[start:end])]
        return plan

    def behaviour(self, plan: Array) -> Array:
        """The policy [Q] of a realisation plan [Q] or of a sum of such; uniform where the plan does not come."""
        reached = np.repeat(np.add.reduceat(plan, self.first), self.count)
        policy = np.ones(len(plan))
        policy[1:] = np.where(reached > 0, plan[1:], 1.0)
        policy[1:] /= np.where(reached > 0, reached, np.repeat(self.count, self.count))
        return policy

    @cached_property
    def sets(self) -> Integers:
        """[Q]: the information set of every sequence, counted from 1; 0 for the empty sequence."""
        return np.concatenate([np.zeros(1, np.int64), 1 + np.repeat(np.arange(len(self.parent)), self.count)])


class Leaves(NamedTuple):
    """`sequences` int32 [N, Z]: every player's last; `chance` float64 [Z]: the leaf's probability if all play towards
    it; `payoffs` float64 [N, Z]: what each receives there.
    """

    sequences: NDArray[np.int32]
    chance: Array
    payoffs: Array


def merge(leaves: Leaves, sizes: list[int]) -> Leaves:
    """The leaves in the order of their sequences, first player's first; those of equal sequences become one.

    Its chance is their sum, its payoffs their average by chance. `sizes`: every player's number of sequences.
    """
    key = numbered(leaves.sequences, sizes)
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate([np.ones(1, np.bool_), key[1:] != key[:-1]]))
    sequences, chance = leaves.sequences[:, order], leaves.chance[order]
    payoffs = leaves.payoffs[:, order]
    if len(starts) == len(key):
        return Leaves(sequences, chance, payoffs)
    total = np.add.reduceat(chance, starts)
    mean = np.add.reduceat(payoffs * chance, starts, axis=1) / total
    alone = np.diff(starts, append=len(key)) == 1
    mean[:, alone] = payoffs[:, starts[alone]]  # as they were, without rounding
    return Leaves(np.ascontiguousarray(sequences[:, starts]), total, mean)


def numbered(sequences: NDArray[np.integer[Any]], sizes: list[int]) -> Integers:
    """[Z] a number for every column, which orders them as the first rows, then the next ones, do."""
    key, most = np.zeros(sequences.shape[1], np.int64), 1
    for own, size in zip(sequences, sizes, strict=True):
        if most * size >= 2**62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            most = len(key)
        key, most = key * size + own, most * size
    return key


def ordered(depth: Integers, visit: Integers) -> Integers:
    """The order of information sets: by depth, then by first `visit`, no two alike."""
    beyond = int(visit.max(initial=0)) + 1
    if int(depth.max(initial=0)) * beyond < 2**62:
        return np.argsort(depth * beyond + visit)
    return np.lexsort((visit, depth)).astype(np.int64)


def firsts(count: NDArray[np.integer[Any]]) -> Integers:
    """The number of every information set's first sequence, from their numbers of actions."""
    return np.concatenate([np.ones(1, np.int64), 1 + count.cumsum()])[:-1]
