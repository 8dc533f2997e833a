"""Leduc poker: one private card each, a round of betting, one public card, a second round.

Southey et al. 2005, "Bayes' bluff: opponent modelling in poker". The deck has `ranks` × `suits` cards; everyone antes.
In both rounds the first seat still in opens; a player facing a bet may fold; a call closes the round once all have
answered the last raise; at most `raises` raises a round, of bets[0] and bets[1]. Who pairs the public card wins, else
the highest card; ties split the pot. Conventions as in OpenSpiel's leduc_poker.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import factorial, perm
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.extensive.leduc_payoffs import GeneralSum
from eqsolve.forms.rules import Rules
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PLAYER, Integer, Number, PlayerLabels, Vector, numbered, sized

if TYPE_CHECKING:
    from eqsolve.families.extensive.leduc_table import Table
    from eqsolve.forms.extensive.cards import CardForm

#: Leaves that a game may have: they are not written out, but an iteration passes by most of them.
MAX_PASSED_LEAVES = 250_000_000


class Leduc(Family):
    """Leduc poker: a private card each, two rounds of betting, a public card between them."""

    kind: Literal["leduc"] = Field(description="The family.")
    players: PlayerLabels = Field(numbered(PLAYER, 2), description="Number of players, or their labels.")
    ranks: Integer = Field(
        0,
        validate_default=True,
        ge=0,
        le=10_000,
        description="Ranks of cards; left out, one more than there are players.",
    )
    suits: Integer = Field(2, ge=1, validate_default=True, description="Suits: so many cards of each rank.")
    bets: Vector = Field((2.0, 4.0), description="What a bet or raise adds in the first and in the second round.")
    raises: Integer = Field(2, ge=0, le=100, description="Bets and raises of one round, at most.")
    ante: Number = Field(1.0, gt=0, description="What everyone puts into the pot before the cards are dealt.")
    general_sum: GeneralSum | None = Field(
        None, description="Makes the game general-sum: one of pot, rake, risk, noise (with seed)."
    )
    merge_suits: bool = Field(
        True,
        validate_default=True,
        description="Cards of one rank, which play alike, are one hand: the same game, smaller.",
    )

    template: ClassVar[str] = """\
kind: leduc
players: 2              # a number, or a list of labels
ranks: 3                # of the cards; left out: players + 1
suits: 2                # cards of each rank
bets: [2, 4]            # what a raise adds, in the first and the second round
raises: 2               # of one round, at most
ante: 1                 # of everyone, before the deal
merge_suits: true       # cards of one rank are one hand: exact; false keeps every card apart
# general_sum: {pot: 0.5}               # everyone also receives 0.5 × the amount that changed hands
# general_sum: {rake: 0.1}              # the winner's net gain is cut by 10 %
# general_sum: {risk: 2.0}              # losses count double
# general_sum: {noise: 2.0, seed: 0}    # N(0, 2²) is added at the end, for each player and leaf of merged suits
"""

    @field_validator("players")
    @classmethod
    def _seats(cls, players: tuple[str, ...]) -> tuple[str, ...]:
        if not 2 <= len(players) <= 10:
            raise Refusal(f"Leduc poker has 2 to 10 players here, got {len(players)}")
        return players

    @field_validator("ranks")
    @classmethod
    def _deck(cls, ranks: int, info: ValidationInfo) -> int:
        return ranks or len(info.data.get("players", ())) + 1

    @field_validator("suits")
    @classmethod
    def _enough(cls, suits: int, info: ValidationInfo) -> int:
        players, ranks = info.data.get("players"), info.data.get("ranks")
        if players is not None and ranks is not None and ranks * suits <= len(players):
            raise Refusal(f"{ranks * suits} cards are too few: {len(players)} private ones and a public one are dealt")
        return suits

    @field_validator("bets")
    @classmethod
    def _two_rounds(cls, bets: tuple[float, ...]) -> tuple[float, ...]:
        if len(bets) != 2 or min(bets) <= 0:
            raise Refusal("expected two positive numbers, one per round")
        return bets

    @field_validator("merge_suits")
    @classmethod
    def _fits(cls, merge_suits: bool, info: ValidationInfo) -> bool:
        data = info.data
        if not data.keys() >= {"players", "ranks", "suits", "raises"}:
            return merge_suits
        suits = data["suits"]
        count = leaves(len(data["players"]), data["ranks"], suits, data["raises"], merge_suits)
        if count > MAX_PASSED_LEAVES:
            hint = "use fewer players, ranks or raises" + ("" if merge_suits or suits == 1 else ", or merge suits")
            most = f"more than the {MAX_PASSED_LEAVES} that can be played"
            raise Refusal(f"this game has {sized(count)} leaves, {most}", hint)
        return merge_suits

    def rules(self) -> Rules:
        """The game as plain rules."""
        from eqsolve.forms.extensive.dealt import Dealt

        return Dealt(self.table())

    def build(self) -> CardForm:
        """The game in sequence form."""
        from eqsolve.forms.extensive.cards import card_form

        return card_form(self.table())

    def table(self) -> Table:
        """The public game."""
        from eqsolve.families.extensive.leduc_table import Table

        return Table(
            self.players, self.ranks, self.suits, self.bets, self.raises, self.ante, self.merge_suits, self.general_sum
        )


def leaves(players: int, ranks: int, suits: int, raises: int, merged: bool) -> int:
    """How many leaves the game has."""
    first = outcomes(players, raises)
    second = {active: sum(outcomes(active, raises).values()) for active in first if active > 1}
    later = sum(ways * second[active] for active, ways in first.items() if active > 1)
    return first[1] * deals(players, ranks, suits, merged) + later * deals(players + 1, ranks, suits, merged)


def outcomes(players: int, raises: int) -> Counter[int]:
    """In how many ways a round of betting among so many ends with how many of them still in."""

    @cache
    def end(to_act: int, active: int, faced: bool, left: int) -> Counter[int]:
        if active == 1 or to_act == 0:
            return Counter({active: 1})
        found = end(to_act - 1, active, faced, left).copy()
        if faced:
            found += end(to_act - 1, active - 1, faced, left)
        if left:
            found += end(active - 1, active, True, left - 1)
        return found

    for fewer in range(raises):  # so that no call goes deep
        for active in range(2, players + 1):
            end(active - 1, active, True, fewer)
    return end(players, players, False, raises)


def deals(cards: int, ranks: int, suits: int, merged: bool) -> int:
    """In how many ways so many cards can be dealt one after another, those of one rank being alike if `merged`."""
    # ways[k]: k cards dealt of the ranks so far, in whatever order; C(k, own) says where those of the next rank stand
    ways = [1] + [0] * cards
    for _ in range(ranks):
        for k in range(cards, 0, -1):
            for own in range(1, min(k, suits) + 1):
                order = factorial(k) // (factorial(own) * factorial(k - own))
                which = 1 if merged else perm(suits, own)
                ways[k] += ways[k - own] * order * which
    return ways[cards]
