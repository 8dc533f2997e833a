"""Games of private hands and public moves, as rules: what a family of card games tells, and plain rules made of it.

Everyone is dealt a hand (cards, dice) that only they see; all that follows is seen by all. So a player knows their hand
and the public state, and payoffs depend on the hands and on a *settlement*, whatever of the betting decides them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.forms.rules import CHANCE, State


class PublicRules(Protocol):
    """A card game. States are public: what all have seen. Joint deals are arrays with an axis per player, their hands.

    Chances are counted in *ways* (how many deals of the real cards give it), whole numbers, so that they stay exact.
    """

    players: tuple[str, ...]
    #: Labels of each player's hands.
    hands: tuple[tuple[str, ...], ...]

    def deals(self) -> Array:
        """Ways [H_1, …, H_N] to deal the hands; 0 where that cannot be."""

    def root(self) -> State:
        """When the hands are dealt."""

    def turn(self, state: State) -> int:
        """The player to move, CHANCE (seen by all) or TERMINAL."""

    def actions(self, state: State) -> tuple[str, ...]:
        """Labels of the moves of the player to move; of the outcomes at a chance node."""

    def ways(self, state: State) -> Array:
        """Ways [outcomes, H_1, …, H_N] of a public chance move, which depend on the hands dealt."""

    def after(self, state: State, choice: int) -> State:
        """The state that a move or outcome leads to."""

    def alike(self, state: State) -> Hashable:
        """The same for states from which play goes on alike: turns, actions, ways and settlements of all that follows.

        The state itself will do; what leaves out more lets the public tree be built in fewer steps.
        """

    def history(self, state: State) -> str:
        """What all have seen, in words; together with a hand it names an information set."""

    def settlement(self, state: State) -> Hashable:
        """At a terminal state: what decides the payoffs, with the hands."""

    def payoffs(self, settlement: Any) -> Array:
        """[N, H_1, …, H_N]; what it says of deals that cannot be does not count."""


def infoset(hand: str, history: str) -> str:
    """The label of what a player knows."""
    return f"{hand} {history}" if history else hand


class Dealt:
    """A card game as plain rules: the players are dealt their hands one after another, then the public game runs."""

    def __init__(self, public: PublicRules) -> None:
        self.public = public
        self.players = public.players
        self._deals = public.deals()
        self._paid: dict[Hashable, Array] = {}

    def root(self) -> State:
        return (), None

    def turn(self, state: State) -> int:
        _, public = state
        return CHANCE if public is None else self.public.turn(public)

    def chances(self, state: State) -> list[tuple[str, Fraction | float]]:
        labels, ways = self._outcomes(state)
        total = int(sum(ways))
        return [(labels[k], Fraction(int(ways[k]), total)) for k in self._possible(ways)]

    def infoset(self, state: State) -> str:
        hands, public = state
        i = self.public.turn(public)
        return infoset(self.public.hands[i][hands[i]], self.public.history(public))

    def actions(self, state: State) -> tuple[str, ...]:
        return self.public.actions(state[1])

    def after(self, state: State, choice: int) -> State:
        hands, public = state
        if self.turn(state) == CHANCE:
            choice = self._possible(self._outcomes(state)[1])[choice]
        if public is not None:
            return hands, self.public.after(public, choice)
        hands = (*hands, choice)
        return hands, self.public.root() if len(hands) == len(self.players) else None

    def payoffs(self, state: State) -> list[Fraction | float]:
        hands, public = state
        settlement = self.public.settlement(public)
        if settlement not in self._paid:
            self._paid[settlement] = self.public.payoffs(settlement)
        paid = self._paid[settlement][(slice(None), *hands)].tolist()
        return [Fraction(int(x)) if x.is_integer() else x for x in paid]

    def _outcomes(self, state: State) -> tuple[Sequence[str], Array]:
        """Labels and ways of what chance may do, the impossible included."""
        hands, public = state
        if public is not None:
            return self.public.actions(public), self.public.ways(public)[(slice(None), *hands)]
        rest = self._deals[hands]
        return self.public.hands[len(hands)], rest.reshape(len(rest), -1).sum(axis=1)

    def _possible(self, ways: Array) -> list[int]:
        return [int(k) for k in np.flatnonzero(ways)]
