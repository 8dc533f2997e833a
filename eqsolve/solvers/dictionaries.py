"""The vertices of a polytope {z ≥ 0, M z ≤ 1}, M > 0, visited depth first along its edges, in one condensed dictionary.

The variables are z [d] and the slacks of its e inequalities; at a vertex of a simple polytope d of them, the cobasic
ones, are zero, and they name the vertex. (The pivots are those of Avis and Fukuda 1992, whose reverse search needs no
memory of the vertices; here a hash of names tells which were seen, which saves looking for the way back.) With the
right sides in a column of their own, the dictionary is

    basic[r] + Σ_c T[r, c] · cobasic[c] = T[r, d].

1. One sweep of ratio tests tells for every cobasic variable which basic one would leave, and so the neighbours' names.
2. Those not seen yet go on a stack; each is entered by a pivot and, when all beyond it is seen, left by the same pivot.
3. A ratio test that is nearly tied ends it: the polytope may not be simple, and floats cannot tell.

Variables are numbered by labels below 62; a vertex is the bit mask of its cobasic ones, never 0. The dictionary is a
flat array of rows in lanes of four, each padded by zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import fma, load, splat, spread, store, where_positive

#: Ratios that differ by less than this fraction are a tie, or may be one.
TIE = 1e-10
#: Pivots until the dictionary is made afresh from M, and how far its right sides may have drifted by then.
FRESH = 200
DRIFT = 1e-12

#: How `visit` ended: the steps are used up; every vertex is seen; longer arrays are needed; a ratio test is tied.
PAUSED, ENDED, FULL, TIED = range(4)

LANES = (0, 0, 0, 0)
#: Set in an entry of the stack that leads back.
BACK = 1 << 12


def width(d: int) -> int:
    """Numbers in a row of the dictionary of a polytope in d dimensions."""
    return len(LANES) * (d // len(LANES) + 1)


@jit
def first_dictionary(matrix, table):
    """The dictionary at z = 0, where the slacks are basic: `table` is modified in place."""
    e, d = matrix.shape
    row = 4 * (d // 4 + 1)
    table[:] = 0.0
    for r in range(e):
        for c in range(d):
            table[r * row + c] = matrix[r, c]
        table[r * row + d] = 1.0


@jit
def pivot(table, d, e, r, s):
    """Column s enters and row r leaves; the same call once more undoes it. `table` is modified in place."""
    groups = d // 4 + 1
    row = 4 * groups
    inverse = 1.0 / table[r * row + s]
    for i in range(e):
        if i != r:
            factor = -table[i * row + s] * inverse
            for k in range(groups):
                there = fma(
                    splat(factor, LANES), load(table, r * groups + k, LANES), load(table, i * groups + k, LANES)
                )
                store(table, i * groups + k, there)
            table[i * row + s] = factor
    for k in range(groups):
        store(table, r * groups + k, load(table, r * groups + k, LANES) * splat(inverse, LANES))
    table[r * row + s] = inverse


@jit
def refreshed(matrix, labels, table, basic, cobasic, work):
    """Make `table`, of these bases, afresh from M; False if its right sides had drifted.

    `labels` [d + e] are the numbers of the variables z, then of the slacks. `work` is scratch as long as `table`.
    """
    e, d = matrix.shape
    width = 4 * (d // 4 + 1)
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
        pivot(work, d, e, best, c)
        now_column[c], now_row[best] = now_row[best], now_column[c]
    drift = 0.0
    for r in range(e):
        there = row[now_row[r]] * width
        drift = max(drift, abs(table[there + d] - work[r * width + d]))
        table[there + d] = work[r * width + d]
        for c in range(d):
            table[there + column[now_column[c]]] = work[r * width + c]
    return drift <= DRIFT


@jit
def slot(seen, mask):
    """Where `mask` is in the hash `seen` (its length a power of 2), or where it belongs; an empty place holds 0."""
    last = seen.size - 1
    h = mask * 0x1E3779B97F4A7C15
    place = (h ^ (h >> 29)) & last
    while seen[place] != 0 and seen[place] != mask:
        place = (place + 1) & last
    return place


@jit
def rehashed(seen, longer):
    """Put what is in the hash `seen` into `longer`, empty before and modified in place."""
    for mask in seen:
        if mask != 0:
            longer[slot(longer, mask)] = mask


@jit
def neighbours(table, d, e, basic, cobasic, mask, seen, stack, height, work):
    """Put the neighbours not in `seen` of the vertex `mask` on the stack: its height then, or −1 at a tie.

    `work` [4, 64] is scratch; it and `stack` are modified in place.
    """
    inverse, best, second, rows = work[0], work[1], work[2], work[3]
    groups = d // 4 + 1
    for r in range(e):
        inverse[r] = 1.0 / table[r * 4 * groups + d]
    for k in range(groups):
        # of the inverse ratios the largest, the one after it, and the row of the first
        first, runner, row = splat(0.0, LANES), splat(0.0, LANES), splat(0.0, LANES)
        for r in range(e):
            ratio = load(table, r * groups + k, LANES) * spread(inverse, r, LANES)
            gain = ratio - first
            runner = where_positive(gain, first, where_positive(ratio - runner, ratio, runner))
            first = where_positive(gain, ratio, first)
            row = where_positive(gain, splat(float(r), LANES), row)
        store(best, k, first)
        store(second, k, runner)
        store(rows, k, row)
    for c in range(d):
        if second[c] >= best[c] * (1.0 - TIE):
            return -1
        r = int(rows[c])
        new = mask ^ (1 << cobasic[c]) ^ (1 << basic[r])
        if seen[slot(seen, new)] == 0:
            stack[height] = 64 * c + r
            height += 1
    return height


@jit
def visit(matrix, labels, table, basic, cobasic, stack, seen, other, full, matched, place, steps):
    """Visit up to `steps` vertices not seen before: how it ended; all arrays but the first two are modified in place.

    `place`: [height of the stack, vertices in `seen`, pivots since the dictionary was fresh, entries of `matched`,
    vertices visited]. The stack holds, 64 · column + row, the pivots to neighbours that were not seen yet, and, marked
    by `BACK`, the pivots that lead back; at the start one entry −1 alone. `other` is the hash of the other player's
    vertices (length 1 where there is none): a vertex whose labels are all that one of those lacks among `full` is
    written to `matched`.
    """
    e, d = matrix.shape
    height, count, pivots, matches, left = place[0], place[1], place[2], place[3], steps
    scratch, work = np.empty(table.size), np.empty((4, 64))
    mask = 0
    for c in range(d):
        mask |= 1 << cobasic[c]
    end = ENDED
    while height > 0:
        code = stack[height - 1]
        if code < 0:
            height = neighbours(table, d, e, basic, cobasic, mask, seen, stack, 0, work)
            continue
        s, r = (code >> 6) & 63, code & 63
        new = mask ^ (1 << cobasic[s]) ^ (1 << basic[r])
        if code < BACK:
            spot = slot(seen, new)
            if seen[spot] != 0:
                height -= 1
                continue
            if left == 0:
                end = PAUSED
                break
            if 2 * count >= seen.size or height + d > stack.size or matches == matched.size:
                end = FULL
                break
            left -= 1
            seen[spot] = new
            count += 1
            if other.size > 1 and other[slot(other, full ^ new)] != 0:
                matched[matches] = new
                matches += 1
        pivot(table, d, e, r, s)
        cobasic[s], basic[r] = basic[r], cobasic[s]
        mask = new
        pivots += 1
        if pivots == FRESH:
            pivots = 0
            if not refreshed(matrix, labels, table, basic, cobasic, scratch):
                height = -1
                break
        if code < BACK:
            stack[height - 1] = code | BACK
            height = neighbours(table, d, e, basic, cobasic, mask, seen, stack, height, work)
        else:
            height -= 1
    if height < 0:
        end = TIED
    place[0], place[1], place[2], place[3], place[4] = height, count, pivots, matches, steps - left
    return end


def scaled(payoffs: Array) -> Array:
    """Payoffs between 1 and 2: positive, so that polytopes are bounded, and of one size, as tolerances are."""
    spread = float(np.ptp(payoffs))
    return np.ascontiguousarray(1.0 + (payoffs - payoffs.min()) / (spread if spread > 0 else 1.0))


def longer_hash(seen: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same in a hash of twice the length."""
    longer = np.zeros(2 * len(seen), dtype=np.int64)
    rehashed(seen, longer)
    return longer
