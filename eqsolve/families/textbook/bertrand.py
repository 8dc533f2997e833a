"""Bertrand's oligopoly on a grid: firms name prices, and the cheapest serve the whole market.

Bertrand 1883, review in Journal des savants 67. Demand at a price is intercept − slope · price, not below 0; those who
named the lowest price share it alike, and earn price − cost on each unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from eqsolve.families.formula import Reading, by_formula
from eqsolve.families.textbook.oligopoly import Grid, grid_labels
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import PLAYER, Number, PlayerLabels, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Bertrand(Family):
    """Firms choose prices from a grid; the cheapest share a linear demand."""

    kind: Literal["bertrand"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Number of firms, or their labels.")
    prices: Grid = Field(description="The prices that a firm may name.")
    intercept: Number = Field(description="What is bought at price 0.")
    slope: Number = Field(1.0, ge=0, description="By how much demand falls with the price.")
    cost: Number = Field(0.0, description="What a unit costs a firm.")

    template: ClassVar[str] = """\
kind: bertrand
players: [North, South]             # a number, or a list of labels
prices: [0, 1, 2, 3, 4, 5, 6]       # that a firm may name
intercept: 12                       # demand = 12 − 1 · (lowest price), not below 0
slope: 1                            # of demand
cost: 2                             # of a unit
"""

    def build(self) -> TensorGame:
        """Actions are labelled by their prices."""
        return by_formula(self.players, (grid_labels(self.prices),) * len(self.players), self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[N, prices, …, prices]: those who named the lowest price share what the demand there earns."""
        import numpy as np

        chosen = np.indices((len(self.prices),) * len(self.players))
        own = np.array([number(price) for price in self.prices])[chosen]
        lowest = own.min(axis=0)
        wins = own == lowest
        demand = np.maximum(number(0), number(self.intercept) - number(self.slope) * lowest)
        return np.asarray(wins * ((lowest - number(self.cost)) * demand) / wins.sum(axis=0))
