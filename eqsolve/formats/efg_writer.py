"""Gambit's extensive-form files (.efg), written: the grammar is that of `efg.py`.

Numbers are exact: integers and rationals, floats as their shortest decimal says. Information sets and outcomes are
numbered in the order in which they appear, from 1, and told in full wherever they appear, as Gambit does itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eqsolve.formats.gambit import quoted
from eqsolve.formats.tree import Visit, chances, rational, visits, written
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules

#: Digits of either half of a rational; `tokens.py` reads about twice as many in all.
WRITTEN_DIGITS = 190


def write(rules: Rules, title: str, description: str) -> Iterator[str]:
    """The file, piece by piece."""
    yield f"EFG 2 R {quoted(title)} {{ {_row(map(quoted, rules.players))} }}\n{quoted(description)}\n\n"
    writer = _Writer(rules)
    for visit in visits(rules):
        yield writer.node(visit)


class _Writer:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.events = 0
        self.infosets: list[dict[str, int]] = [{} for _ in rules.players]
        self.outcomes: dict[str, int] = {}

    def node(self, visit: Visit) -> str:
        """One line."""
        if visit.turn == TERMINAL:
            payoffs = ", ".join(written(rational(payoff), WRITTEN_DIGITS) for payoff in self.rules.payoffs(visit.state))
            number = self.outcomes.setdefault(payoffs, len(self.outcomes) + 1)
            return f't "" {number} "" {{ {payoffs} }}\n'
        if visit.turn == CHANCE:
            self.events += 1
            likely = zip(visit.labels, chances(self.rules, visit.state), strict=True)
            outcomes = _row(f"{quoted(label)} {written(p, WRITTEN_DIGITS)}" for label, p in likely)
            return f'c "" {self.events} "" {{ {outcomes} }} 0\n'
        label = self.rules.infoset(visit.state)
        own = self.infosets[visit.turn]
        number = own.setdefault(label, len(own) + 1)
        return f'p "" {visit.turn + 1} {number} {quoted(label)} {{ {_row(map(quoted, visit.labels))} }} 0\n'


def _row(parts: Iterable[str]) -> str:
    return " ".join(parts)
