"""Ratio tests on a condensed dictionary of floats, for all of its columns: which basic variable leaves as each enters.

Rows of the dictionary (solvers/dictionaries.py) are the d entries, the right side and the part of it that counts ε
times, in lanes of four, padded by zeros. The ratio is right side over entry, where that is positive; the least leaves.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import larger, load, smaller, splat, spread, store, where_positive

#: Ratios that differ by less than this fraction are a tie, or may be one; right sides below it are 0, or may be.
TIE = 1e-10
#: Smaller entries in the row of a variable that is basic and zero are 0, or may be.
ENTRY = 1e-9
#: Ratios of the ε parts that differ by less than this fraction of them are not told apart.
APART = 1e-9

LANES = (0, 0, 0, 0)


@jit
def leaving(table, d, e, work):
    """Which row leaves for each column, as a number in work[3]; False at a tie. `work` [4, 64] is modified in place."""
    inverse, best, second, rows = work[0], work[1], work[2], work[3]
    groups = (d + 1) // 4 + 1
    for r in range(e):
        right = table[r * 4 * groups + d]
        if right <= TIE:
            return False
        inverse[r] = 1.0 / right
    for k in range(groups):
        # of the inverse ratios the largest, the one after it, and the row of the first
        first, runner, row = splat(0.0, LANES), splat(0.0, LANES), splat(0.0, LANES)
        for r in range(e):
            ratio = load(table, r * groups + k, LANES) * spread(inverse, r, LANES)
            row = where_positive(ratio - first, splat(float(r), LANES), row)
            runner = larger(runner, smaller(first, ratio))
            first = larger(first, ratio)
        store(best, k, first)
        store(second, k, runner)
        store(rows, k, row)
    tied = False
    for c in range(d):
        tied |= second[c] >= best[c] * (1.0 - TIE)
    return not tied


@jit
def leaving_at_ties(table, d, e, work):
    """The same where ratios may be tied; False where the parts of ε leave it open.

    Right sides that may be zero are from then on, to the last bit. The part of ε of one that is zero is positive, or
    a tie was taken for none.
    """
    rows = work[3]
    row = 4 * ((d + 1) // 4 + 1)
    for r in range(e):
        if table[r * row + d] <= TIE:
            table[r * row + d] = 0.0
            if table[r * row + d + 1] <= 0.0:
                return False
    for c in range(d):
        least = np.inf
        for r in range(e):
            entry, right = table[r * row + c], table[r * row + d]
            if entry > (0.0 if right > 0.0 else ENTRY):
                least = min(least, right / entry)
        best, second = np.inf, np.inf
        for r in range(e):
            entry, right = table[r * row + c], table[r * row + d]
            if entry > (0.0 if right > 0.0 else ENTRY) and right / entry * (1.0 - TIE) <= least:
                raised = table[r * row + d + 1] / entry
                second = min(second, max(best, raised))
                if raised < best:
                    best, rows[c] = raised, float(r)
        if best == np.inf or (second < np.inf and second - best <= APART * (abs(best) + abs(second))):
            return False
    return True
