"""Kuhn poker: everyone antes 1 and receives one card of a deck of players + 1; one bet of 1, no raise.

Kuhn 1950, "A simplified two-person poker"; three players: Szafron, Gibson and Sturtevant 2013, "A parameterized family
of equilibrium profiles for three-player Kuhn poker". In turn from the first seat each checks or bets; once there is a
bet, the others in turn each call or fold, and the highest card of those who bet or called wins the pot. If all check,
the highest card of all wins it. (Kuhn's paper says pass for check and fold, bet for bet and call.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator

from eqsolve.families.extensive.deck import ranks
from eqsolve.forms.rules import TERMINAL, Rules
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PLAYER, PlayerLabels, numbered

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.extensive.cards import CardForm

#: Moves before and after the bet: the first of each puts nothing into the pot.
OPEN, FACING = ("check", "bet"), ("fold", "call")


class Kuhn(Family):
    """Kuhn poker for 2 to 4 players: one card each, one bet."""

    kind: Literal["kuhn"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Number of players, 2 to 4, or their labels.")

    template: ClassVar[str] = """\
kind: kuhn
players: 2              # 2 to 4, or a list of labels; the deck has one card more than players
"""

    @field_validator("players")
    @classmethod
    def _seats(cls, players: tuple[str, ...]) -> tuple[str, ...]:
        if not 2 <= len(players) <= 4:
            raise Refusal(f"Kuhn poker has 2 to 4 players here, got {len(players)}")
        return players

    def rules(self) -> Rules:
        """The game as plain rules."""
        from eqsolve.forms.extensive.dealt import Dealt

        return Dealt(Betting(self.players))

    def build(self) -> CardForm:
        """The game in sequence form."""
        from eqsolve.forms.extensive.cards import card_form

        return card_form(Betting(self.players))


class Betting:
    """The public game. A state is the string of moves so far: `p` puts nothing into the pot, `b` puts in a chip."""

    def __init__(self, players: tuple[str, ...]) -> None:
        self.players = players
        self.hands = (ranks(len(players) + 1),) * len(players)

    def deals(self) -> Array:
        """Every deal of distinct cards once."""
        import numpy as np

        n = len(self.players)
        cards = np.sort(np.indices((n + 1,) * n), axis=0)
        return np.asarray((np.diff(cards, axis=0) > 0).all(axis=0), dtype=np.float64)

    def root(self) -> str:
        return ""

    def turn(self, state: str) -> int:
        n, bet = len(self.players), state.find("b")
        over = len(state) == n if bet < 0 else len(state) == bet + n
        return TERMINAL if over else len(state) % n

    def actions(self, state: str) -> tuple[str, ...]:
        return FACING if "b" in state else OPEN

    def ways(self, state: str) -> Array:
        raise NotImplementedError("nothing is dealt in public")

    def after(self, state: str, choice: int) -> str:
        return state + "pb"[choice]

    def alike(self, state: str) -> str:
        return state

    def history(self, state: str) -> str:
        return " ".join((FACING if "b" in state[:k] else OPEN)["pb".index(move)] for k, move in enumerate(state))

    def settlement(self, state: str) -> tuple[int, ...]:
        """Who put a second chip into the pot."""
        return tuple(int("b" in state[i :: len(self.players)]) for i in range(len(self.players)))

    def payoffs(self, settlement: tuple[int, ...]) -> Array:
        """The pot goes to the highest card among those who bet or called, or among all."""
        import numpy as np

        n = len(self.players)
        paid = 1 + np.array(settlement)
        cards = np.indices((n + 1,) * n).reshape(n, -1)
        standing = np.where((paid == paid.max())[:, None], cards, -1)
        net = np.repeat(-paid[:, None].astype(np.float64), cards.shape[1], axis=1)
        net[standing.argmax(axis=0), np.arange(cards.shape[1])] += paid.sum()
        return net.reshape(n, *(n + 1,) * n)
