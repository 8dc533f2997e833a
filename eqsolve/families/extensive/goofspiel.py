"""Goofspiel with hidden bids: all hold cards 1 … K and bid one for each prize; the highest bid takes it.

Ross 1971, "Goofspiel: the game of pure strategy"; with hidden bids Lanctot 2013. A prize on which the highest bid is
tied is discarded. The players learn who won each prize and what is next, never the others' bids. The last cards are
played of themselves. Whoever has most points in the end shares 1 with those level with them and the others share −1;
all get 0 where all are level. Conventions as in OpenSpiel's goofspiel (imp_info, win_loss).
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.forms.rules import CHANCE, MAX_LEAVES, TERMINAL, Rules
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import PLAYER, Integer, Opponents, numbered, sized

if TYPE_CHECKING:
    from eqsolve.forms.extensive.form import SequenceForm


class Goofspiel(Family):
    """Goofspiel with hidden bids: a card each for every prize."""

    kind: Literal["goofspiel"] = Field(description="The family.")
    players: Opponents = Field(numbered(PLAYER, 2), description="Number of players, or their labels.")
    cards: Integer = Field(4, ge=1, description="Cards of each player, and prizes: 1 to so many.")
    order: Literal["descending", "random"] = Field(
        "descending", validate_default=True, description="Of the prizes: the highest first, or drawn one after another."
    )

    template: ClassVar[str] = """\
kind: goofspiel
players: 2              # a number, or a list of labels
cards: 4                # of each player, and prizes: 1 to 4
order: descending       # of the prizes, the highest first; or random: drawn one after another
"""

    @field_validator("order")
    @classmethod
    def _fits(cls, order: str, info: ValidationInfo) -> str:
        players, cards = info.data.get("players"), info.data.get("cards")
        if players is None or cards is None:
            return order
        # exponents first: the power of two misprints could fill the memory by itself
        hands = len(players) + (order == "random")
        if cards > 20 or hands > 20 or (leaves := factorial(cards) ** hands) > MAX_LEAVES:
            count = f"{sized(leaves)} leaves" if cards <= 20 and hands <= 20 else f"({cards}!)^{hands} leaves"
            raise Refusal(
                f"this game has {count}, more than the {MAX_LEAVES} that are written out", "use fewer cards or players"
            )
        return order

    def rules(self) -> Rules:
        """The game as plain rules."""
        return Auction(self.players, self.cards, random=self.order == "random")

    def build(self) -> SequenceForm:
        """The game in sequence form."""
        from dataclasses import replace

        from eqsolve.forms.extensive.goofspiel import goofspiel_form

        form = goofspiel_form(self.players, self.cards, random=self.order == "random")
        return replace(form, rules=self.rules)


class Round(NamedTuple):
    """What has happened: `prizes` shown so far, all players' `bids` round by round."""

    prizes: tuple[int, ...]
    bids: tuple[int, ...]


class Auction:
    """Players bid in turn, unseen, which is the same as at once."""

    def __init__(self, players: tuple[str, ...], cards: int, *, random: bool) -> None:
        self.players, self.cards, self.random = players, cards, random

    def root(self) -> Round:
        return self._shown(Round((), ()))

    def _shown(self, state: Round) -> Round:
        """With the next prize, if it is no matter of chance; with the last bids, of which there is no choice."""
        n, done = len(self.players), len(state.bids) // len(self.players)
        prizes, bids = state
        if len(prizes) == done < self.cards and not (self.random and done < self.cards - 1):
            left = set(range(1, self.cards + 1)) - set(prizes)
            prizes = (*prizes, max(left))
        if done == self.cards - 1:
            every = set(range(1, self.cards + 1))
            bids = (*bids, *(min(every - set(bids[i::n])) for i in range(n)))
        return Round(prizes, bids)

    def turn(self, state: Round) -> int:
        n = len(self.players)
        if len(state.bids) == n * self.cards:
            return TERMINAL
        return CHANCE if len(state.prizes) * n == len(state.bids) else len(state.bids) % n

    def _left(self, used: tuple[int, ...]) -> list[int]:
        return [card for card in range(1, self.cards + 1) if card not in used]

    def chances(self, state: Round) -> list[tuple[str, Fraction | float]]:
        left = self._left(state.prizes)
        return [(str(prize), Fraction(1, len(left))) for prize in left]

    def infoset(self, state: Round) -> str:
        """Prize by prize, one's own bid and who won: `4:1 won by 0, 3:2 tied, 2:`."""
        n = len(self.players)
        i, done = len(state.bids) % n, len(state.bids) // n
        words = []
        for k in range(done):
            winner = self._winner(state.bids[k * n : (k + 1) * n])
            how = "tied" if winner is None else f"won by {self.players[winner]}"
            words.append(f"{state.prizes[k]}:{state.bids[k * n + i]} {how}")
        return ", ".join([*words, f"{state.prizes[done]}:"])

    def actions(self, state: Round) -> tuple[str, ...]:
        n = len(self.players)
        return tuple(map(str, self._left(state.bids[len(state.bids) % n :: n])))

    def after(self, state: Round, choice: int) -> Round:
        n = len(self.players)
        if self.turn(state) == CHANCE:
            return self._shown(Round((*state.prizes, self._left(state.prizes)[choice]), state.bids))
        bid = self._left(state.bids[len(state.bids) % n :: n])[choice]
        following = Round(state.prizes, (*state.bids, bid))
        return following if len(following.bids) % n else self._shown(following)

    def payoffs(self, state: Round) -> list[Fraction | float]:
        n = len(self.players)
        points = [0] * n
        for k, prize in enumerate(state.prizes):
            winner = self._winner(state.bids[k * n : (k + 1) * n])
            if winner is not None:
                points[winner] += prize
        first = [own == max(points) for own in points]
        if all(first):
            return [Fraction(0)] * n
        return [Fraction(1, sum(first)) if own else Fraction(-1, n - sum(first)) for own in first]

    @staticmethod
    def _winner(bids: tuple[int, ...]) -> int | None:
        """Whose bid is the highest, if only one is."""
        best = max(bids)
        return bids.index(best) if bids.count(best) == 1 else None
