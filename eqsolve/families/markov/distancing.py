"""Distancing: players gain by crowding at facilities, but a large crowd spreads what all then pay for.

Leonardos, Overman, Panageas and Piliouras 2021 (arXiv:2106.01969); Fox et al. 2022 (arXiv:2110.10614), section 4.1.
Two states, safe and spread. A player at facility k with load l, themselves included, receives weights[k]·l, in state
spread less `penalty`. safe → spread iff the largest load exceeds `spread_above`; spread → safe iff it is at most
`safe_at_most`. With a discount above 0 it is no Markov potential game.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import Distribution, EndlessDiscount, Integer, Number, PlayerLabels, Weights

if TYPE_CHECKING:
    from eqsolve.forms.markov.game import CrowdingGame

#: Load vectors that the counting programme keeps per state: 160 MB.
MAX_LOADS = 20_000_000


class Distancing(Family):
    """Players crowd at facilities; two states, safe and spread."""

    kind: Literal["distancing"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    weights: Weights = Field(description="Reward per unit of load at each facility; the keys are the actions.")
    penalty: Number = Field(description="What every player pays per stage in state spread.")
    spread_above: Integer = Field(ge=0, description="safe → spread iff the largest load exceeds this.")
    safe_at_most: Integer = Field(ge=0, description="spread → safe iff the largest load is at most this.")
    discount: EndlessDiscount = Field(description="Discount factor, below 1: the game has no end of its own.")
    start: Distribution = Field(description="Probabilities of starting in states safe and spread.")

    template: ClassVar[str] = """\
kind: distancing
players: 4                          # a number, or a list of labels
weights: {A: 1, B: 2, C: 4, D: 6}   # reward per unit of load at each facility; the keys are the actions
penalty: 100                        # what each player pays per stage in state spread
spread_above: 2                     # safe → spread iff the largest load exceeds this
safe_at_most: 1                     # spread → safe iff the largest load is at most this
discount: 0.99                      # below 1
start: [1/2, 1/2]                   # probabilities of starting in states safe and spread
"""

    @field_validator("weights")
    @classmethod
    def _counting_fits(cls, weights: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        players = len(info.data.get("players", ()))
        if comb(players + len(weights), len(weights)) > MAX_LOADS:
            raise Refusal(
                f"{players} players over {len(weights)} facilities have more than {MAX_LOADS} load vectors",
                "use fewer players or fewer facilities",
            )
        return weights

    @field_validator("start")
    @classmethod
    def _two_states(cls, start: tuple[float, ...]) -> tuple[float, ...]:
        if len(start) != 2:
            raise Refusal(f"expected 2 probabilities, of states safe and spread, got {len(start)}")
        return start

    def build(self) -> CrowdingGame:
        """Rewards slope[s, k]·load + offset[s]; in both states a large crowd leads to spread, a small one to safe."""
        import numpy as np

        from eqsolve.forms.markov.game import CrowdingGame

        weights = list(self.weights.values())
        return CrowdingGame(
            players=self.players,
            actions=(tuple(self.weights),) * len(self.players),
            states=("safe", "spread"),
            slope=np.array([weights, weights]),
            offset=np.array([0.0, -self.penalty]),
            threshold=np.array([self.spread_above, self.safe_at_most]),
            below=np.array([0, 0]),
            above=np.array([1, 1]),
            discount=self.discount,
            start=np.array(self.start),
        )
