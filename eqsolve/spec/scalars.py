"""Plain scalars of YAML 1.2's core schema: what `12`, `1e-6`, `0o17`, `.inf`, `no` and `~` are."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import inf, isinf, nan
from typing import Any

#: Characters of one number; float64 tells 17 digits apart, and nobody means more than this.
MAX_CHARACTERS = 400
#: Significant digits that every decimal keeps as a float64.
KEPT_DIGITS = 15


class Rounded(float):
    """The float64 nearest to a number, `exact`, that is another one than the shortest decimal of the float64 says."""

    exact: Fraction


def is_rounded(text: str, value: float) -> bool:
    """Whether the decimal `text`, which became `value`, is another number than the shortest decimal of `value`."""
    return len(text) > KEPT_DIGITS and text != (shortest := repr(value)) and Decimal(text) != Decimal(shortest)


def resolve(text: str) -> Any:
    """A plain scalar's value in the YAML 1.2 core schema; OverflowError for a number out of range."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-." or not (kind := _NUMBER.fullmatch(text)):
        return text
    if len(text) > MAX_CHARACTERS:
        raise OverflowError
    if kind.lastgroup == "float":
        value: int | float = float(text)
        if isinf(value):
            raise OverflowError
        if is_rounded(text, value):
            value = Rounded(value)
            value.exact = Fraction(text)
        return value
    value = int(text, {"int": 10, "octal": 8, "hex": 16}[kind.lastgroup or "int"])
    float(value)
    return value


_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<octal>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)"
)
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), nan),
}
