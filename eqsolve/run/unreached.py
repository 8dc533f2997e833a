"""Choices where play does not come: an answer's rows at unreached information sets, filled with best replies.

A method may leave anything there, since no payoff depends on it: a linear programme leaves uniform rows, in which a
king folds half of the time. Such a row is filled by this rule:

1. Where only the player's own moves exclude the set: a best reply to the others, given that play has come there. No
   regret of anybody depends on it.
2. Where the others exclude it: a best reply to the belief that each of them now and then, with a probability of
   TREMBLE, moves at random. What the player would do there may keep the others from coming, so such a row is changed
   only if the judge finds no larger gap; otherwise the row's worst actions are dropped, as many as the gap allows.

Rows are filled from the deepest information sets up, the players in turn, until nothing changes; those of the first
kind once more in the end, when the others' are settled. Rows that play reaches stay as they are. Everything is computed
from the game and the profile: the same profile is filled alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Integers, Treeplex
from eqsolve.metrics.judge import deviations
from eqsolve.metrics.reach import Flags, looked_for, others_weights, reach

#: How often the others move at random in the belief where they do not come; small, so that two such moves are rare
#: beside one, and large enough for products of several to be far from the smallest float64.
TREMBLE = 1e-4
#: Turns of all players; later ones see what the others choose now. Most games settle in two.
MOST_TURNS = 4
#: Values of actions that differ by less than this fraction of the largest at the information set are alike.
EQUAL_VALUES = 1e-12
#: Gaps that differ by less than this fraction of the payoff range differ by rounding.
GAP_ROUNDING = 1e-15
#: Leaves that the judge may pass in all while rows of the second kind are tried, about a second; then those left
#: stay as they are. A level of a player's information sets counts as so many leaves.
EFFORT, LEVEL = 10_000_000, 60


class Filled(NamedTuple):
    """A profile with its unreached rows filled, and which of all its rows changed: [I] flags, player by player."""

    profile: Profile
    changed: tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], ...]


def filled(game: SequenceForm, profile: Profile) -> Filled | None:
    """The profile with best replies where play does not come; None where nothing is to be changed or looked for."""
    if not looked_for(game):
        return None
    work = _Work(game, profile)
    for _ in range(MOST_TURNS):
        before = work.flat()
        for player in range(len(profile)):
            work.fill(player)
        if np.array_equal(before, work.flat()):
            break
    for player in range(len(profile)):
        work.fill(player, only_own=True)
    changed = tuple(
        np.logical_or.reduceat(now[1:] != then[1:], treeplex.first - 1)
        for now, then, treeplex in zip(work.policies, profile, game.treeplexes, strict=True)
    )
    return Filled(frozen(work.policies), changed) if any(one.any() for one in changed) else None


class _Work:
    """The profile as it stands while it is filled, and how far the judge may look."""

    def __init__(self, game: SequenceForm, profile: Profile) -> None:
        self.game = game
        self.policies = [np.array(policy) for policy in profile]
        levels = sum(len(treeplex.levels) for treeplex in game.treeplexes)
        self._tries = EFFORT // max(1, game.size + LEVEL * levels)
        found = deviations(game, profile)
        slack = GAP_ROUNDING * game.payoff_range
        self._gap, self._conv = found.nash_gap + slack, found.nash_conv + slack * len(profile)

    def flat(self) -> Array:
        """All policies, one after another."""
        return np.concatenate(self.policies)

    def fill(self, player: int, *, only_own: bool = False) -> None:
        """Fill one player's rows, from the deepest information sets up; `only_own`: those of the first kind."""
        treeplex, policy = self.game.treeplexes[player], self.policies[player]
        if not len(treeplex.parent):
            return
        own, others = reach(self.game, tuple(self.policies), player)
        uniform = self.game.uniform()
        trembling = [(1 - TREMBLE) * one + TREMBLE * random for one, random in zip(self.policies, uniform, strict=True)]
        values = [_paid(self.game, profile, player) for profile in (self.policies, trembling)]
        for start, end in reversed(treeplex.levels):
            wanting = _wanting(treeplex, start, end, values, policy, others) & ~(own & others)[start:end]
            rows = (start + np.flatnonzero(wanting)).tolist()
            replies = {k: _ranked(treeplex, k, values, others[k]) for k in rows}
            for k in (k for k in replies if others[k]):
                policy[_row(treeplex, k)] = next(_kept(policy[_row(treeplex, k)], replies[k]))
            if not only_own:
                self._try(player, [k for k in replies if not others[k]], replies)
            for worth in values:
                _raise(treeplex, start, end, policy, worth)

    def _try(self, player: int, rows: list[int], replies: dict[int, Integers]) -> None:
        """Fill rows together where the gap allows it, else by halves; a single one with ever more of its actions."""
        if not rows or self._tries <= 0:
            return
        treeplex, policy = self.game.treeplexes[player], self.policies[player]
        before = policy.copy()
        for k in rows:
            policy[_row(treeplex, k)] = next(_kept(before[_row(treeplex, k)], replies[k]))
        if self._allowed():
            return
        policy[:] = before
        if len(rows) > 1:
            half = len(rows) // 2
            self._try(player, rows[:half], replies)
            self._try(player, rows[half:], replies)
            return
        here = _row(treeplex, rows[0])
        candidates = _kept(before[here], replies[rows[0]])
        next(candidates)  # has been tried
        for row in candidates:
            policy[here] = row
            if self._allowed():
                return
        policy[:] = before

    def _allowed(self) -> bool:
        """Whether neither the gap nor the sum of regrets is larger than at first; no, once the effort is spent."""
        if self._tries <= 0:
            return False
        self._tries -= 1
        found = deviations(self.game, tuple(self.policies))
        return found.nash_gap <= self._gap and found.nash_conv <= self._conv


