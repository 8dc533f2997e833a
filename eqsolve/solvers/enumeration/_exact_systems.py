"""The indifference conditions of one profile of supports in integers, where floats leave them open.

On supports S_i, i's gain of one action over another is a vector g over the opponents' pure profiles on their supports;
what it is worth against weights x is the multilinear g(x) = Σ g(cell) Π_j x_j(cell_j). Of every player:

1. the gains of the actions of S_i over its first one must be worth 0. They are replaced by a basis of their span: by
   Gauss-Jordan elimination with the largest entry of a row as its pivot, so that no entry exceeds a few times the pivot
   and vectors that are nearly alike become vectors that are not;
2. the gains of all other actions over the first one must not be worth more than 0. Multiples of the basis are taken
   off them until they are 0 at its pivots: that changes nothing where the equations hold. What is left of a mixture of
   actions of the support is 0: it pays exactly as much.

A gain that must be 0 but has one sign, or that must not be positive but is nowhere negative, and is not 0 everywhere,
rules out all weights above 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import NamedTuple

import numpy as np

from eqsolve.forms.exact_payoffs import Whole
from eqsolve.solvers.enumeration._multilinear import System

#: A gain at the opponents' pure profiles on their supports, the last opponent's action fastest.
Gain = list[int]


class ExactSystem(NamedTuple):
    """`sizes` [N]: actions of each support. Of every player: `equations`, a basis of the gains that must be worth 0;
    `limits`, what is left of the gains that must not be worth more, without those that are always worth 0; `pairs`,
    the gains between actions of the support, with which bounds are narrower.
    """

    sizes: tuple[int, ...]
    equations: tuple[list[Gain], ...]
    limits: tuple[list[Gain], ...]
    pairs: tuple[list[Gain], ...]

    @property
    def free(self) -> int:
        """How many weights are free: one less than the actions of each support."""
        return sum(self.sizes) - len(self.sizes)


def exact_system(payoffs: Sequence[Whole], supports: Sequence[Sequence[int]]) -> ExactSystem | None:
    """Return the conditions on `supports`, or None where they rule out all weights above 0.

    `payoffs` has every player's payoffs [A_1, …, A_N], in integers.
    """
    equations, limits, pairs = list[list[Gain]](), list[list[Gain]](), list[list[Gain]]()
    for i, own in enumerate(payoffs):
        others = [range(own.shape[i]) if j == i else support for j, support in enumerate(supports)]
        table = np.moveaxis(own[np.ix_(*others)], i, 0).reshape(own.shape[i], -1)
        first, *more = supports[i]
        within = [(table[b] - table[a]).tolist() for a, b in combinations(supports[i], 2)]
        beyond = [(table[b] - table[first]).tolist() for b in range(own.shape[i]) if b not in supports[i]]
        better = [(table[b] - table[a]).tolist() for a in more for b in range(own.shape[i]) if b not in supports[i]]
        if any(_has_one_sign(gain) for gain in within) or any(_is_positive(gain) for gain in beyond + better):
            return None
        basis = _basis(within[: len(more)])
        rows = [whole(row) for _, row in basis]
        left = [whole(_without(list(map(Fraction, gain)), basis)) for gain in beyond]
        if any(map(_has_one_sign, rows)) or any(map(_is_positive, left)):
            return None
        equations.append(rows)
        limits.append([gain for gain in left if any(gain)])
        pairs.append([gain for gain in within if any(gain)])
    return ExactSystem(tuple(map(len, supports)), tuple(equations), tuple(limits), tuple(pairs))


def rounded(system: ExactSystem) -> System:
    """Return the conditions as floats, the largest entry of every gain 1: as `multilinear` takes them."""
    sizes = np.array(system.sizes, dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    kept = list[tuple[int, bool, Gain]]()
    for i, rows in enumerate(system.equations):
        # where equations are missing, 0 = 0 stands for them
        cells = int(np.prod(np.delete(sizes, i)))
        kept += [(i, True, gain) for gain in rows + [[0] * cells] * (system.sizes[i] - 1 - len(rows))]
    kept += [(i, True, gain) for i, gains in enumerate(system.pairs) for gain in gains]
    kept += [(i, False, gain) for i, gains in enumerate(system.limits) for gain in gains]
    values = [x for _, _, gain in kept for x in unit(gain)]
    return System(
        sizes,
        starts,
        starts - np.arange(len(starts)),
        np.array([i for i, _, _ in kept], dtype=np.int64),
        np.array([equal for _, equal, _ in kept], dtype=np.bool_),
        np.concatenate([[0], np.cumsum([len(gain) for _, _, gain in kept], dtype=np.int64)]),
        np.array(values, dtype=np.float64),
    )


def unit(gain: Gain) -> list[float]:
    """Return a gain as floats, its largest entry ±1, each rounded once; 0 where it is 0."""
    most = max(map(abs, gain)) or 1
    return [x / most for x in gain]


def whole(gain: Sequence[Fraction]) -> Gain:
    """Return the multiple of a gain by a positive number that is in integers without a common divisor."""
    scale = lcm(*(x.denominator for x in gain))
    numbers = [x.numerator * (scale // x.denominator) for x in gain]
    common = gcd(*numbers) or 1
    return [x // common for x in numbers]


def _has_one_sign(gain: Gain) -> bool:
    return any(gain) and (min(gain) >= 0 or max(gain) <= 0)


def _is_positive(gain: Gain) -> bool:
    return any(gain) and min(gain) >= 0


def _basis(gains: list[Gain]) -> list[tuple[int, list[Fraction]]]:
    """Return a basis of the span of `gains`: pivots, and rows that are 1 at their own pivot and 0 at the others'."""
    found = list[tuple[int, list[Fraction]]]()
    for gain in gains:
        row = _without(list(map(Fraction, gain)), found)
        pivot = max(range(len(row)), key=lambda cell: abs(row[cell]))
        if not row[pivot]:
            continue
        new = pivot, [x / row[pivot] for x in row]
        found = [*((at, _without(other, [new])) for at, other in found), new]
    return found


def _without(gain: list[Fraction], basis: list[tuple[int, list[Fraction]]]) -> list[Fraction]:
    """Take multiples of the rows of a basis off a gain so that it is 0 at their pivots."""
    for pivot, row in basis:
        if factor := gain[pivot]:
            gain = [x - factor * y for x, y in zip(gain, row, strict=True)]
    return gain
