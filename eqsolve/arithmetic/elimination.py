"""Gauss-Jordan elimination in fractions, for the few dense equations of a mixture on a support."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def eliminated(system: list[list[Fraction]], columns: Iterable[int]) -> list[int]:
    """Solve equations [R], right-hand sides last, for the unknowns `columns`; return those that are determined.

    The system is modified in place: row k then holds the k-th of these unknowns alone, but for unknowns that are free.
    The rows after them have no unknown of `columns` left.
    """
    pivots = list[int]()
    for column in columns:
        done = len(pivots)
        at = next((r for r in range(done, len(system)) if system[r][column]), None)
        if at is None:
            continue
        system[done], system[at] = system[at], system[done]
        pivot = system[done][column]
        system[done] = [x / pivot for x in system[done]]
        for r, row in enumerate(system):
            if r != done and (factor := row[column]):
                system[r] = [x - factor * y for x, y in zip(row, system[done], strict=True)]
        pivots.append(column)
    return pivots
