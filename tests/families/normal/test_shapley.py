"""Shapley's game from its two vectors."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference.specs import problems


def test_the_row_player_gains_on_the_diagonal_the_column_player_to_its_right() -> None:
    form = parse("{kind: shapley, a: [1, 2, 3], b: [4, 5, 6]}", "g.yaml").form
    assert isinstance(form, TensorGame)
    np.testing.assert_array_equal(form.payoffs[0], [[1, 0, 0], [0, 2, 0], [0, 0, 3]])
    np.testing.assert_array_equal(form.payoffs[1], [[0, 4, 0], [0, 0, 5], [6, 0, 0]])
    assert form.players == ("P1", "P2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 1], b: [1, 1, 1]", "expected 3 numbers, got 2"),
        ("a: [1, 1, 1], b: 1", "expected a list of numbers, got 1"),
        ("players: 3, a: [1, 1, 1], b: [1, 1, 1]", "Shapley's game has 2 players, got 3"),
        ("a: [1, 1, 1]", "the key `b` is missing"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, message: str) -> None:
    assert [problem.message for problem in problems(f"{{kind: shapley, {text}}}")] == [message]
