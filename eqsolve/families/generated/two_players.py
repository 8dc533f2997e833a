"""What families of generated games for two players share: their labels, and the game of two matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import AfterValidator, Field, field_validator

from eqsolve.families.variates import fits
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import ACTION, PLAYER, Integer, PlayerLabels, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eqsolve.forms.base import Array
    from eqsolve.forms.exact_payoffs import Meaning
    from eqsolve.forms.normal.game import TensorGame


def square(actions: int) -> int:
    """Return the number of actions of each of two players; refuse tables that do not fit."""
    fits(2, actions, actions)
    return actions


#: How many actions both have.
Square: TypeAlias = Annotated[Integer, AfterValidator(square)]


class TwoPlayers(Family):
    """A family of games for two."""

    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Labels of the two players.")

    @field_validator("players")
    @classmethod
    def _two(cls, players: tuple[str, ...]) -> tuple[str, ...]:
        if len(players) != 2:
            raise Refusal(f"this is a game of 2 players, got {len(players)}")
        return players

    def bimatrix(
        self,
        row: Array,
        column: Array,
        actions: Sequence[Sequence[str]] | None = None,
        meaning: Meaning | None = None,
    ) -> TensorGame:
        """Return the game of both players' payoffs [A_1, A_2], of that `meaning` (see TensorGame).

        Actions have default labels where none are given.
        """
        import numpy as np

        from eqsolve.forms.normal.game import TensorGame

        labels = actions or [numbered(ACTION, size) for size in row.shape]
        return TensorGame(self.players, tuple(tuple(own) for own in labels), np.stack([row, column]), meaning)
