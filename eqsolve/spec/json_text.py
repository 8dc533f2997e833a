"""A YAML text that is JSON as well, read by the standard library's parser, which is many times as fast.

Every JSON text is YAML 1.2 with the same values, so this is a short cut and no other language: a text about which
there is any doubt (a key twice, a number that float64 does not hold, half a surrogate pair, a control character, more
nesting or values than are read) is left to the YAML reader, which says what is wrong with it, and where.
"""

from __future__ import annotations

import json
import re
from typing import Any

from yaml.reader import Reader

from eqsolve.spec.scalars import resolve

#: Integers of fewer digits are no rare case, and float64 holds them all.
_SHORT = 300
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str, max_depth: int, max_values: int) -> dict[str, Any] | None:
    """The mapping that a JSON text says; None where the text is not JSON, no mapping, or to be read with care."""
    if not text.lstrip(" \t\r\n").startswith("{") or ("\\u" in text and _SURROGATE.search(text)):
        return None
    if "\x7f" in text or (not text.isascii() and Reader.NON_PRINTABLE.search(text)):
        return None
    try:
        value = json.loads(
            text, object_pairs_hook=_mapping, parse_float=_number, parse_int=_integer, parse_constant=_refused
        )
    except (ValueError, RecursionError):
        return None
    return value if _fits(value, max_depth, max_values) else None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _number(digits: str) -> Any:
    try:
        return resolve(digits)
    except OverflowError as error:
        raise ValueError("beyond float64") from error


def _integer(digits: str) -> Any:
    return int(digits) if len(digits) < _SHORT else _number(digits)


def _refused(word: str) -> None:
    raise ValueError(f"{word} is text in YAML")


def _fits(value: dict[str, Any], max_depth: int, max_values: int) -> bool:
    """Whether collections are nested no deeper than `max_depth`, and hold no more than so many values in all."""
    depth, values = 0, 1
    level: list[Any] = [value]
    while level:
        depth += 1
        values += sum(map(len, level))
        if depth > max_depth or values > max_values:
            return False
        lists, mappings = [c for c in level if type(c) is list], [c.values() for c in level if type(c) is dict]
        level = [inner for c in (*lists, *mappings) for inner in c if type(inner) is dict or type(inner) is list]
    return True
