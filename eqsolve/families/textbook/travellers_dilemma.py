"""The traveller's dilemma: all name a claim, all are paid the lowest, and who named it is rewarded by the others.

Basu 1994, "The traveler's dilemma: paradoxes of rationality in game theory", American Economic Review 84. Claims are
whole numbers; if not all are alike, who named the lowest receives it and `bonus` more, the others as much less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.formula import Reading, by_formula
from eqsolve.families.variates import fits
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PLAYER, Integer, Number, PlayerLabels, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class TravellersDilemma(Family):
    """All are paid the lowest claim; who made it gains a bonus, the others lose it."""

    kind: Literal["travellers-dilemma"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Number of players, or their labels.")
    lowest: Integer = Field(2, ge=-(10**6), le=10**6, description="The lowest claim that may be made.")
    highest: Integer = Field(100, le=10**6, validate_default=True, description="The highest claim.")
    bonus: Number = Field(2.0, ge=0, description="What the lowest claim gains and the others lose.")

    template: ClassVar[str] = """\
kind: travellers-dilemma
players: 2                          # a number, or a list of labels
lowest: 2                           # claims are the whole numbers from this
highest: 20                         # to this
bonus: 2                            # to who claims less, from who claims more
"""

    @field_validator("highest")
    @classmethod
    def _fits(cls, highest: int, info: ValidationInfo) -> int:
        lowest, players = info.data.get("lowest"), info.data.get("players")
        if lowest is not None and players is not None:
            if highest < lowest:
                raise Refusal(f"the highest claim, {highest}, is below the lowest, {lowest}")
            fits(len(players), *[highest - lowest + 1] * len(players))
        return highest

    def build(self) -> TensorGame:
        """Actions are labelled by their claims."""
        claims = tuple(map(str, range(self.lowest, self.highest + 1)))
        return by_formula(self.players, (claims,) * len(self.players), self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[N, claims, …, claims]: the lowest claim, with the bonus where claims differ."""
        import numpy as np

        joint = self.lowest + np.indices((self.highest - self.lowest + 1,) * len(self.players))
        paid, alike = joint.min(axis=0), joint.min(axis=0) == joint.max(axis=0)
        sign = np.where(alike, 0, np.where(joint == paid, 1, -1))
        return np.asarray(paid + sign * number(self.bonus))
