"""Probabilities as they are written: numbers, or texts such as `1/3` and `0.25`, which are meant exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import ProfileError
from eqsolve.spec.faults import describe

#: An array of Fractions (meant exactly) and floats (rounded).
Mixed: TypeAlias = NDArray[np.object_]

#: Longer numbers are refused. Fractions of exact solutions have some thousand digits.
DIGITS = 100_000
_RATIO = re.compile(rf"\s*([+-]?[0-9]{{1,{DIGITS}}})\s*/\s*([0-9]{{1,{DIGITS}}})\s*")
_DECIMAL = re.compile(
    rf"\s*[+-]?([0-9]{{1,{DIGITS}}}(\.[0-9]{{0,{DIGITS}}})?|\.[0-9]{{1,{DIGITS}}})([eE][+-]?[0-9]{{1,3}})?\s*"
)


def rational(text: str) -> Fraction | None:
    """Return what a text such as `1/3`, `0.25` or `1e-3` says exactly; None where it is no number."""
    if ratio := _RATIO.fullmatch(text):
        # by Decimal: Python's own conversion refuses beyond some thousand digits
        over, under = (int(Decimal(part)) for part in ratio.groups())
        return Fraction(over, under) if under else None
    return Fraction(Decimal(text.strip())) if _DECIMAL.fullmatch(text) else None


def as_numbers(raw: Any, what: str) -> tuple[Any, Mixed | None]:
    """Return an array of numbers as floats and, where it holds texts or Fractions, with these exactly.

    What is no array of numbers at all comes back as it is, for `form.check` to refuse; a text that is no number raises
    ProfileError, which begins with `what` is at fault.
    """
    try:
        if np.asarray(raw).dtype.kind in "iuf" and (isinstance(raw, np.ndarray) or not _has_truth(raw)):
            return raw, None
        objects = np.array(raw, dtype=np.object_)
    except (ValueError, TypeError, OverflowError):
        return raw, None
    mixed = np.empty(objects.shape, dtype=np.object_)
    mixed.reshape(-1)[:] = [_number(x, what) for x in objects.reshape(-1).tolist()]
    return _rounded(mixed), mixed


def _has_truth(given: Any) -> bool:
    """Whether true or false stands somewhere in nested lists; numpy would take it for 1 or 0."""
    if isinstance(given, list | tuple):
        return any(map(_has_truth, given))
    return isinstance(given, bool | np.bool_) or (isinstance(given, np.ndarray) and given.dtype.kind == "b")


def _number(x: Any, what: str) -> Fraction | float:
    """One number of a profile."""
    exact = rational(x) if isinstance(x, str) else None
    if exact is not None:
        return exact
    if isinstance(x, Fraction):
        return x
    if isinstance(x, int | np.integer) and not isinstance(x, bool):
        return Fraction(int(x))
    if isinstance(x, float | np.floating):
        return float(x)
    raise ProfileError(f"{what}: expected a number such as 0.25 or '1/3', got {describe(x)}")


def _rounded(mixed: Mixed) -> NDArray[np.float64]:
    """The nearest floats; infinite where there are none."""
    floats = []
    for x in mixed.reshape(-1).tolist():
        try:
            floats.append(float(x))
        except OverflowError:
            floats.append(float("inf") if x > 0 else float("-inf"))
    return np.array(floats).reshape(mixed.shape)
