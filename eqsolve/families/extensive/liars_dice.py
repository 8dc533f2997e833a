"""Liar's dice, one round: everyone rolls in secret, bids go up, until one calls the last bidder a liar.

A bid `q-f` says that among all dice at least q show face f; the highest face is wild. A later bid has a higher
quantity, or the same and a higher face. The call wins 1 from the bidder if the bid was too high, else the bidder wins
1 from the caller; whoever is not concerned gets 0. Conventions as in OpenSpiel's liars_dice; rolls that differ only in
the order of a player's dice are one hand.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb, factorial, prod
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.forms.rules import MAX_PROFILE_ENTRIES, TERMINAL, Rules
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PLAYER, Integer, Opponents, numbered

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.extensive.cards import CardForm


class LiarsDice(Family):
    """Liar's dice: hidden rolls, rising bids, one call."""

    kind: Literal["liars-dice"] = Field(description="The family.")
    players: Opponents = Field(numbered(PLAYER, 2), description="Number of players, or their labels.")
    dice: Integer = Field(1, ge=1, description="Dice of each player.")
    sides: Integer = Field(
        6, ge=1, validate_default=True, description="Faces of a die; the highest counts as every face."
    )

    template: ClassVar[str] = """\
kind: liars-dice
players: 2              # a number, or a list of labels
dice: 1                 # of each player
sides: 6                # faces of a die; the highest counts as every face
"""

    @field_validator("sides")
    @classmethod
    def _fits(cls, sides: int, info: ValidationInfo) -> int:
        players, dice = info.data.get("players"), info.data.get("dice")
        if players is None or dice is None:
            return sides
        bids = len(players) * dice * sides
        # exponents first: the power of two misprints could fill the memory by itself
        if bids > 60 or (entries := (2 ** (bids + 1) - 2) * comb(dice + sides - 1, dice)) > MAX_PROFILE_ENTRIES:
            count = f"policies of {entries} entries" if bids <= 60 else f"2^{bids} sequences of bids"
            raise Refusal(
                f"this game has {count}, more than the {MAX_PROFILE_ENTRIES} entries that can be counted",
                "use fewer players, dice or sides",
            )
        return sides

    def rules(self) -> Rules:
        """The game as plain rules."""
        from eqsolve.forms.extensive.dealt import Dealt

        return Dealt(Bidding(self.players, self.dice, self.sides))

    def build(self) -> CardForm:
        """The game in sequence form."""
        from eqsolve.forms.extensive.cards import card_form

        return card_form(Bidding(self.players, self.dice, self.sides))


class Bidding:
    """The public game. A state is the tuple of bids so far, by number; the last one is past all bids for the call."""

    def __init__(self, players: tuple[str, ...], dice: int, sides: int) -> None:
        self.players, self.dice, self.sides = players, dice, sides
        self.rolls = list(combinations_with_replacement(range(sides), dice))
        between = "" if sides <= 9 else ","
        self.hands = (tuple(between.join(str(face + 1) for face in roll) for roll in self.rolls),) * len(players)
        self.bids = len(players) * dice * sides
        self.names = (*(f"{bid // sides + 1}-{bid % sides + 1}" for bid in range(self.bids)), "liar")

    def deals(self) -> Array:
        """Ordered rolls that give the hands."""
        import numpy as np

        alike = [prod(map(factorial, Counter(roll).values())) for roll in self.rolls]
        ways = np.array([factorial(self.dice) // same for same in alike], dtype=np.float64)
        deals = np.ones(())
        for _ in self.players:
            deals = np.multiply.outer(deals, ways)
        return deals

    def root(self) -> tuple[int, ...]:
        return ()

    def turn(self, state: tuple[int, ...]) -> int:
        return TERMINAL if state and state[-1] == self.bids else len(state) % len(self.players)

    def _lowest(self, state: tuple[int, ...]) -> int:
        return state[-1] + 1 if state else 0

    def actions(self, state: tuple[int, ...]) -> tuple[str, ...]:
        return self.names[self._lowest(state) :] if state else self.names[:-1]

    def ways(self, state: tuple[int, ...]) -> Array:
        raise NotImplementedError("nothing is rolled in public")

    def after(self, state: tuple[int, ...], choice: int) -> tuple[int, ...]:
        return (*state, self._lowest(state) + choice)

    def alike(self, state: tuple[int, ...]) -> tuple[int, int]:
        """Where bidding goes on, and who bids."""
        return self._lowest(state), len(state) % len(self.players)

    def history(self, state: tuple[int, ...]) -> str:
        return " ".join(self.names[bid] for bid in state)

    def settlement(self, state: tuple[int, ...]) -> tuple[int, int]:
        """The bid called, and who calls."""
        return state[-2], (len(state) - 1) % len(self.players)

    @cached_property
    def _shown(self) -> Array:
        """[sides, H]: how many dice of a hand count as each face."""
        import numpy as np

        wild = self.sides - 1
        return np.array(
            [[sum(die in (face, wild) for die in roll) for roll in self.rolls] for face in range(self.sides)]
        )

    def payoffs(self, settlement: tuple[int, int]) -> Array:
        """1 from who is wrong to who is right."""
        import numpy as np

        bid, caller = settlement
        n, bidder = len(self.players), (caller - 1) % len(self.players)
        shown = np.zeros(())
        for _ in self.players:
            shown = np.add.outer(shown, self._shown[bid % self.sides])
        payoffs = np.zeros((n, *shown.shape))
        payoffs[bidder] = np.where(shown >= bid // self.sides + 1, 1.0, -1.0)
        payoffs[caller] = -payoffs[bidder]
        return payoffs
