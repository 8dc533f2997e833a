"""Numbers, labels and lists of them: what they become, what is refused, all faults at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from eqsolve.spec.faults import Refusal, faults_of
from eqsolve.spec.numbers import (
    PLAYER,
    count_or_labels,
    distribution,
    integer,
    label,
    labels,
    mapping_of_numbers,
    number,
    number_schema,
    rational,
    vector,
)


def faults(check: Callable[[Any], object], value: object) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        check(value)
    return [(fault.path, fault.message) for fault in faults_of(caught.value)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (3, 3.0),
        (-2.5, -2.5),
        ("1/3", 1 / 3),
        (" -2 / 4 ", -0.5),
        ("+6/3", 2.0),
        ("0/5", 0.0),
        (1e100, 1e100),
        (f"{10**60}/{3 * 10**60}", 1 / 3),
    ],
)
def test_numbers_and_rationals_become_floats(written: object, expected: float) -> None:
    found = number(written)
    assert found == expected
    assert isinstance(found, float)
    assert rational(found) == Fraction(str(written).replace(" ", ""))


def test_minus_zero_becomes_zero() -> None:
    assert math.copysign(1, number(-0.0)) == 1
    assert math.copysign(1, number("0/-1")) == 1


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("x", "expected a number, got 'x'"),
        ("", "expected a number, got ''"),
        (True, "expected a number, got true"),
        (None, "expected a number, got nothing"),
        ([], "expected a number, got a list"),
        ({}, "expected a number, got a mapping"),
        (math.inf, "expected a finite number, got .inf"),
        (-math.inf, "expected a finite number, got -.inf"),
        (math.nan, "expected a finite number, got .nan"),
        (1.1e100, "the number 1.1e+100 is beyond ±1e+100"),
        ("1/0", "division by zero in '1/0'"),
        ("1/2/3", "expected a number, got '1/2/3'"),
        ("1.5/2", "expected a number, got '1.5/2'"),
        ("٣/٤", "expected a number, got '٣/٤'"),
        ("9" * 5000 + "/1", f"expected a number, got '{'9' * 37}…'"),
        ("9" * 101 + "/1", f"expected a number, got '{'9' * 37}…'"),
    ],
)
def test_what_is_no_number_is_refused(written: object, message: str) -> None:
    with pytest.raises(Refusal, match=f"^{re.escape(message)}$"):
        number(written)


def test_a_number_in_quotes_is_text_and_the_hint_says_so() -> None:
    with pytest.raises(Refusal) as caught:
        number("1e-6")
    assert caught.value.hint == "leave out the quotes"


@pytest.mark.parametrize("written", [1.0, True, "1", None, 2**63])
def test_what_is_no_integer_is_refused(written: object) -> None:
    with pytest.raises(Refusal, match="integer"):
        integer(written)


def test_labels_are_text_or_the_digits_of_an_integer() -> None:
    assert label("Row player") == "Row player"
    assert label(12) == "12"


@pytest.mark.parametrize("written", ["", "  ", "a\nb", "\x1b[31m", "a" * 201, 1.5, True, None, []])
def test_what_cannot_label_anything_is_refused(written: object) -> None:
    with pytest.raises(Refusal, match="expected a label"):
        label(written)


def test_every_bad_label_is_reported_with_its_place() -> None:
    assert faults(labels, ["a", "", True, "b"]) == [
        ((1,), "expected a label of 1 to 200 printable characters, got ''"),
        ((2,), "expected a label, got true"),
    ]
    assert faults(labels, ["a", "b", "a", 1, "1"]) == [
        ((2,), "the label 'a' is there twice"),
        ((4,), "the label '1' is there twice"),
    ]


def test_players_are_a_number_or_labels() -> None:
    assert count_or_labels(PLAYER, 3) == ("P1", "P2", "P3")
    assert count_or_labels(PLAYER, ["Row", 7]) == ("Row", "7")


@pytest.mark.parametrize("written", [0, -1, 100_001, 10**30, 2.0, True, "2", [], None])
def test_an_absurd_number_of_players_is_refused(written: object) -> None:
    with pytest.raises(Refusal):
        count_or_labels(PLAYER, written)


def test_every_bad_number_of_a_list_is_reported() -> None:
    assert vector([1, "1/2"]) == (1.0, 0.5)
    assert faults(vector, [1, "x", True]) == [
        ((1,), "expected a number, got 'x'"),
        ((2,), "expected a number, got true"),
    ]


def test_of_many_mistakes_one_more_is_reported_than_is_shown() -> None:
    assert len(faults(vector, ["x"] * 1000)) == 21


def test_a_mapping_keeps_its_order() -> None:
    assert list(mapping_of_numbers({"b": 1, "a": "1/4"}).items()) == [("b", 1.0), ("a", 0.25)]
    assert faults(mapping_of_numbers, {"a": "x", "b": 1, "c": None}) == [
        (("a",), "expected a number, got 'x'"),
        (("c",), "expected a number, got nothing"),
    ]


def test_probabilities_sum_to_one() -> None:
    assert distribution(["1/3", "1/3", "1/3"]) == (1 / 3,) * 3
    with pytest.raises(Refusal, match=re.escape("the probabilities sum to 0.9, not 1")):
        distribution([0.4, 0.5])
    assert faults(distribution, [1.5, -0.5]) == [((1,), "a probability is negative: -0.5")]


def test_the_schema_of_a_number_admits_rationals_as_text() -> None:
    decimal, rational = number_schema(minimum=0)["anyOf"]
    assert decimal == {"type": "number", "minimum": 0}
    assert re.search(rational["pattern"], " -1 / 3 ")
    assert not re.search(rational["pattern"], "x1/3")
