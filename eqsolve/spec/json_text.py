"""A YAML text that is JSON as well, read by the standard library's parser, which is many times as fast.

Every JSON text is YAML 1.2 with the same values, so this is a short cut and no other language: a text about which
there is any doubt (a key twice, a number that float64 does not hold, half a surrogate pair, a control character, more
nesting or values than are read) is left to the YAML reader, which says what is wrong with it, and where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import chain
from typing import Any

from yaml.reader import Reader

from eqsolve.spec.scalars import resolve

#: Integers of fewer digits are no rare case, and float64 holds them all.
_FEW_DIGITS = 300
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
#: What may stand before the colon after a key; a colon after anything else is inside text.
_BEFORE_COLON = '" \t\r\n'


def read_json(text: str, max_depth: int, max_values: int) -> dict[str, Any] | None:
    """The mapping that a JSON text says; None where the text is not JSON, no mapping, or to be read with care."""
    if not text.lstrip(" \t\r\n").startswith("{") or ("\\u" in text and _SURROGATE.search(text)):
        return None
    if "\x7f" in text or (not text.isascii() and Reader.NON_PRINTABLE.search(text)):
        return None
    try:
        value = _parsed(text)
        depth, values, keys = _sizes(value)
        if keys != sum(text.count(before + ":") for before in _BEFORE_COLON):
            _parsed(text, object_pairs_hook=_mapping)
    except (ValueError, RecursionError):
        return None
    return value if depth <= max_depth and values <= max_values else None


def _parsed(text: str, **hooks: Any) -> Any:
    """What the text says; ValueError where it is not JSON or a number is beyond float64."""
    return json.loads(
        text,
        parse_float=_Numbers(_number).__getitem__,
        parse_int=_Numbers(_integer).__getitem__,
        parse_constant=_refused,
        **hooks,
    )


class _Numbers(dict[str, Any]):
    """Numbers by how they are written, each read once: a table of them is the quickest hook."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, digits: str) -> Any:
        found = self[digits] = self._read(digits)
        return found


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
    return int(digits) if len(digits) < _FEW_DIGITS else _number(digits)


def _refused(word: str) -> None:
    raise ValueError(f"{word} is text in YAML")


def _sizes(value: Any) -> tuple[int, int, int]:
    """How deep collections are nested, how many values they hold in all, and how many of these belong to keys."""
    depth, values, keys = 0, 1, 0
    inner: list[Any] = [value]
    while (kinds := set(map(type, inner))) & {dict, list}:
        depth += 1
        mappings = [c.values() for c in inner if type(c) is dict] if dict in kinds else []
        lists = [c for c in inner if type(c) is list] if list in kinds else []
        inner = list(chain(chain.from_iterable(mappings), chain.from_iterable(lists)))
        values += len(inner)
        keys += sum(map(len, mappings))
    return depth, values, keys
