"""Congestion games (Rosenthal 1973) by their rules: count the load of every resource at a joint action, then pay.

A player who picks a strategy puts their weight on each of its resources and pays, for each, the cost at its total
load; their cost is not scaled by their weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from reference.linear import Number
from reference.normal import Game, Joint


@dataclass(frozen=True)
class Congestion:
    """`costs[resource][l − 1]`: cost at load l; `strategies[i]`: player i's sets of resources."""

    costs: Mapping[str, Sequence[Number]]
    strategies: Sequence[Sequence[Sequence[str]]]
    weights: Sequence[int]

    @property
    def game(self) -> Game:
        return Game(tuple(len(own) for own in self.strategies), self.payoffs)

    def loads(self, joint: Joint) -> dict[str, int]:
        """The total weight on every resource."""
        loads = dict.fromkeys(self.costs, 0)
        for i, action in enumerate(joint):
            for resource in self.strategies[i][action]:
                loads[resource] += self.weights[i]
        return loads

    def payoffs(self, joint: Joint) -> list[Number]:
        """Each player's negative cost."""
        loads = self.loads(joint)
        return [
            -sum(self.costs[resource][loads[resource] - 1] for resource in self.strategies[i][action])
            for i, action in enumerate(joint)
        ]

    def rosenthal(self, joint: Joint) -> Number:
        """The potential of a game whose weights are all 1: −Σ over resources of the costs at loads 1 … load."""
        return -sum(sum(self.costs[resource][:load]) for resource, load in self.loads(joint).items())


def load_of(weights: Sequence[int], chances: Sequence[Fraction]) -> dict[int, Fraction]:
    """The distribution of the load of players who each use a resource with their own chance, one player at a time."""
    whole = lcm(*(chance.denominator for chance in chances))
    parts = {0: 1}
    for w, chance in zip(weights, chances, strict=True):
        uses = int(chance * whole)
        grown: dict[int, int] = {}
        for load, mass in parts.items():
            for after, part in ((load, (whole - uses) * mass), (load + w, uses * mass)):
                if part:
                    grown[after] = grown.get(after, 0) + part
        parts = grown
    return {load: Fraction(mass, whole ** len(chances)) for load, mass in parts.items()}
