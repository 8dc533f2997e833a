"""Exact values and regrets against sums over histories, to the last digit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.exact_payoffs import Policies, exact_leaves, exact_payoffs
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.exact_regrets import exact_deviations, exact_joint_deviations
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import correlated, draws, extensive, normal
from reference.draws import Whole, on_random_games
from reference.extensive import Behaviour
from reference.forms import sequence_policies, tensor_game

HALF = Fraction(1, 2)


def policies(form: SequenceForm, behaviour: Behaviour) -> Policies:
    return tuple(
        (Fraction(1), *(Fraction(p) for label in treeplex.infosets for p in behaviour[i, label]))
        for i, treeplex in enumerate(form.treeplexes)
    )


@on_random_games(300)
def test_values_and_regrets_are_those_of_the_histories(whole: Whole) -> None:
    tree = draws.extensive(whole)
    behaviour, form = draws.behaviour(whole, tree), sequence_form(tree)
    found = exact_deviations(form, exact_leaves(form, tree), policies(form, behaviour))
    players = range(len(tree.players))
    assert found.values == tuple(extensive.value(tree, behaviour, i) for i in players)
    assert found.regrets == tuple(extensive.gains(tree, behaviour, i).from_root for i in players)
    judged = deviations(form, sequence_policies(form, behaviour))
    np.testing.assert_allclose(judged.regrets, [float(r) for r in found.regrets], rtol=0, atol=1e-12)


def kuhn() -> SequenceForm:
    form = parse("{kind: kuhn}", "kuhn").form
    assert isinstance(form, SequenceForm)
    return form


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ((Fraction(1), HALF, HALF, HALF), "must hold probabilities"),
        ((HALF, *[HALF] * 12), "must hold probabilities"),
        ((Fraction(1), Fraction(-1), Fraction(2), *[HALF] * 10), "must hold probabilities"),
        ((Fraction(1), HALF, HALF + Fraction(1, 10**30), *[HALF] * 10), "must sum to exactly 1"),
    ],
    ids=["too short", "empty sequence", "negative", "sum"],
)
def test_what_is_no_policy_is_not_judged(spoilt: tuple[Fraction, ...], message: str) -> None:
    form, family = kuhn(), parse("{kind: kuhn}", "kuhn").family
    leaves = exact_leaves(form, family.rules())  # type: ignore[attr-defined]  # Kuhn has them
    good = (Fraction(1), *[HALF] * 12)
    assert exact_deviations(form, leaves, (good, good)).values == (Fraction(1, 8), Fraction(-1, 8))
    with pytest.raises(ProfileError, match=message):
        exact_deviations(form, leaves, (good, spoilt))


@on_random_games(200)
def test_gains_from_a_joint_distribution_are_those_of_the_best_swap_and_the_best_fixed_action(whole: Whole) -> None:
    game = draws.normal(whole)
    every = list(normal.joints(game.sizes))
    drawn = {a: p for a, p in zip(every, draws.row(whole, len(every)), strict=True) if p > 0}
    payoffs = exact_payoffs(tensor_game(game).payoffs)
    found = exact_joint_deviations(payoffs, np.array(list(drawn), dtype=np.int32), list(drawn.values()))
    assert found.values == tuple(correlated.value(game, drawn, i) for i in game.players)
    assert found.ce_regrets == tuple(correlated.ce_gains(game, drawn))
    assert found.cce_regrets == tuple(correlated.cce_gains(game, drawn))


def test_a_joint_distribution_may_list_profiles_that_are_never_played() -> None:
    payoffs = exact_payoffs(np.array([[[0.0, 7], [2, 6]], [[0.0, 2], [7, 6]]]))
    profiles = np.array([[0, 1], [1, 0], [0, 0]], dtype=np.int32)
    found = exact_joint_deviations(payoffs, profiles, [HALF, HALF, Fraction(0)])
    assert found == exact_joint_deviations(payoffs, profiles[:2], [HALF, HALF])
    assert found.values == (Fraction(9, 2), Fraction(9, 2))


def test_probabilities_of_a_joint_distribution_that_do_not_sum_to_exactly_1_are_refused() -> None:
    payoffs = exact_payoffs(np.zeros((2, 2, 2)))
    for chances in ([HALF, HALF - Fraction(1, 10**30)], [HALF * 3, -HALF], [Fraction(1)]):
        with pytest.raises(ProfileError, match="sum to exactly 1"):
            exact_joint_deviations(payoffs, np.array([[0, 0], [1, 1]], dtype=np.int32), chances)
