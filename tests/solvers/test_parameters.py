"""Hyperparameters by the user's names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from eqsolve.errors import UsageError
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import configure, configured, hyperparameters, values_of


@dataclass(frozen=True)
class Method:
    """One field of each type."""

    rate: float = field(default=0.5, metadata={"symbol": "η", "help": "how fast"})
    count: int = field(default=3, metadata={"symbol": "m", "help": "how many"})
    word: str = field(default="a", metadata={"name": "mode", "symbol": "-", "help": "which"})
    maybe: float | None = field(default=None, metadata={"symbol": "?", "help": "if given"})
    flag: bool = field(default=False, metadata={"symbol": "!", "help": "whether"})


def test_they_are_described_in_the_order_of_fields() -> None:
    found = hyperparameters(Method)
    assert [p.name for p in found] == ["rate", "count", "mode", "maybe", "flag"]
    assert [p.field for p in found] == ["rate", "count", "word", "maybe", "flag"]
    assert [p.default for p in found] == [0.5, 3, "a", None, False]
    assert found[0].symbol == "η"
    assert found[0].help == "how fast"


@pytest.mark.parametrize(
    ("values", "field_name", "expected"),
    [
        ({}, "rate", 0.5),
        ({"rate": 0.25}, "rate", 0.25),
        ({"rate": 2}, "rate", 2.0),
        ({"rate": "1/4"}, "rate", 0.25),
        ({"maybe": 2}, "maybe", 2.0),
        ({"maybe": None}, "maybe", None),
        ({"mode": "b"}, "word", "b"),
        ({"count": 10**30}, "count", 10**30),
        ({"flag": True}, "flag", True),
    ],
)
def test_values_reach_their_fields_with_their_types(values: dict[str, Any], field_name: str, expected: Any) -> None:
    made = getattr(configure(Method, values), field_name)
    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rate": "half"}, "rate: expected a number, got 'half'"),
        ({"rate": "1/0"}, "rate: expected a number, got '1/0'"),
        ({"rate": True}, "rate: expected a number, got True"),
        ({"rate": None}, "rate: expected a number, got None"),
        ({"rate": 10**400}, "rate: the number is too large"),
        ({"count": 1.0}, "count: expected a whole number, got 1.0"),
        ({"count": True}, "count: expected a whole number, got True"),
        ({"mode": 3}, "mode: expected a word, got 3"),
        ({"maybe": "x"}, "maybe: expected a number, got 'x'"),
        ({"flag": 1}, "flag: expected true or false, got 1"),
        ({"word": "b"}, "unknown parameter 'word' of Method; it has rate, count, mode, maybe, flag"),
    ],
)
def test_other_values_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        configure(Method, values)
    assert refusal.value.message == message


def test_a_near_miss_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as refusal:
        configure(Method, {"counts": 3})
    assert refusal.value.hint == "did you mean `count`?"


def test_an_algorithm_goes_by_the_name_that_users_know() -> None:
    with pytest.raises(UsageError, match="unknown parameter 'x' of stochastic-fictitious-play; it has"):
        configured(SOLVERS["stochastic-fictitious-play"], {"x": 1})


def test_a_method_without_any_says_so() -> None:
    @dataclass(frozen=True)
    class Plain:
        """No fields."""

    with pytest.raises(UsageError, match="unknown parameter 'x' of Plain; it has none"):
        configure(Plain, {"x": 1})


def test_values_are_told_back_by_the_users_names() -> None:
    assert values_of(Method(word="z")) == {"rate": 0.5, "count": 3, "mode": "z", "maybe": None, "flag": False}
