"""Sparse systems of linear equations in rational arithmetic, by python-flint (the extra `exact`).

Gaussian elimination that pivots where the fewest entries are touched (Markowitz 1957): bases of linear programmes are
nearly triangular, and so most unknowns cost nothing. What remains when equations get long is solved by flint, modulo
primes.
"""

from __future__ import annotations

from fractions import Fraction
from heapq import heapify, heappop, heappush
from importlib.util import find_spec
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from eqsolve.errors import UsageError

if TYPE_CHECKING:
    from flint import fmpq

#: The equations: {unknown: coefficient, not 0} each.
Equations: TypeAlias = list[dict[int, int]]

#: Entries of the shortest equation, and equations of the least used unknown, at which elimination gives way to flint.
CROWDED = 12
#: Unknowns that flint takes on at once: its matrices are dense, and this takes about a minute.
MAX_DENSE = 3000


def require_flint() -> None:
    """UsageError if python-flint is not installed."""
    if find_spec("flint") is None:
        raise UsageError("rational solutions need python-flint: pip install 'eqsolve[exact]'")


def solution(equations: Equations, right: list[int]) -> list[Fraction] | None:
    """The unknowns 0 … n − 1 of n equations; None where they are not determined, or too entangled to be found."""
    from flint import fmpq

    system = _System([{c: fmpq(a) for c, a in row.items()} for row in equations], [fmpq(side) for side in right])
    found = system.eliminated()
    return None if found is None else [Fraction(int(x.p), int(x.q)) for x in found]


class _System:
    """n equations in the course of elimination; `users[c]` are those, not yet used as pivots, that hold unknown c."""

    def __init__(self, rows: list[dict[int, fmpq]], sides: list[fmpq]) -> None:
        self.rows, self.sides = rows, sides
        self.users: list[set[int]] = [set() for _ in rows]
        for r, row in enumerate(rows):
            for c in row:
                self.users[c].add(r)
        self.left = set(range(len(rows)))

    def eliminated(self) -> list[fmpq] | None:
        """The solution; None as in `solution`."""
        pivots: list[tuple[int, int]] = []
        # shortest equations and least used unknowns first; entries that have changed since are passed over
        queue = [(len(row), 0, r) for r, row in enumerate(self.rows)]
        queue += [(len(users), 1, c) for c, users in enumerate(self.users)]
        heapify(queue)
        while queue and self.left:
            count, is_unknown, k = heappop(queue)
            if count > CROWDED:
                break
            if is_unknown:
                if count == 0 or count != len(self.users[k]):
                    continue
                r, c = min(self.users[k], key=lambda user: (len(self.rows[user]), user)), k
            else:
                if k not in self.left or count != len(self.rows[k]):
                    continue
                if count == 0:
                    return None
                r, c = k, min(self.rows[k], key=lambda unknown: (len(self.users[unknown]), unknown))
            pivots.append((r, c))
            for changed_row in self._pivot(r, c):
                heappush(queue, (len(self.rows[changed_row]), 0, changed_row))
            for unknown in self.rows[r]:
                heappush(queue, (len(self.users[unknown]), 1, unknown))
        found = self._dense()
        if found is None:
            return None
        for r, c in reversed(pivots):
            row = self.rows[r]
            rest = [a * found[d] for d, a in row.items() if d != c]
            found[c] = (self.sides[r] - sum(rest)) / row[c] if rest else self.sides[r] / row[c]
        return [found[c] for c in range(len(self.rows))]

    def _pivot(self, r: int, c: int) -> list[int]:
        """Takes unknown c out of all other equations by equation r; returns these."""
        self.left.discard(r)
        row = self.rows[r]
        for d in row:
            self.users[d].discard(r)
        changed = sorted(self.users[c])
        for other in changed:
            theirs = self.rows[other]
            factor = theirs.pop(c) / row[c]
            for d, a in row.items():
                if d == c:
                    continue
                if d not in theirs:
                    theirs[d] = -factor * a
                    self.users[d].add(other)
                elif (value := theirs[d] - factor * a) == 0:
                    del theirs[d]
                    self.users[d].discard(other)
                else:
                    theirs[d] = value
            self.sides[other] -= factor * self.sides[r]
        self.users[c].clear()
        return changed

    def _dense(self) -> dict[int, fmpq] | None:
        """The unknowns that the equations left over determine; None where they do not, or are too many."""
        from flint import fmpz_mat

        core = sorted(self.left)
        unknowns = sorted({c for r in core for c in self.rows[r]})
        if not core:
            return {}
        if len(core) > MAX_DENSE:
            return None
        at = {c: k for k, c in enumerate(unknowns)}
        matrix, column = fmpz_mat(len(core), len(core)), fmpz_mat(len(core), 1)
        for k, r in enumerate(core):
            scale = lcm(int(self.sides[r].q), *(int(a.q) for a in self.rows[r].values()))
            column[k, 0] = (self.sides[r] * scale).p
            for c, a in self.rows[r].items():
                matrix[k, at[c]] = (a * scale).p
        try:
            solved = matrix.solve(column)
        except ZeroDivisionError:
            return None
        return {c: solved[k, 0] for k, c in enumerate(unknowns)}
