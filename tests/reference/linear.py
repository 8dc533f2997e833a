"""Linear equations in exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

#: An int or a Fraction; a float where digits are enough. (`Any`, as sums of such unions type-check nowhere.)
Number: TypeAlias = Any


def solve(matrix: Sequence[Sequence[Number]], right: Sequence[Number]) -> list[Fraction] | None:
    """x with matrix · x = right, by Gauss–Jordan elimination; None where the matrix is singular."""
    n = len(matrix)
    rows = [[Fraction(entry) for entry in row] + [Fraction(b)] for row, b in zip(matrix, right, strict=True)]
    for c in range(n):
        pivot = next((r for r in range(c, n) if rows[r][c] != 0), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [entry / rows[c][c] for entry in rows[c]]
        for r in range(n):
            if r != c and rows[r][c] != 0:
                factor = rows[r][c]
                rows[r] = [entry - factor * own for entry, own in zip(rows[r], rows[c], strict=True)]
    return [row[n] for row in rows]
