"""Known facts: their form, not their truth (tests/spec/test_catalogue.py proves those of the catalogue)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from eqsolve.spec.faults import faults_of
from eqsolve.spec.known import Known


def test_equilibria_are_rows_of_probabilities_or_labels() -> None:
    known = Known.model_validate({"equilibria": [[["1/3", "2/3"], [1, 0]], ["Top", [0.5, 0.5]]]})
    assert known.equilibria == (((1 / 3, 2 / 3), (1.0, 0.0)), ("Top", (0.5, 0.5)))


def test_equilibria_of_markov_games_have_a_row_per_state() -> None:
    known = Known.model_validate({"equilibria": [[["D", "A"], [[1, 0], "B"]]]})
    assert known.equilibria == ((("D", "A"), ((1.0, 0.0), "B")),)


@pytest.mark.parametrize(
    ("facts", "path", "message"),
    [
        ({"zero_sum": "yes"}, ("zero_sum",), "expected true or false, got 'yes'"),
        ({"pure_equilibria": 1.5}, ("pure_equilibria",), "expected an integer, got 1.5"),
        ({"values": [1, "x"]}, ("values", 1), "expected a number, got 'x'"),
        ({"equilibria": 3}, ("equilibria",), "expected a list of profiles, got 3"),
        ({"equilibria": [3]}, ("equilibria", 0), "expected a list of policies, one per player, got 3"),
        ({"equilibria": [[[0.5, 0.6]]]}, ("equilibria", 0, 0), "the probabilities sum to 1.1, not 1"),
        (
            {"equilibria": [[[[1, 0], 3]]]},
            ("equilibria", 0, 0, 1),
            "expected probabilities or an action's label, got 3",
        ),
        ({"equilibria": [[True]]}, ("equilibria", 0, 0), "expected a label, got true"),
    ],
)
def test_facts_of_the_wrong_form_are_refused(facts: object, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Known.model_validate(facts)
    [fault] = faults_of(caught.value)
    assert (fault.path, fault.message) == (path, message)
