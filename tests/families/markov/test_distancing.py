"""Distancing: the form follows the rules, whatever the labels and thresholds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.forms.markov.game import CrowdingGame
from eqsolve.spec.load import parse
from reference.distancing import Distancing
from reference.forms import as_mixed, crowding_game

FIELDS = {
    "players": "3",
    "weights": "{A: 1, B: 5/2}",
    "penalty": "7",
    "spread_above": "2",
    "safe_at_most": "1",
    "discount": "0.75",
    "start": "[1/4, 3/4]",
}


def text(**changed: str) -> str:
    return "kind: distancing\n" + "".join(f"{key}: {value}\n" for key, value in (FIELDS | changed).items())


def problems(**changed: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(text(**changed), "g.yaml")
    return [f"{p.path}: {p.message}" if p.path else p.message for p in caught.value.problems]


def test_the_form_is_the_game_of_the_rules() -> None:
    form = parse(text(), "g.yaml").form
    rules = Distancing(3, [1, Fraction(5, 2)], 7, 2, 1, Fraction(3, 4), [Fraction(1, 4), Fraction(3, 4)])
    truth = crowding_game(rules)
    assert isinstance(form, CrowdingGame)
    for name in ("slope", "offset", "threshold", "below", "above", "start"):
        np.testing.assert_array_equal(getattr(form, name), getattr(truth, name))
    assert form.discount == truth.discount


def test_labels_are_those_of_the_spec() -> None:
    form = parse(text(players="[x, y, z]"), "g.yaml").form
    assert form.players == ("x", "y", "z")
    assert as_mixed(form).actions == (("A", "B"),) * 3
    assert as_mixed(form).rows == ("safe", "spread")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"players": "0"}, "players: expected a number from 1 to 100000, got 0"),
        ({"weights": "{}"}, "weights: expected a mapping from labels to numbers, got an empty one"),
        ({"weights": "[1, 2]"}, "weights: expected a mapping from labels to numbers, got a list"),
        ({"weights": "{A: x}"}, "weights.A: expected a number, got 'x'"),
        ({"penalty": ".nan"}, "penalty: expected a finite number, got .nan"),
        ({"spread_above": "2.5"}, "spread_above: expected an integer, got 2.5"),
        ({"safe_at_most": "-1"}, "safe_at_most: expected a number of at least 0, got -1"),
        ({"discount": "1"}, "discount: discount 1 needs a game that ends by itself; this one does not"),
        ({"discount": "1.5"}, "discount: expected a number of at most 1, got 1.5"),
        ({"discount": "-1/2"}, "discount: expected a number of at least 0, got '-1/2'"),
        ({"start": "[1]"}, "start: expected 2 probabilities, of states safe and spread, got 1"),
        ({"start": "[0.5, 0.6]"}, "start: the probabilities sum to 1.1, not 1"),
        ({"start": "u.npy"}, "start: expected a list of numbers, got 'u.npy'"),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, str], expected: str) -> None:
    assert problems(**changed) == [expected]


def test_more_load_vectors_than_fit_are_refused_before_they_are_counted() -> None:
    assert problems(players="90000", weights="{A: 1, B: 2, C: 3, D: 4}") == [
        "weights: 90000 players over 4 facilities have more than 20000000 load vectors"
    ]


def test_every_key_is_needed() -> None:
    with pytest.raises(SpecError) as caught:
        parse("kind: distancing\n", "g.yaml")
    assert [p.message for p in caught.value.problems] == [f"the key `{key}` is missing" for key in FIELDS]
