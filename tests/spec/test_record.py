"""Records: unknown and missing keys, all mistakes at once, and pydantic's own complaints in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError, field_validator

from eqsolve.spec.faults import Fault, faults_of, nearest
from eqsolve.spec.numbers import Number
from eqsolve.spec.record import Record, Scalars, Text


class Inner(Record):
    size: Number
    title: Text | None = None


class Outer(Record):
    """One field of each builtin kind, as an author of a family may write them."""

    mode: Literal["full", "local"] = "full"
    count: Annotated[int, Field(ge=1, lt=10)] = 1
    ratio: Annotated[float, Field(gt=0, le=1)] = 1.0
    flag: bool = False
    word: str = ""
    many: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]  # noqa: RUF012  (pydantic copies it)
    table: dict[str, int] = {}  # noqa: RUF012
    inner: Inner | None = None
    needed: Number
    free: Scalars = {}  # noqa: RUF012

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        if "flag" in data and "word" in data:
            yield Fault(("word",), "not beside `flag`", at_key=True)

    @field_validator("word")
    @classmethod
    def _short(cls, word: str) -> str:
        if len(word) > 3:
            raise ValueError("Too long, this word.")
        return word


def faults(value: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(value)
    return {".".join(map(str, fault.path)): fault.message for fault in faults_of(caught.value)}


def test_all_mistakes_are_reported_at_once_whatever_their_sort() -> None:
    found = faults({"flag": True, "word": 3, "modle": "full", "inner": {"siz": 1, "title": 2}})
    assert found == {
        "modle": "unknown key",
        "word": "expected text, got 3",
        "": "the key `needed` is missing",
        "inner.siz": "unknown key",
        "inner": "the key `size` is missing",
        "inner.title": "expected text, got 2",
    } | {"word": "expected text, got 3"}


def test_unknown_keys_come_with_a_suggestion() -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"needed": 1, "modle": 1, "zzz": 2})
    near, far = faults_of(caught.value)
    assert near.hint == "did you mean `mode`?"
    assert far.hint == "known here: mode, count, ratio, flag, word, many, table, inner, needed, free"
    assert near.at_key


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("mode", "ful", "expected 'full' or 'local', got 'ful'"),
        ("count", "3", "expected an integer, got '3'"),
        ("count", True, "expected an integer, got true"),
        ("count", 0, "expected a number of at least 1, got 0"),
        ("count", 10, "expected a number below 10, got 10"),
        ("ratio", "x", "expected a number, got 'x'"),
        ("ratio", 0.0, "expected a number above 0, got 0.0"),
        ("ratio", 2.0, "expected a number of at most 1, got 2.0"),
        ("flag", "yes", "expected true or false, got 'yes'"),
        ("word", 1, "expected text, got 1"),
        ("word", "longer", "too long, this word."),
        ("many", 3, "expected a list, got 3"),
        ("many", [], "expected 1 or more entries, got a list"),
        ("many", [1, 2, 3], "expected 2 or fewer entries, got a list"),
        ("table", [], "expected a mapping, got a list"),
        ("inner", 3, "expected a mapping, got 3"),
        ("needed", None, "expected a number, got nothing"),
        ("free", {"a": [1]}, "expected a single value, got a list"),
        ("free", 3, "expected a mapping from names to values, got 3"),
    ],
)
def test_complaints_are_in_plain_words(key: str, value: object, message: str) -> None:
    [found] = faults({"needed": 1, key: value}).values()
    assert found == message


def test_no_complaint_speaks_of_pydantic() -> None:
    for message in faults({key: object() for key in Outer.model_fields}).values():
        assert "pydantic" not in message.lower()
        assert "input" not in message.lower()


def test_an_optional_key_without_a_value_counts_as_left_out() -> None:
    assert Outer.model_validate({"needed": 1, "inner": None}).inner is None


def test_what_is_no_mapping_is_refused() -> None:
    assert faults([1]) == {"": "expected a mapping, got a list"}


def test_a_record_is_frozen() -> None:
    record = Inner.model_validate({"size": "1/2"})
    assert record.size == 0.5
    with pytest.raises(ValidationError):
        record.size = 1.0  # type: ignore[misc]  # what is tried


def test_the_nearest_word_is_suggested() -> None:
    assert nearest("discont", ["discount", "start"]) == "did you mean `discount`?"
    assert nearest("zzz", ["discount"]) is None
    assert nearest("zzz", ["discount"], "try another") == "try another"
