"""Whether a solution of indifference conditions, known in floats, is an equilibrium: decided in integers.

1. Simple fractions near the solution are tried, then what Newton's method, with the inverse of the float derivatives,
   finds to BITS bits, taken for a fraction of half as many bits. Weights that the equations leave free keep simple
   fractions. Where the equations hold exactly the signs of all weights and gains are known.
2. Otherwise the solution is irrational. A box around it that Krawczyk's operator (1969) maps into its interior holds
   exactly one; all bounds are in fractions. Weights and gains that have one sign in that box have it at the solution.

What neither decides stays open: a gain that is 0 to BITS bits at an irrational solution, or weights that are not
isolated and not rational.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm, prod
from typing import NamedTuple

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.forms.exact_payoffs import SIMPLE_DENOMINATOR
from eqsolve.solvers.enumeration._exact_systems import ExactSystem, Gain

#: Bits behind the point of irrational weights.
BITS = 512
#: Denominators of what is taken for a fraction; of BITS bits two such fractions have no more in common.
MAX_DENOMINATOR = 1 << (BITS // 2 - 8)
#: Newton's method stops after so many steps; each gains some 40 bits.
POINT_NEWTON_STEPS = 60
#: Bits of those that they leave free, where the simple fractions are no equilibrium.
FEW_BITS = 30
#: Weights that go farther than this from the solution in floats are another one's.
ANOTHER_SOLUTION = 1e-2
#: Pivots of derivatives below this count as 0.
SINGULAR = 1e-7
#: Whether a solution is an equilibrium.
NO, YES, UNSURE = range(3)

#: Every player's weights on their support: numerators, and the denominator.
Weights = list[tuple[list[int], int]]


class Regular(NamedTuple):
    """Rows (equations) and columns (free weights) at which the derivatives are regular, and the inverse of these."""

    rows: list[int]
    columns: list[int]
    inverse: list[list[Fraction]]


class Decided(NamedTuple):
    """What is known of a solution: the verdict, and the weights, all players' in a row, to float64 precision."""

    verdict: int
    weights: Array


def decided(system: ExactSystem, x: Array, within: float) -> Decided:
    """Decide whether the solution of `system`, the only one no farther than `within` from the weights x, is an
    equilibrium.
    """
    free = _free(system, x)
    point = [Fraction(w).limit_denominator(SIMPLE_DENOMINATOR) for w in free]
    if _near(point, free, within) and _solves(system, point):
        return _of_fractions(system, point)
    part = _regular(system, free)
    if len(part.columns) < len(free):
        return Decided(UNSURE, x)
    point = _by_newton(system, part, [_fraction(w, BITS) for w in free], free)
    if not _near(point, free, within):
        return Decided(UNSURE, x)
    rational = [w.limit_denominator(MAX_DENOMINATOR) for w in point]
    return _of_fractions(system, rational) if _solves(system, rational) else _in_box(system, part, point)


def proved_near(system: ExactSystem, x: Array) -> Array | None:
    """Return an equilibrium in fractions near the weights x, to float64 precision, where solutions are not isolated, or
    not known to be; None where none is found.
    """
    free = _free(system, x)
    simple = [Fraction(w).limit_denominator(SIMPLE_DENOMINATOR) for w in free]
    close = [_fraction(w, FEW_BITS) for w in free]
    part = _regular(system, free)
    for point in (simple, _by_newton(system, part, simple, free), _by_newton(system, part, close, free)):
        rational = [w.limit_denominator(MAX_DENOMINATOR) for w in point]
        if _near(rational, free, ANOTHER_SOLUTION) and _solves(system, rational):
            found = _of_fractions(system, rational)
            if found.verdict == YES:
                return found.weights
    return None


def _by_newton(system: ExactSystem, part: Regular, start: list[Fraction], free: list[float]) -> list[Fraction]:
    """Solve the regular part of the equations from `start` to BITS bits; it ends too where it leaves what is near."""
    point = list(start)
    for _ in range(POINT_NEWTON_STEPS):
        residues = _residues(system, _weights(system, point))
        moves = [_fraction(move, BITS) for move in _product(part.inverse, [residues[r] for r in part.rows])]
        for c, move in zip(part.columns, moves, strict=True):
            point[c] -= move
        if not any(moves) or not _near(point, free, ANOTHER_SOLUTION):
            break
    return point


def value(gain: Gain, sizes: Sequence[int], weights: Sequence[Sequence[int] | None]) -> Gain:
    """Contract a gain with the weights of all players but those for whom they are None; the entries that are left.

    Players of one action are passed over: their weight counts as 1.
    """
    after = 1
    for size, own in zip(reversed(sizes), reversed(weights), strict=True):
        if own is None:
            after *= size
        elif size > 1:
            gain = [
                sum([own[k] * gain[at + k * after] for k in range(size)])
                for block in range(0, len(gain), size * after)
                for at in range(block, block + after)
            ]
    return gain


def _of_fractions(system: ExactSystem, free: Sequence[Fraction]) -> Decided:
    """Decide a solution in fractions, by the signs of its weights and gains."""
    weights = _weights(system, free)
    holds = all(min(own) >= 0 for own, _ in weights) and max(_limits(system, weights), default=0) <= 0
    return Decided(YES if holds else NO, _floats(weights))


