"""A game tree node by node, as files list it, and the rules that it makes.

Nodes are numbered in the order of the file, depth first. Everything about a node is a row of flat arrays, so that a
tree of millions of nodes fits, and no walk of it needs recursion.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from eqsolve.errors import InputError
from eqsolve.forms.rules import CHANCE, MAX_MOVES, TERMINAL, Rules, State


class Infoset(NamedTuple):
    """What a player knows, in a word that no other of their information sets has, and what they may do there."""

    label: str
    actions: tuple[str, ...]


class Event(NamedTuple):
    """What chance does: label and probability of each outcome that can happen, and its place among all of them."""

    outcomes: tuple[tuple[str, Fraction | float], ...]
    places: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FlatTree:
    """The rules of a tree in arrays; a state is a node's number.

    `turns` [nodes]: who moves there, CHANCE or TERMINAL. `rows` [nodes]: which of `infosets`, `events` or `totals`
    (a payoff per player, of the whole history) the node has. The nodes below it stand in `below` from `firsts` on, its
    own text in the file from `places` on.
    """

    players: tuple[str, ...]
    turns: array[int]
    rows: array[int]
    firsts: array[int]
    below: array[int]
    places: array[int]
    infosets: Mapping[int, Infoset]
    events: Mapping[int, Event]
    totals: tuple[tuple[Fraction, ...], ...]

    def root(self) -> int:
        return 0

    def turn(self, state: int) -> int:
        return self.turns[state]

    def chances(self, state: int) -> tuple[tuple[str, Fraction | float], ...]:
        return self.events[self.rows[state]].outcomes

    def infoset(self, state: int) -> str:
        return self.infosets[self.rows[state]].label

    def actions(self, state: int) -> tuple[str, ...]:
        return self.infosets[self.rows[state]].actions

    def after(self, state: int, choice: int) -> int:
        if self.turns[state] == CHANCE:
            choice = self.events[self.rows[state]].places[choice]
        return self.below[self.firsts[state] + choice]

    def payoffs(self, state: int) -> tuple[Fraction, ...]:
        return self.totals[self.rows[state]]


class Visit(NamedTuple):
    """A node of a walk: its state, whose turn it is, the labels of its branches and the states that they lead to."""

    state: State
    turn: int
    labels: tuple[str, ...]
    after: tuple[State, ...]


def visits(rules: Rules) -> Iterator[Visit]:
    """Every node, depth first; InputError where a history does not end."""
    stack = [(rules.root(), 0)]
    while stack:
        state, moves = stack.pop()
        if moves > MAX_MOVES:
            raise InputError(f"a history has more than {MAX_MOVES} moves: does the game end?")
        turn = rules.turn(state)
        if turn == TERMINAL:
            labels: tuple[str, ...] = ()
        elif turn == CHANCE:
            labels = distinct([label for label, _ in rules.chances(state)])
        else:
            labels = tuple(rules.actions(state))
        after = tuple(rules.after(state, k) for k in range(len(labels)))
        yield Visit(state, turn, labels, after)
        stack += [(following, moves + 1) for following in reversed(after)]


def chances(rules: Rules, state: State) -> list[Fraction]:
    """The probabilities at a chance node as rationals that sum to 1: rounding in them is divided away."""
    found = [rational(p) for _, p in rules.chances(state)]
    total = sum(found, Fraction(0))
    return found if total == 1 else [p / total for p in found]


def rational(number: Fraction | float) -> Fraction:
    """A rational as it is, a float as its shortest decimal says."""
    return number if isinstance(number, Fraction) else Fraction(repr(float(number)))


def written(number: Fraction, digits: int) -> str:
    """An integer or a rational; the nearest float where numerator or denominator has more than `digits` digits."""
    long = max(abs(number.numerator), number.denominator) >= 10**digits
    return repr(float(number)) if long else str(number)


def distinct(labels: Sequence[str], otherwise: Sequence[str] | None = None) -> tuple[str, ...]:
    """The labels; blank ones become their place (or `otherwise`), and of several alike each gets a number."""
    blanks = otherwise or [str(k + 1) for k in range(len(labels))]
    wanted = [label or blank for label, blank in zip(labels, blanks, strict=True)]
    counts = Counter(wanted)
    if len(counts) == len(wanted):
        return tuple(wanted)
    taken, last = set(counts), Counter[str]()
    found = []
    for label in wanted:
        name = label
        while counts[label] > 1 and name in taken:
            last[label] += 1
            name = f"{label} ({last[label]})"
        taken.add(name)
        found.append(name)
    return tuple(found)


def fingerprint(rules: Rules) -> str:
    """SHA-256 of the players and of every node in order: what the rules say, however a file puts it."""
    sha = sha256(json.dumps(list(rules.players)).encode())
    for visit in visits(rules):
        state, turn = visit.state, visit.turn
        said: list[object] = [turn, *visit.labels]
        if turn == TERMINAL:
            said += map(str, rules.payoffs(state))
        elif turn == CHANCE:
            said += [str(p) for _, p in rules.chances(state)]
        else:
            said.append(rules.infoset(state))
        sha.update(json.dumps(said).encode())
    return sha.hexdigest()
