"""What solvers take for an average's distance to an equilibrium, against the judge, which shares no code with it."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import in_lanes, lane_entries, normalised, packed, scratch_rows
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.kernels.reply_gains import behaviour_of_plans, reply_gains
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import sequence_policies


def gains(form: SequenceForm, policy: Array) -> Array:
    found = np.empty(len(form.players))
    x, values = scratch_rows(form)
    reply_gains(form.arrays, x, values, np.empty(lane_entries(form)), policy, found)
    return found


def form_of(spec: str) -> SequenceForm:
    form = parse(spec, "game").form
    assert isinstance(form, SequenceForm)
    return form


@on_random_games(100)
def test_gains_are_the_regrets_that_the_judge_measures(whole: Whole) -> None:
    tree = draws.extensive(whole, 4)
    form = sequence_form(tree)
    profile = sequence_policies(form, draws.behaviour(whole, tree))
    found = gains(form, in_lanes(form, form.pack(profile)))
    np.testing.assert_allclose(found, deviations(form, profile).regrets, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "spec",
    [
        "{kind: leduc, general_sum: {noise: 2.0, seed: 3}}",
        "{kind: leduc, players: 3, ranks: 3}",
        "{kind: kuhn, players: 4}",
        "{kind: goofspiel, cards: 4}",
        "{kind: liars-dice, sides: 3}",
    ],
)
def test_gains_in_lanes_of_hands_and_of_information_sets(spec: str) -> None:
    form = form_of(spec)
    drawn = np.random.default_rng(5).exponential(size=int(form.offsets[-1]))
    profile = form.unpack(packed(form, in_lanes(form, drawn)))
    found = gains(form, in_lanes(form, form.pack(profile)))
    np.testing.assert_allclose(found, deviations(form, profile).regrets, rtol=0, atol=1e-12 * form.payoff_range)
    assert found.min() > 0.01


def test_behaviour_is_each_actions_share_of_its_set_and_uniform_where_no_plan_comes() -> None:
    form = form_of("{kind: kuhn}")
    sums = np.random.default_rng(1).random(lane_entries(form))
    first = int(form.arrays.first[0]) * len(form.arrays.lanes)
    rows = int(form.arrays.counts[0]) * len(form.arrays.lanes)
    sums[first : first + rows] = 0.0
    policy = np.empty(sums.size)
    behaviour_of_plans(form.arrays, sums, policy)
    np.testing.assert_allclose(packed(form, policy), normalised(form, sums), rtol=0, atol=1e-15)
    np.testing.assert_array_equal(policy[first : first + rows], 1 / form.arrays.counts[0])