def _row(treeplex: Treeplex, k: int) -> slice:
    first = int(treeplex.first[k])
    return slice(first, first + int(treeplex.count[k]))


def _paid(game: SequenceForm, policies: Iterable[Array], player: int) -> Array:
    """[Q]: what the leaves right after each of the player's sequences pay, by the reach of chance and the others."""
    weights = others_weights(game, game.reaches(tuple(policies)), player) * game.leaves.payoffs[player]
    paid = np.bincount(game.leaves.sequences[player], weights, game.treeplexes[player].sequences)
    return paid.astype(np.float64, copy=False)


def _wanting(treeplex: Treeplex, start: int, end: int, values: list[Array], policy: Array, others: Flags) -> Flags:
    """Return of the sets `start` to `end` which ones play an action that is not among their best ones, [end − start].

    `values`: as in `_ranked`. `others` [I]: whether the others come.
    """
    first, count = treeplex.first[start:end], treeplex.count[start:end]
    here, rows = slice(int(first[0]), int(first[-1] + count[-1])), first - first[0]
    exact, trembling = (_shortfall(worth[here], rows, count) for worth in values)
    candidate = (exact == 0) | ~np.repeat(others[start:end], count)
    least = np.minimum.reduceat(np.where(candidate, trembling, np.inf), rows)
    best = candidate & (trembling == np.repeat(least, count))
    return np.asarray(np.add.reduceat(np.where(best, 0.0, policy[here]), rows) > 0)


def _shortfall(worth: Array, rows: NDArray[np.integer[Any]], count: NDArray[np.integer[Any]]) -> Array:
    """Return how much less each action is worth than the best one at its set, 0 where they are alike."""
    short = np.repeat(np.maximum.reduceat(worth, rows), count) - worth
    alike = EQUAL_VALUES * np.maximum.reduceat(np.abs(worth), rows)
    return np.where(short <= np.repeat(alike, count), 0.0, short)


def _ranked(treeplex: Treeplex, k: int, values: list[Array], others: bool) -> Integers:
    """The actions of a set from the best to the worst.

    `values`: what actions are worth against the others, and against others who tremble, which decides among equals,
    and alone where the others do not come.
    """
    here = _row(treeplex, k)
    exact, trembling = (worth[here] for worth in values)
    keys = []
    for worth in (exact, trembling) if others else (trembling,):
        short = worth.max() - worth
        keys.append(np.where(short <= EQUAL_VALUES * np.abs(worth).max(), 0.0, short))
    return np.lexsort(keys[::-1])


def _kept(row: Array, order: Integers) -> Iterator[Array]:
    """The row with its best action alone, then with the best two in proportion, and so on, short of all of them."""
    for count in range(1, len(row)):
        kept = np.zeros(len(row))
        kept[order[:count]] = 1.0 if count == 1 else row[order[:count]]
        if kept.sum() > 0:
            yield kept / kept.sum()


def _raise(treeplex: Treeplex, start: int, end: int, policy: Array, worth: Array) -> None:
    """Add what the sets `start` to `end` are worth under `policy` to the sequences before them, in `worth` [Q]."""
    first = treeplex.first[start:end]
    here = slice(int(first[0]), int(first[-1] + treeplex.count[end - 1]))
    expected = np.add.reduceat(policy[here] * worth[here], first - first[0])
    np.add.at(worth, treeplex.parent[start:end], expected)
