"""Rows of a packed profile: logits, regrets and arbitrary points to probabilities."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit


def unit_rows(rows, x):
    """Rows brought back to sum 1 from the rounding of many updates; a new array, plain numpy."""
    return x / np.repeat(np.add.reduceat(x, rows[:-1]), np.diff(rows))


@jit
def softmax_rows(rows, logits, x):
    """Write to x [n] exp(logits [n]), scaled to sum 1 in each row.

    rows int64 [R + 1]. Every row holds a finite logit.
    """
    for r in range(rows.size - 1):
        top = -np.inf
        for e in range(rows[r], rows[r + 1]):
            top = max(top, logits[e])
        total = 0.0
        for e in range(rows[r], rows[r + 1]):
            x[e] = np.exp(logits[e] - top)
            total += x[e]
        for e in range(rows[r], rows[r + 1]):
            x[e] /= total


@jit
def matching_rows(rows, regrets, x):
    """Write to x [n] max(regrets [n], 0), scaled to sum 1 in each row, uniform where none is positive.

    rows int64 [R + 1].
    """
    for r in range(rows.size - 1):
        total = 0.0
        for e in range(rows[r], rows[r + 1]):
            total += max(regrets[e], 0.0)
        for e in range(rows[r], rows[r + 1]):
            x[e] = max(regrets[e], 0.0) / total if total > 0.0 else 1.0 / (rows[r + 1] - rows[r])


@jit
def has_swaps(rows, swaps):
    """Tell whether swaps [Σ A²] has a place for every two entries of one row; it is empty where none are wanted.

    rows int64 [R + 1].
    """
    count = 0
    for r in range(rows.size - 1):
        count += (rows[r + 1] - rows[r]) ** 2
    return swaps.size >= count


@jit
def add_swaps(rows, x, q, swaps):
    """Add x[a] q[b] to swaps[row][a, b], [A, A] row after row, modified in place; x, q [n], rows int64 [R + 1]."""
    first = 0
    for r in range(rows.size - 1):
        size = rows[r + 1] - rows[r]
        paid = q[rows[r] : rows[r + 1]]
        for a in range(size):
            share = x[rows[r] + a]
            if share != 0.0:
                own = swaps[first + a * size : first + (a + 1) * size]
                for b in range(size):
                    own[b] += share * paid[b]
        first += size * size


@jit
def project_rows(rows, y, x):
    """Write to x [n] the distributions nearest to the rows of y [n] (Euclidean), rows [R + 1]; entries of −∞ get 0.

    x = max(y − θ, 0) with Σ x = 1: θ is raised from the mean over all entries to that over the entries still above
    it, until none drops out (Michelot 1986). Every row holds a finite entry.
    """
    for r in range(rows.size - 1):
        top = -np.inf
        for e in range(rows[r], rows[r + 1]):
            top = max(top, y[e])
        theta = -np.inf
        kept = rows[r + 1] - rows[r] + 1
        while True:
            # measured from the largest entry: θ < 0 then keeps it for certain, whatever the size of y
            total = -1.0
            above = 0
            for e in range(rows[r], rows[r + 1]):
                if y[e] - top > theta:
                    total += y[e] - top
                    above += 1
            if above >= kept:  # rounding may let an entry that has just dropped out back in
                break
            kept = above
            theta = total / above
        for e in range(rows[r], rows[r + 1]):
            x[e] = max(y[e] - top - theta, 0.0)
