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

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.solvers.enumeration._exact_dictionaries import BACK
from eqsolve.solvers.enumeration._float_dictionary import FloatDictionary, error_of, largest, pivot, refreshed
from eqsolve.solvers.enumeration._ratios import ENTRY, leaving, leaving_at_ties
from eqsolve.solvers.enumeration._residues import Residues, all_zero

#: Pivots until the dictionary is made afresh from M.
FRESH = 50
#: Beyond this, inverse right sides and ratios let errors matter: how far right sides may be off is estimated, and
#: coming back from there the dictionary is made afresh. No number of a dictionary is larger than its inverse ratios: no
#: variable is above 1 where the edge of a column ends.
STEEP = 1e5
#: The dictionary is made afresh where right sides may be off by more.
LARGEST_ERROR = 1e-12
#: How `visit` ended: the steps are used up; every basis is seen; longer arrays are needed; a tie is to be proven but
#: there are no residues; floats cannot decide what is next.
PAUSED, ENDED, FULL, TIED, UNCLEAR = range(5)


class Lists(NamedTuple):
    """What a visit keeps; of each list only a first part is in use."""

    stack: NDArray[np.int64]  # pivots to come, 64 · column + row, those that lead back with `BACK`; at first −1 alone
    seen: NDArray[np.int64]  # hash of the masks of all bases visited or on the stack
    tied: NDArray[np.int64]  # [T, 2]: bases of vertices that have more labels, and the masks of these vertices
    matched: NDArray[np.int64]  # vertices found by this call that form an equilibrium with one of the other polytope


class Progress(NamedTuple):
    """How much of the `Lists` is in use."""

    height: int  # entries of the stack
    seen: int  # masks in the hash
    pivots: int  # since the dictionary was made afresh
    tied: int  # rows of `tied`


class Other(NamedTuple):
    """The vertices of the other player's polytope: a hash of their masks, of length 1 where there is none to match."""

    vertices: NDArray[np.int64]
    full: int  # the mask of all labels


class Space(NamedTuple):
    """Work space: `ratios` [4, 64], `claims` bool [e, d + 1], and a table."""

    ratios: NDArray[np.float64]
    claims: NDArray[np.bool_]
    table: NDArray[np.float64]


@jit
def slot(seen, mask):
    """Return where `mask` is in the hash seen int64 [a power of 2], or where it belongs; an empty place holds 0."""
    last = seen.size - 1
    h = mask * 0x1E3779B97F4A7C15
    place = (h ^ (h >> 29)) & last
    while seen[place] != 0 and seen[place] != mask:
        place = (place + 1) & last
    return place


@jit
def rehashed(masks, into):
    """Put all masks int64 [K] but zeros into the hash `into`, which is modified in place."""
    for mask in masks:
        if mask != 0:
            into[slot(into, mask)] = mask


