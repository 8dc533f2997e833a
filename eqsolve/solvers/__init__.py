"""The registry: every algorithm, what it accepts, what of it converges where, and its source.

`info`, `auto`, the refusal message, the docs and the law tests read the same rows, which stand in the `__init__` of
each room. Targets are strings: nothing here imports a solver.
"""

from __future__ import annotations

from collections.abc import Mapping

from eqsolve.errors import UsageError
from eqsolve.solvers import (
    bimatrix,
    cfr,
    dynamics,
    enumeration,
    gradient,
    homotopy,
    near_potential,
    programmes,
)
from eqsolve.solvers.registry import Row

__all__ = ["SOLVERS", "Row", "find"]

#: Name -> row; lists show the rooms in this order, and of each room the rows in theirs.
SOLVERS: Mapping[str, Row] = {
    row.name: row
    for rows in (
        gradient.ROWS,
        near_potential.ROWS,
        enumeration.ROWS,
        homotopy.ROWS,
        bimatrix.ROWS,
        programmes.ROWS,
        cfr.ROWS,
        dynamics.ROWS,
    )
    for row in rows
}


def find(name: str) -> Row:
    """The row called `name` or with that alias, ours or another package's.

    An unknown name raises UsageError with the nearest ones, a package that cannot be used PluginError.
    """
    for row in SOLVERS.values():
        if name == row.name or name in row.aliases:
            return row
    from difflib import get_close_matches

    from eqsolve.solvers.own import names_of_packages, row_of_package

    if (other := row_of_package(name)) is not None:
        return other
    names = [n for row in SOLVERS.values() for n in (row.name, *row.aliases)] + names_of_packages()
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`eqsolve algos` lists them"
    raise UsageError(f"unknown algorithm '{name}'", hint)
