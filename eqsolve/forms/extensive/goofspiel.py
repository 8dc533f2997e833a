"""Goofspiel in sequence form, all histories of a round at once: what walking the rules gives, without a walk.

All players bid in every round but the last, so a player's information set is what they were told, and round by round
all stand at one depth. Histories are kept in the order of a depth-first walk, which makes the first history of an
information set its first visit.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Integers, Leaves, Names, Treeplex, firsts, merge

#: Nobody won the prize.
TIED_PRIZE = -1


class _Histories(NamedTuple):
    """Of M histories: every player's last sequence [N, M], cards held [N, M, K] and points [N, M]; who won the last
    prize [M]; the prizes left [M, K]; the probability that chance has drawn so [M].
    """

    last: Integers
    held: NDArray[np.bool_]
    points: Integers
    winner: Integers
    prizes: NDArray[np.bool_]
    chance: Array

    def repeated(self, many: int) -> _Histories:
        """Each so many times, in a row."""
        return _Histories(
            self.last.repeat(many, axis=1),
            self.held.repeat(many, axis=1),
            self.points.repeat(many, axis=1),
            self.winner.repeat(many),
            self.prizes.repeat(many, axis=0),
            self.chance.repeat(many),
        )


def goofspiel_form(players: tuple[str, ...], cards: int, *, random: bool) -> SequenceForm:
    """The game of families.goofspiel; `random`: prizes are drawn."""
    n = len(players)
    known = [_Known(players) for _ in players]
    now = _Histories(
        np.zeros((n, 1), dtype=np.int64),
        np.ones((n, 1, cards), dtype=np.bool_),
        np.zeros((n, 1), dtype=np.int64),
        np.full(1, TIED_PRIZE, dtype=np.int64),
        np.ones((1, cards), dtype=np.bool_),
        np.ones(1),
    )
    for left in range(cards, 0, -1):
        now, prize = _with_prize(now, left, random=random)
        if left > 1:
            for i in range(n):
                now.last[i] = known[i].first_sequences(now.last[i], now.winner, prize, now.held[i])
        now = _with_bids(now, left, prize)
    treeplexes = tuple(own.treeplex() for own in known)
    payoffs = _payoffs(now.points)
    leaves = Leaves(now.last.astype(np.int32), now.chance, payoffs)
    merged = merge(leaves, [treeplex.sequences for treeplex in treeplexes])
    return SequenceForm(players, treeplexes, merged, float(np.ptp(payoffs, axis=1).max()))


def _with_prize(now: _Histories, left: int, *, random: bool) -> tuple[_Histories, Integers]:
    """The histories with the next prize, which is the highest of those left, or any; and which it is."""
    prize = _places(now.prizes).reshape(-1) if random else np.full(len(now.chance), left - 1)
    if random:
        now = now.repeated(left)._replace(chance=now.chance.repeat(left) / left)
    now.prizes[np.arange(len(prize)), prize] = False
    return now, prize


def _with_bids(now: _Histories, left: int, prize: Integers) -> _Histories:
    """The histories with every combination of a card of each player, the last player's fastest."""
    choices = np.array(list(product(range(left), repeat=len(now.last)))).T
    many = choices.shape[1]
    bids = np.stack([_places(held)[:, own].reshape(-1) for held, own in zip(now.held, choices, strict=True)])
    now = now.repeated(many)
    if left > 1:
        np.add(now.last, np.tile(choices, len(prize)), out=now.last)
    best = bids.max(axis=0)
    winner = np.where((bids == best).sum(axis=0) == 1, bids.argmax(axis=0), TIED_PRIZE)
    for i, bid in enumerate(bids):
        now.held[i, np.arange(len(bid)), bid] = False
        now.points[i] += np.where(winner == i, prize.repeat(many) + 1, 0)
    return now._replace(winner=winner)


def _places(held: NDArray[np.bool_]) -> Integers:
    """[histories, left]: which cards are still there, all histories having as many."""
    return np.nonzero(held)[1].reshape(len(held), -1)


def _payoffs(points: Integers) -> Array:
    """1 shared by those with most points, −1 by the others; 0 where all are level."""
    first = points == points.max(axis=0)
    many = first.sum(axis=0)
    others = np.maximum(len(points) - many, 1)
    return np.where(many == len(points), 0.0, np.where(first, 1 / many, -1 / others))


class _Known:
    """A player's information sets, round by round."""

    def __init__(self, players: tuple[str, ...]) -> None:
        self.players = players
        self.sequences = 1
        self.parents: list[Integers] = []
        self.counts: list[Integers] = []
        self.heard: list[tuple[Integers, Integers]] = []
        self.cards: list[Integers] = []

    def first_sequences(self, last: Integers, winner: Integers, prize: Integers, held: NDArray[np.bool_]) -> Integers:
        """The first sequence of every history's information set: own moves, who won, what is next."""
        cards, outcomes = held.shape[1], len(self.players) + 1
        key = (last * outcomes + (winner + 1)) * cards + prize
        _, visit, which = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(visit)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        first_histories = visit[order]
        own = _places(held[first_histories])
        first = self.sequences + np.arange(len(order)) * own.shape[1]
        self.sequences += own.size
        self.parents.append(last[first_histories])
        self.counts.append(np.full(len(order), own.shape[1]))
        self.heard.append((winner[first_histories], prize[first_histories]))
        self.cards.append(own)
        return np.asarray(first[rank[which.reshape(-1)]])

    def treeplex(self) -> Treeplex:
        empty = [np.zeros(0, dtype=np.int64)]
        count = np.concatenate(self.counts or empty)
        return Treeplex(np.concatenate(self.parents or empty), firsts(count), count, self._names)

    def _names(self) -> Names:
        """As the rules put it: `4:1 won by 0, 3:`."""
        labels, actions = list[str](), [""]
        before = {0: ""}  # of each sequence, what its information set was told and what was bid there
        for parents, (winners, prizes), cards in zip(self.parents, self.heard, self.cards, strict=True):
            for parent, winner, prize, own in zip(
                parents.tolist(), winners.tolist(), prizes.tolist(), cards.tolist(), strict=True
            ):
                how = "tied" if winner == TIED_PRIZE else f"won by {self.players[winner]}"
                label = f"{before[parent]} {how}, {prize + 1}:" if parent else f"{prize + 1}:"
                labels.append(label)
                for card in own:
                    before[len(actions)] = f"{label}{card + 1}"
                    actions.append(str(card + 1))
        return tuple(labels), tuple(actions)
