"""The minimum effort game: all gain by the least effort among them, and each pays for their own.

Van Huyck, Battalio and Beil 1990, "Tacit coordination games, strategic uncertainty, and coordination failure", American
Economic Review 80: benefit · (least effort) − cost · (own effort), efforts 1, 2, …. With 0 < cost < benefit all at the
same effort, whichever, is an equilibrium, and more effort is better for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.formula import Reading, by_formula
from eqsolve.families.variates import fits
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import Integer, Number, PlayerLabels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class MinimumEffort(Family):
    """Benefit of the least effort, cost of one's own."""

    kind: Literal["minimum-effort"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    efforts: Integer = Field(7, ge=1, validate_default=True, description="Efforts are 1, 2, … up to this.")
    benefit: Number = Field(2.0, description="What each unit of the least effort is worth to everybody.")
    cost: Number = Field(1.0, description="What each unit of their own effort costs a player.")

    template: ClassVar[str] = """\
kind: minimum-effort
players: 3                          # a number, or a list of labels
efforts: 7                          # efforts are 1, 2, … up to this
benefit: 2                          # of each unit of the least effort, to everybody
cost: 1                             # of each unit of one's own
"""

    @field_validator("efforts")
    @classmethod
    def _fits(cls, efforts: int, info: ValidationInfo) -> int:
        players = info.data.get("players", ())
        fits(len(players), *[efforts] * len(players))
        return efforts

    def build(self) -> TensorGame:
        """Actions are labelled by their efforts."""
        labels = tuple(str(effort) for effort in range(1, self.efforts + 1))
        return by_formula(self.players, (labels,) * len(self.players), self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[N, efforts, …, efforts]."""
        import numpy as np

        joint = 1 + np.indices((self.efforts,) * len(self.players))
        return np.asarray(number(self.benefit) * joint.min(axis=0) - number(self.cost) * joint)
