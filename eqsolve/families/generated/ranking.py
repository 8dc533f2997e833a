"""Ranking games: who makes more of their effort wins a prize of 1, and effort costs.

Goldberg, Goldberg, Krysta and Ventre 2013, "Ranking games that have competitiveness-based strategies", Theoretical
Computer Science 476. Each player chooses an effort from 0 to n − 1; scores and costs grow with it in random steps,
scores by 1 to `steps`, costs by multiples of 1 / (n · steps); effort 0 costs nothing. The higher score wins, equal ones
share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from eqsolve.families.formula import Reading, by_formula
from eqsolve.families.generated.two_players import Square, TwoPlayers
from eqsolve.families.variates import Seed, generator
from eqsolve.spec.numbers import ACTION, Integer, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Ranking(TwoPlayers):
    """Efforts with scores and costs drawn by seed; the higher score wins."""

    kind: Literal["ranking"] = Field(description="The family.")
    actions: Square = Field(ge=2, description="Number of efforts of each player.")
    steps: Integer = Field(10, ge=1, le=1_000_000, description="The largest step from one score or cost to the next.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: ranking
actions: 6                          # efforts of each player
steps: 10                           # scores and costs grow by 1 to this many steps
seed: 0                             # another seed, another game
"""

    def build(self) -> TensorGame:
        """Actions are labelled by their numbers."""
        return by_formula(self.players, (numbered(ACTION, self.actions),) * 2, self.payoffs)

    def payoffs(self, number: Reading) -> NDArray[Any]:
        """[2, n, n]; scores [2, n] are drawn first, then the steps of costs [2, n − 1]."""
        import numpy as np

        n, stream = self.actions, generator(self.seed)
        scores = np.cumsum(1 + np.floor(self.steps * stream.random((2, n))), axis=1)
        steps = np.zeros((2, n), dtype=np.int64)
        steps[:, 1:] = np.cumsum(1 + np.floor(self.steps * stream.random((2, n - 1))), axis=1)
        ahead = np.sign(scores[0][:, None] - scores[1]).astype(np.int64)
        half, (row, column) = number(1) / 2, steps * number(1) / (n * self.steps)
        return np.stack([(1 + ahead) * half - row[:, None], (1 - ahead) * half - column])
