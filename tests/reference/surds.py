"""Numbers a + b √n, of fractions a and b and an integer n > 0, no square, that all of a calculation share: compared
exactly.
"""

from __future__ import annotations

from fractions import Fraction
from functools import total_ordering
from math import isqrt

#: Bits of the root where a number is rounded to a float.
BITS = 400


@total_ordering
class Surd:
    """a + b √n; one operand may be an integer or a fraction."""

    def __init__(self, a: Fraction, b: Fraction, n: int) -> None:
        self.a, self.b, self.n = a, b, n

    def _other(self, other: Surd | Fraction | int) -> Surd:
        if isinstance(other, Surd):
            assert other.n == self.n
            return other
        return Surd(Fraction(other), Fraction(0), self.n)

    def __add__(self, other: Surd | Fraction | int) -> Surd:
        other = self._other(other)
        return Surd(self.a + other.a, self.b + other.b, self.n)

    def __neg__(self) -> Surd:
        return Surd(-self.a, -self.b, self.n)

    def __sub__(self, other: Surd | Fraction | int) -> Surd:
        return self + -self._other(other)

    def __rsub__(self, other: Fraction | int) -> Surd:
        return -self + other

    def __mul__(self, other: Surd | Fraction | int) -> Surd:
        other = self._other(other)
        return Surd(self.a * other.a + self.b * other.b * self.n, self.a * other.b + self.b * other.a, self.n)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Surd) -> Surd:
        norm = other.a**2 - other.b**2 * self.n
        return self * Surd(other.a / norm, -other.b / norm, self.n)

    @property
    def sign(self) -> int:
        """−1, 0 or 1: where both parts differ in sign the larger square decides."""
        signs = [(x > 0) - (x < 0) for x in (self.a, self.b)]
        if 0 in signs or signs[0] == signs[1]:
            return signs[0] or signs[1]
        larger = self.a**2 - self.b**2 * self.n
        return signs[0] if larger > 0 else signs[1] if larger < 0 else 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surd | Fraction | int) and (self - other).sign == 0

    def __lt__(self, other: Surd | Fraction | int) -> bool:
        return (self - other).sign < 0

    __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        return float(self.a + self.b * Fraction(isqrt(self.n << 2 * BITS), 1 << BITS))
