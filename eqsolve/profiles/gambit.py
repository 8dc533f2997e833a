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
    """Return one policy per player in the shapes of `form`, and notes; ProfileError where the line does not fit.

    In a tree rows of zeros stand for information sets that are not reached: uniform.
    """
    players = form.gambit_rows()
    if players is None:
        raise ProfileError(f"a line of Gambit's is a profile of a normal form or a tree; this is {form.in_words}")
    before = len(form.players) * form.rows_before
    _require_count(line, int(form.offsets[-1]) - before, "actions at information sets" if form.row_is else "strategies")
    policies, undefined, at = list[Any](), 0, 0
    for i, order in enumerate(players):
        bounds = [*form.starts(i).tolist(), int(form.offsets[i + 1] - form.offsets[i])]
        policy = _objects([Fraction(1)] * bounds[-1])
        for row in order:
            first, end = bounds[row + form.rows_before : row + form.rows_before + 2]
            given = line.numbers[at : at + end - first]
            is_undefined = bool(form.row_is) and not any(given)
            undefined += is_undefined
            policy[first:end] = [Fraction(1, end - first)] * (end - first) if is_undefined else given
            at += end - first
        policies.append(policy)
    notes = [f"{undefined} information sets have only zeros: not reached, taken as uniform"] if undefined else []
    return policies, notes


def _require_count(line: Line, expected: int, of_what: str) -> None:
    if len(line.numbers) != expected:
        raise ProfileError(f"the line has {len(line.numbers)} numbers, the game has {expected} {of_what}")


def _objects(numbers: Any) -> Any:
    """Fractions as an array."""
    array = np.empty(len(numbers), dtype=np.object_)
    array[:] = list(numbers)
    return array
