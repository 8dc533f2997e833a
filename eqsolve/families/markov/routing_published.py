"""What the programme of Fox et al. 2022, arXiv:2110.10614, plays where their section 4.2 says routing.

Everyone picks one of W vertices, as often as it goes on; who is at a vertex with m players receives 1/m, m included.
The state is the last joint choice. There are no layers, no source and no sink: a state changes nothing but what
policies may look at, so that playing any equilibrium of the stage game everywhere is an equilibrium. Every state's
game is a potential game but the whole has no potential: policies that look back can reward and punish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.variates import fits
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import EndlessDiscount, Integer, PlayerLabels

if TYPE_CHECKING:
    from eqsolve.forms.markov.sparse import SparseMarkovGame


class RoutingPublished(Family):
    """The state is the last joint choice of a vertex; m players at a vertex receive 1/m each, for ever."""

    kind: Literal["routing-published"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    width: Integer = Field(2, ge=2, validate_default=True, description="Vertices to choose from.")
    discount: EndlessDiscount = Field(0.99, validate_default=True, description="Discount factor, below 1.")

    template: ClassVar[str] = """\
kind: routing-published
players: 4              # a number, or a list of labels
width: 2                # vertices; the state is who went where last time
discount: 0.99          # below 1; all states are equally likely at the start
"""

    @field_validator("width")
    @classmethod
    def _fits(cls, width: int, info: ValidationInfo) -> int:
        players = len(info.data.get("players") or ())
        if players * width > 128:  # the power of two misprints could fill the memory by itself
            raise Refusal(f"tables over {width}^{players} states and as many joint choices do not fit")
        fits(players + 1, width**players, width**players)
        return width

    def build(self) -> SparseMarkovGame:
        """The same rewards in every state, and one sure move for every joint choice."""
        import numpy as np

        from eqsolve.forms.markov.sparse import Moves, SparseMarkovGame

        n, states = len(self.players), self.width ** len(self.players)
        choices = np.array(list(np.ndindex(*(self.width,) * n)))
        loads = (choices[:, :, None] == choices[:, None, :]).sum(axis=2)
        rewards = np.broadcast_to((1 / loads).T[:, None], (n, states, states))
        cells = np.arange(states * states)
        vertices = tuple(str(k) for k in range(self.width))
        return SparseMarkovGame(
            players=self.players,
            actions=(vertices,) * n,
            states=tuple("-".join(map(str, c)) for c in choices),
            rewards=rewards.reshape(n, states, *(self.width,) * n),
            moves=Moves.of(states * states, cells, cells % states, np.ones(states * states)),
            discount=self.discount,
            start=np.full(states, 1 / states),
        )
