"""Random games of two players without any equilibrium of small support: what uniformly random games hide.

Large random games nearly always have a pure equilibrium or one of two actions each (Bárány, Vempala and Vetta 2007,
"Nash equilibria in random games", Random Structures and Algorithms 31), so methods that look there first seem to solve
them all. Here games are drawn from the stream of the seed again and again until no equilibrium has supports of at most
`support` actions; that is checked in integers. Payoffs are normal, in integers: 500,000 and 100,000 for each standard
deviation. With covariance ρ = 0 such games become rare beyond 20 actions; with negative ρ they are the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.errors import InputError
from eqsolve.families.generated.correlated_normals import correlated
from eqsolve.families.generated.small_equilibria import MAX_PAYOFF, SMALL_SUPPORT, has_small_equilibrium
from eqsolve.families.generated.two_players import TwoPlayers
from eqsolve.families.variates import Seed, generator
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import Integer, Number

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame

#: With more actions one game is checked for many seconds.
MAX_ACTIONS = 64
#: Games that are drawn before giving up.
MAX_DRAWS = 20_000


class RandomHard(TwoPlayers):
    """Random integer payoffs, drawn by seed until no equilibrium has a small support."""

    kind: Literal["random-hard"] = Field(description="The family.")
    actions: Integer = Field(ge=2, le=MAX_ACTIONS, description="Number of actions of each player.")
    support: Integer = Field(
        SMALL_SUPPORT,
        ge=1,
        le=SMALL_SUPPORT,
        validate_default=True,
        description="No equilibrium has supports of at most this many actions.",
    )
    rho: Number = Field(0.0, ge=-1, le=1, description="ρ, covariance of the two players' payoffs.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: random-hard
actions: 8                          # of each player; with rho 0 games of more than 20 take long to find
support: 3                          # no equilibrium mixes so few actions; 1, 2 or 3
rho: 0                              # covariance of the players' payoffs; -0.5 for games of 50 actions
seed: 0                             # another seed, another game
"""

    @field_validator("support")
    @classmethod
    def _can_be(cls, support: int, info: ValidationInfo) -> int:
        if support >= info.data.get("actions", support + 1):
            raise Refusal(f"a game of {info.data['actions']} actions each always has an equilibrium of so many")
        return support

    def build(self) -> TensorGame:
        """The first game of the stream that passes; InputError where none of many does."""
        import numpy as np

        stream = generator(self.seed)
        for _ in range(MAX_DRAWS):
            drawn = correlated(stream, 2, (self.actions, self.actions), self.rho)
            payoffs = np.clip(np.rint(MAX_PAYOFF / 2 + MAX_PAYOFF / 10 * drawn), 0, MAX_PAYOFF - 1)
            row, column = payoffs.astype(np.int64)
            if not has_small_equilibrium(row, column, self.support):
                return self.bimatrix(*payoffs)
        raise InputError(
            f"each of {MAX_DRAWS} games drawn has an equilibrium of support {self.support} or less",
            "fewer actions, a smaller support or a negative rho make such games likelier",
        )
