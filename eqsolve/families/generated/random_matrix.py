"""Random matrix games: payoffs drawn independently, then given a structure; a seed names one game for ever.

Structures: `general`, independent payoffs of all players; `zero-sum`, two players, the column player receiving the
negative; `common`, all receive the same; `symmetric`, a player's payoff depends on their own action and on how many of
the others take which, in the same way for all; `potential`, a common payoff plus, for each player, something that they
cannot change (Monderer and Shapley 1996: every exact potential game is of this kind). The stream of numbers is that
of Philox (Salmon et al. 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.variates import DISTRIBUTIONS, ActionsOrNumber, DistributionName, Seed, draw, generator
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PlayerLabels

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.normal.game import TensorGame


class RandomMatrix(Family):
    """Payoffs drawn by seed, with a structure."""

    kind: Literal["random-matrix"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    distribution: DistributionName = Field("uniform", description=f"Of each drawn payoff: {DISTRIBUTIONS}.")
    structure: Literal["general", "zero-sum", "common", "symmetric", "potential"] = Field(
        "general", validate_default=True, description="How the players' payoffs hang together."
    )
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: random-matrix
players: 3                          # a number, or a list of labels
actions: 4                          # of each player; or a list with one number or one list of labels per player
distribution: uniform               # on [0, 1); or normal (mean 0, variance 1); or integers (−9 … 9)
structure: general                  # or zero-sum, common, symmetric, potential
seed: 0                             # another seed, another game
"""

    @field_validator("structure")
    @classmethod
    def _structure_fits(cls, structure: str, info: ValidationInfo) -> str:
        sizes = [len(labels) for labels in info.data.get("actions", ())]
        if structure == "zero-sum" and sizes and len(sizes) != 2:
            raise Refusal(f"zero-sum is for 2 players, there are {len(sizes)}")
        if structure == "symmetric" and len(set(sizes)) > 1:
            raise Refusal(f"symmetric needs the same number of actions for all, they have {sizes}")
        return structure

    def build(self) -> TensorGame:
        """The game with its payoff tensor."""
        import numpy as np

        from eqsolve.forms.normal.game import TensorGame

        n, sizes = len(self.actions), tuple(map(len, self.actions))
        stream = generator(self.seed)
        if self.structure == "general":
            payoffs = draw(stream, self.distribution, (n, *sizes))
        elif self.structure == "symmetric":
            payoffs = _symmetric(draw(stream, self.distribution, sizes))
        else:
            table = draw(stream, self.distribution, sizes)
            payoffs = np.stack([table, 0 - table] if self.structure == "zero-sum" else [table] * n)
        if self.structure == "potential":
            for i in range(n):
                payoffs[i] += draw(stream, self.distribution, (*sizes[:i], 1, *sizes[i + 1 :]))
        return TensorGame(self.players, self.actions, payoffs)


def _symmetric(table: Array) -> Array:
    """u_i(a) = table[a_i, the others' actions in ascending order]."""
    import numpy as np

    joint = np.indices(table.shape)
    payoffs = []
    for i, own in enumerate(joint):
        others = np.sort(np.delete(joint, i, axis=0), axis=0)
        payoffs.append(table[(own, *others)])
    return np.stack(payoffs)
