"""The nearest distribution to a point, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from reference.linear import Number


def projected(y: Sequence[Number]) -> list[Number]:
    """The distribution x that minimises Σ (x − y)², by its optimality conditions: x = y − θ ≥ 0 on the support, y ≤ θ
    elsewhere. Every support is tried.
    """
    for size in range(1, len(y) + 1):
        for support in combinations(range(len(y)), size):
            theta = (sum(y[k] for k in support) - 1) / Fraction(size)
            if all((y[k] >= theta) if k in support else (y[k] <= theta) for k in range(len(y))):
                return [y[k] - theta if k in support else Fraction(0) for k in range(len(y))]
    raise AssertionError("a convex programme has a solution")