def _in_box(system: ExactSystem, part: Regular, point: list[Fraction]) -> Decided:
    """Decide the irrational solution about `point`, from bounds in a box that is proved to hold exactly one."""
    weights, d, rows = _weights(system, point), len(point), part.rows
    inverse = [part.inverse[part.columns.index(c)] for c in range(d)]
    residues, slopes = _residues(system, weights), _slopes(system, weights)
    shift = max(map(abs, _product(inverse, [residues[r] for r in rows])))
    radius = 2 * shift + Fraction(1, 1 << BITS)
    changes = [_product(inverse, [slopes[r][c] for r in rows]) for c in range(d)]
    off = max(sum(abs(changes[c][k] - (k == c)) for c in range(d)) for k in range(d))
    largest = max(sum(map(abs, own)) for own in inverse)
    change = _change(system, weights, radius)
    # a derivative is the difference of two values of a gain whose entries are 1 at most
    if not shift + (off + largest * d * 2 * change) * radius < radius:
        return Decided(UNSURE, _floats(weights))
    signs = [_sign(-worth, change) for worth in _limits(system, weights)]
    signs += [_sign(Fraction(w, scale), len(own) * radius) for own, scale in weights for w in own if len(own) > 1]
    return Decided(NO if -1 in signs else UNSURE if 0 in signs else YES, _floats(weights))


def _sign(number: Fraction, reach: Fraction) -> int:
    """The sign of all numbers no farther than `reach` from this one; 0 where they have none in common."""
    return 1 if number > reach else -1 if number < -reach else 0


def _change(system: ExactSystem, weights: Weights, radius: Fraction) -> Fraction:
    """By how much the worth of a gain of entries of at most 1 changes while free weights change by `radius`."""
    sums = [Fraction(sum(map(abs, own)), scale) for own, scale in weights]
    farther = (total + 2 * (size - 1) * radius for total, size in zip(sums, system.sizes, strict=True))
    return prod(farther, start=Fraction(1)) - prod(sums, start=Fraction(1))


def _product(matrix: list[list[Fraction]], vector: list[Fraction]) -> list[Fraction]:
    return [sum((y * x for y, x in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


def _weights(system: ExactSystem, free: Sequence[Fraction]) -> Weights:
    """The weights of all actions, of which the free ones are given."""
    found, at = list[tuple[list[int], int]](), 0
    for size in system.sizes:
        own = free[at : at + size - 1]
        scale = lcm(*(w.denominator for w in own))
        numbers = [w.numerator * (scale // w.denominator) for w in own]
        found.append(([scale - sum(numbers), *numbers], scale))
        at += size - 1
    return found


def _residues(system: ExactSystem, weights: Weights) -> list[Fraction]:
    """What the equations' gains are worth, each in units of its largest entry."""
    return [worth for i, gains in enumerate(system.equations) for worth in _worth(system, i, gains, weights)]


def _solves(system: ExactSystem, free: Sequence[Fraction]) -> bool:
    return not any(_residues(system, _weights(system, free)))


def _limits(system: ExactSystem, weights: Weights) -> list[Fraction]:
    """What the gains are worth that must not be worth more than 0, each in units of its largest entry."""
    return [worth for i, gains in enumerate(system.limits) for worth in _worth(system, i, gains, weights)]


def _worth(system: ExactSystem, i: int, gains: list[Gain], weights: Weights) -> list[Fraction]:
    sizes, numbers = _without(system, i), [own for own, _ in weights]
    scale = prod(scale for j, (_, scale) in enumerate(weights) if j != i)
    return [Fraction(value(gain, sizes, numbers)[0], scale * max(map(abs, gain))) for gain in gains]


def _slopes(system: ExactSystem, weights: Weights) -> list[list[Fraction]]:
    """Derivatives of the residues by the free weights."""
    found = list[list[Fraction]]()
    for i, gains in enumerate(system.equations):
        sizes = _without(system, i)
        for gain in gains:
            row = list[Fraction]()
            for j, size in enumerate(system.sizes):
                if j == i or size == 1:
                    row += [Fraction(0)] * (size - 1)
                    continue
                first, *more = value(gain, sizes, [None if k == j else own for k, (own, _) in enumerate(weights)])
                scale = max(map(abs, gain)) * prod(scale for k, (_, scale) in enumerate(weights) if k not in (i, j))
                row += [Fraction(x - first, scale) for x in more]
            found.append(row)
    return found


def _without(system: ExactSystem, i: int) -> tuple[int, ...]:
    """The sizes of supports, player i's taken for 1: their own action is no part of a gain."""
    return tuple(1 if j == i else size for j, size in enumerate(system.sizes))


def _regular(system: ExactSystem, free: list[float]) -> Regular:
    """Return the largest regular part of the derivatives at free weights, up to SINGULAR."""
    slopes = _slopes(system, _weights(system, [Fraction(w) for w in free]))
    floats = np.array(slopes, dtype=np.float64).reshape(len(slopes), len(free))
    left, rows, columns = floats.copy(), list[int](), list[int]()
    while left.size and np.abs(left).max() > SINGULAR:
        r, c = (int(k) for k in np.unravel_index(np.abs(left).argmax(), left.shape))
        rows.append(r)
        columns.append(c)
        left -= np.outer(left[:, c], left[r]) / left[r, c]
        left[r], left[:, c] = 0.0, 0.0
    inverse = np.linalg.inv(floats[np.ix_(rows, columns)])
    return Regular(rows, columns, [[Fraction(y) for y in own] for own in inverse.tolist()])


def _fraction(x: Fraction | float, bits: int) -> Fraction:
    """Round a number to so many bits behind the point."""
    return Fraction(round(Fraction(x) * (1 << bits)), 1 << bits)


def _free(system: ExactSystem, x: Array) -> list[float]:
    """All weights but those of the first actions."""
    return [w for own in np.split(x, np.cumsum(system.sizes)[:-1]) for w in own[1:].tolist()]


def _near(point: list[Fraction], free: list[float], within: float) -> bool:
    return all(abs(float(p) - w) <= within for p, w in zip(point, free, strict=True))


def _floats(weights: Weights) -> Array:
    return np.array([w / scale for own, scale in weights for w in own])
