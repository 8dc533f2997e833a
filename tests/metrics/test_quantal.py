"""The distance to logit quantal responses against its definition, in normal forms and at information sets."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.extensive import gradients, leaf_gradients
from eqsolve.metrics.quantal import quantal_deviation
from eqsolve.spec.load import load, parse
from reference import draws, dynamics, learning
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, behaviour, numbered, sequence_policies


def choice(*payoffs: float) -> TensorGame:
    """One player who chooses a payoff."""
    return TensorGame(("Solo",), (numbered(len(payoffs)),), np.array([payoffs]))


def by_definition(rules: Any, play: Any, players: int, precision: float) -> float:
    """The largest distance at any information set, by sums over histories."""
    worst = 0.0
    for i in range(players):
        worth, weight = learning.worths(rules, play, i)
        for place, own in worth.items():
            q = [w / weight[place] if weight[place] > 0 else 0.0 for w in own]
            response = learning.softmax([precision * x for x in q])
            worst = max(worst, *(abs(a - b) for a, b in zip(play[place], response, strict=True)))
    return worst


def test_a_logit_response_is_at_distance_0_and_others_at_the_largest_difference() -> None:
    form, wide = choice(1.0, 0.0), exp(2.0)
    answer = np.array([wide / (1 + wide), 1 / (1 + wide)])
    assert quantal_deviation(form, (answer,), 2.0).gap < 1e-15
    far = quantal_deviation(form, (np.array([0.5, 0.5]),), 2.0)
    assert far.precision == 2.0
    assert far.gap == pytest.approx(answer[0] - 0.5, abs=1e-15)


@pytest.mark.parametrize("shape", [(4,), (3, 2), (2, 3, 2)])
@pytest.mark.parametrize("precision", [1e-3, 1.0, 50.0])
def test_in_a_normal_form_it_is_the_definition(shape: tuple[int, ...], precision: float) -> None:
    drawn = np.random.default_rng(3)
    form = TensorGame(numbered(len(shape)), tuple(map(numbered, shape)), drawn.random((len(shape), *shape)))
    profile = tuple(drawn.dirichlet(np.ones(k)) for k in shape)
    payoffs = dynamics.tensor_payoffs(form.payoffs)(list(profile))
    expected = max(
        float(np.abs(policy - dynamics.softmax(precision * own)).max())
        for policy, own in zip(profile, payoffs, strict=True)
    )
    assert quantal_deviation(form, profile, precision).gap == pytest.approx(expected, abs=1e-14)


@on_random_games(200)
def test_in_a_tree_it_is_the_definition_at_every_information_set(whole: Whole) -> None:
    """Some behaviours drawn are pure: information sets that the others never lead to are among these."""
    tree = draws.extensive(whole)
    play = draws.behaviour(whole, tree)
    form = sequence_form(tree)
    found = quantal_deviation(form, sequence_policies(form, play), 0.7).gap
    floats = {place: [float(p) for p in policy] for place, policy in play.items()}
    assert found == pytest.approx(by_definition(tree, floats, len(tree.players), 0.7), abs=1e-12)


@pytest.mark.parametrize("text", ["{kind: kuhn, players: 3}", "{kind: leduc, ranks: 2, raises: 1}"])
def test_in_a_card_game_too_by_leaves_and_by_blocks(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = parse(text, "t")
    form = spec.form
    assert isinstance(form, CardForm)
    profile = form.uniform()
    rules = spec.family.rules()  # type: ignore[attr-defined]  # families of extensive games have rules
    expected = by_definition(rules, behaviour(form, profile), len(form.players), 0.3)
    assert quantal_deviation(form, profile, 0.3).gap == pytest.approx(expected, abs=1e-12)
    monkeypatch.setattr("eqsolve.metrics.extensive.MAX_LEAVES", 0)
    assert quantal_deviation(form, profile, 0.3).gap == pytest.approx(expected, abs=1e-12)


def test_a_game_of_ones_pays_probabilities() -> None:
    """Whichever way: the counted card game by its leaves, and the plain one with its payoffs replaced."""
    form = load("@kuhn/two-player").form
    assert isinstance(form, CardForm)
    assert isinstance(form.counted, CardForm)
    leaves = form.leaves._replace(payoffs=np.ones_like(form.leaves.payoffs))
    plain = SequenceForm(form.players, form.treeplexes, leaves, form.spread)
    for one, other in zip(gradients(form.counted, form.uniform()), leaf_gradients(plain, form.uniform()), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-15)


@pytest.mark.parametrize("precision", [1e300, inf])
def test_precisions_without_end_ask_for_best_replies(precision: float) -> None:
    form = choice(1.0, 0.0, 1.0)
    with np.errstate(all="raise", under="ignore"):
        assert quantal_deviation(form, (np.array([0.5, 0.0, 0.5]),), precision).gap == 0.0


def test_a_form_without_quantal_responses_is_refused() -> None:
    game = load("@markov/big-match").form
    with pytest.raises(TypeError, match="no quantal responses of"):
        quantal_deviation(game, as_mixed(game).uniform(), 1.0)


def test_large_payoffs_and_their_shift_change_nothing() -> None:
    small = choice(1.0, 0.0, -2.0)
    large = replace(small, payoffs=small.payoffs * 1e6 + 1e9)
    policy = (np.array([0.2, 0.3, 0.5]),)
    assert quantal_deviation(large, policy, 1e-6).gap == pytest.approx(
        quantal_deviation(small, policy, 1.0).gap, abs=1e-9
    )
