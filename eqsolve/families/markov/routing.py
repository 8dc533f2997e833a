"""Routing: players move in lockstep from a source through layers of vertices to a sink and share what each edge pays.

Fox et al. 2022, arXiv:2110.10614, section 5 (their stochastic congestion game). Between layers every vertex leads to
every next one; a player on an edge that m players take receives 1/m. With full policies everyone sees where all
stand; with local ones only the own vertex, which makes it a Markov potential game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import EndlessDiscount, Integer, PlayerLabels
from eqsolve.spec.record import Record

if TYPE_CHECKING:
    from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame

#: Entries of all policies together: 400 MB for a profile.
MAX_POLICY_ENTRIES = 50_000_000


class Continuing(Record):
    """The forced last edge leads back to the source."""

    discount: EndlessDiscount = Field(description="Discount factor, below 1.")


class Routing(Family):
    """Players move in lockstep through layers of vertices; m players on an edge receive 1/m each."""

    kind: Literal["routing"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    layers: Integer = Field(2, ge=1, description="Layers of vertices between source and sink.")
    width: Integer = Field(2, ge=2, description="Vertices of a layer.")
    final_edge: bool = Field(True, description="Whether the forced last edge, to the sink, pays too.")
    continuing: Continuing | None = Field(
        None, description="With `discount`: the forced last edge leads back to the source, and the game goes on."
    )
    policy: Literal["full", "local"] = Field(
        "full",
        validate_default=True,
        description="What a player sees: where everyone stands (full), or their own vertex (local).",
    )

    template: ClassVar[str] = """\
kind: routing
players: 4              # a number, or a list of labels
layers: 2               # of vertices, between source and sink
width: 2                # vertices of a layer; every one leads to every vertex of the next layer
policy: full            # everyone sees where all stand: 1 + layers * width^players rows; local: the own vertex only
final_edge: true        # the forced last edge, to the sink, pays too
# continuing: {discount: 0.99}    # the forced last edge leads back to the source
"""

    @field_validator("policy")
    @classmethod
    def _fits(cls, policy: str, info: ValidationInfo) -> str:
        players, layers, width = (info.data.get(key) for key in ("players", "layers", "width"))
        if players is None or layers is None or width is None:
            return policy
        # exponents first: the power of two misprints could fill the memory by itself
        places = 1 if policy == "local" else len(players)
        if (
            places > 64
            or layers > MAX_POLICY_ENTRIES
            or len(players) * layers * width**places * width > MAX_POLICY_ENTRIES
        ):
            hint = "use fewer players, or `policy: local`" if policy == "full" else "use fewer layers or vertices"
            raise Refusal(f"{policy} policies of this size have more than {MAX_POLICY_ENTRIES} entries in all", hint)
        return policy

    def build(self) -> RoutingGame | LocalRoutingGame:
        """The game, one of two forms by what a player sees."""
        from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame

        form = RoutingGame if self.policy == "full" else LocalRoutingGame
        return form(
            players=self.players,
            layers=self.layers,
            width=self.width,
            final_edge=self.final_edge,
            continuing=self.continuing is not None,
            discount=1.0 if self.continuing is None else self.continuing.discount,
        )
