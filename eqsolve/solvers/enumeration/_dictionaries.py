"""The vertices of a polytope {z ≥ 0, M z ≤ 1}, M > 0, visited along its edges, in one condensed dictionary of floats.

The variables are z [d] and the slacks of its e inequalities; at a vertex of a simple polytope d of them, the cobasic
ones, are zero, and they name the vertex. (The pivots are those of Avis and Fukuda 1992, whose reverse search needs no
memory of the vertices; here a hash of names tells which were seen, which saves looking for the way back.) With the
right sides b in a column of their own, the dictionary is

    basic[r] + Σ_c T[r, c] · cobasic[c] = T[r, d] + ε T[r, d + 1].

1. One sweep of ratio tests tells for every cobasic variable which basic one would leave, and so the neighbours' names.
2. Those not seen yet go on a stack; each is entered by a pivot and, when all beyond it is seen, left by the same pivot.
3. The right sides are raised by ε times random numbers, ε too little to matter to anything but ties, which makes the
   polytope simple. What is visited are bases of vertices of the polytope itself, each of which has one. Whether ratios
   are tied floats cannot tell: after a pivot at a tie a right side is zero, and of each that is but for rounding, and
   of such entries in its row, it is proven in integers (_residues.py). Where that fails, the visit ends.

Variables are numbered by labels below 62; a basis is the bit mask of its cobasic ones, never 0, a vertex that of all
that are zero there. The dictionary is a flat array of rows in lanes of four, each padded by zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import fma, load, splat, store
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.enumeration._ratios import ENTRY, LANES, leaving, leaving_at_ties
from eqsolve.solvers.enumeration._residues import all_zero

#: Pivots until the dictionary is made afresh from M, and how far its right sides may have drifted by then.
FRESH = 50
DRIFT = 1e-11

#: Inverse right sides and ratios from which on it is looked how far right sides may be off; coming back from there the
#: dictionary is made afresh.
#: No number of a dictionary is larger than its inverse ratios: no variable is above 1 where the edge of a column ends.
STEEP = 1e5
#: Rounding of the sums by which that is looked at.
SUM_ROUNDING = 2.0**-51
#: Where right sides may be off by more, the dictionary is made afresh.
LARGEST_ERROR = 1e-12

#: How `visit` ended: the steps are used up; every basis is seen; longer arrays are needed; a tie is to be proven but
#: there are no residues; floats cannot tell what is next.
PAUSED, ENDED, FULL, TIED, UNCLEAR = range(5)

#: Set in an entry of the stack that leads back.
BACK = 1 << 12


def width(d: int) -> int:
    """Numbers in a row of the dictionary of a polytope in d dimensions."""
    return len(LANES) * ((d + 1) // len(LANES) + 1)


@jit
def first_dictionary(matrix, table):
    """The dictionary at z = 0, where the slacks are basic: `table` is modified in place."""
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
    """Column s enters and row r leaves; the same pivot once more undoes it. `into` is modified; it may be `table`."""
    groups = (d + 1) // 4 + 1
    row = 4 * groups
    inverse = 1.0 / table[r * row + s]
    for i in range(e):
        if i != r:
            factor = -table[i * row + s] * inverse
            for k in range(groups):
                there = fma(
                    splat(factor, LANES), load(table, r * groups + k, LANES), load(table, i * groups + k, LANES)
                )
                store(into, i * groups + k, there)
            into[i * row + s] = factor
    for k in range(groups):
        store(into, r * groups + k, load(table, r * groups + k, LANES) * splat(inverse, LANES))
    into[r * row + s] = inverse


@jit
def refreshed(matrix, labels, table, basic, cobasic, work):
    """Make `table`, of these bases, afresh from M; False if its right sides had drifted.

    `labels` [d + e] are the numbers of the variables z, then of the slacks. `work` is scratch as long as `table`.
    """
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
    """The largest number in the dictionary but for parts of ε, signs aside."""
    row, found = 4 * ((d + 1) // 4 + 1), 0.0
    for r in range(e):
        for c in range(d + 1):
            found = max(found, abs(table[r * row + c]))
    return found


@jit
def error_of(matrix, labels, table, basic, size, rest):
    """What right sides may be off by: by how much the inequalities, with their slacks, fail to be equations there,
    times four times the largest number of the dictionary, as its numbers are those of the inverse of the basis.
    `rest` is scratch.
    """
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
def rehashed(masks, into):
    """Put the masks but zeros into the hash `into`, which is modified in place."""
    for mask in masks:
        if mask != 0:
            into[slot(into, mask)] = mask


@jit
def settled(matrix, labels, table, basic, cobasic, mask, modular, held, primes, work, claims, spare):
    """`leaving` where right sides or ratios are small, or may be tied: (ENDED, or how `visit` ends; the vertex of the
    basis; the largest number of the dictionary, which may have been made afresh).
    """
    e, d = claims.shape[0], claims.shape[1] - 1
    row, vertex = 4 * ((d + 1) // 4 + 1), mask
    size = largest(table, e, d)
    error = error_of(matrix, labels, table, basic, size, work[0])
    if error > LARGEST_ERROR:
        refreshed(matrix, labels, table, basic, cobasic, spare)
        size = largest(table, e, d)
        error = error_of(matrix, labels, table, basic, size, work[0])
    told, _ = leaving(table, d, e, work, error)
    if told:
        return ENDED, vertex, size
    if primes.size == 0:
        return TIED, vertex, size
    if not leaving_at_ties(table, d, e, work, error):
        return UNCLEAR, vertex, size
    small = max(ENTRY, error)
    for r in range(e):
        zero = table[r * row + d] == 0.0
        claims[r, d] = zero
        for c in range(d):
            claims[r, c] = zero and abs(table[r * row + c]) <= small
        if zero:
            vertex |= 1 << basic[r]
    if vertex != mask and not all_zero(modular, held, primes, basic, cobasic, claims):
        return UNCLEAR, vertex, size
    return ENDED, vertex, size


@jit
def put(basic, cobasic, mask, seen, stack, height, d, rows):
    """The height of the stack with the neighbours not in `seen`, which are put there too; `rows` [d] leave."""
    for c in range(d):
        r = int(rows[c])
        new = mask ^ (1 << cobasic[c]) ^ (1 << basic[r])
        there = slot(seen, new)
        stack[height] = 64 * c + r
        height += seen[there] == 0
        seen[there] = new
    return height


@jit
def visit(
    matrix, labels, modular, held, primes, table, basic, cobasic, stack, seen, tied, place, other, full, matched, steps
):
    """Visit up to `steps` more bases: how it ended. Arrays from `table` to `place`, and `matched`, are modified.

    `modular`, `held` and `primes`, by _residues.py, are needed at ties, and modified; before, there are none.
    `place`: [height of the stack, masks in `seen`, pivots since the dictionary was fresh, rows of `tied`, bases
    visited, entries of `matched`]. The stack holds, 64 · column + row, the pivots to neighbours not visited yet, which
    are in `seen` all the same, and, marked by `BACK`, the pivots that lead back; at the start one entry −1 alone.
    Where the vertex has more labels than the basis, both are written to `tied` [T, 2]. `other` is a hash of vertices
    of the other player (length 1 where there is none): another vertex whose labels are all that one of those lacks
    among `full` is written to `matched`.
    """
    e, d = matrix.shape
    height, count, pivots, ties, matches, left, end = place[0], place[1], place[2], place[3], 0, steps, ENDED
    here, spare, swapped = table, np.zeros(table.size), False
    work, claims, scratch = np.empty((4, 64)), np.empty((e, d + 1), np.bool_), np.empty(table.size)
    grown = 0.0 if pivots == 0 else 2 * STEEP  # how large numbers were before the last pause is not kept
    place[4] = place[5] = mask = 0
    for c in range(d):
        mask |= 1 << cobasic[c]
    if stack[0] < 0:
        told, size = leaving(here, d, e, work, 0.0)
        if size > STEEP or not told:
            end, _, size = settled(
                matrix, labels, here, basic, cobasic, mask, modular, held, primes, work, claims, scratch
            )
            if end != ENDED:
                return end
        height = put(basic, cobasic, mask, seen, stack, 0, d, work[3])
        count += height
    while height > 0:
        code = stack[height - 1]
        if code < BACK and left == 0:
            end = PAUSED
            break
        if code < BACK and (2 * (count + d) > seen.size or ties == len(tied) or matches == matched.size):
            end = FULL
            break
        s, r = (code >> 6) & 63, code & 63
        new = mask ^ (1 << cobasic[s]) ^ (1 << basic[r])
        cobasic[s], basic[r] = basic[r], cobasic[s]
        if code >= BACK:
            pivot(here, here, d, e, r, s)
            mask, height, pivots = new, height - 1, pivots + 1
        else:
            pivot(here, spare, d, e, r, s)
            vertex = new
            told, size = leaving(spare, d, e, work, 0.0)
            if size > STEEP or not told:
                end, vertex, size = settled(
                    matrix, labels, spare, basic, cobasic, new, modular, held, primes, work, claims, scratch
                )
                if end != ENDED:
                    cobasic[s], basic[r] = basic[r], cobasic[s]
                    break
            top = put(basic, cobasic, new, seen, stack, height, d, work[3])
            if top > height:
                here, spare, swapped = spare, here, not swapped
                stack[height - 1] = code | BACK
                mask, height, count, pivots, grown = new, top, count + top - height, pivots + 1, max(grown, size)
            else:  # nothing is beyond: `here` is left as it was
                cobasic[s], basic[r] = basic[r], cobasic[s]
                height -= 1
            left -= 1
            if vertex != new:
                tied[ties, 0], tied[ties, 1] = new, vertex
                ties += 1
            elif other.size > 1 and other[slot(other, full ^ new)] != 0:
                matched[matches] = new
                matches += 1
        if pivots >= FRESH or (code >= BACK and grown > STEEP):
            pivots = 0
            if not refreshed(matrix, labels, here, basic, cobasic, spare) and grown <= STEEP:
                end = UNCLEAR
                break
            grown = largest(here, e, d)
    if swapped:
        table[:] = here
    place[0], place[1], place[2], place[3], place[4], place[5] = height, count, pivots, ties, steps - left, matches
    return end


def hashed(masks: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """The masks but zeros as a hash of this length, a power of 2 and at least twice as many."""
    found = np.zeros(length, dtype=np.int64)
    rehashed(masks, found)
    return found
