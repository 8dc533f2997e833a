"""Whether a box of weights holds solutions of a `System`, and the solution where there is one: a box at a time.

Branch and bound by contraction, as Hansen and Sengupta 1981 and Neumaier 1990 (chapter 5) do it: where the bounds of
`multilinear` leave room for solutions, the box shrinks to that; one that hardly shrinks must be cut.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.solvers.enumeration._multilinear import (
    completed,
    contracted,
    impossible,
    linearised,
    preconditioned,
    scratch,
)

#: What is known of a box.
GONE, ONE, SMALL, CUT = range(4)
#: The width of boxes that are not cut any more, and how often one edge is halved before.
NARROW = 1e-7
DEEPEST = 24
#: A box that contraction leaves with more than this fraction of its width, in every direction, is cut.
SLOW = 0.7
#: Boxes that contract by this factor or more are tried for a proof that they hold one solution.
CONTRACTING = 0.5
#: The box of such a proof is larger than the one in question by this factor, and by so much.
WIDENED = 1.5
WIDENED_BY = 1e-9
BOX_NEWTON_STEPS = 50


@jit
def examined(system, low, high, x, r, radii, space):
    """Return what is known of the box of free coordinates [low, high].

    GONE, there is no solution in it; ONE, there is one there or close by, about the weights x, and no other in the
    box; SMALL, it is too narrow to cut; CUT, it is not. low and high become bounds of where the solutions in the
    box are; r (like x) and radii (like low) are scratch.
    """
    sizes, starts, free = system.sizes, system.starts, system.free
    d = low.size
    lower, upper = np.empty_like(x), np.empty_like(x)
    while True:
        if not completed(system, low, high, lower, upper) or impossible(system, lower, upper, space):
            return GONE
        centred(system, low, high, x, r, radii)
        linearised(system, x, r, False, space)
        if not preconditioned(space):
            break
        contracted(system, radii, space)
        least, factor = 1.0, 0.0
        for i in range(sizes.size):
            for c in range(free[i], free[i + 1]):
                m = x[starts[i] + 1 + c - free[i]] + space.shift[c]
                below, above = max(low[c], m - space.reach[c]), min(high[c], m + space.reach[c])
                if below > above:
                    return GONE
                if high[c] - low[c] > NARROW:
                    least = min(least, (above - below) / (high[c] - low[c]))
                if radii[c] > 0.0:
                    total = 0.0
                    for k in range(d):
                        total += space.matrix[c, k] * radii[k]
                    factor = max(factor, total / radii[c])
                low[c], high[c] = below, above
        if factor < CONTRACTING and alone(system, low, high, x, r, radii, space):
            return ONE
        if least > SLOW:
            break
    for c in range(d):
        if high[c] - low[c] > NARROW:
            return CUT
    return SMALL


@jit
def centred(system, low, high, x, r, radii):
    """Write to x [n] weights in the box low, high [d], about its middle.

    r [n] and radii [d] become how far the box goes from there at most.
    """
    for i in range(system.sizes.size):
        a, s = system.free[i], system.starts[i]
        k = system.sizes[i] - 1
        least, middle = 0.0, 0.0
        for c in range(a, a + k):
            least += low[c]
            middle += 0.5 * (low[c] + high[c])
        share = 0.5 if middle <= 1.0 else 0.5 * max(0.0, 1.0 - least) / (middle - least)
        x[s] = 1.0
        for c in range(k):
            x[s + 1 + c] = low[a + c] + share * (high[a + c] - low[a + c])
            x[s] -= x[s + 1 + c]
            radii[a + c] = max(high[a + c] - x[s + 1 + c], x[s + 1 + c] - low[a + c])
            r[s + 1 + c] = radii[a + c]


@jit
def alone(system, low, high, x, r, radii, space):
    """Tell whether a box around [low, high] is proved to hold just one solution; x, its middle, is then close to that.

    r and radii are modified in place; `space` holds what `contracted` left there.
    """
    sizes, starts, free = system.sizes, system.starts, system.free
    moved(system, x, space)
    for i in range(sizes.size):
        for c in range(free[i], free[i + 1]):
            s = starts[i] + 1 + c - free[i]
            radii[c] = WIDENED * max(high[c] - x[s], x[s] - low[c]) + WIDENED_BY
            r[s] = radii[c]
    linearised(system, x, r, True, space)
    if not preconditioned(space):
        return False
    contracted(system, radii, space)
    for c in range(low.size):
        if not abs(space.shift[c]) + space.reach[c] < radii[c]:
            return False
    moved(system, x, space)
    return True


@jit
def moved(system, x, space):
    """Add the shift of its free coordinates to x [n]; return how far the farthest one goes."""
    longest = 0.0
    for i in range(system.sizes.size):
        s = system.starts[i]
        x[s] = 1.0
        for c in range(system.free[i], system.free[i + 1]):
            x[s + 1 + c - system.free[i]] += space.shift[c]
            x[s] -= x[s + 1 + c - system.free[i]]
            longest = max(longest, abs(space.shift[c]))
    return longest


@jit
def improved(system, x, r, radii, space):
    """Bring x [n] as near to a solution as Newton's method comes.

    Return how far off it may be. r [n], radii [d] are scratch.
    """
    r[:] = 0.0
    radii[:] = 0.0
    before, doubt = np.inf, np.inf
    for _ in range(BOX_NEWTON_STEPS):
        linearised(system, x, r, False, space)
        if not preconditioned(space):
            break
        contracted(system, radii, space)
        doubt = space.reach.max()
        longest = moved(system, x, space)
        if not 0.0 < longest < before:
            break
        before = longest
    return doubt


@jit
def solutions(system, most, undecided, points, doubts, single):
    """Search all boxes of a system: how many solutions are in `points`, how many boxes are undecided.

    It ends after `most` boxes, `undecided` undecided ones, or where `points` [room, weights] is full; what is left
    counts as undecided. `doubts` says how far off a solution may be, `single` whether it is proved to be the only one
    in its box. The last three are modified in place.
    """
    d = system.free[-1]
    boxes = np.empty((DEEPEST * d + 2, 2 * d))
    boxes[0, :d] = 0.0
    boxes[0, d:] = 1.0
    space = scratch(system)
    x, r = np.empty(system.starts[-1]), np.empty(system.starts[-1])
    low, high, radii = np.empty(d), np.empty(d), np.empty(d)
    depth, seen, small, count = 1, 0, 0, 0
    while depth > 0:
        if seen == most or small == undecided or count == points.shape[0]:
            return count, small + depth
        seen += 1
        depth -= 1
        low[:] = boxes[depth, :d]
        high[:] = boxes[depth, d:]
        status = examined(system, low, high, x, r, radii, space)
        if status == CUT:
            halves(low, high, boxes, depth)
            depth += 2
        elif status != GONE:
            doubts[count] = improved(system, x, r, radii, space)
            points[count] = x
            single[count] = status == ONE
            small += status == SMALL
            count += 1
    return count, small


@jit
def halves(low, high, boxes, depth):
    """Cut the box [low, high] in two across its longest edge, as boxes[depth] and the next; `boxes` is modified."""
    d = low.size
    widest = 0
    for c in range(d):
        if high[c] - low[c] > high[widest] - low[widest]:
            widest = c
    for half in range(2):
        boxes[depth + half, :d] = low
        boxes[depth + half, d : 2 * d] = high
        boxes[depth + half, widest + d * half] = 0.5 * (low[widest] + high[widest])
