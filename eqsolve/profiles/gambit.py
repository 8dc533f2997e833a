"""The lines in which Gambit's command-line tools print profiles: `NE,1/2,1/2,0,1`.

Of a normal form: the probabilities by player, then strategy. Of an extensive game: by player, then information set,
then action, the information sets of a player in the order in which a depth-first traversal of the tree meets them.
(https://gambitproject.readthedocs.io/en/stable/tools.html)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Form
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.dealt import Dealt
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.rules import CHANCE, MAX_LEAVES, TERMINAL, Rules
from eqsolve.profiles.numbers import rational

#: The tag of an equilibrium. Lines with other tags (a path's λ, starting points, components) are no answers.
TAG = "NE"


@dataclass(frozen=True)
class Line:
    """The numbers of one line."""

    numbers: tuple[Fraction, ...]


def is_tagged(text: str) -> bool:
    """Whether some line of `text` is an equilibrium of Gambit's."""
    return any(line.split(",", 1)[0].strip() == TAG for line in text.splitlines())


def lines(text: str) -> tuple[list[tuple[int, Line]], int]:
    """Return the equilibria with their line numbers, from 1, and how many other lines there are.

    ProfileError names the place of what is no number.
    """
    found, others = list[tuple[int, Line]](), 0
    for place, written in enumerate(text.splitlines(), 1):
        tag, *fields = written.split(",")
        if tag.strip() != TAG:
            others += bool(written.strip())
            continue
        numbers = list[Fraction]()
        for k, field in enumerate(fields, 1):
            number = rational(field)
            if number is None:
                raise ProfileError(f"line {place}: number {k}: expected one such as 1/3 or 0.25, got '{field[:40]}'")
            numbers.append(number)
        found.append((place, Line(tuple(numbers))))
    return found, others


def arranged(form: Form, line: Line) -> tuple[list[Any], list[str]]:
    """Return one policy per player in the shapes of `form`, and notes; ProfileError where the line does not fit."""
    if isinstance(form, SequenceForm):
        return _behaviour(form, line)
    if form.name != "normal":
        raise ProfileError(f"a line of Gambit's is a profile of a normal form or a tree; this is {form.in_words}")
    sizes = [len(labels) for labels in form.actions]
    _require_count(line, sum(sizes), "strategies")
    return [_objects(part) for part in np.split(_objects(line.numbers), np.cumsum(sizes)[:-1])], []


def _behaviour(form: SequenceForm, line: Line) -> tuple[list[Any], list[str]]:
    """The same of a tree. Rows of zeros stand for information sets that are not reached: uniform."""
    expected = sum(treeplex.sequences - 1 for treeplex in form.treeplexes)
    _require_count(line, expected, "actions at information sets")
    policies, undefined, at = list[Any](), 0, 0
    for treeplex, order in zip(form.treeplexes, _traversal(form), strict=True):
        policy = _objects([Fraction(1)] * treeplex.sequences)
        for infoset in order:
            first, count = int(treeplex.first[infoset]), int(treeplex.count[infoset])
            row = line.numbers[at : at + count]
            undefined += not any(row)
            policy[first : first + count] = row if any(row) else [Fraction(1, count)] * count
            at += count
        policies.append(policy)
    notes = [f"{undefined} information sets have only zeros: not reached, taken as uniform"] if undefined else []
    return policies, notes


def _traversal(form: SequenceForm) -> list[list[int]]:
    """Each player's information sets in the order in which a depth-first traversal meets them."""
    rules = _rules(form)
    numbers = [{label: k for k, label in enumerate(treeplex.infosets)} for treeplex in form.treeplexes]
    order: list[dict[int, None]] = [{} for _ in form.players]
    left = sum(map(len, numbers))
    stack = [rules.root()]
    while stack and left:
        state = stack.pop()
        turn = rules.turn(state)
        if turn == TERMINAL:
            continue
        if turn == CHANCE:
            count = len(rules.chances(state))
        else:
            infoset = numbers[turn][rules.infoset(state)]
            left -= infoset not in order[turn]
            order[turn][infoset] = None
            count = len(rules.actions(state))
        stack += [rules.after(state, k) for k in range(count - 1, -1, -1)]
    return [list(own) for own in order]


def _rules(form: SequenceForm) -> Rules:
    """The rules to walk; ProfileError where they are not known or the walk would take too long."""
    if form.size > MAX_LEAVES:
        raise ProfileError(f"the game has {form.size} leaves, too many to find the order of Gambit's information sets")
    if isinstance(form, CardForm):
        return Dealt(form.tree.rules)
    if form.rules is None:
        raise ProfileError("the order of Gambit's information sets is not known for this game")
    return form.rules()


def _require_count(line: Line, expected: int, of_what: str) -> None:
    if len(line.numbers) != expected:
        raise ProfileError(f"the line has {len(line.numbers)} numbers, the game has {expected} {of_what}")


def _objects(numbers: Any) -> Any:
    """Fractions as an array."""
    array = np.empty(len(numbers), dtype=np.object_)
    array[:] = list(numbers)
    return array
