"""The hash of a spec: SHA-256 of what defines the game, the same on every machine.

The validated fields, defaults filled, as JSON without spaces, keys sorted; mappings as lists of pairs, because their
order is the order of actions; floats in their shortest decimal notation; arrays — inline or from a file — by the
digest of their shape and their little-endian float64 bytes. −0 counts as 0. Free text, `known` and `solver` are out,
and so are optional fields that are not there: a later option leaves the hashes of today's specs as they are.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

if TYPE_CHECKING:
    from eqsolve.spec.base import Family


class Plain(NamedTuple):
    """A field's value that consists of None, booleans, integers, text and sequences of these: it is hashed as it is."""

    value: Any


def digest(family: Family) -> str:
    """64 hexadecimal digits that name the game."""
    fields = {name: _plain(value) for name, value in family.canonical().items() if value is not None}
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), check_circular=False)
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value + 0.0
        case Plain():
            return value.value
        case BaseModel():
            fields = {name: getattr(value, name) for name in type(value).model_fields}
            return {name: _plain(item) for name, item in fields.items() if item is not None}
        case dict():
            return [[key, _plain(item)] for key, item in value.items()]
        case tuple() | list():
            return [_plain(item) for item in value]
        case _:
            return {"array": _array(value)}


def _array(value: Any) -> str:
    import numpy as np

    numbers = np.ascontiguousarray(value, dtype="<f8") + 0.0
    return sha256(json.dumps(list(numbers.shape)).encode() + numbers.astype("<f8").tobytes()).hexdigest()
