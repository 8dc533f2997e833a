"""All equilibria of a regular game of three players with two actions each: by hand, in fractions up to one square root.

With p, q, r for the weights of the first actions, what a player gains by their first action is a + b·s + c·t + d·s·t in
the others' weights s and t. Pure players leave linear equations. Where all mix, the equations of the first two give q
and p as quotients of linear functions of r, and that of the third then is a quadratic equation in r.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import sqrt
from typing import TypeAlias

from reference.linear import Number
from reference.normal import Game

Weights: TypeAlias = Sequence[Number]

#: So far from 0 in floats a sign is sure.
SURE = 1e-9


class IrregularError(Exception):
    """A tie, or a solution that is not isolated."""


def equilibria(game: Game) -> list[Weights]:
    """The weights of all first actions in each equilibrium; `IrregularError` where it cannot be told by these rules."""
    gains = [bilinear(game, i) for i in range(3)]
    found: list[Weights] = []
    for kinds in product((0, 1, None), repeat=3):
        for p, q, r in solutions(gains, kinds):
            if all(agrees(gain(gains, i, (p, q, r)), kinds[i], w) for i, w in enumerate((p, q, r))):
                found.append((float(p), float(q), float(r)))
    return found


def bilinear(game: Game, i: int) -> tuple[Fraction, ...]:
    """a, b, c, d of what i gains by their first action; s is the first of the others, t the second."""

    def worth(s: int, t: int) -> Fraction:
        joints = [[1 - s, 1 - t] for _ in range(2)]
        for own, joint in enumerate(joints):
            joint.insert(i, own)
        one, other = (Fraction(game.payoff(tuple(joint))[i]) for joint in joints)
        return one - other

    a = worth(0, 0)
    b, c = worth(1, 0) - a, worth(0, 1) - a
    return a, b, c, worth(1, 1) - a - b - c


def gain(gains: list[tuple[Fraction, ...]], i: int, weights: Weights) -> Number:
    a, b, c, d = gains[i]
    s, t = (weights[j] for j in range(3) if j != i)
    return a + b * s + c * t + d * s * t


def agrees(worth: Number, kind: int | None, weight: Number) -> bool:
    """Whether gain and weight are those of a player who mixes (None), or who is pure."""
    sign = weight * (1 - weight) if kind is None else worth if kind else -worth
    if abs(sign) < SURE:
        raise IrregularError
    return bool(sign > 0)


def solutions(gains: list[tuple[Fraction, ...]], kinds: tuple[int | None, ...]) -> list[Weights]:
    """Weights at which those who mix are indifferent."""
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
            weights[j] = Fraction(low) / Fraction(low - high)
        return [weights]
    return mixed(gains)


def mixed(gains: list[tuple[Fraction, ...]]) -> list[Weights]:
    """One's gain is 0: q = −(a + c r) / (b + d r); Two's: p alike; put into Three's, over both denominators."""
    (a, b, c, d), (e, f, g, h), (k, m, n, o) = gains
    q_over, q_under, p_over, p_under = (-a, -c), (b, d), (-e, -g), (f, h)
    terms = [(k, q_under, p_under), (m, q_under, p_over), (n, q_over, p_under), (o, q_over, p_over)]
    zero = sum(w * one[0] * two[0] for w, one, two in terms)
    first = sum(w * (one[0] * two[1] + one[1] * two[0]) for w, one, two in terms)
    second = sum(w * one[1] * two[1] for w, one, two in terms)
    discriminant = first**2 - 4 * second * zero
    if second == 0 or discriminant == 0:
        raise IrregularError
    found: list[Weights] = []
    for sign in (1, -1):
        if discriminant > 0:
            r = (-float(first) + sign * sqrt(discriminant)) / float(2 * second)
            q_by, p_by = float(q_under[0]) + float(q_under[1]) * r, float(p_under[0]) + float(p_under[1]) * r
            if min(abs(q_by), abs(p_by)) < SURE:
                raise IrregularError
            q, p = (float(q_over[0]) + float(q_over[1]) * r) / q_by, (float(p_over[0]) + float(p_over[1]) * r) / p_by
            found.append((p, q, r))
    return found
