"""Hedge, magnetic mirror descent and fictitious play on sequence forms: against their definitions, and their gaps."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.cfr.hedge_cfr import HedgeCFR
from eqsolve.solvers.cfr.mmd import MMD
from eqsolve.solvers.dynamics.fictitious_play import FictitiousPlay
from eqsolve.spec.load import parse
from reference import draws, learning
from reference.draws import Whole, on_random_games
from reference.forms import behaviour, sequence_policies

#: Games without ties between payoffs, so that rounding decides nothing.
NOISY = "{kind: leduc, ranks: 2, raises: 1, general_sum: {noise: 2, seed: 3}}"
THREE = "{kind: kuhn, players: 3}"


def game(text: str) -> tuple[SequenceForm, Any]:
    """The form, and the rules for those who walk."""
    spec = parse(text, "t")
    form = spec.form
    assert isinstance(form, SequenceForm)
    return form, spec.family.rules()  # type: ignore[attr-defined]  # families of extensive games have rules


def same(form: SequenceForm, ours: Profile, expected: Any) -> None:
    for policy, theirs in zip(ours, sequence_policies(form, expected), strict=True):
        np.testing.assert_allclose(policy, theirs, rtol=0, atol=1e-9)


def gap(form: SequenceForm, solver: Any, steps: int, answer: str) -> float:
    state = solver.step(form, solver.init(form, 0), steps)
    return float(deviations(form, solver.answers(form, state)[answer]).regrets.max())


@pytest.mark.parametrize("decay", [0.0, 0.5])
@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize(("text", "iterations"), [(NOISY, 4), (THREE, 2)])
def test_hedge_is_multiplicative_weights_on_counterfactual_regrets(
    text: str, iterations: int, update: str, decay: float
) -> None:
    form, rules = game(text)
    solver = HedgeCFR(eta=0.7, decay=decay, update=update)
    answers = solver.answers(form, solver.step(form, solver.init(form, 0), iterations))
    average, last = learning.hedge(rules, iterations, 0.7, decay, update == "alternating")
    same(form, answers["average"], average)
    same(form, answers["last"], last)


@on_random_games(60)
def test_in_any_tree_too(whole: Whole) -> None:
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    hedge, mmd = HedgeCFR(eta=0.1), MMD(alpha=2.0, eta=0.1)
    answers = hedge.answers(form, hedge.step(form, hedge.init(form, 0), 2))
    same(form, answers["average"], learning.hedge(tree, 2, 0.1, 0.5, alternating=True)[0])
    last = mmd.answers(form, mmd.step(form, mmd.init(form, 0), 2))["last"]
    same(form, last, learning.magnetic(tree, 2, 2.0, 0.1, 0.5))


def test_a_probability_that_underflows_comes_back() -> None:
    """Regrets are kept, not probabilities: an action is played again when it has become good."""
    form, _ = game("{kind: kuhn}")
    solver = HedgeCFR(eta=1e5, decay=0.0)
    state = solver.init(form, 0)
    seen = []
    for _ in range(200):
        state = solver.step(form, state, 1)
        seen.append(np.concatenate(solver.answers(form, state)["last"]))
    policies = np.array(seen)
    gone = policies == 0
    assert (gone[:-1] & (policies[1:] == 1)).any()
    assert np.isfinite(policies).all()


@pytest.mark.parametrize("decay", [0.0, 0.5])
@pytest.mark.parametrize(("text", "iterations"), [(NOISY, 4), (THREE, 2)])
def test_a_magnetic_step_is_the_papers(text: str, iterations: int, decay: float) -> None:
    form, rules = game(text)
    solver = MMD(alpha=1.5, eta=0.4, decay=decay)
    last = solver.answers(form, solver.step(form, solver.init(form, 0), iterations))["last"]
    same(form, last, learning.magnetic(rules, iterations, 1.5, 0.4, decay))


@pytest.mark.parametrize(("text", "alpha"), [("{kind: kuhn}", 0.2), ("{kind: leduc, ranks: 2, raises: 1}", 0.5)])
def test_at_a_constant_temperature_it_ends_in_quantal_responses(text: str, alpha: float) -> None:
    """π(I, a) ∝ exp(q(I, a) / α) at every information set, q by the rules."""
    form, rules = game(text)
    solver = MMD(alpha=alpha, eta=alpha / 10, decay=0.0)
    last = solver.answers(form, solver.step(form, solver.init(form, 0), 20_000))["last"]
    play = behaviour(form, last)
    for i in range(len(form.players)):
        worth, weight = learning.worths(rules, play, i)
        for place, own in worth.items():
            weights = [exp(w / weight[place] / alpha) for w in own]
            np.testing.assert_allclose(play[place], np.array(weights) / sum(weights), rtol=0, atol=1e-7)


def test_asked_for_quantal_responses_it_is_judged_by_the_distance_to_them() -> None:
    spec = parse("{kind: kuhn}", "t")
    result = api.solve(spec, "mmd", {"alpha": 0.5, "eta": 0.05, "decay": 0})
    assert result.answer is not None
    assert (result.status, result.algorithm.concept) == ("converged", "quantal")
    assert result.answer.record.gap.value <= 1e-6
    assert result.answer.record.nash_gap > 0.1
    assert result.answer.record.measured["quantal_precision"] == 2.0
    assert api.solve(spec, "mmd", max_iter=3).algorithm.concept == "nash"


@pytest.mark.parametrize(
    ("text", "gaps"),
    [("{kind: kuhn}", (0.08, 0.02, 0.004)), ("{kind: leduc}", (0.8, 0.3, 0.08))],
)
def test_the_gap_of_the_last_iterate_falls_as_the_temperature_does(text: str, gaps: tuple[float, ...]) -> None:
    form, _ = game(text)
    for steps, most in zip((100, 1000, 10_000), gaps, strict=True):
        assert gap(form, MMD(), steps, "last") <= most


def test_the_papers_temperatures_for_leduc_poker() -> None:
    form, _ = game("{kind: leduc}")
    assert gap(form, MMD(alpha=5, eta=1), 10_000, "last") <= 0.03


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_fictitious_play_averages_the_plans_of_best_responses(update: str) -> None:
    form, rules = game(NOISY)
    for iterations in (1, 2, 5):
        solver = FictitiousPlay(update=update)
        answers = solver.answers(form, solver.step(form, solver.init(form, 0), iterations))
        average, last = learning.fictitious(rules, iterations, update == "alternating")
        same(form, answers["average"], average)
        same(form, answers["last"], last)


def test_of_equally_good_actions_the_first_is_the_response() -> None:
    form, _ = game(
        "{kind: extensive, players: 1, root: {player: 0, actions:"
        " {bad: {payoffs: [1]}, good: {payoffs: [2]}, too: {payoffs: [2]}}}}"
    )
    solver = FictitiousPlay()
    answers = solver.answers(form, solver.step(form, solver.init(form, 0), 1))
    assert answers["last"][0].tolist() == [1, 0, 1, 0]
    np.testing.assert_allclose(answers["average"][0], [1, 1 / 6, 4 / 6, 1 / 6], rtol=1e-15)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize("text", ["{kind: kuhn}", "{kind: leduc}", "{kind: goofspiel, cards: 4}"])
def test_fictitious_play_and_hedge_solve_zero_sum_games(text: str, update: str) -> None:
    form, _ = game(text)
    assert gap(form, FictitiousPlay(update=update), 3000, "average") <= 0.01 * form.payoff_range
    assert gap(form, HedgeCFR(update=update), 3000, "average") <= 0.015 * form.payoff_range


def test_regret_of_hedge_stays_under_the_bound_of_its_proof() -> None:
    """η_t = η / √t at every information set: a regret of at most log A √T / η + η Δ² √T, summed over them all."""
    form, _ = game("{kind: kuhn}")
    eta, solver = 1.0, HedgeCFR(eta=1.0, update="simultaneous")
    for steps in (1, 10, 100, 1000):
        bound = sum(
            (np.log(count) / eta + eta * form.payoff_range**2) / steps**0.5
            for tree in form.treeplexes
            for count in tree.count
        )
        assert gap(form, solver, steps, "average") <= bound


@pytest.mark.parametrize(
    ("solver", "values", "message"),
    [
        (HedgeCFR, {"eta": 0.0}, "positive"),
        (HedgeCFR, {"eta": float("inf")}, "positive"),
        (HedgeCFR, {"decay": -1.0}, "at least 0"),
        (HedgeCFR, {"update": "random"}, "expected one of"),
        (MMD, {"alpha": -1.0}, "positive"),
        (MMD, {"eta": float("nan")}, "positive"),
        (MMD, {"decay": float("nan")}, "finite"),
        (FictitiousPlay, {"update": "both"}, "expected one of"),
    ],
)
def test_what_cannot_be_is_refused(solver: Any, values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        solver(**values)


def test_defaults_are_in_the_games_own_units() -> None:
    """The same game in cents is played alike."""
    form, _ = game("{kind: kuhn}")
    cents = form.leaves._replace(payoffs=100 * form.leaves.payoffs)
    scaled = SequenceForm(form.players, form.treeplexes, cents, 100 * form.spread)
    solvers: list[Any] = [HedgeCFR(), MMD()]
    for solver in solvers:
        for one, other in zip(
            *(solver.answers(f, solver.step(f, solver.init(f, 0), 30))["last"] for f in (form, scaled)), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)
