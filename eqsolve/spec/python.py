"""Values of a Python program as values of a spec: exact numbers stay exact, arrays of floats become array files.

Ints, Fractions and Decimals are exact; a Python float stands for its shortest decimal, as in a YAML spec. An array of
floats with two dimensions or more stands for the float64 numbers that it holds, and is kept as the bytes of a `.npy`
file, where its field accepts one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from math import nan
from numbers import Rational, Real
from typing import Any

from eqsolve.errors import Problem
from eqsolve.spec.arrays import strange
from eqsolve.spec.faults import Fault
from eqsolve.spec.load import spelt
from eqsolve.spec.numbers import LARGEST_EXACT_INTEGER, MAX_DIGITS, MAX_EXPONENT, MAX_NUMBER, sized
from eqsolve.spec.positions import Path

#: Arrays of more integers than this are kept as files: their text would take longer than all the rest.
MAX_INLINE = 100_000
#: Kinds of numpy's types that hold no numbers and no labels.
STRANGE = {"c": "complex numbers", "b": "booleans", "M": "dates", "m": "durations", "V": "records"}


class Translation:
    """Translates the values of one game. `files` and `faults` collect its array files and what is wrong with it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: list[Fault] = []

    def value(self, value: Any, path: Path, *, arrays: bool = False) -> Any:
        """Return `value`, which stands at `path` of the spec, as a value of a spec.

        With `arrays` the field accepts array files. What no spec can hold is passed on for the family to refuse.
        """
        if isinstance(value, Mapping):
            return {str(key): self.value(item, (*path, str(key)), arrays=arrays) for key, item in value.items()}
        if is_array(value):
            return self._array(value, path, arrays)
        if isinstance(value, list | tuple):
            if arrays and holds_arrays(value):
                return self._stacked(value, path)
            return [self.value(item, (*path, k)) for k, item in enumerate(value)]
        if message := _unwritable(value):
            self.faults.append(Fault(path, message))
            return 0
        found = scalar(value)
        if type(found) is str and not isinstance(value, str) and (digits := _digits(found)) > MAX_DIGITS:
            self.faults.append(Fault(path, f"expected a fraction of at most {MAX_DIGITS} digits, got one of {digits}"))
        return found

    def _stacked(self, value: Any, path: Path) -> Any:
        """Return a list of arrays as the one array that it makes."""
        import numpy as np

        items = [np.asarray(item) for item in value]
        if other := [item for item in items if item.shape != items[0].shape]:
            k = next(k for k, item in enumerate(items) if item is other[0])
            shapes = f"the shape {list(items[0].shape)} as in the first, got {list(other[0].shape)}"
            self.faults.append(Fault((*path, k), f"expected {shapes}"))
            return []
        return self._array(np.stack(items), path, True)

    def _array(self, value: Any, path: Path, arrays: bool) -> Any:
        """Return an array as nested lists, or as the name of a file that holds it."""
        import numpy as np

        array = np.asarray(value)
        if array.dtype.kind in STRANGE:
            self.faults.append(Fault(path, f"expected numbers, got an array of {STRANGE[array.dtype.kind]}"))
            return []
        as_file = arrays and array.ndim >= 2 and array.size > 0
        if array.dtype.kind == "f" and as_file:
            self.faults += [Fault((*path, *at), message) for at, message in strange(array)]
            return self._file(array.astype(np.float64), path)
        if (
            array.dtype.kind in "iu"
            and as_file
            and array.size > MAX_INLINE
            and np.all(np.abs(array) <= LARGEST_EXACT_INTEGER)
        ):
            return self._file(array, path)
        return self.value(array.tolist(), path)

    def _file(self, array: Any, path: Path) -> str:
        import numpy as np

        buffer = BytesIO()
        np.save(buffer, array, allow_pickle=False)
        name = f"array-{len(self.files)}.npy"
        self.files[name] = buffer.getvalue()
        return name


def is_array(value: Any) -> bool:
    """Tell whether numpy can read `value` as an array of one dimension or more: its own, a table, a tensor."""
    return hasattr(value, "__array__") and getattr(value, "ndim", getattr(value, "shape", ())) not in (0, ())


def holds_arrays(value: list[Any] | tuple[Any, ...]) -> bool:
    """Tell whether `value` is a list of arrays."""
    return bool(value) and all(map(is_array, value))


def scalar(value: Any) -> Any:
    """Return a single value as a spec holds it; a rational that is no integer becomes the text `p/q`."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Decimal) and value.is_finite():
        numerator, denominator = value.as_integer_ratio()
        return numerator if denominator == 1 else f"{numerator}/{denominator}"
    if isinstance(value, Rational):
        numerator, denominator = int(value.numerator), int(value.denominator)
        return numerator if denominator == 1 else f"{numerator}/{denominator}"
    if isinstance(value, Decimal):
        return nan if value.is_nan() else float(value)  # signalling ones cannot be converted
    if isinstance(value, Real):
        return float(value)
    if hasattr(value, "__array__") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value


def _unwritable(value: Any) -> str | None:
    """Say why a number is too large or too small to be written out, which takes a digit for each power of ten."""
    if isinstance(value, Decimal) and value.is_finite() and value and abs(value.adjusted()) > MAX_EXPONENT:
        return f"expected a number from 1e-{MAX_EXPONENT} to 1e+100 in size, got {value:.3g}"
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        return f"expected a number up to ±{MAX_NUMBER:g}, got one of {sized(abs(value))} in size"
    return None


def _digits(fraction: str) -> int:
    return max(len(half.lstrip("-")) for half in fraction.split("/"))


def as_called(fault: Fault, places: Mapping[Path, str]) -> Problem:
    """Return a fault of the spec in the caller's terms, `B[1][0]`, `rewards[0]`; `places`: path -> argument."""
    path, message = spelt(fault.path), fault.message
    for place, argument in places.items():
        if fault.path[: len(place)] == place:
            path = argument + spelt(fault.path[len(place) :])
        message = message.replace(f"`{place[-1]}`", argument)
    return Problem(message, path, hint=fault.hint)
