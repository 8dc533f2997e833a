"""A game tree as a spec of the kind `extensive`: the nodes by name, a line each, the ends where they are reached.

Nothing is nested, however deep the tree is. Labels keep what they say; numbers are exact, as in `efg_writer.py`. A
small tree is written as people write YAML; a large one, which nobody reads, in YAML that is JSON as well, since that
is read several times as fast.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, islice

from eqsolve.errors import UsageError
from eqsolve.formats.tree import Visit, chances, rational, visits, written
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules, State
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import MAX_DIGITS
from eqsolve.spec.numbers import label as checked
from eqsolve.spec.reader import MAX_VALUES
from eqsolve.spec.scalars import resolve

#: Nodes of a tree that is written for people.
READABLE_NODES = 1000


def write(rules: Rules, title: str, description: str) -> Iterator[str]:
    """The spec, piece by piece; UsageError where a spec cannot hold it."""
    walk = visits(rules)
    begun = list(islice(walk, READABLE_NODES + 1))
    writer = _Writer(rules, plain=len(begun) <= READABLE_NODES)
    head = {"name": _quoted(title), "description": _quoted(description), "kind": writer.key("extensive")}
    head["players"] = f"[{', '.join(map(writer.scalar, rules.players))}]"
    opening, comma, close = ("", "", "") if writer.plain else ("{", ",", "}")
    yield opening
    for key, value in head.items():
        if key != "description" or description:
            yield f"{writer.key(key)}: {value}{comma}\n"
    names, started = ["root"], False
    for visit in chain(begun, walk):
        name = names.pop()
        if name == "root":
            yield f"{writer.key('root')}: {writer.node(visit, names)}"
        elif visit.turn != TERMINAL:
            yield (comma if started else f"{comma}\n{writer.key('nodes')}:{opening and ' {'}") + "\n"
            yield f"  {writer.key(name)}: {writer.node(visit, names)}"
            started = True
    yield (close if started else "") + close + "\n"


class _Writer:
    """Writes nodes, for people (`plain`) or with all that is text in quotes, as JSON asks for."""

    def __init__(self, rules: Rules, *, plain: bool) -> None:
        self.rules = rules
        self.plain = plain
        self.named = 0
        self.values = 0

    def key(self, word: str) -> str:
        """A word of specs, or the name of a node: one that needs no quotes in YAML."""
        return word if self.plain else f'"{word}"'

    def scalar(self, label: str) -> str:
        """A label, in quotes where they are due; UsageError where a spec cannot have it."""
        text = scalar(label)
        return text if self.plain or text.startswith('"') else f'"{text}"'

    def node(self, visit: Visit, names: list[str]) -> str:
        """One node; its children's names are put on the stack `names`, the first child's on top."""
        if visit.turn == TERMINAL:
            return self._end(visit.state)
        children = [self._child(state) for state in visit.after]
        names += [name for name, _ in reversed(children)]
        # mapping, player, infoset and actions, or mapping, chance and a pair per outcome: as the reader counts
        self.values += 4 + 2 * len(children)
        if self.values > MAX_VALUES:
            raise UsageError(f"the tree has more than the {MAX_VALUES} values of a spec", "write it as .efg")
        if visit.turn == CHANCE:
            likely = zip(visit.labels, chances(self.rules, visit.state), children, strict=True)
            outcomes = self._flow((label, f"[{self._number(p)}, {child}]") for label, p, (_, child) in likely)
            return f"{{{self.key('chance')}: {outcomes}}}"
        branches = self._flow((label, child) for label, (_, child) in zip(visit.labels, children, strict=True))
        player, infoset = self.scalar(self.rules.players[visit.turn]), self.scalar(self.rules.infoset(visit.state))
        parts = {"player": player, "infoset": infoset, "actions": branches}
        return f"{{{', '.join(f'{self.key(key)}: {part}' for key, part in parts.items())}}}"

    def _child(self, state: State) -> tuple[str, str]:
        """Its name, and what stands in its place: an end is written where it is reached."""
        if self.rules.turn(state) == TERMINAL:
            return "", self._end(state)
        self.named += 1
        return f"n{self.named}", self.key(f"n{self.named}")

    def _end(self, state: State) -> str:
        payoffs = [self._number(rational(payoff)) for payoff in self.rules.payoffs(state)]
        self.values += 2 + len(payoffs)
        return f"{{{self.key('payoffs')}: [{', '.join(payoffs)}]}}"

    def _flow(self, items: Iterable[tuple[str, str]]) -> str:
        return "{" + ", ".join(f"{self.scalar(label)}: {text}" for label, text in items) + "}"

    def _number(self, number: Fraction) -> str:
        text = written(number, MAX_DIGITS)
        return self.key(text) if "/" in text else text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def scalar(label: str) -> str:
    """A label as a YAML scalar, in quotes where it would be read as something else."""
    try:
        checked(label)
    except Refusal as refusal:
        raise UsageError(f"a spec cannot have this label: {refusal.message}", refusal.hint) from None
    plain = re.fullmatch("[A-Za-z](?:[A-Za-z0-9_ -]*[A-Za-z0-9_])?", label) and resolve(label) == label
    return label if plain else _quoted(label)
