"""Texts in JSON: read without the YAML parser, to the same values, places and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from eqsolve.errors import SpecError
from eqsolve.spec import json_text, reader
from eqsolve.spec.reader import read

JSON = [
    '{"a": 1, "b": [1.5, -0.0, 1e-6, 0.12345678901234567890, "1/3"], "c": {"": null, "no": true, "<<": false}}',
    '{"a": "\\u00e9\\n\\t\\"\\/", "é": "ü", "b": "no", "c": "12", "d": "", "e": [[], {}]}',
    '\n {"a" : 12345678901234567890123456789012345678901234567890 }\r\n',
    '{"a": 1, "a": 2}',
    '{"a": 1e999}',
    '{"a": ' + "9" * 310 + "}",
    '{"a": ' + "9" * 5000 + "}",
    '{"a": NaN, "b": -Infinity}',
    '{"a": "\x7f"}',
    '{"a": "\x9b"}',
    '{"a": "\\ud800"}',
    '{"a": ' + "[" * 63 + "]" * 63 + "}",
    '{"a": ' + "[" * 64 + "]" * 64 + "}",
    '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
    '{"a": 1,}',
    '{"a": 01}',
    "[1, 2]",
    '{"a" : 1, "a": 2}',
    '{"a": {"b": 1}, "c": [{"d"\n: 1, "d" :2}], "e": "f:g"}',
    '{"a": ": b :", "c:d": " :\\": e", ":": [":", {"f" : ":g"}], "h": {}, "i": [[], 1]}',
    '{"a": 0.30000000000000001, "b": 0.3, "c": 0.3, "d": 0.30000000000000001, "e": 1, "f": "1", "g": 1.0}',
]


def told(text: str) -> Any:
    """Everything that is told of a text: its values with their types, its problems, or why it cannot be read."""

    def spelt(found: Any) -> Any:
        if isinstance(found, dict):
            return [(key, spelt(item)) for key, item in found.items()]
        if isinstance(found, list):
            return [spelt(item) for item in found]
        return (type(found), repr(found), getattr(found, "exact", None))

    try:
        document = read(text, "g.yaml")
    except SpecError as error:
        return [(p.line, p.column, p.message, p.hint) for p in error.problems]
    return spelt(document.value), document.problems


@pytest.mark.parametrize("text", JSON)
def test_a_text_that_is_json_says_what_it_says_as_yaml(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(text)
    monkeypatch.setattr(reader, "read_json", lambda *_: None)
    assert found == told(text)


def test_json_goes_without_the_yaml_parser_and_what_is_doubtful_does_not() -> None:
    taken = [json_text.read_json(text, 64, 4_000_000) is not None for text in JSON]
    assert taken == [True] * 3 + [False] * 8 + [True] + [False] * 7 + [True] * 2
    assert json_text.read_json('{"a": [1, 2, 3]}', 64, 5) == {"a": [1, 2, 3]}
    assert json_text.read_json('{"a": [1, 2, 3]}', 64, 4) is None


def test_positions_in_json_are_those_of_the_text() -> None:
    document = read('{"a": 1,\n "b": [2,\n  3]}', "g.yaml")
    found = document.locate([("b",), ("b", 1)])
    assert (found["b",].value, found["b",].key, found["b", 1].value) == ((2, 7), (2, 2), (3, 3))


def test_json_that_the_yaml_parser_refuses_is_read_and_its_places_are_those_before() -> None:
    """A key and its colon on two lines: libyaml takes that for no key."""
    document = read('{"a": 1\n, "b"\n:[2], "c": 3}', "g.yaml")
    assert document.value == {"a": 1, "b": [2], "c": 3}
    assert document.locate([("a",)])["a",].value == (1, 7)
    assert document.locate([("c",)])["c",].value == (1, 1)
