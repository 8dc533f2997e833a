"""Cournot's oligopoly on a grid: firms choose quantities, and all of them together make the price.

Cournot 1838, "Recherches sur les principes mathématiques de la théorie des richesses". The price is intercept − slope ·
(sum of the quantities), not below 0; a firm earns (price − cost) · its own quantity.
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


class Cournot(Family):
    """Firms choose quantities from a grid; demand is linear."""

    kind: Literal["cournot"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Number of firms, or their labels.")
    quantities: Grid = Field(description="The quantities that a firm may choose.")
    intercept: Number = Field(description="The price at which nothing is bought.")
    slope: Number = Field(1.0, ge=0, description="By how much the price falls with each unit.")
    cost: Number = Field(0.0, description="What a unit costs a firm.")

    template: ClassVar[str] = """\
kind: cournot
players: [North, South]             # a number, or a list of labels
quantities: [0, 1, 2, 3, 4, 5, 6]   # that a firm may choose
intercept: 12                       # price = 12 − 1 · (sum of the quantities), not below 0
slope: 1                            # of demand
cost: 3                             # of a unit
"""

    def build(self) -> TensorGame:
        """Actions are labelled by their quantities."""
        return by_formula(self.players, (grid_labels(self.quantities),) * len(self.players), self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[N, quantities, …, quantities]: what is earned on a unit, times the own quantity."""
        import numpy as np

        chosen = np.indices((len(self.quantities),) * len(self.players))
        own = np.array([number(quantity) for quantity in self.quantities])[chosen]
        price = np.maximum(number(0), number(self.intercept) - number(self.slope) * own.sum(axis=0))
        return np.asarray((price - number(self.cost)) * own)
