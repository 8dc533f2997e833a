"""Covariant games: the players' payoffs at a pure profile are normal and correlated, profiles independent.

Rinott and Scarsini 2000, "On the number of pure strategy Nash equilibria in random games", Games and Economic Behavior
33; the covariant games of GAMUT (Nudelman, Wortman, Shoham and Leyton-Brown 2004). From common interests (ρ = 1)
through independence (0) to zero sum (−1 / (N − 1)). With negative ρ pure and small equilibria are rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.generated.correlated_normals import correlated
from eqsolve.families.variates import ActionsOrNumber, Seed, generator
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import Number, PlayerLabels

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame


class Covariant(Family):
    """Normal payoffs, any two players' at the same profile with one covariance, drawn by seed."""

    kind: Literal["covariant"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    rho: Number = Field(description="ρ, covariance of any two players' payoffs: from −1 / (N − 1) to 1.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: covariant
players: 2                          # a number, or a list of labels
actions: 5                          # of each player; or a list with one number or one list of labels per player
rho: -0.5                           # covariance of the players' payoffs, whose variance is 1
seed: 0                             # another seed, another game
"""

    @field_validator("players")
    @classmethod
    def _several(cls, players: tuple[str, ...]) -> tuple[str, ...]:
        if len(players) < 2:
            raise Refusal("a covariance needs 2 players or more")
        return players

    @field_validator("rho")
    @classmethod
    def _can_be(cls, rho: float, info: ValidationInfo) -> float:
        n = len(info.data.get("players") or (0, 0))
        if not -1 / (n - 1) <= rho <= 1:
            raise Refusal(f"with {n} players the covariance is between {'-1' if n == 2 else f'-1/{n - 1}'} and 1")
        return rho

    def build(self) -> TensorGame:
        """The game with its payoff tensor."""
        from eqsolve.forms.normal.game import TensorGame

        sizes = tuple(map(len, self.actions))
        payoffs = correlated(generator(self.seed), len(sizes), sizes, self.rho)
        return TensorGame(self.players, self.actions, payoffs)
