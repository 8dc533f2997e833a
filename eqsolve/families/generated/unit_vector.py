"""Unit vector games: every column pays the row player 1 in one row and nothing elsewhere.

Savani and von Stengel 2016, "Unit vector games", International Journal of Economic Theory 12: such games contain those
on which Lemke–Howson and support enumeration both take exponential time. The column player's payoffs are drawn by seed,
then for each column the row of the 1: any row alike or, with `no_pure`, any in which the column is not a best reply, so
that no pure profile is an equilibrium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.generated.two_players import Square, TwoPlayers
from eqsolve.families.variates import DISTRIBUTIONS, DistributionName, Seed, draw, generator
from eqsolve.spec.faults import Refusal

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame


class UnitVector(TwoPlayers):
    """Each column pays the row player in one row only; the column player's payoffs are drawn."""

    kind: Literal["unit-vector"] = Field(description="The family.")
    actions: Square = Field(ge=1, description="Number of actions of each player.")
    no_pure: bool = Field(False, description="Whether pure equilibria are avoided.")
    distribution: DistributionName = Field("uniform", description=f"Of the column player's payoffs: {DISTRIBUTIONS}.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: unit-vector
actions: 6                          # of each player
no_pure: true                       # no pure equilibria; false: each row alike may be the one that pays
distribution: uniform               # on [0, 1), of the column player; or normal, or integers (−9 … 9)
seed: 0                             # another seed, another game
"""

    @field_validator("no_pure")
    @classmethod
    def _can_be(cls, no_pure: bool, info: ValidationInfo) -> bool:
        if no_pure and info.data.get("actions") == 1:
            raise Refusal("with one action each there is always a pure equilibrium")
        return no_pure

    def build(self) -> TensorGame:
        """The column player's payoffs are drawn anew as long as a column is a best reply to every row."""
        import numpy as np

        n, stream = self.actions, generator(self.seed)
        while True:
            column = draw(stream, self.distribution, (n, n))
            open_to = column < column.max(axis=1, keepdims=True) if self.no_pure else np.ones((n, n), dtype=bool)
            if open_to.any(axis=0).all():
                break
        row = np.zeros((n, n))
        for j, u in enumerate(stream.random(n)):
            rows = np.flatnonzero(open_to[:, j])
            row[rows[int(u * len(rows))], j] = 1
        return self.bimatrix(row, column)
