"""Equilibria of three players who mix at most two actions each: by hand, in fractions up to one square root.

With p, q, r for the weights of the first of two actions, what a player gains by it is a + b·s + c·t + d·s·t in the
others' weights s and t. Pure players leave linear equations. Where all mix, the equations of the first two give q and
p as quotients of linear functions of r, and that of the third then is a quadratic equation in r. Whether a solution is
an equilibrium is told by definition: nobody gains by a deviation, to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from math import isqrt
from typing import Any, TypeAlias

from reference.normal import Game, regrets
from reference.surds import Surd

#: A number of ours: a fraction, or one with a square root.
Exact: TypeAlias = Any
Gain: TypeAlias = tuple[Fraction, ...]


class IrregularError(Exception):
    """Solutions that are not isolated, or that these rules cannot tell."""


def equilibria(game: Game) -> list[list[list[Exact]]]:
    """Every equilibrium on supports of up to two actions, as policies; `IrregularError` where some are not isolated."""
    choices = [[own for k in (1, 2) for own in combinations(range(size), k)] for size in game.sizes]
    return [one for supports in product(*choices) for one in on_supports(game, supports)]


def on_supports(game: Game, supports: Sequence[Sequence[int]]) -> list[list[list[Exact]]]:
    """The policies of the equilibria that play just these actions."""
    gains = [bilinear(game, i, supports) for i in range(3)]
    found = list[list[list[Exact]]]()
    for weights in solutions(gains, [1 if len(own) == 1 else None for own in supports]):
        if all(len(own) == 1 or 0 < w < 1 for own, w in zip(supports, weights, strict=True)):
            policies = [
                [{own[0]: w, own[-1]: w if len(own) == 1 else 1 - w}.get(a, Fraction(0)) for a in range(size)]
                for own, w, size in zip(supports, weights, game.sizes, strict=True)
            ]
            if all(regret == 0 for regret in regrets(game, policies)):
                found.append(policies)
    return found


def bilinear(game: Game, i: int, supports: Sequence[Sequence[int]]) -> Gain:
    """a, b, c, d of what i gains by their first action; s is the first of the others, t the second."""

    def worth(s: int, t: int) -> Fraction:
        joints = [[1 - s, 1 - t] for _ in range(2)]
        for own, joint in enumerate(joints):
            joint.insert(i, own)
        played = [tuple(own[min(k, len(own) - 1)] for own, k in zip(supports, joint, strict=True)) for joint in joints]
        one, other = (Fraction(game.payoff(joint)[i]) for joint in played)
        return one - other

    a = worth(0, 0)
    b, c = worth(1, 0) - a, worth(0, 1) - a
    return a, b, c, worth(1, 1) - a - b - c


def gain(gains: list[Gain], i: int, weights: Sequence[Fraction]) -> Fraction:
    a, b, c, d = gains[i]
    s, t = (weights[j] for j in range(3) if j != i)
    return a + b * s + c * t + d * s * t


def solutions(gains: list[Gain], kinds: Sequence[int | None]) -> list[list[Exact]]:
    """Weights at which those who mix (None) are indifferent."""
    mixing = [i for i in range(3) if kinds[i] is None]
    weights = [Fraction(kind or 0) for kind in kinds]
    if not mixing:
        return [weights]
    if len(mixing) == 1:  # the gain is a number
        if gain(gains, mixing[0], weights) == 0:
            raise IrregularError
        return []
    if len(mixing) == 2:
        for i, j in (mixing, mixing[::-1]):  # j's weight makes i indifferent
            at = [list(weights) for _ in range(2)]
            at[1][j] = Fraction(1)
            low, high = (gain(gains, i, w) for w in at)
            if low == high:
                if low == 0:
                    raise IrregularError
                return []
            weights[j] = low / (low - high)
        return [weights]
    return mixed(gains)


def mixed(gains: list[Gain]) -> list[list[Exact]]:
    """One's gain is 0: q = −(a + c r) / (b + d r); Two's: p alike; put into Three's, over both denominators."""
    (a, b, c, d), (e, f, g, h), (k, m, n, o) = gains
    q_over, q_under, p_over, p_under = (-a, -c), (b, d), (-e, -g), (f, h)
    terms = [(k, q_under, p_under), (m, q_under, p_over), (n, q_over, p_under), (o, q_over, p_over)]
    zero = sum(w * one[0] * two[0] for w, one, two in terms)
    first = sum(w * (one[0] * two[1] + one[1] * two[0]) for w, one, two in terms)
    second = sum(w * one[1] * two[1] for w, one, two in terms)
    discriminant = Fraction(first**2 - 4 * second * zero)
    if discriminant == 0:
        raise IrregularError
    found = list[list[Exact]]()
    # a root of a fraction u / v is that of u v, over v
    root = discriminant.numerator * discriminant.denominator
    roots: list[Exact]
    if second == 0:
        roots = [-zero / Fraction(first)]
    elif discriminant < 0:
        roots = []
    else:
        middle, away = -Fraction(first) / (2 * second), Fraction(1, discriminant.denominator) / (2 * second)
        whole = isqrt(root)
        if whole**2 == root:
            roots = [middle + away * whole, middle - away * whole]
        else:
            roots = [Surd(middle, away, root), Surd(middle, -away, root)]
    for r in roots:
        q_by, p_by = q_under[0] + q_under[1] * r, p_under[0] + p_under[1] * r
        if q_by == 0 or p_by == 0:
            raise IrregularError
        found.append([(p_over[0] + p_over[1] * r) / p_by, (q_over[0] + q_over[1] * r) / q_by, r])
    return found
