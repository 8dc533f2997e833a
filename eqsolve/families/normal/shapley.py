"""Shapley's game and its relatives: two players, three actions, a cycle of best replies without rest.

Shapley 1964, "Some topics in two-person games": U1 = diag(a); U2 has b_i at row i, column i + 1 (mod 3), zeros
elsewhere. With a, b > 0 the only equilibrium is mixed, and fictitious play does not converge to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator

from eqsolve.families.formula import Reading, by_formula
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import ACTION, PLAYER, PlayerLabels, Vector, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Shapley(Family):
    """U1 = diag(a), U2[i, i + 1 mod 3] = b_i."""

    kind: Literal["shapley"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Labels of the two players.")
    a: Vector = Field(description="The row player's payoffs on the diagonal.")
    b: Vector = Field(description="The column player's payoffs one column to its right, cyclically.")

    template: ClassVar[str] = """\
kind: shapley
players: [Row, Column]              # may be left out
a: [1.2, 1, 1]                      # the row player's payoffs on the diagonal
b: [1.2, 1, 1]                      # the column player's at row i, column i + 1 (mod 3); all else is 0
"""

    @field_validator("players")
    @classmethod
    def _two(cls, players: tuple[str, ...]) -> tuple[str, ...]:
        if len(players) != 2:
            raise Refusal(f"Shapley's game has 2 players, got {len(players)}")
        return players

    @field_validator("a", "b")
    @classmethod
    def _three(cls, payoffs: tuple[float, ...]) -> tuple[float, ...]:
        if len(payoffs) != 3:
            raise Refusal(f"expected 3 numbers, got {len(payoffs)}")
        return payoffs

    def build(self) -> TensorGame:
        """Actions are labelled by their numbers."""
        return by_formula(self.players, (numbered(ACTION, 3),) * 2, self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[2, 3, 3]: the two payoff matrices."""
        import numpy as np

        row, column = (np.diag([number(x) for x in own]) for own in (self.a, self.b))
        return np.stack([row, np.roll(column, 1, axis=1)])
