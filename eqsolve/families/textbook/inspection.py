"""An inspection game: one may break a rule at one of several sites, the other may inspect one of them.

After Dresher 1962, "A sampling inspection problem in arms control agreements" (RAND RM-2972), and the survey of
Avenhaus, von Stengel and Zamir 2002 (Handbook of Game Theory 3). The inspectee obeys, for nothing, or violates at a
site: `gain` if nobody looks there, −`fine` if somebody does. The inspector pays `cost` to inspect and suffers `damage`
from what they do not find. With one site and cost < damage the only equilibrium is mixed: violation with probability
cost / damage, inspection with probability gain / (gain + fine).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator

from eqsolve.families.formula import Reading, by_formula
from eqsolve.families.generated.two_players import TwoPlayers
from eqsolve.families.variates import fits
from eqsolve.spec.numbers import Integer, Number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Inspection(TwoPlayers):
    """An inspector, who moves as the row player, and an inspectee."""

    kind: Literal["inspection"] = Field(description="The family.")
    sites: Integer = Field(1, ge=1, description="Places where the rule may be broken; one can be inspected.")
    gain: Number = Field(gt=0, description="Of the inspectee, from a violation that is not found.")
    fine: Number = Field(gt=0, description="Of the inspectee, for one that is found.")
    damage: Number = Field(gt=0, description="To the inspector, of a violation that is not found.")
    cost: Number = Field(gt=0, description="Of an inspection.")

    template: ClassVar[str] = """\
kind: inspection
players: [Inspector, Inspectee]     # may be left out
sites: 2                            # where the rule may be broken
gain: 1                             # of a violation that is not found
fine: 4                             # for one that is found
damage: 5                           # to the inspector, of one that is not found
cost: 1                             # of an inspection
"""

    @field_validator("sites")
    @classmethod
    def _fits(cls, sites: int) -> int:
        fits(2, sites + 1, sites + 1)
        return sites

    def build(self) -> TensorGame:
        """Rows: none, then which site is inspected; columns: obey, then where the rule is broken."""
        sites = [str(site) for site in range(1, self.sites + 1)]
        where = ["inspect", "violate"] if self.sites == 1 else None
        labels = [
            ("none", *(where[:1] if where else (f"inspect {site}" for site in sites))),
            ("obey", *(where[1:] if where else (f"violate {site}" for site in sites))),
        ]
        return by_formula(self.players, labels, self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[2, sites + 1, sites + 1]."""
        import numpy as np

        inspected, violated = np.indices((self.sites + 1,) * 2)
        breaks, found = violated > 0, (violated > 0) & (inspected == violated)
        row = -number(self.cost) * (inspected > 0) - number(self.damage) * (breaks & ~found)
        return np.stack([row, number(self.gain) * (breaks & ~found) - number(self.fine) * found])
