"""The dictionary of a polytope at a basis, in floats: made, pivoted, made afresh, and how far it may be off.

_dictionaries.py says what is in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import fma, load, splat, store
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.enumeration._ratios import FOUR_LANES

#: How far right sides may have drifted by the time that a dictionary is made afresh.
DRIFT = 1e-11
#: Rounding of the sums by which that is estimated.
SUM_ROUNDING = 2.0**-51


class FloatDictionary(NamedTuple):
    """The dictionary of {z [d] ≥ 0, M z ≤ 1} at a basis, e inequalities."""

    matrix: NDArray[np.float64]  # M [e, d]
    labels: NDArray[np.int64]  # [d + e]: the numbers of the variables z, then of the slacks
    table: NDArray[np.float64]  # [e · width(d)]: T, row by row in lanes
    basic: NDArray[np.int64]  # [e or more]: the basic variable of each row
    cobasic: NDArray[np.int64]  # [d or more]: the cobasic variable of each column


def width(d: int) -> int:
    """Return how many numbers a row of the dictionary of a polytope in d dimensions has."""
    return len(FOUR_LANES) * ((d + 1) // len(FOUR_LANES) + 1)


@jit
def first_dictionary(matrix, table):
    """Write the dictionary of matrix [e, d] at z = 0, where the slacks are basic, to table [e · width(d)]."""
    e, d = matrix.shape
    row = 4 * ((d + 1) // 4 + 1)
    table[:] = 0.0
    key = key_of(np.uint64(0), np.uint64(0), np.uint64(0))
    for r in range(e):
        for c in range(d):
            table[r * row + c] = matrix[r, c]
        table[r * row + d] = 1.0
        table[r * row + d + 1] = 1.0 + variate(key, r)


@jit
def pivot(table, into, d, e, r, s):
    """Let column s enter and row r leave in table [e · width(d)], the result written to `into`, which may be `table`.

    This pivot once more undoes it.
    """
    groups = (d + 1) // 4 + 1
    row = 4 * groups
    inverse = 1.0 / table[r * row + s]
    for i in range(e):
        if i != r:
            factor = -table[i * row + s] * inverse
            for k in range(groups):
                there, own = load(table, r * groups + k, FOUR_LANES), load(table, i * groups + k, FOUR_LANES)
                store(into, i * groups + k, fma(splat(factor, FOUR_LANES), there, own))
            into[i * row + s] = factor
    for k in range(groups):
        store(into, r * groups + k, load(table, r * groups + k, FOUR_LANES) * splat(inverse, FOUR_LANES))
    into[r * row + s] = inverse


@jit
def refreshed(dictionary, work):
    """Compute the table of a `FloatDictionary`, modified in place, afresh from M; tell whether its right sides held.

    work [e · width(d)] is work space.
    """
    matrix, labels, table, basic, cobasic = dictionary
    e, d = matrix.shape
    width = 4 * ((d + 1) // 4 + 1)
    column = np.full(64, -1)
    row = np.full(64, -1)
    for c in range(d):
        column[cobasic[c]] = c
    for r in range(e):
        row[basic[r]] = r
    first_dictionary(matrix, work)
    now_column = labels[:d].copy()
    now_row = labels[d:].copy()
    for c in range(d):
        if column[now_column[c]] >= 0:
            continue
        best = -1
        for r in range(e):
            if column[now_row[r]] >= 0 and (best < 0 or abs(work[r * width + c]) > abs(work[best * width + c])):
                best = r
        pivot(work, work, d, e, best, c)
        now_column[c], now_row[best] = now_row[best], now_column[c]
    drift = 0.0
    for r in range(e):
        there = row[now_row[r]] * width
        drift = max(drift, abs(table[there + d] - work[r * width + d]))
        table[there + d] = work[r * width + d]
        table[there + d + 1] = work[r * width + d + 1]
        for c in range(d):
            table[there + column[now_column[c]]] = work[r * width + c]
    return drift <= DRIFT


@jit
def largest(table, e, d):
    """Return the largest absolute value in table [e · width(d)] but for parts of ε."""
    row, found = 4 * ((d + 1) // 4 + 1), 0.0
    for r in range(e):
        for c in range(d + 1):
            found = max(found, abs(table[r * row + c]))
    return found


@jit
def error_of(dictionary, size, rest):
    """Return what right sides of a `FloatDictionary` may be off by, whose largest number is `size`.

    That is by how much the inequalities, with their slacks, fail to be equations at the basis, times four times `size`,
    as the dictionary's numbers are those of the inverse of the basis. rest [e or more] is work space.
    """
    matrix, labels, table, basic, _ = dictionary
    e, d = matrix.shape
    row = 4 * ((d + 1) // 4 + 1)
    for r in range(e):
        rest[r] = -1.0
    for r in range(e):
        place = (basic[r] - labels[0]) % (d + e)
        if place >= d:
            rest[place - d] += table[r * row + d]
        else:
            for j in range(e):
                rest[j] += matrix[j, place] * table[r * row + d]
    worst = 0.0
    for r in range(e):
        worst = max(worst, abs(rest[r]))
    return 4.0 * size * (worst + SUM_ROUNDING)
