"""Multilinear equations and inequalities on a product of simplices, looked at in boxes.

On supports S_i, x_i has the free coordinates x_i(a), a ∈ S_i, but for the first action of S_i, whose weight is 1 less
their sum. For every player and pair of actions the gain of one over the other is linear in each opponent's weights.
Three questions about a box are answered so that rounding cannot make the answer wrong:

- `impossible`: some gain that must be 0 is not, or one that must not be positive is. Bounds of a gain come from
  contracting one opponent after the other, each put where it is least or most, within their box and their simplex.
- `linearised` and `contracted`: f(x) = f(m) + S (x − m) with a matrix S of slopes within bounds (Hansen 1968), so that
  x is in m − Y f(m) + (I − Y S)(B − m) for every solution x in the box B, whatever the matrix Y; here a regularised
  pseudo-inverse of S at m (Krawczyk 1969; Neumaier 1990, "Interval methods for systems of equations", chapter 5).
- with derivatives for slopes, a box that this maps into its own interior holds exactly one solution, a regular one.

Payoffs are in units of the payoff range. Arithmetic is that of the machine, not rounded outwards; in place of that
every gain and slope counts as known up to GAIN_ROUNDING only. Their true errors, of at most some hundred operations
with numbers of size 1, are several times smaller.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns

#: How exactly gains and slopes are known.
GAIN_ROUNDING = 1e-13
#: How exactly a box of weights is: a solution so far outside may count as inside, never the other way round.
EDGE = 1e-15
#: What is added to the squares of singular values, as a fraction of the largest row's.
RIDGE = 1e-14


class System(NamedTuple):
    """The gains on supports. `sizes` [N]: actions in each; `starts` [N + 1]: where a player's weights begin in a vector
    of all weights, `free` [N + 1] in one of the free coordinates. Of pair p: `owner[p]`, whose it is; `equal[p]`,
    whether it is an equation; gains at the opponents' pure profiles, the last one's fastest, from `first[p]` on in
    `gains`. The first free[N] pairs are the equations f of the first action of a support against each other one.
    """

    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]
    free: NDArray[np.int64]
    owner: NDArray[np.int64]
    equal: NDArray[np.bool_]
    first: NDArray[np.int64]
    gains: Array


class Scratch(NamedTuple):
    """For a system of d equations in n weights, with up to M gains of a pair: `lower`, `upper` [M] and `rank` [n];
    `f` [d], `slopes`, `spread`, `y`, `square`, `matrix` [d, d], `shift`, `reach` [d].
    """

    lower: Array
    upper: Array
    rank: NDArray[np.int64]
    f: Array
    slopes: Array
    spread: Array
    y: Array
    square: Array
    matrix: Array
    shift: Array
    reach: Array


@jit
def scratch(system):
    """Return work space for a `System`."""
    d = system.free[-1]
    most = 1
    for p in range(system.owner.size):
        most = max(most, system.first[p + 1] - system.first[p])
    return Scratch(
        np.empty(2 * most),
        np.empty(2 * most),
        np.empty(system.starts[-1], dtype=np.int64),
        np.empty(d),
        np.empty((d, d)),
        np.empty((d, d)),
        np.empty((d, d)),
        np.empty((d, d)),
        np.empty((d, d)),
        np.empty(d),
        np.empty(d),
    )


@jit
def completed(system, low, high, lightest, heaviest):
    """Tell whether the box of free coordinates [low, high] holds weights: it is narrowed to those, and
    `lightest` and `heaviest` become bounds of all weights. All four are modified in place.
    """
    for i in range(system.sizes.size):
        a, s = system.free[i], system.starts[i]
        k = system.sizes[i] - 1
        least, most = 0.0, 0.0
        for c in range(k):
            least += low[a + c]
            most += high[a + c]
        if least > 1.0 + EDGE:
            return False
        lightest[s] = max(0.0, 1.0 - most)
        heaviest[s] = max(0.0, min(1.0, 1.0 - least))
        for c in range(k):
            high[a + c] = max(low[a + c], min(high[a + c], 1.0 - (least - low[a + c])))
            lightest[s + 1 + c] = low[a + c]
            heaviest[s + 1 + c] = high[a + c]
    return True


@jit
def impossible(system, lightest, heaviest, space):
    """Tell whether no weights within these bounds satisfy the equations and inequalities. `space` is scratch."""
    lower, upper = space.lower, space.upper
    sizes, starts = system.sizes, system.starts
    for p in range(system.owner.size):
        length = system.first[p + 1] - system.first[p]
        for c in range(length):
            lower[c] = system.gains[system.first[p] + c]
            upper[c] = lower[c]
        for j in range(sizes.size - 1, -1, -1):
            if j != system.owner[p] and sizes[j] > 1:
                length //= sizes[j]
                least(lower, length, sizes[j], 1.0, lightest, heaviest, starts[j], space.rank)
                if system.equal[p]:
                    least(upper, length, sizes[j], -1.0, lightest, heaviest, starts[j], space.rank)
        if lower[0] > GAIN_ROUNDING or (system.equal[p] and upper[0] < -GAIN_ROUNDING):
            return True
    return False


@jit
def least(values, before, size, sign, lightest, heaviest, at, rank):
    """Write to values[q] the least (sign = 1) or largest (−1) of Σ_k x_k values[q, k] over weights x within bounds.

    q < before; values [before · size]. The bounds lightest, heaviest [n] are read from `at` on; values and rank [n] are
    modified in place.
    """
    spare = 1.0
    for k in range(size):
        spare -= lightest[at + k]
    for q in range(before):
        base = q * size
        total = 0.0
        for k in range(size):
            value = sign * values[base + k]
            total += lightest[at + k] * value
            c = k
            while c > 0 and sign * values[base + rank[c - 1]] > value:
                rank[c] = rank[c - 1]
                c -= 1
            rank[c] = k
        left = max(0.0, spare)
        for c in range(size):
            k = rank[c]
            more = left if c == size - 1 else min(left, heaviest[at + k] - lightest[at + k])
            total += more * sign * values[base + k]
            left -= more
        values[q] = sign * total


@jit
def linearised(system, x, r, everywhere, space):
    """Compute f and the slopes at weights x, and how far slopes may be from those in the box of radii r around x.

    x, r [n]: all weights; the entries of r for the first actions are not looked at. `everywhere`: slopes
    between any two points of the box, else between x and any. f, slopes, spread of `space` are modified in place.
    """
    centre, radius = space.lower, space.upper
    sizes, starts, free = system.sizes, system.starts, system.free
    half = centre.size // 2
    space.slopes[:] = 0.0
    space.spread[:] = 0.0
    for e in range(free[-1]):
        i = system.owner[e]
        length = system.first[e + 1] - system.first[e]
        for c in range(length):
            centre[c] = system.gains[system.first[e] + c]
            radius[c] = 0.0
        for j in range(sizes.size - 1, -1, -1):
            if j == i or sizes[j] == 1:
                continue
            source, left = 0, length
            for k in range(j):
                if k != i and sizes[k] > 1:
                    left //= sizes[k]
                    own = slice(starts[k], starts[k] + sizes[k])
                    spread_within(centre, radius, source, half, 1, left, x[own], r[own], 1.0)
                    source = half
            for a in range(1, sizes[j]):
                space.slopes[e, free[j] + a - 1] = centre[source + a] - centre[source]
                space.spread[e, free[j] + a - 1] = radius[source + a] + radius[source]
            length //= sizes[j]
            own = slice(starts[j], starts[j] + sizes[j])
            spread_within(centre, radius, 0, 0, length, 1, x[own], r[own], 1.0 if everywhere else 0.0)
        space.f[e] = centre[0]


@jit
def spread_within(centre, radius, source, target, before, after, x, r, far):
    """Contract the second axis of [before, A, after] from `source` on with x ± far · r; the result from `target` on.

    x, r [A]: a player's probabilities. `centre` and `radius` are modified in place.
    """
    size = x.size
    for p in range(before):
        for q in range(after):
            base = source + p * size * after + q
            first, off = centre[base], radius[base]
            total, around = x[0] * first, abs(x[0]) * off
            for k in range(1, size):
                other, its = centre[base + k * after], radius[base + k * after]
                total += x[k] * other
                around += abs(x[k]) * its + far * r[k] * (abs(other - first) + its + off)
            centre[target + p * after + q] = total
            radius[target + p * after + q] = around


@jit
def preconditioned(space):
    """Compute y ← a pseudo-inverse of the slopes; whether they are not all 0. `space` is modified in place."""
    slopes, square, y = space.slopes, space.square, space.y
    d = slopes.shape[0]
    largest = 0.0
    for k in range(d):
        for c in range(d):
            total = 0.0
            for e in range(d):
                total += slopes[e, k] * slopes[e, c]
            square[k, c] = total
            y[k, c] = slopes[c, k]
        largest = max(largest, square[k, k])
    if not largest > 0.0:
        return False
    for k in range(d):
        square[k, k] += RIDGE * largest
    solve_columns(square, y)
    return True


@jit
def contracted(system, r, space):
    """Compute `shift` and `reach` [d]: solutions within radii r [n] of free coordinates differ from x by shift ± reach.

    `space` holds what `linearised` and `preconditioned` left there, and is modified in place: `matrix` is |I − Y S|.
    """
    d = r.size
    for k in range(d):
        shift, known = 0.0, 0.0
        for e in range(d):
            shift -= space.y[k, e] * space.f[e]
            known += abs(space.y[k, e])
        reach = known * GAIN_ROUNDING + EDGE
        for c in range(d):
            off, spread = 1.0 if c == k else 0.0, known * GAIN_ROUNDING
            for e in range(d):
                off -= space.y[k, e] * space.slopes[e, c]
                spread += abs(space.y[k, e]) * space.spread[e, c]
            space.matrix[k, c] = abs(off) + spread
            reach += space.matrix[k, c] * r[c]
        space.shift[k] = shift
        space.reach[k] = reach