@jit
def settled(dictionary, mask, residues, space):
    """Find the leaving rows where right sides or ratios are small, or may be tied.

    Returns (ENDED, or how `visit` ends; the vertex of the basis of this mask; the largest number of the dictionary).
    The rows become numbers in space.ratios[3]. The `FloatDictionary`, whose table may be made afresh, `residues` and
    `space` are modified in place.
    """
    e, d = dictionary.matrix.shape
    table, basic = dictionary.table, dictionary.basic
    ratios, claims = space.ratios, space.claims
    row, vertex = 4 * ((d + 1) // 4 + 1), mask
    size = largest(table, e, d)
    error = error_of(dictionary, size, ratios[0])
    if error > LARGEST_ERROR:
        refreshed(dictionary, space.table)
        size = largest(table, e, d)
        error = error_of(dictionary, size, ratios[0])
    is_decided, _ = leaving(table, d, e, ratios, error)
    if is_decided:
        return ENDED, vertex, size
    if residues.primes.size == 0:
        return TIED, vertex, size
    if not leaving_at_ties(table, d, e, ratios, error):
        return UNCLEAR, vertex, size
    small = max(ENTRY, error)
    for r in range(e):
        zero = table[r * row + d] == 0.0
        claims[r, d] = zero
        for c in range(d):
            claims[r, c] = zero and abs(table[r * row + c]) <= small
        if zero:
            vertex |= 1 << basic[r]
    if vertex != mask and not all_zero(residues, basic, dictionary.cobasic, claims):
        return UNCLEAR, vertex, size
    return ENDED, vertex, size


@jit
def push_neighbours(basic, cobasic, mask, seen, stack, height, rows):
    """Put the pivots to neighbours of the basis `mask` that are not seen yet on the stack; return its new height.

    Column c enters and rows[c] [d] leaves; basic [e] and cobasic [d] are those of the dictionary. seen and stack are
    those of `Lists`, modified in place.
    """
    for c in range(rows.size):
        r = int(rows[c])
        new = mask ^ (1 << cobasic[c]) ^ (1 << basic[r])
        there = slot(seen, new)
        stack[height] = 64 * c + r
        height += seen[there] == 0
        seen[there] = new
    return height


@jit
def visit(dictionary, modular, lists, progress, other, steps):
    """Visit up to `steps` more bases: (how it ended, the new `Progress`, bases visited, entries of `lists.matched`).

    All records come and go as plain tuples, which numba takes apart in less time. `FloatDictionary`, `Residues` and
    `Lists` are modified in place; the residues are needed at ties, and have no primes before. Where the vertex has more
    labels than the basis, both are written to `lists.tied`; another vertex whose labels are all that a vertex of
    `other` lacks is written to `lists.matched`.
    """
    matrix, labels, table, basic, cobasic = dictionary
    stack, seen, tied, matched = lists
    partners, full = other
    residues = Residues(*modular)
    height, count, pivots, ties = progress
    e, d = matrix.shape
    matches, left, end = 0, steps, ENDED
    here, spare, swapped = table, np.zeros(table.size), False
    ratios = np.empty((4, 64))
    space, rows = Space(ratios, np.empty((e, d + 1), np.bool_), np.empty(table.size)), ratios[3, :d]
    grown = 0.0 if pivots == 0 else 2 * STEEP  # how large numbers were before the last pause is not kept
    mask = 0
    for c in range(d):
        mask |= 1 << cobasic[c]
    if stack[0] < 0:
        is_decided, size = leaving(here, d, e, ratios, 0.0)
        if size > STEEP or not is_decided:
            end, _, size = settled(FloatDictionary(matrix, labels, here, basic, cobasic), mask, residues, space)
            if end != ENDED:
                return end, (height, count, pivots, ties), 0, 0
        height = push_neighbours(basic, cobasic, mask, seen, stack, 0, rows)
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
            is_decided, size = leaving(spare, d, e, ratios, 0.0)
            if size > STEEP or not is_decided:
                there = FloatDictionary(matrix, labels, spare, basic, cobasic)
                end, vertex, size = settled(there, new, residues, space)
                if end != ENDED:
                    cobasic[s], basic[r] = basic[r], cobasic[s]
                    break
            top = push_neighbours(basic, cobasic, new, seen, stack, height, rows)
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
            elif partners.size > 1 and partners[slot(partners, full ^ new)] != 0:
                matched[matches] = new
                matches += 1
        if pivots >= FRESH or (code >= BACK and grown > STEEP):
            pivots = 0
            held = refreshed(FloatDictionary(matrix, labels, here, basic, cobasic), spare)
            if not held and grown <= STEEP:
                end = UNCLEAR
                break
            grown = largest(here, e, d)
    if swapped:
        table[:] = here
    return end, (height, count, pivots, ties), steps - left, matches


def hashed(masks: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Return all masks but zeros as a hash of this length, a power of 2 and at least twice as many."""
    found = np.zeros(length, dtype=np.int64)
    rehashed(masks, found)
    return found
