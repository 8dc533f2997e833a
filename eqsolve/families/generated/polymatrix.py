"""Polymatrix games: every two players play a matrix game, an action for all of them, and payoffs add up.

Yanovskaya 1968, "Equilibrium points in polymatrix games"; a class of GAMUT (Nudelman, Wortman, Shoham and Leyton-Brown
2004). What a player receives is the sum over the others of a payoff that the two actions decide, drawn by seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from eqsolve.families.variates import DISTRIBUTIONS, ActionsOrNumber, DistributionName, Seed, draw, generator
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import PlayerLabels

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame


class Polymatrix(Family):
    """A matrix game between every two players, drawn by seed; payoffs add up."""

    kind: Literal["polymatrix"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    distribution: DistributionName = Field("uniform", description=f"Of each payoff of a pair: {DISTRIBUTIONS}.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: polymatrix
players: 3                          # a number, or a list of labels
actions: 3                          # of each player; or a list with one number or one list of labels per player
distribution: uniform               # of a pair's payoffs: on [0, 1); or normal, or integers (−9 … 9)
seed: 0                             # another seed, another game
"""

    def build(self) -> TensorGame:
        """Pairs are drawn in order of the receiving player, then of the other."""
        import numpy as np

        from eqsolve.forms.normal.game import TensorGame

        sizes, stream = tuple(map(len, self.actions)), generator(self.seed)
        payoffs = np.zeros((len(sizes), *sizes))
        for i in range(len(sizes)):
            for j in range(len(sizes)):
                if i != j:
                    pair = draw(stream, self.distribution, (sizes[i], sizes[j]))
                    shape = [size if k in (i, j) else 1 for k, size in enumerate(sizes)]
                    payoffs[i] += (pair if i < j else pair.T).reshape(shape)
        return TensorGame(self.players, self.actions, payoffs)
