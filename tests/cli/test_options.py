"""Texts of options become values, or a sentence that says what was expected."""

from __future__ import annotations

import pytest

from eqsolve.cli.options import duration, number, option, whole
from eqsolve.errors import UsageError


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("1e-6", 1e-6), ("1/3", 1 / 3), ("-2.5", -2.5), (" 3 ", 3.0)])
def test_numbers_may_be_rationals(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "x", "1/0", "1/", "/2", "nan", "inf", "1e999", "1/2/3", "0x10"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number, got"):
        number(text)


@pytest.mark.parametrize(
    ("text", "value"), [("1000", 1000), ("1e3", 1000), ("-4", -4), ("9007199254740993", 2**53 + 1)]
)
def test_whole_numbers_may_have_an_exponent_and_keep_every_digit(text: str, value: int) -> None:
    assert whole(text) == value


@pytest.mark.parametrize("text", ["1.5", "1e400", "9" * 5000, "", "ten", "1e30"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number, got"):
        whole(text)


@pytest.mark.parametrize(("text", "value"), [("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400), ("1e2 s", 100)])
def test_times_have_units(text: str, value: float) -> None:
    assert duration(text) == value


@pytest.mark.parametrize("text", ["", "s", "5d", "1h30m", "-", "1e999"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90, 90s, 5m or 1h"):
        duration(text)


def test_a_mistake_names_the_option() -> None:
    assert option("--tol", None, number) is None
    with pytest.raises(UsageError, match="--tol: expected a number, got 'x'"):
        option("--tol", "x", number)
    with pytest.raises(UsageError, match="--seed: expected at least 0, got -1"):
        option("--seed", "-1", whole, 0)
