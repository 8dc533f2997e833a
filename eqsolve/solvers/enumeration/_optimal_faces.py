"""The face of a polytope {z ≥ 0, M z ≤ 1}, M > 0, on which Σ z is largest, in integers.

In a constant-sum game the equilibria are all pairs of optimal policies (von Neumann 1928). A player's, scaled, make up
such a face, where M are the other's payoffs, raised to be positive (Gale, Kuhn and Tucker 1951). Its vertices, the
extreme optimal policies, are visited as those of any polytope (_exact_dictionaries.py):

1. pivots by Bland's rule (1977) lead to a vertex where no cobasic variable raises Σ z;
2. those that would lower it are zero on the whole face, and their columns are left out of the dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence

from eqsolve.solvers.enumeration._exact_dictionaries import Dictionary, Matrix


def optimal_face(matrix: Matrix, labels: Sequence[int]) -> Dictionary:
    """Return the dictionary of the face at one of its vertices; `labels` are those of `Dictionary`."""
    d = len(matrix[0])
    # the last row is that of the variable −Σ z, whose right side begins at 0 and which is not held to be positive
    found = Dictionary([*matrix, [-1] * d], [*labels, max(labels) + 1], sum(1 << z for z in labels[:d]))
    found.rows[-1][d] = 0
    while (column := _entering(found)) is not None:
        found.pivot(_leaving(found, column), column)
    costs = found.rows.pop()
    found.basic.pop()
    kept = [c for c in range(d) if costs[c] == 0]
    found.fixed = sum(1 << label for label, cost in zip(found.cobasic, costs[:d], strict=True) if cost != 0)
    found.rows = [[*(row[c] for c in kept), row[d]] for row in found.rows]
    found.cobasic = [found.cobasic[c] for c in kept]
    found.d, found.slacks = len(kept), tuple(found.basic)
    return found


def _entering(dictionary: Dictionary) -> int | None:
    """The column of the first variable by label that raises Σ z."""
    able = [c for c in range(dictionary.d) if dictionary.rows[-1][c] < 0]
    return min(able, key=dictionary.cobasic.__getitem__, default=None)


def _leaving(dictionary: Dictionary, s: int) -> int:
    """The row of the least ratio, of several the first by label."""
    rows, d, best = dictionary.rows[:-1], dictionary.d, -1
    for r, row in enumerate(rows):
        if row[s] > 0:
            ahead = -1 if best < 0 else row[d] * rows[best][s] - rows[best][d] * row[s]
            if ahead < 0 or (ahead == 0 and dictionary.basic[r] < dictionary.basic[best]):
                best = r
    return best
