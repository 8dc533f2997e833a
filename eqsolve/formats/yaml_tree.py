"""A game tree as a spec of the kind `extensive`: the nodes by name, a line each, the ends where they are reached.

Nothing is nested, however deep the tree is. Labels keep what they say; numbers are exact, as in `efg_writer.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from eqsolve.errors import UsageError
from eqsolve.formats.tree import Visit, chances, rational, visits, written
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules, State
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import label as checked
from eqsolve.spec.reader import MAX_VALUES
from eqsolve.spec.scalars import resolve

#: Digits of either half of a rational in a spec.
MAX_DIGITS = 100


def write(rules: Rules, title: str, description: str) -> Iterator[str]:
    """The spec, piece by piece; UsageError where a spec cannot hold it."""
    writer = _Writer(rules)
    yield f"name: {json.dumps(title, ensure_ascii=False)}\n"
    if description:
        yield f"description: {json.dumps(description, ensure_ascii=False)}\n"
    yield f"kind: extensive\nplayers: [{', '.join(map(scalar, rules.players))}]\n"
    names = ["root"]
    for visit in visits(rules):
        name = names.pop()
        if name == "root":
            yield f"root: {writer.node(visit, names)}\n"
            if any(names):
                yield "nodes:\n"
        elif visit.turn != TERMINAL:
            yield f"  {name}: {writer.node(visit, names)}\n"


class _Writer:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.named = 0
        self.values = 0

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
            outcomes = _flow((label, f"[{_number(p)}, {child}]") for label, p, (_, child) in likely)
            return f"{{chance: {outcomes}}}"
        branches = _flow((label, child) for label, (_, child) in zip(visit.labels, children, strict=True))
        player, infoset = scalar(self.rules.players[visit.turn]), scalar(self.rules.infoset(visit.state))
        return f"{{player: {player}, infoset: {infoset}, actions: {branches}}}"

    def _child(self, state: State) -> tuple[str, str]:
        """Its name, and what stands in its place: an end is written where it is reached."""
        if self.rules.turn(state) == TERMINAL:
            return "", self._end(state)
        self.named += 1
        return f"n{self.named}", f"n{self.named}"

    def _end(self, state: State) -> str:
        payoffs = [_number(rational(payoff)) for payoff in self.rules.payoffs(state)]
        self.values += 2 + len(payoffs)
        return f"{{payoffs: [{', '.join(payoffs)}]}}"


def _flow(items: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{scalar(label)}: {text}" for label, text in items) + "}"


def _number(number: Fraction) -> str:
    return written(number, MAX_DIGITS)


def scalar(label: str) -> str:
    """A label as a YAML scalar, in quotes where it would be read as something else."""
    try:
        checked(label)
    except Refusal as refusal:
        raise UsageError(f"a spec cannot have this label: {refusal.message}", refusal.hint) from None
    plain = re.fullmatch("[A-Za-z](?:[A-Za-z0-9_ -]*[A-Za-z0-9_])?", label) and resolve(label) == label
    return label if plain else json.dumps(label, ensure_ascii=False)
