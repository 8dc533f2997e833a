"""The vertices of {z ≥ 0, M z ≤ 1} in integers, also where more than d inequalities hold at one: a degenerate polytope.

The right sides are raised by ε, ε², …, too little to matter to anything but ties, which makes the polytope simple
(lexicographic ratio test: Dantzig, Orden and Wolfe 1955). Its vertices are visited depth first along its edges; each is
a basis of a vertex of the polytope itself, and every one of those has such a basis. Pivots keep to integers over one
denominator, the determinant of the basis (Bareiss 1968; as in lrs, Avis 2000).

Variables are numbered by labels; a basis is the bit mask of its cobasic ones, a vertex that of all that are zero there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from eqsolve.arithmetic.elimination import eliminated

#: M by rows, of Python's integers.
Matrix: TypeAlias = list[list[int]]

#: Set in an entry of the stack that leads back.
BACK = 1 << 12


class Dictionary:
    """det · basic[r] + Σ_c rows[r][c] · cobasic[c] = rows[r][d], det > 0, for a matrix M [e, d] of positive integers.

    `labels` [d + e] are the numbers of the variables z, then of the slacks; `cobasic` is the mask of the basis wanted.
    Of a face of the polytope the variables that are zero everywhere, `fixed`, have no column.
    """

    def __init__(self, matrix: Matrix, labels: Sequence[int], cobasic: int) -> None:
        self.d = len(matrix[0])
        self.rows = [[*row, 1] for row in matrix]
        self.det = 1
        self.basic, self.cobasic = list(labels[self.d :]), list(labels[: self.d])
        self.slacks = tuple(self.basic)
        self.fixed = 0
        self.reach(cobasic)

    def reach(self, cobasic: int) -> None:
        """Pivot to the basis of this mask."""
        for s, z in enumerate(self.cobasic):
            if not cobasic >> z & 1:
                self.pivot(
                    next(r for r, label in enumerate(self.basic) if cobasic >> label & 1 and self.rows[r][s] != 0), s
                )
        if self.det < 0:
            self.det, self.rows = -self.det, [[-a for a in row] for row in self.rows]

    def pivot(self, r: int, s: int) -> None:
        """Exchange the variables of row r and column s."""
        row, det = self.rows[r], self.det
        p = row[s]
        for i, other in enumerate(self.rows):
            if i != r:
                factor = other[s]
                new = [(a * p - factor * b) // det for a, b in zip(other, row, strict=True)]
                new[s] = -factor
                self.rows[i] = new
        row[s] = det
        self.det = p
        self.basic[r], self.cobasic[s] = self.cobasic[s], self.basic[r]

    def exchange(self, enters: int, leaves: int) -> None:
        """Pivot on two variables by their labels."""
        self.pivot(self.basic.index(leaves), self.cobasic.index(enters))

    @property
    def basis(self) -> int:
        return sum(1 << label for label in self.cobasic)

    @property
    def vertex(self) -> int:
        """The mask of all variables that are zero."""
        return (
            self.fixed
            | self.basis
            | sum(1 << label for label, row in zip(self.basic, self.rows, strict=True) if row[self.d] == 0)
        )

    def neighbours(self) -> Iterator[tuple[int, int]]:
        """(entering, leaving) label for every cobasic variable, in the order of the labels."""
        for enters in sorted(self.cobasic):
            yield enters, self.basic[self._leaving(self.cobasic.index(enters))]

    def _leaving(self, s: int) -> int:
        """The row of the lexicographically least ratio."""
        rows = self.rows
        able = [r for r, row in enumerate(rows) if row[s] > 0]
        tied = _least(able, [rows[r][self.d] for r in able], [rows[r][s] for r in able])
        for slack in self.slacks:
            if len(tied) == 1:
                break
            if slack in self.cobasic:
                k = self.cobasic.index(slack)
                raised = [rows[r][k] for r in tied]
            else:
                raised = [self.det if self.basic[r] == slack else 0 for r in tied]
            tied = _least(tied, raised, [rows[r][s] for r in tied])
        return tied[0]


def _least(rows: list[int], over: list[int], under: list[int]) -> list[int]:
    """Those of the rows whose ratio over / under is least; all of `under` are positive."""
    best, p, q = [rows[0]], over[0], under[0]
    for r, a, b in zip(rows[1:], over[1:], under[1:], strict=True):
        difference = a * q - p * b
        if difference < 0:
            best, p, q = [r], a, b
        elif difference == 0:
            best.append(r)
    return best


def visit(dictionary: Dictionary, stack: list[int], bases: set[int], vertices: dict[int, None], steps: int) -> int:
    """Visit up to `steps` bases not seen before: how many were. All but `steps` is modified in place.

    The stack holds, 64 · entering + leaving label, the pivots to neighbours that were not seen yet and, marked by
    `BACK`, those that lead back; it is empty when all are seen. `vertices` are kept in the order of finding.
    """
    visited = 0
    while stack:
        code = stack[-1]
        enters, leaves = code >> 6 & 63, code & 63
        if code >= BACK:
            stack.pop()
            dictionary.exchange(enters, leaves)
            continue
        new = dictionary.basis ^ 1 << enters ^ 1 << leaves
        if new in bases:
            stack.pop()
            continue
        if visited == steps:
            break
        visited += 1
        stack[-1] = BACK | leaves << 6 | enters
        dictionary.exchange(enters, leaves)
        enter(dictionary, stack, bases, vertices)
    return visited


def enter(dictionary: Dictionary, stack: list[int], bases: set[int], vertices: dict[int, None]) -> None:
    """Note the basis and its vertex as seen, and put the pivots to neighbours not seen on the stack."""
    basis = dictionary.basis
    bases.add(basis)
    vertices[dictionary.vertex] = None
    for enters, leaves in dictionary.neighbours():
        if basis ^ 1 << enters ^ 1 << leaves not in bases:
            stack.append(enters << 6 | leaves)


def distribution(payoffs: Matrix, zero: int, tight: int) -> list[Fraction]:
    """The mixture [rows] at a vertex of {x ≥ 0, x M ≤ 1}: entries of mask `zero` are 0, columns of `tight` are equal.

    RuntimeError where that does not determine it.
    """
    support = [i for i in range(len(payoffs)) if not zero >> i & 1]
    equations = [
        [Fraction(payoffs[i][j]) for i in support] + [Fraction(1)] for j in range(len(payoffs[0])) if tight >> j & 1
    ]
    if len(eliminated(equations, range(len(support)))) < len(support):
        raise RuntimeError("a vertex with too few equations")
    total = sum(equations[c][-1] for c in range(len(support)))
    weights = dict(zip(support, (equations[c][-1] / total for c in range(len(support))), strict=True))
    return [weights.get(i, Fraction(0)) for i in range(len(payoffs))]
