"""From a game's rules to its sequence form: every history is walked once, depth first.

What is checked on the way: perfect recall (a player at an information set always has done the same before), the same
actions throughout an information set, chances that are positive and sum to 1, payoffs that are finite and one per
player, and that histories end.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import isfinite
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import InputError, TreeError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Integers, Leaves, Names, Treeplex, firsts, merge, ordered
from eqsolve.forms.rules import CHANCE, MAX_MOVES, TERMINAL, Rules, State
from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE

#: Nodes of the tree that are walked at most: some minutes, some GB.
MAX_NODES = 40_000_000
#: A message quotes at most so many moves of a history.
QUOTED = 6

#: The moves that led to a node, the last first: (those before, the label of the last).
Trail: TypeAlias = Any


def sequence_form(rules: Rules) -> SequenceForm:
    """The game that `rules` tell; InputError where they do not make a finite game with perfect recall."""
    n = len(rules.players)
    books = [_Book(player) for player in rules.players]
    # of every leaf: each player's last sequence, what chance contributes, what each player receives
    tables = array("i"), array("d"), array("d")
    # what chance contributes at the last leaf: mostly the same object as at the next one
    product: Fraction | float = Fraction(1)
    rounded = 1.0
    nodes = 0
    stack: list[tuple[Any, tuple[int, ...], Fraction | float, Trail, int]] = [
        (rules.root(), (0,) * n, Fraction(1), None, 0)
    ]
    while stack:
        state, last, chance, trail, moves = stack.pop()
        nodes += 1
        if nodes > MAX_NODES:
            _too_large(books, len(tables[1]))
        if moves > MAX_MOVES:
            raise InputError(f"a history has more than {MAX_MOVES} moves: does the game end?{_begins(trail)}")
        turn = rules.turn(state)
        if turn == TERMINAL:
            if chance is not product:
                product, rounded = chance, float(chance)
            tables[0].extend(last)
            tables[1].append(rounded)
            tables[2].extend(_payoffs(rules.payoffs(state), n, trail))
        elif turn == CHANCE:
            outcomes = rules.chances(state)
            _check_chances([p for _, p in outcomes], trail)
            for k in range(len(outcomes) - 1, -1, -1):
                label, p = outcomes[k]
                stack.append((rules.after(state, k), last, chance * p, (trail, label), moves + 1))
        else:
            actions = rules.actions(state)
            first = books[turn].visit(rules.infoset(state), actions, last[turn], state, trail)
            before, after = last[:turn], last[turn + 1 :]
            for k in range(len(actions) - 1, -1, -1):
                following = (*before, first + k, *after)
                stack.append((rules.after(state, k), following, chance, (trail, actions[k]), moves + 1))
    return _form(rules, books, *tables)


class _Book:
    """What the walk knows of one player: their information sets in the order of their first visit."""

    def __init__(self, player: str) -> None:
        self.player = player
        self.found: dict[str, int] = {}
        self.parents: list[int] = []
        self.actions: list[tuple[str, ...]] = []
        self.depths: list[int] = []
        self.firsts: list[int] = []
        self.owners = array("q", [-1])  # the information set of each sequence
        self.trails: list[Trail] = []  # of the first visits

    def visit(self, label: str, actions: Sequence[str], last: int, state: State, trail: Trail) -> int:
        """The number, by first visits, of the first sequence at the information set `label`."""
        number = self.found.get(label)
        if number is None:
            return self._enter(label, tuple(actions), last, trail)
        if self.parents[number] != last:
            one, other = _parted(self._done(self.parents[number]), self._done(last))
            before, here = _parted(_moves(self.trails[number]), _moves(trail))
            raise TreeError(
                f"no perfect recall: player {self.player} comes to information set {label!r} after {one} and after "
                f"{other} (histories: {before}; {here})",
                state,
                "a player remembers what they knew and did: give the two places different information sets",
            )
        if self.actions[number] != tuple(actions):
            raise TreeError(
                f"information set {label!r} of player {self.player} has actions {_listed(self.actions[number])} "
                f"in one place and {_listed(actions)} in another",
                state,
            )
        return self.firsts[number]

    def _enter(self, label: str, actions: tuple[str, ...], last: int, trail: Trail) -> int:
        if not actions:
            raise InputError(f"player {self.player} has no action at information set {label!r}{_begins(trail)}")
        if len(set(actions)) < len(actions):
            raise InputError(
                f"information set {label!r} of player {self.player} has an action twice: {_listed(actions)}"
            )
        number = self.found[label] = len(self.parents)
        first = len(self.owners)
        self.parents.append(last)
        self.actions.append(actions)
        self.depths.append(self.depths[self.owners[last]] + 1 if last else 0)
        self.firsts.append(first)
        self.owners.extend([number] * len(actions))
        self.trails.append(trail)
        return first

    def _done(self, last: int) -> list[str]:
        """What the player did."""
        labels, done = list(self.found), list[str]()
        while last:
            number = self.owners[last]
            done.append(f"{self.actions[number][last - self.firsts[number]]!r} at {labels[number]!r}")
            last = self.parents[number]
        return done[::-1]

    def treeplex(self) -> tuple[Treeplex, Integers]:
        """The information sets in their final order, and the final number of every sequence."""
        counts = np.array([len(actions) for actions in self.actions], dtype=np.int64)
        order = ordered(np.array(self.depths, dtype=np.int64), np.arange(len(counts)))
        first = np.empty(len(counts), dtype=np.int64)
        first[order] = firsts(counts[order])
        owners = np.array(self.owners[1:], dtype=np.int64)
        within = np.arange(1, len(owners) + 1) - np.array(self.firsts, dtype=np.int64)[owners]
        number = np.concatenate([np.zeros(1, np.int64), first[owners] + within])
        parents = number[np.array(self.parents, dtype=np.int64)]
        names = partial(_names, list(self.found), self.actions, order)
        return Treeplex(parents[order], first[order], counts[order], names), number


def _names(labels: list[str], actions: list[tuple[str, ...]], order: Integers) -> Names:
    """Labels of information sets and actions, which stand by first visits, in their final `order`."""
    return tuple(labels[k] for k in order), ("", *(action for k in order for action in actions[k]))


def _kept(rules: Rules) -> Rules:
    """Return `rules`; a partial call of it can be pickled, as a nested function cannot."""
    return rules


def _form(rules: Rules, books: list[_Book], last: array[int], chance: array[float], paid: array[float]) -> SequenceForm:
    treeplexes, numbers = zip(*(book.treeplex() for book in books), strict=True)
    by_player = np.array(last).reshape(-1, len(books)).T
    sequences = np.array([number[own] for number, own in zip(numbers, by_player, strict=True)], dtype=np.int32)
    payoffs: NDArray[np.float64] = np.array(paid).reshape(-1, len(books)).T.copy()
    leaves = merge(Leaves(sequences, np.array(chance), payoffs), [treeplex.sequences for treeplex in treeplexes])
    spread = float(np.ptp(payoffs, axis=1).max())
    return SequenceForm(rules.players, treeplexes, leaves, spread, rules=partial(_kept, rules))


def _check_chances(chances: Sequence[Fraction | float], trail: Trail) -> None:
    if any(not p > 0 for p in chances):
        raise InputError(f"a chance is {next(p for p in chances if not p > 0)}, not positive{_begins(trail)}")
    total = sum(chances)
    if total != 1 and not (isinstance(total, float) and abs(total - 1) <= PROBABILITY_TOLERANCE):
        shown = f"{total:.9g}" if isinstance(total, float) else str(total)
        raise InputError(f"the chances sum to {shown}, not 1{_begins(trail)}")


def _payoffs(payoffs: Sequence[Fraction | float], n: int, trail: Trail) -> list[float]:
    if len(payoffs) != n:
        raise InputError(f"expected {n} payoffs, one per player, found {len(payoffs)}{_begins(trail)}")
    found = [float(payoff) for payoff in payoffs]
    if not all(map(isfinite, found)):
        raise InputError(f"a payoff is not a finite number{_begins(trail)}")
    return found


def _too_large(books: list[_Book], leaves: int) -> NoReturn:
    sizes = ", ".join(str(len(book.parents)) for book in books)
    raise InputError(
        f"the game tree has more than {MAX_NODES} nodes: {leaves} leaves and {sizes} information sets of the players "
        "so far, and more to come",
        "make the game smaller",
    )


def _begins(trail: Trail) -> str:
    """Where in the tree, in words: the first moves of a history."""
    labels = _moves(trail)
    return f" (history: {_quoted(labels)})" if labels else " (at the root)"


def _moves(trail: Trail) -> list[str]:
    labels = []
    while trail is not None:
        trail, label = trail
        labels.append(label)
    return labels[::-1]


def _parted(one: Sequence[str], other: Sequence[str]) -> tuple[str, str]:
    """Two lists in short, so that it shows where they part."""
    alike = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    skipped = max(0, alike - QUOTED + 2)
    begin = f"{skipped} alike, " if skipped else ""
    return begin + (_quoted(one[skipped:]) or "nothing"), begin + (_quoted(other[skipped:]) or "nothing")


def _quoted(parts: Sequence[str]) -> str:
    return ", ".join(parts[:QUOTED]) + (f", … {len(parts) - QUOTED} more" if len(parts) > QUOTED else "")


def _listed(actions: Sequence[str]) -> str:
    return "[" + _quoted(actions) + "]"
