"""The algorithms in groups, by what somebody has and wants: read from the rows of the registry, nothing is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.registry import Row

#: Methods whose answer is called an equilibrium but which look for one only.
ONE = ("lemke-howson", "small-supports")

#: Titles in the order of a list, and which rows each takes from those that are left.
GROUPS: Mapping[str, Callable[[Row], bool]] = {
    "two players, constant sum: optimal policies": lambda row: Structure.ZERO_SUM in row.needs,
    "matrix games: all equilibria": lambda row: row.answers[0] == "equilibrium" and row.name not in ONE,
    "two players: one equilibrium": lambda row: Structure.TWO_PLAYER in row.needs,
    "matrix games: correlated equilibria": lambda row: row.concept.is_joint,
    "extensive games (poker, trees)": lambda row: row.forms[0] == FormName.SEQUENCE,
    "Markov games, and others in normal form": lambda row: FormName.MARKOV in row.forms,
    "games of other forms": lambda row: set(row.forms).isdisjoint(FormName),
    "matrix games of any number of players": lambda row: True,
}


def grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows under the titles of their groups; groups without rows are left out."""
    found: dict[str, list[Row]] = {title: [] for title in GROUPS}
    for row in rows:
        found[group(row)].append(row)
    return {title: own for title, own in found.items() if own}


def group(row: Row) -> str:
    """Return the title of a row's group."""
    return next(title for title, takes in GROUPS.items() if takes(row))
