"""Random games in which one mixed profile is known to be an equilibrium: it was there before the payoffs.

Each player mixes `support` of their actions, drawn by seed, with probabilities w / W for integers w from 1 to `weights`
and their sum W. Integers from −9 to 9 are drawn for payoffs; then all payoffs of an action are moved together so that
against the planted profile it pays 0 if it is in the support and less if it is not. With D the product of the others'
W, the moved payoffs D·u − E are integers, E being the action's expected payoff times D: the planted profile is an
equilibrium exactly, in integers. Others may exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.variates import ActionsOrNumber, Seed, draw, generator
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import LARGEST_EXACT_INTEGER, Integer, PlayerLabels

if TYPE_CHECKING:
    from numpy.random import Generator

    from eqsolve.forms.base import Array
    from eqsolve.forms.normal.game import TensorGame


class Planted(Family):
    """A random game around a mixed equilibrium that was drawn first."""

    kind: Literal["planted"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    support: Integer = Field(ge=1, description="How many actions each player mixes, or all that they have, if fewer.")
    weights: Integer = Field(
        3, ge=1, validate_default=True, description="Probabilities are integers from 1 to this, over their sum."
    )
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: planted
players: 2                          # a number, or a list of labels
actions: 6                          # of each player; or a list with one number or one list of labels per player
support: 4                          # how many of them the planted equilibrium mixes
weights: 3                          # its probabilities are integers from 1 to this, over their sum
seed: 0                             # another seed, another game
"""

    @field_validator("weights")
    @classmethod
    def _exact(cls, weights: int, info: ValidationInfo) -> int:
        size, sizes = info.data.get("support"), [len(labels) for labels in info.data.get("actions", ())]
        if size is not None and sizes:
            largest = 19
            for most in sorted(sizes)[1:]:
                largest *= min(size, most) * weights
            if largest > LARGEST_EXACT_INTEGER:
                raise Refusal("payoffs would be integers beyond 2^53, which float64 rounds", "take a smaller support")
        return weights

    def equilibrium(self) -> list[Array]:
        """The planted profile: for each player integers in proportion to the probabilities of their actions."""
        return self._plant(generator(self.seed))

    def build(self) -> TensorGame:
        """Integer payoffs; the profile is drawn first."""
        import numpy as np

        from eqsolve.forms.normal.game import TensorGame

        stream = generator(self.seed)
        planted = self._plant(stream)
        sizes = tuple(map(len, self.actions))
        payoffs = draw(stream, "integers", (len(sizes), *sizes))
        for i, own in enumerate(planted):
            scale = 1.0
            expected = np.moveaxis(payoffs[i], i, 0)
            for j in range(len(sizes) - 1, -1, -1):
                if j != i:
                    expected = (expected * planted[j]).sum(axis=-1)
                    scale *= planted[j].sum()
            loss = np.where(own > 0, 0.0, 1 + np.floor(scale * stream.random(sizes[i])))
            shape = [1] * len(sizes)
            shape[i] = -1
            payoffs[i] = scale * payoffs[i] - (expected + loss).reshape(shape)
        return TensorGame(self.players, self.actions, payoffs)

    def _plant(self, stream: Generator) -> list[Array]:
        import numpy as np

        found = []
        for labels in self.actions:
            order, drawn = stream.random(len(labels)), stream.random(len(labels))
            chosen = np.argsort(np.argsort(order, kind="stable"), kind="stable") < self.support
            found.append(np.where(chosen, 1 + np.floor(self.weights * drawn), 0.0))
        return found
