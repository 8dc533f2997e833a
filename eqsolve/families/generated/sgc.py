"""A game whose only equilibrium mixes half of each player's actions: the worst case of support enumeration.

Sandholm, Gilpin and Conitzer 2005, "Mixed-integer programming methods for finding Nash equilibria" (AAAI), with the
payoffs of Fearnley, Igwe and Savani 2015 (arXiv:1502.04980), quarters from 0 to 1. On the first 2k − 1 actions of both
the game is a cycle in which each gains most one step behind the other: mixing them alike is the equilibrium, of value
3/4. Among the last 2k the row player wants to meet the column player, who wants to be beside the other in a pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator

from eqsolve.families.generated.two_players import TwoPlayers
from eqsolve.families.variates import fits
from eqsolve.spec.numbers import Integer

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame


class SGC(TwoPlayers):
    """Sandholm, Gilpin and Conitzer's game of 4k − 1 actions each."""

    kind: Literal["sgc"] = Field(description="The family.")
    k: Integer = Field(ge=2, description="Each player has 4k − 1 actions and mixes 2k − 1 of them.")

    template: ClassVar[str] = """\
kind: sgc
k: 3                                # 4k − 1 actions each, of which the only equilibrium mixes 2k − 1
"""

    @field_validator("k")
    @classmethod
    def _fits(cls, k: int) -> int:
        fits(2, 4 * k - 1, 4 * k - 1)
        return k

    def build(self) -> TensorGame:
        """Both matrices, the column player's transposed: rows are the row player's actions."""
        import numpy as np

        from eqsolve.forms.exact_payoffs import Meaning

        cycle, pairs = 2 * self.k - 1, 2 * self.k
        own = np.zeros((cycle + pairs,) * 2)
        own[:cycle, :cycle] = 0.75
        own[:cycle, cycle:] = 0.5
        step = np.arange(cycle)
        own[step, (step - 1) % cycle] = 1
        own[step, (step + 1) % cycle] = 0.5
        row, column = own.copy(), own.copy()
        last = np.arange(pairs)
        row[cycle + last, cycle + last] = 0.75
        column[cycle + last, cycle + (last ^ 1)] = 0.75
        return self.bimatrix(row, column.T, meaning=Meaning())
