"""Colonel Blotto with values of one's own: troops on hills, each hill to whom has more there.

Hortala-Vallve and Llorente-Saguer 2012, "Pure strategy Nash equilibria in non-zero sum colonel Blotto games",
International Journal of Game Theory 41. Both divide the same number of troops. A hill's values to the two players are
normal with variance 1 and correlation `rho`, hills independent; equal troops share it. A player's payoff is the sum of
the values of the hills that they hold. Allocations are in lexicographic order.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.generated.correlated_normals import correlated
from eqsolve.families.generated.two_players import TwoPlayers
from eqsolve.families.variates import Seed, fits, generator
from eqsolve.spec.numbers import Integer, Number

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.normal.game import TensorGame


class Blotto(TwoPlayers):
    """Troops on hills whose values to each player are drawn by seed."""

    kind: Literal["blotto"] = Field(description="The family.")
    hills: Integer = Field(ge=1, description="Number of hills.")
    troops: Integer = Field(ge=1, description="Troops of each player; an action says how many go to each hill.")
    rho: Number = Field(0.0, ge=-1, le=1, description="ρ, correlation of a hill's values to the two; 1: constant-sum.")
    mean: Number = Field(0.0, description="Mean of the values.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: blotto
hills: 3                            # won by whom has more troops there
troops: 4                           # of each player
rho: 0.5                            # correlation of a hill's values to the two; from −1 to 1
mean: 0                             # of the values
seed: 0                             # another seed, other values
"""

    @field_validator("troops")
    @classmethod
    def _fits(cls, troops: int, info: ValidationInfo) -> int:
        from math import comb

        if (hills := info.data.get("hills")) is not None:
            size = comb(min(troops, 10**6) + min(hills, 1000) - 1, min(hills, 1000) - 1)
            fits(2, size, size)
        return troops

    def values(self) -> Array:
        """What each hill is worth to each player, [2, hills]."""
        return self.mean + correlated(generator(self.seed), 2, (self.hills,), self.rho)

    def build(self) -> TensorGame:
        """Payoffs are summed hill by hill."""
        import numpy as np

        allocations = np.array(list(_allocations(self.hills, self.troops)))
        n = len(allocations)
        row, column = np.zeros((n, n)), np.zeros((n, n))
        for hill, (own, others) in enumerate(self.values().T.tolist()):
            ahead = np.sign(allocations[:, None, hill] - allocations[:, hill])
            row += own * (1 + ahead) / 2
            column += others * (1 - ahead) / 2
        labels = ["-".join(map(str, allocation)) for allocation in allocations.tolist()]
        return self.bimatrix(row, column, (labels, labels))


def _allocations(hills: int, troops: int) -> Iterator[tuple[int, ...]]:
    """Every way to divide the troops, in lexicographic order."""
    for bars in combinations(range(troops + hills - 1), hills - 1):
        ends = (-1, *bars, troops + hills - 1)
        yield tuple(after - before - 1 for before, after in pairwise(ends))
