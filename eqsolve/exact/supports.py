"""Exact equilibria on given supports: the profile that makes all actions played pay alike, in rational arithmetic.

Of two players (Nash 1951; Dickhaut and Kaplan 1991, "A program for finding Nash equilibria"): with supports S and T and
payoffs A and B, the weights y on T and the value v solve

    Σ_{b ∈ T} A[a, b] y_b = v for all a ∈ S,   Σ_{b ∈ T} y_b = 1,

and x on S the same with B. Where that leaves freedom, free weights keep what the given profile has, rounded to small
denominators. Of more players: pure profiles only, since their equations are not linear. Whether the outcome is an
equilibrium is for the judge to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from eqsolve.arithmetic.elimination import eliminated
from eqsolve.forms.exact_payoffs import SIMPLE_DENOMINATOR, ExactPayoffs, Policies

#: Larger supports take too long.
LARGEST_SUPPORT = 60

Supports = tuple[tuple[int, ...], ...]


def on_support(game: ExactPayoffs, supports: Supports, near: Policies) -> Policies | None:
    """A profile on `supports`, as `near` where there is freedom; None where there is none, or nobody looks for one."""
    sizes = game.paid.shape[1:]
    if all(len(support) == 1 for support in supports):
        return tuple(_spread(support, [Fraction(1)], size) for support, size in zip(supports, sizes, strict=True))
    if len(supports) != 2 or max(map(len, supports)) > LARGEST_SUPPORT:
        return None
    rows, columns = supports
    second = _equalising([[int(game.paid[0, a, b]) for b in columns] for a in rows], [near[1][b] for b in columns])
    first = _equalising([[int(game.paid[1, a, b]) for a in rows] for b in columns], [near[0][a] for a in rows])
    if first is None or second is None:
        return None
    return _spread(rows, first, sizes[0]), _spread(columns, second, sizes[1])


def _spread(support: Sequence[int], weights: Sequence[Fraction], size: int) -> tuple[Fraction, ...]:
    """A policy of `size` actions with these weights on its support."""
    policy = [Fraction(0)] * size
    for a, weight in zip(support, weights, strict=True):
        policy[a] = weight
    return tuple(policy)


def _equalising(payoffs: list[list[int]], near: list[Fraction]) -> list[Fraction] | None:
    """Weights ≥ 0 on the columns, of sum 1, that make all rows pay alike; None where these equations have none."""
    count = len(near)
    # unknowns: the weights, then v; the right-hand side stands last
    system = [[*map(Fraction, row), Fraction(-1), Fraction(0)] for row in payoffs]
    system.append([*[Fraction(1)] * count, Fraction(0), Fraction(1)])
    # v is never free (some weight is not 0), so that weights alone need a value
    pivots = eliminated(system, [count, *range(count)])
    if any(row[-1] for row in system[len(pivots) :]):
        return None
    weights = [Fraction(p).limit_denominator(SIMPLE_DENOMINATOR) for p in near]
    free = [c for c in range(count) if c not in pivots]
    for row, column in zip(system, pivots, strict=False):
        if column < count:
            weights[column] = row[-1] - sum((row[c] * weights[c] for c in free), Fraction(0))
    return weights if min(weights) >= 0 else None
