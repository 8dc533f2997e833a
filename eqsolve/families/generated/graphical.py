"""Graphical games: a player's payoff depends on their neighbours in a graph and on nobody else.

Kearns, Littman and Singh 2001, "Graphical models for game theory" (UAI, arXiv:1301.2281); a class of GAMUT (Nudelman,
Wortman, Shoham and Leyton-Brown 2004). Payoffs are drawn by seed for each joint action of a player
and their neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from eqsolve.families.variates import DISTRIBUTIONS, ActionsOrNumber, DistributionName, Seed, draw, generator
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import Number, PlayerLabels

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Graphical(Family):
    """Payoffs of each player and their neighbours' actions, drawn by seed."""

    kind: Literal["graphical"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    graph: Literal["ring", "path", "star", "random"] = Field(
        "ring", description="Who is whose neighbour: the next in a ring or path, player 0 for all others, or by chance."
    )
    edge: Number = Field(0.5, ge=0, le=1, description="In a random graph: the probability that two are neighbours.")
    distribution: DistributionName = Field("uniform", description=f"Of each drawn payoff: {DISTRIBUTIONS}.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: graphical
players: 4                          # a number, or a list of labels
actions: 2                          # of each player; or a list with one number or one list of labels per player
graph: ring                         # or path, star, random
edge: 0.5                           # random: the probability that two players are neighbours
distribution: uniform               # on [0, 1); or normal, or integers (−9 … 9)
seed: 0                             # another seed, another game
"""

    def neighbours(self) -> NDArray[np.bool_]:
        """Who is whose neighbour: symmetric truth values [N, N], nobody their own."""
        return self._neighbours(generator(self.seed))

    def build(self) -> TensorGame:
        """A random graph is drawn first, then the players' payoffs."""
        import numpy as np

        from eqsolve.forms.normal.game import TensorGame

        sizes, stream = tuple(map(len, self.actions)), generator(self.seed)
        near = self._neighbours(stream)
        payoffs = np.empty((len(sizes), *sizes))
        for i in range(len(sizes)):
            shape = tuple(size if i == j or near[i, j] else 1 for j, size in enumerate(sizes))
            payoffs[i] = draw(stream, self.distribution, shape)
        return TensorGame(self.players, self.actions, payoffs)

    def _neighbours(self, stream: Generator) -> NDArray[np.bool_]:
        import numpy as np

        n = len(self.players)
        i, j = np.indices((n, n))
        if self.graph == "random":
            edges = (stream.random((n, n)) < self.edge) & (i < j)
        else:
            edges = {"ring": (j - i) % n == 1, "path": j - i == 1, "star": i == 0}[self.graph]
        found: NDArray[np.bool_] = (edges | edges.T) & (i != j)
        return found
