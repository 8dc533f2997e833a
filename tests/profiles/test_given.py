"""Profiles as they are given in memory: arrays, labels, parsed documents."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Form
from eqsolve.profiles.given import checked, checked_joint
from eqsolve.profiles.numbers import rational
from eqsolve.report import labelled
from eqsolve.spec.load import parse
from reference.forms import as_mixed

MATRIX = parse(
    "{kind: matrix, players: [Row, Column], actions: [[up, mid, down], [left, right]],"
    " zero_sum: [[1, 2], [3, 4], [5, 6]]}",
    "matrix",
).form
KUHN = parse("{kind: kuhn}", "kuhn").form
CROWD = parse(
    "{kind: distancing, players: 2, weights: {A: 1, B: 2}, penalty: 1, spread_above: 1, safe_at_most: 1,"
    " discount: 0.5, start: [1, 0]}",
    "crowd",
).form
ROUTING = parse("{kind: routing, players: 2, layers: 1}", "routing").form


def random_profile(form: Form, seed: int = 0) -> tuple[Any, ...]:
    weights = np.random.default_rng(seed).random(int(form.offsets[-1]))
    if (legal := as_mixed(form).legal) is not None:
        weights *= form.pack(tuple(mask.astype(float) for mask in legal))
    sums = np.add.reduceat(weights, form.row_offsets[:-1])
    return form.unpack(weights / np.repeat(sums, np.diff(form.row_offsets)))


@pytest.mark.parametrize("form", [MATRIX, KUHN, CROWD, ROUTING], ids=["matrix", "kuhn", "crowd", "routing"])
def test_what_a_result_prints_by_labels_is_read_back_bit_for_bit(form: Form) -> None:
    profile = random_profile(form)
    for document in (labelled(form, profile), {"profile": labelled(form, profile), "nash_gap": 1.0}):
        read = checked(form, document)
        assert (read.notes, read.exact) == ((), None)
        for ours, theirs in zip(read.profile, profile, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_rows_that_are_not_given_are_uniform_and_said() -> None:
    read = checked(MATRIX, {"Column": {"left": 1}})
    assert read.profile[0].tolist() == [1 / 3] * 3
    assert read.notes == ("policy of Row: not given, uniform",)
    one, two = KUHN.players
    set_, actions, _ = next(KUHN.named_rows(0, as_mixed(KUHN).uniform()[0]))
    read = checked(KUHN, {one: {set_: {actions[0]: 1}}})
    assert read.profile[0].tolist() == [1, 1, 0, *[0.5] * 10]
    assert f"policy of {one}: 5 information sets not given, uniform there" in read.notes[0]
    assert read.notes[1:] == (f"policy of {two}: not given, uniform",)
    states = as_mixed(CROWD).rows
    read = checked(CROWD, {player: {states[1]: {"A": 1}} for player in CROWD.players})
    assert read.profile[0].tolist() == [[0.5, 0.5], [1, 0]]
    assert f"1 states not given, uniform there: '{states[0]}'" in read.notes[0]


def test_fractions_are_exact_and_float64_numbers_beside_them_make_good_what_rounding_took() -> None:
    read = checked(MATRIX, [["1/3", "1/3", "1/3"], [0.25, 0.75]])
    assert read.exact == ((Fraction(1, 3),) * 3, (Fraction(1, 4), Fraction(3, 4)))
    assert read.profile[0].tolist() == [1 / 3] * 3
    read = checked(MATRIX, {"Row": {"up": "1/3", "down": 2 / 3}, "Column": [Fraction(1, 7), Fraction(6, 7)]})
    assert read.exact is not None
    assert read.exact[0] == (Fraction(1, 3), Fraction(0), Fraction(2, 3))
    assert read.exact[1] == (Fraction(1, 7), Fraction(6, 7))
    assert checked(MATRIX, [["0.2", "0.3", "0.5"], ["1", "0"]]).exact == (
        (Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)),
        (Fraction(1), Fraction(0)),
    )
    assert checked(MATRIX, [[0.2, 0.3, 0.5], [1, 0]]).exact is None


def test_rounded_rows_are_divided_only_if_asked_and_by_how_much_is_said() -> None:
    rounded = [[0.33, 0.33, 0.33], [0.5, 0.5]]
    with pytest.raises(ProfileError, match=r"sum to 0\.99") as refused:
        checked(MATRIX, rounded)
    assert "--normalise" in str(refused.value.hint)
    read = checked(MATRIX, rounded, normalise=True)
    assert read.profile[0].tolist() == pytest.approx([1 / 3] * 3, abs=1e-15)
    (note,) = read.notes
    assert note.startswith("policy of Row: 1 row(s) were divided by their sums, the farthest from 1 being 0.99")
    assert note.endswith("probabilities changed by at most 0.0033")
    assert checked(MATRIX, [["0.3", "0.3", "0.3"], [1, 0]], normalise=True).exact == (
        (Fraction(1, 3),) * 3,
        (Fraction(1), Fraction(0)),
    )
    with pytest.raises(ProfileError, match=r"sum to 0\.8"):
        checked(MATRIX, [[0.4, 0.4, 0], [1, 0]], normalise=True)


def test_decimals_that_miss_one_by_exactly_a_millionth_are_renormalised() -> None:
    read = checked(MATRIX, [[0.333333] * 3, [1, 0]])
    assert read.notes == ("policy of Row: 1 row(s) within 1e-6 of sum 1 were renormalised",)


@pytest.mark.parametrize(
    ("form", "written", "words", "hint"),
    [
        (MATRIX, {"Rwo": {"up": 1}}, "has no player 'Rwo'", "did you mean `Row`?"),
        (MATRIX, {"Row": {"upp": 1}}, "policy of Row: there is no action 'upp'", "did you mean `up`?"),
        (MATRIX, {"Row": {"x": 1}}, "there is no action 'x'", "actions: up, mid, down"),
        (MATRIX, {"Row": {"up": "a"}}, "expected a number such as 0.25 or '1/3', got 'a'", None),
        (MATRIX, {"Row": {"up": "1/0"}}, "got '1/0'", None),
        (MATRIX, {"Row": {"up": {"left": 1}}}, "got a mapping", None),
        (MATRIX, {"Row": {"up": "1e400", "mid": 0}}, "not a finite number", None),
        (MATRIX, {"profile": [1]}, "a profile by labels was expected", None),
        (MATRIX, "Row", "a profile was expected", None),
        (MATRIX, [[1, 0, 0]], "a profile of 2 policies was expected", None),
        (CROWD, {"P1": {"A": 1}}, "expected {state: {action: p}}", None),
        (CROWD, {"P1": {"sfae": {"A": 1}}}, "there is no state 'sfae'", "did you mean `safe`?"),
        (CROWD, {"P1": {"safe": {"a": 1}}}, "policy of P1, safe: there is no action 'a'", "actions: A, B"),
    ],
)
def test_what_does_not_fit_is_named_with_the_nearest_that_does(
    form: Form, written: Any, words: str, hint: str | None
) -> None:
    with pytest.raises(ProfileError) as refused:
        checked(form, written)
    assert words in refused.value.message
    assert hint is None or refused.value.hint == hint


def test_a_joint_distribution_comes_by_numbers_or_by_labels_and_in_fractions() -> None:
    by_labels: dict[str, Any] = {
        "joint": {
            "support": [
                {"probability": "1/3", "actions": {"Row": "up", "Column": "right"}},
                {"probability": "2/3", "actions": {"Row": "down", "Column": "left"}},
            ]
        }
    }
    by_numbers = {"joint": {"actions": [[0, 1], [2, 0]], "probabilities": [1 / 3, 2 / 3]}}
    read, plain = checked_joint(MATRIX, by_labels), checked_joint(MATRIX, by_numbers)
    assert read.joint.actions.tolist() == plain.joint.actions.tolist() == [[0, 1], [2, 0]]
    assert read.joint.probabilities.tolist() == plain.joint.probabilities.tolist()
    assert (read.exact, plain.exact) == ((Fraction(1, 3), Fraction(2, 3)), None)
    by_labels["joint"]["support"][0]["actions"]["Row"] = "upp"
    with pytest.raises(ProfileError, match="Row has no action 'upp'"):
        checked_joint(MATRIX, by_labels)


@drawn(st.fractions(), st.integers(0, 30))
def test_a_text_is_read_as_the_number_that_it_says(number: Fraction, digits: int) -> None:
    assert rational(f" {number.numerator} / {number.denominator} ") == number
    written = f"{float(number):.{digits}e}"
    assert rational(written) == Fraction(written)
    assert rational(f"x{number}") is None


@pytest.mark.parametrize(
    "policies",
    [
        [[True, 0, 0], [1, 0]],
        [[1.0, 0, False], [1, 0]],
        [np.array([True, False, False]), [1, 0]],
        {"Row": [True, 0, 0], "Column": [1, 0]},
    ],
    ids=repr,
)
def test_true_and_false_are_no_probabilities(policies: Any) -> None:
    with pytest.raises(ProfileError, match=r"policy of Row: expected a number such as 0.25 or '1/3', got (true|false)"):
        checked(MATRIX, policies)


def test_true_is_no_probability_of_a_joint_distribution() -> None:
    joint = {"joint": {"actions": [[0, 0]], "probabilities": [True]}}
    with pytest.raises(ProfileError, match=r"joint distribution: expected a number such as 0.25 or '1/3', got true"):
        checked_joint(MATRIX, joint)
