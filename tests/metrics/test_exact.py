"""Exact values and regrets against sums over histories, to the last digit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.exact import Policies, exact_leaves
from eqsolve.forms.sequence import SequenceForm
from eqsolve.forms.walk import sequence_form
from eqsolve.metrics.exact import exact_deviations
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import Behaviour
from reference.forms import sequence_policies

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
