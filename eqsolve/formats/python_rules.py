"""Rules that a program wrote, walked into the tree of a spec of the kind `extensive`: nodes by name, in dicts.

A program may use ints or numpy's numbers where rules speak of text and fractions; labels become text, ints stay exact
and floats stand for their shortest decimals, as they do in a spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from eqsolve.errors import InputError
from eqsolve.formats.tree import visits
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules, State
from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE
from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.numbers import label
from eqsolve.spec.python import scalar

METHODS = ("root", "turn", "chances", "infoset", "actions", "after", "payoffs")
#: Nodes that are walked at most: some GB of dicts, and a game that does not end would fill any memory.
MAX_WRITTEN_NODES = 2_000_000


def missing(rules: Any) -> list[str]:
    """Return what keeps `rules` from being rules: the names of methods that it does not have, and `players`."""
    absent = [] if hasattr(rules, "players") else ["players"]
    return absent + [f"{name}()" for name in METHODS if not callable(getattr(rules, name, None))]


def nodes_of(rules: Any, maker: str) -> dict[str, Any]:
    """Return `players`, `root` and `nodes` of the spec of a game; InputError, which names `maker`, where it has none.

    What the methods of `rules` raise is passed on.
    """
    if absent := missing(rules):
        raise InputError(
            f"{maker}: expected rules or a tree of dicts, got {describe(rules)} without {', '.join(absent)}",
            f"rules have players, {', '.join(f'{name}()' for name in METHODS)}",
        )
    written = _Written(rules, maker)
    nodes: dict[str, Any] = {}
    names = ["root"]
    for count, visit in enumerate(visits(written), 1):
        if count > MAX_WRITTEN_NODES:
            raise InputError(
                f"{maker}: the game has more than {MAX_WRITTEN_NODES} nodes: does it end?", "make it smaller"
            )
        name = names.pop()
        below = [f"n{len(nodes) + len(names) + k + 1}" for k in range(len(visit.labels))]
        nodes[name] = written.node(visit.state, visit.turn, visit.labels, below)
        names += below[::-1]
    root = nodes.pop("root")
    return {"players": list(written.players), "root": root, "nodes": nodes or None}


class _Written:
    """Rules in the words of specs: labels as text, numbers as fractions; each answer of the program is looked at."""

    def __init__(self, rules: Rules, maker: str) -> None:
        self._rules, self._maker = rules, maker
        players: Any = rules.players
        if isinstance(players, str) or not isinstance(players, Iterable):
            raise InputError(f"{maker}: players: expected a list of labels, got {describe(players)}")
        self.players = self._labels(tuple(players), "players")

    def root(self) -> State:
        return self._rules.root()

    def turn(self, state: State) -> int:
        turn = scalar(self._rules.turn(state))
        if type(turn) is not int or not (turn in (CHANCE, TERMINAL) or 0 <= turn < len(self.players)):
            among = f"a player from 0 to {len(self.players) - 1}, CHANCE ({CHANCE}) or TERMINAL ({TERMINAL})"
            raise self._wrong("turn", state, f"expected {among}, got {describe(turn)}")
        return turn

    def chances(self, state: State) -> list[tuple[str, Fraction | float]]:
        outcomes = self._listed(self._rules.chances(state), "chances", state, "(label, probability) pairs")
        found: list[tuple[str, Fraction | float]] = []
        for outcome in outcomes:
            if not isinstance(outcome, tuple | list) or len(outcome) != 2:
                raise self._wrong("chances", state, f"expected (label, probability), got {describe(outcome)}")
            [name] = self._labels((outcome[0],), "chances", state)
            found.append((name, self._number(outcome[1], "chances", state)))
        total = sum((Fraction(p) for _, p in found), Fraction(0))
        if abs(total - 1) > PROBABILITY_TOLERANCE:
            raise self._wrong("chances", state, f"the probabilities sum to {float(total):.9g}, not 1")
        return found

    def infoset(self, state: State) -> str:
        return self._labels((self._rules.infoset(state),), "infoset", state)[0]

    def actions(self, state: State) -> tuple[str, ...]:
        actions = self._listed(self._rules.actions(state), "actions", state, "labels")
        found = self._labels(actions, "actions", state)
        if len(set(found)) < len(found):
            raise self._wrong("actions", state, f"a label is there twice: {', '.join(found[:10])}")
        return found

    def after(self, state: State, choice: int) -> State:
        return self._rules.after(state, choice)

    def payoffs(self, state: State) -> list[Fraction | float]:
        paid = self._listed(self._rules.payoffs(state), "payoffs", state, "numbers, one per player")
        if len(paid) != len(self.players):
            raise self._wrong("payoffs", state, f"expected {len(self.players)}, one per player, got {len(paid)}")
        return [self._number(payoff, "payoffs", state) for payoff in paid]

    def node(self, state: State, turn: int, labels: tuple[str, ...], below: Sequence[str]) -> dict[str, Any]:
        """Return one node as a spec writes it; `below` are the names of those that its branches lead to."""
        if turn == TERMINAL:
            return {"payoffs": [scalar(payoff) for payoff in self.payoffs(state)]}
        if turn == CHANCE:
            likely = zip(labels, self.chances(state), below, strict=True)
            return {"chance": {label: [scalar(p), name] for label, (_, p), name in likely}}
        branches = dict(zip(labels, below, strict=True))
        return {"player": str(turn), "infoset": self.infoset(state), "actions": branches}

    def _listed(self, found: Any, method: str, state: State, what: str) -> tuple[Any, ...]:
        if isinstance(found, str) or not isinstance(found, Iterable):
            raise self._wrong(method, state, f"expected {what}, got {describe(found)}")
        if not (items := tuple(found)):
            raise self._wrong(method, state, f"expected {what}, got none")
        return items

    def _labels(self, found: tuple[Any, ...], method: str, state: State = None) -> tuple[str, ...]:
        try:
            return tuple(label(scalar(one)) for one in found)
        except Refusal as refusal:
            raise self._wrong(method, state, refusal.message, refusal.hint) from None

    def _number(self, found: Any, method: str, state: State) -> Fraction | float:
        number = scalar(found)
        try:
            return number if type(number) is float else Fraction(number)
        except (TypeError, ValueError, ZeroDivisionError):
            raise self._wrong(method, state, f"expected a number, got {describe(found)}") from None

    def _wrong(self, method: str, state: State, message: str, hint: str | None = None) -> InputError:
        where = method if state is None else f"{method}({repr(state)[:80]})"
        return InputError(f"{self._maker}: {where}: {message}", hint)
