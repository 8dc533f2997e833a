"""What callers pass beside a game, checked: whole numbers, numbers, paths. UsageError says what was expected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any

from eqsolve.errors import UsageError


def whole(name: str, value: Any) -> int:
    """Return `value` as an int, numpy's integers too."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise UsageError(f"{name}: expected a whole number, got {value!r}")
    return int(value)


def nonnegative(name: str, value: Any) -> float:
    """Return a finite number of at least 0; a whole one of any length stays an int."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"{name}: expected a finite number of at least 0, got {value!r}")
    found = int(value) if isinstance(value, Integral) else float(value)  # a whole number may have any length
    if not (found >= 0 and (isinstance(found, int) or math.isfinite(found))):
        raise UsageError(f"{name}: expected a finite number of at least 0, got {value}")
    return found


def path(name: str, value: Any) -> Path:
    """Return the path that a text or an object of a path names."""
    if not isinstance(value, str | PathLike):
        raise UsageError(f"{name}: expected a path, got {value!r}")
    return Path(value)


def by_name(name: str, value: Any) -> dict[str, Any]:
    """Return a mapping from names as a dict."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise UsageError(f"{name}: expected a mapping from names to values, got {value!r}")
    return dict(value)
