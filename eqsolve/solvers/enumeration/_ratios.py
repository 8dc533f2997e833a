"""Ratio tests on a condensed dictionary of floats, for all of its columns: which basic variable leaves as each enters.

Rows of the dictionary (_dictionaries.py) are the d entries, the right side and the part of it that counts ε
times, in lanes of four, padded by zeros. The ratio is right side over entry, where that is positive; the least leaves.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import larger, load, smaller, splat, spread, store, where_positive

#: Ratios that differ by less than this fraction are a tie, or may be one; right sides below it are 0, or may be.
DOUBTFUL_RATIOS = 1e-10
#: Smaller entries in the row of a variable that is basic and zero are 0, or may be.
ENTRY = 1e-9
#: Ratios of the ε parts that differ by less than this fraction of them are not told apart.
DOUBTFUL_EPSILONS = 1e-9

FOUR_LANES = (0, 0, 0, 0)


@jit
def leaving(table, d, e, work, error):
    """Find the row that leaves for each column of table [e rows in lanes], written to work[3] as a number.

    Returns (whether there is surely no tie; the largest inverse of a right side or of a ratio, inf where a right side
    is 0). work [4, 64] is modified in place. `error`: what numbers may be off by. A ratio of an entry to a right side
    of at least b is then off by error / b times one more than itself.
    """
    inverse, best, second, rows = work[0], work[1], work[2], work[3]
    groups = (d + 1) // 4 + 1
    steepest = 0.0
    for r in range(e):
        right = table[r * 4 * groups + d]
        if right <= max(DOUBTFUL_RATIOS, error):
            return False, np.inf
        inverse[r] = 1.0 / right
        steepest = max(steepest, inverse[r])
    slack, size = 2.0 * error * steepest, steepest
    for k in range(groups):
        # of the inverse ratios the largest, the one after it, and the row of the first
        first, runner, row = splat(0.0, FOUR_LANES), splat(0.0, FOUR_LANES), splat(0.0, FOUR_LANES)
        for r in range(e):
            ratio = load(table, r * groups + k, FOUR_LANES) * spread(inverse, r, FOUR_LANES)
            row = where_positive(ratio - first, splat(float(r), FOUR_LANES), row)
            runner = larger(runner, smaller(first, ratio))
            first = larger(first, ratio)
        store(best, k, first)
        store(second, k, runner)
        store(rows, k, row)
    tied = False
    for c in range(d):
        tied |= second[c] >= best[c] - DOUBTFUL_RATIOS * best[c] - slack * (1.0 + best[c])
        size = max(size, best[c])
    return not tied, size


@jit
def leaving_at_ties(table, d, e, work, error):
    """Find the row that leaves for each column where ratios may be tied; False where the parts of ε leave it open.

    The rows become numbers in work[3]. Right sides that may be zero are set to 0. Where one is zero its part of ε is
    positive, or a tie was overlooked before. table [e rows in lanes] and work [4, 64] are modified in place.
    """
    rows = work[3]
    row = 4 * ((d + 1) // 4 + 1)
    for r in range(e):
        if table[r * row + d] <= max(DOUBTFUL_RATIOS, error):
            table[r * row + d] = 0.0
            if table[r * row + d + 1] <= 0.0:
                return False
    small = max(ENTRY, error)
    for c in range(d):
        least = np.inf
        for r in range(e):
            entry, right = table[r * row + c], table[r * row + d]
            if entry > (error if right > 0.0 else small):
                ratio = right / entry
                # the least ratio is off by no more than the one that is told least surely below it
                least = min(least, ratio + DOUBTFUL_RATIOS * ratio + error * (1.0 + ratio) / entry)
        best, second = np.inf, np.inf
        for r in range(e):
            entry, right = table[r * row + c], table[r * row + d]
            if entry <= (error if right > 0.0 else small):
                continue
            ratio = right / entry
            if ratio - error * (1.0 + ratio) / entry <= least:
                raised = table[r * row + d + 1] / entry
                second = min(second, max(best, raised))
                if raised < best:
                    best, rows[c] = raised, float(r)
        if best == np.inf or (second < np.inf and second - best <= DOUBTFUL_EPSILONS * (abs(best) + abs(second))):
            return False
    return True
