"""Distancing by its rules: loads of facilities, a reward that grows with one's crowd, and a crowd that spreads.

Safe (0): a player at a facility of load l receives its weight times l; spread (1): that less the penalty. Safe turns
to spread iff the largest load exceeds `spread_above`; spread to safe iff the largest load is at most `safe_at_most`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reference.linear import Number
from reference.markov import MarkovGame
from reference.normal import Joint

SAFE, SPREAD = 0, 1


@dataclass(frozen=True)
class Distancing:
    """`weights`: per unit of load, one for each facility."""

    players: int
    weights: Sequence[Number]
    penalty: Number
    spread_above: int
    safe_at_most: int
    discount: Fraction
    start: Sequence[Number]

    @property
    def game(self) -> MarkovGame:
        sizes = (len(self.weights),) * self.players
        return MarkovGame(sizes, 2, self.reward, self.transition, self.discount, self.start)

    def reward(self, i: int, state: int, joint: Joint) -> Number:
        load = sum(1 for other in joint if other == joint[i])
        return self.weights[joint[i]] * load - (self.penalty if state == SPREAD else 0)

    def transition(self, state: int, joint: Joint) -> list[int]:
        largest = max(joint.count(facility) for facility in range(len(self.weights)))
        if state == SAFE:
            following = SPREAD if largest > self.spread_above else SAFE
        else:
            following = SAFE if largest <= self.safe_at_most else SPREAD
        return [int(following == SAFE), int(following == SPREAD)]
