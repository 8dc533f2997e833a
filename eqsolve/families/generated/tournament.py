"""Tournament games: win or lose, and no approximate equilibrium with supports of constant size.

Anbalagan, Norin, Savani and Vetta 2013, "Polylogarithmic supports are required for approximate well-supported Nash
equilibria below 2/3" (WINE). In a tournament every two of n nodes have a winner, drawn by seed. The row player names a
node, the column player a set of `subset` nodes: the row player receives 1 if that node beats every node of the set, the
column player 1 if the set contains the node. Sets are in colexicographic order, as those of QuantEcon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.generated.subsets import subsets
from eqsolve.families.generated.two_players import TwoPlayers
from eqsolve.families.variates import Seed, fits, generator
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import Integer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eqsolve.forms.normal.game import TensorGame


class Tournament(TwoPlayers):
    """One names a node, the other a set of nodes, of a tournament drawn by seed."""

    kind: Literal["tournament"] = Field(description="The family.")
    nodes: Integer = Field(ge=2, description="Nodes of the tournament: the row player's actions.")
    subset: Integer = Field(ge=1, description="Nodes of each of the column player's sets.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: tournament
nodes: 6                            # the row player names one
subset: 2                           # the column player names this many
seed: 0                             # of who beats whom
"""

    @field_validator("subset")
    @classmethod
    def _fits(cls, subset: int, info: ValidationInfo) -> int:
        from math import comb

        if (nodes := info.data.get("nodes")) is not None:
            if subset > nodes:
                raise Refusal(f"a set of {subset} nodes, and there are {nodes}")
            fits(2, nodes, comb(nodes, subset))
        return subset

    def beats(self) -> NDArray[np.bool_]:
        """Who beats whom, [n, n] of truth values: of any two nodes one the other."""
        import numpy as np

        above = np.triu(np.ones((self.nodes, self.nodes), dtype=bool), 1)
        wins = np.zeros_like(above)
        wins[above] = generator(self.seed).random(int(above.sum())) < 0.5
        return wins | (above & ~wins).T

    def build(self) -> TensorGame:
        """Payoffs 0 and 1."""
        import numpy as np

        sets = subsets(self.nodes, self.subset)
        row = self.beats()[:, sets].all(axis=-1)
        column = (np.arange(self.nodes)[:, None, None] == sets).any(axis=-1)
        labels = ["-".join(map(str, members)) for members in sets.tolist()]
        return self.bimatrix(row.astype(float), column.astype(float), (tuple(map(str, range(self.nodes))), labels))
