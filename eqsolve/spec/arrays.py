"""Arrays of a spec: nested lists, or the name of a `.npy` file, as read-only float64.

A nested list must be a full rectangle of numbers. The plain case runs at C speed row by row; anything else is looked
at entry by entry so that each mistake has its own place. What float64 rounds is kept beside it as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, describe, refuse
from eqsolve.spec.files import Files
from eqsolve.spec.numbers import LARGEST_EXACT_INTEGER, MAX_NUMBER, array_schema, complaint, number, number_schema
from eqsolve.spec.positions import Path
from eqsolve.spec.scalars import Rounded

if TYPE_CHECKING:
    from eqsolve.forms.base import Array

#: numpy's own limit is 64; a game of 31 players with two actions each is past any memory.
MAX_DIMENSIONS = 32


class Written(NamedTuple):
    """A read-only array of finite `numbers`, and what they stand for.

    If `decimal`, a number is what its shortest decimal says, but where `rationals` has another one, by the place in the
    flattened array; the numbers of a file are the float64 numbers that they are.
    """

    numbers: Array
    rationals: Mapping[int, Fraction]
    decimal: bool


def array(value: Any, info: ValidationInfo) -> Array:
    """`value` — nested lists or a file's name — as a read-only array of finite numbers."""
    return written(value, info).numbers


def written(value: Any, info: ValidationInfo) -> Written:
    """The same, with what its numbers stand for."""
    rationals: dict[int, Fraction] = {}
    if isinstance(value, list):
        found = inline(value, rationals)
    elif isinstance(value, str) and value.endswith(".npy"):
        files = info.context if isinstance(info.context, Files) else Files()
        found = files.array(value)
    else:
        raise Refusal(f"expected a list of numbers or the name of a .npy file, got {describe(value)}")
    if faults := strange(found):
        if isinstance(value, str):
            at, message = faults[0]
            raise Refusal(f"{value}{list(at)}: {message}")
        refuse(Fault(at, message) for at, message in faults)
    found.setflags(write=False)
    return Written(found, rationals, isinstance(value, list))


def inline(value: list[Any], rationals: dict[int, Fraction]) -> Array:
    """Nested lists as an array; raises every fault in them (the first of many). What is rounded goes to `rationals`."""
    import numpy as np

    shape = _shape(value)
    if len(shape) > MAX_DIMENSIONS:
        raise Refusal(f"lists nested {len(shape)} deep, at most {MAX_DIMENSIONS} are accepted")
    flat: list[float] = []
    faults: list[Fault] = []
    _collect(value, (), shape, flat, faults, rationals)
    if faults:
        refuse(faults[:ENOUGH_FAULTS])
    found = np.array(flat, dtype=np.float64)
    for place in np.flatnonzero(np.abs(found) >= LARGEST_EXACT_INTEGER).tolist():
        if type(flat[place]) is int:
            rationals[place] = Fraction(flat[place])
    return found.reshape(shape) + 0.0  # −0 becomes 0


def _shape(value: Any) -> tuple[int, ...]:
    """The shape that the first entries promise."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


_PLAIN = frozenset((int, float))


def _collect(
    value: Any,
    path: Path,
    shape: tuple[int, ...],
    flat: list[float],
    faults: list[Fault],
    rationals: dict[int, Fraction],
) -> None:
    """Appends `value`'s numbers to `flat`, what keeps them from being a rectangle to `faults`."""
    length, *deeper = shape[len(path) :]
    if len(faults) >= ENOUGH_FAULTS:
        return
    if not isinstance(value, list):
        faults.append(Fault(path, f"expected a list of {length} {_what(deeper)}, got {describe(value)}"))
    elif len(value) != length:
        faults.append(Fault(path, f"expected {length} {_what(deeper)} as in the first, got {len(value)}"))
    elif not value:
        faults.append(Fault(path, "expected numbers, got an empty list"))
    elif deeper:
        for i, item in enumerate(value):
            _collect(item, (*path, i), shape, flat, faults, rationals)
    elif set(map(type, value)) <= _PLAIN:
        flat.extend(value)
    else:
        for i, item in enumerate(value):
            try:
                rounded = number(item)
                if isinstance(rounded, Rounded):
                    rationals[len(flat)] = rounded.exact
                flat.append(item if type(item) is int else rounded)
            except Refusal as refusal:
                faults.append(Fault((*path, i), refusal.message, refusal.hint))


def strange(found: Array) -> list[tuple[tuple[int, ...], str]]:
    """Return where entries cannot be computed with, and why: the first of them."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        fine = np.abs(found) <= MAX_NUMBER
    if fine.all():
        return []
    first = [tuple(int(k) for k in at) for at in np.argwhere(~fine)[:ENOUGH_FAULTS]]
    return [(at, complaint(float(found[at])) or "") for at in first]


def _what(deeper: list[int]) -> str:
    return "rows" if deeper else "numbers"


ARRAY_SCHEMA: dict[str, Any] = {
    "anyOf": [
        array_schema({"anyOf": [*number_schema()["anyOf"], {"type": "array"}]}),
        {"type": "string", "pattern": r"\.npy$"},
    ]
}

ArrayOrFile: TypeAlias = Annotated[Any, PlainValidator(array), WithJsonSchema(ARRAY_SCHEMA)]
