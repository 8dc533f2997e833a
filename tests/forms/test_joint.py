"""Joint distributions: what is one, what is not, and payoffs against the others' actions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.joint import Joint, check_joint
from eqsolve.forms.normal.game import NormalForm
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, tensor_game
from reference.specs import spec

FORM = spec("general 3x2").form


def test_arrays_are_read_only_copies() -> None:
    actions, probabilities = np.array([[0, 1]]), np.ones(1)
    made = Joint(actions, probabilities)
    actions[0, 0] = probabilities[0] = 2
    assert (made.actions.tolist(), made.actions.dtype.name, made.probabilities.tolist()) == ([[0, 1]], "int32", [1.0])
    assert not made.actions.flags.writeable
    assert not made.probabilities.flags.writeable


def test_lists_are_taken_and_small_misses_are_made_good_and_said() -> None:
    found = check_joint(FORM, [[0, 1], [2, 0]], [0.25, 0.75])
    assert (found.joint.actions.tolist(), found.notes) == ([[0, 1], [2, 0]], ())
    nearly = check_joint(FORM, [[0, 1], [2, 0]], [0.25, 0.7500005])
    assert nearly.joint.probabilities.sum() == pytest.approx(1, abs=1e-15)
    assert nearly.notes == ("the joint distribution's sum was within 1e-6 of 1: renormalised",)


@pytest.mark.parametrize(
    ("actions", "probabilities", "words"),
    [
        ([], [], "shape \\[K, 2\\], found \\[0\\]|nested lists of whole numbers"),
        ([[0, 1, 0]], [1], r"expected actions of shape \[K, 2\], found \[1, 3\]"),
        ([[0, 1]], [0.5, 0.5], "expected 1 probabilities"),
        ([[0, 1], [3, 0]], [0.5, 0.5], "pure profile 1: P1 has no action 3, only 0 to 2"),
        ([[0, -1]], [1], "pure profile 0: P2 has no action -1"),
        ([[0, 1], [1, 0]], [1.5, -0.5], "pure profile 1: -0.5 is no probability"),
        ([[0, 1], [1, 0]], [float("nan"), 1], "pure profile 0: nan is no probability"),
        ([[0, 1], [1, 0]], [0.5, 0.4], "sum to 0.9, not 1"),
        ([[0.0, 1.0]], [1], "nested lists of whole numbers as actions"),
        ([[0, 1], [0]], [0.5, 0.5], "nested lists of whole numbers as actions"),
        ([[0, 1]], ["1"], "nested lists of numbers as probabilities"),
        ([[True, False]], [1], "nested lists of whole numbers as actions"),
    ],
)
def test_what_is_no_distribution_is_refused_saying_why(actions: Any, probabilities: Any, words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        check_joint(FORM, actions, probabilities)


def test_only_normal_forms_have_them() -> None:
    with pytest.raises(ProfileError, match="this is a Markov game"):
        check_joint(spec("one state").form, [[0, 0]], [1])


def against(form: NormalForm, game: normal.Game) -> None:
    """Every pure profile, every own action."""
    every = list(normal.joints(game.sizes))
    found = form.against(np.array(every, dtype=np.int32))
    for i, payoffs in enumerate(found):
        expected = [[float(game.payoff((*a[:i], b, *a[i + 1 :]))[i]) for b in range(game.sizes[i])] for a in every]
        np.testing.assert_allclose(payoffs, expected, rtol=1e-12, atol=1e-9)


@on_random_games(60)
def test_payoffs_against_the_others_are_looked_up(whole: Whole) -> None:
    game, rules = draws.normal(whole), draws.congestion(whole)
    against(tensor_game(game), game)
    against(congestion_game(rules), rules.game)
