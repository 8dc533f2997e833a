"""Learning dynamics of normal forms: against plain numpy, and where they are known to converge, to circle, to rest."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, frozen
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import iterates
from eqsolve.solvers.dynamics.fictitious_play import FictitiousPlay
from eqsolve.solvers.dynamics.omwu import OMWU
from eqsolve.solvers.dynamics.regret_matching import RegretMatching
from eqsolve.solvers.dynamics.replicator import Replicator
from eqsolve.solvers.dynamics.stochastic_fictitious_play import StochasticFictitiousPlay
from eqsolve.solvers.gradient.inpg import INPG
from eqsolve.solvers.homotopy.qre import QRE
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import load, parse
from reference import dynamics
from reference.learning_games import PENNIES, ROCK, SHAPES, START, after, drawn, interior, matrix


def same(form: NormalForm, ours: Profile, theirs: dynamics.Profile, within: float = 1e-10) -> None:
    for policy, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(policy, expected, rtol=0, atol=within)


def gap(form: NormalForm, profile: Profile) -> float:
    return float(deviations(form, profile).nash_gap)


@pytest.mark.parametrize("shape", SHAPES)
def test_regret_matching_is_that_of_the_definition(shape: tuple[int, ...]) -> None:
    form = drawn(shape)
    plays = dynamics.regret_matching(dynamics.tensor_payoffs(form.payoffs), shape, 25)
    answers = after(form, RegretMatching(), 25)
    same(form, answers["last"], plays[25])
    same(form, answers["average"], dynamics.mean(plays[:25]))


@pytest.mark.parametrize("shape", SHAPES)
def test_optimistic_weights_are_those_of_the_definition(shape: tuple[int, ...]) -> None:
    form, start = drawn(shape), interior(shape)
    plays = dynamics.optimistic_weights(dynamics.tensor_payoffs(form.payoffs), list(start), 25, 0.3)
    answers = after(form, OMWU(step_size=0.3), 25, start)
    same(form, answers["last"], plays[25])
    same(form, answers["average"], dynamics.mean(plays[:25]))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_replicator_follows_its_differential_equation(shape: tuple[int, ...]) -> None:
    """Steps of order 4: halving them takes the error down to about a sixteenth."""
    form, start = drawn(shape), interior(shape)
    plays = dynamics.replicator(dynamics.tensor_payoffs(form.payoffs), list(start), 4, 0.1)
    coarse, fine = (after(form, Replicator(step_size=0.1 / n), 4 * n, start)["last"] for n in (1, 2))
    same(form, fine, plays[4], 1e-6)
    errors = [max(abs(p - e).max() for p, e in zip(x, plays[4], strict=True)) for x in (coarse, fine)]
    assert errors[1] < max(errors[0] / 6, 1e-8)
    average = after(form, Replicator(step_size=0.1), 4, start)["average"]
    same(form, average, dynamics.mean(plays[:4]), 1e-5)


@pytest.mark.parametrize("update", ["simultaneous", "alternating"])
@pytest.mark.parametrize("temperature", [0.0, 0.4])
@pytest.mark.parametrize("shape", SHAPES)
def test_fictitious_play_answers_the_mean_of_all_plays(shape: tuple[int, ...], temperature: float, update: str) -> None:
    form, start = drawn(shape), interior(shape)
    if temperature:
        solver: Any = StochasticFictitiousPlay(temperature=temperature, update=update)
        answer: Any = partial(lambda u, tau: dynamics.softmax(u / tau), tau=temperature)
    else:
        solver, answer = FictitiousPlay(update=update), dynamics.best
    payoffs = dynamics.tensor_payoffs(form.payoffs)
    plays = dynamics.fictitious_play(payoffs, list(start), 25, answer, update == "alternating")
    answers = after(form, solver, 25, start)
    same(form, answers["last"], plays[25])
    same(form, answers["average"], dynamics.mean(plays))


@pytest.mark.parametrize(
    ("solver", "answer"), [(FictitiousPlay(), "average"), (INPG(step_size=0.1), "last"), (Replicator(), "last")]
)
def test_in_shapleys_game_play_never_settles(solver: Any, answer: str) -> None:
    """Its one equilibrium is uniform; best replies run round it in ever longer laps (Shapley 1964)."""
    form = load("@shapley/shapley").form
    assert isinstance(form, NormalForm)
    start = form.check([list(row) for row in START]).profile
    state = solver.step(form, solver.init(form, 0, start), 2000)
    gaps, leaders = [], set()
    for _ in range(200):
        state = solver.step(form, state, 1000)
        profile = solver.answers(form, state)[answer]
        gaps.append(gap(form, profile))
        leaders.add(int(solver.answers(form, state)["last"][0].argmax()))
    assert min(gaps[100:]) > 0.01
    if not isinstance(solver, INPG):  # whose laps are longer than this by now
        assert leaders == {0, 1, 2}


@pytest.mark.parametrize(
    "solver", [RegretMatching(), OMWU(), Replicator(), FictitiousPlay()], ids=lambda solver: type(solver).__name__
)
@pytest.mark.parametrize("text", [ROCK, PENNIES])
def test_in_zero_sum_games_averages_converge(solver: Any, text: str) -> None:
    form = matrix(text)
    start = interior(form.shapes[0] + form.shapes[1])
    gaps = [gap(form, after(form, solver, steps, start)["average"]) for steps in (100, 40_000)]
    assert gaps[1] < 0.02
    assert gaps[1] < gaps[0]


@pytest.mark.parametrize("text", [ROCK, PENNIES])
def test_last_iterates_of_optimistic_weights_converge_and_those_of_plain_ones_do_not(text: str) -> None:
    form = matrix(text)
    step = 0.1
    optimistic = [gap(form, after(form, OMWU(step_size=step), n, seed=3)["last"]) for n in (0, 1000, 40_000)]
    assert optimistic[2] < 1e-6
    assert optimistic[2] < optimistic[1] < optimistic[0]
    assert gap(form, after(form, INPG(step_size=step), 40_000, seed=3)["last"]) > 0.1


def test_the_replicator_circles_on_its_constant_of_motion() -> None:
    """Σ over players of the relative entropy to the interior equilibrium stays in zero-sum games."""
    form, start = matrix(PENNIES), interior((2, 2), seed=4)
    equilibrium = (np.array([0.25, 0.75]), np.array([0.25, 0.75]))
    assert gap(form, frozen(equilibrium)) < 1e-12

    def entropy(profile: Profile) -> float:
        return sum(float(e @ np.log(e / p)) for e, p in zip(equilibrium, profile, strict=True))

    solver = Replicator(step_size=0.02)
    states = iterates(form, solver, start=start, until=lambda n: n + 500)
    found = [entropy(solver.answers(form, next(states))["last"]) for _ in range(20)]
    np.testing.assert_allclose(found, found[0], rtol=1e-6)
    assert found[0] > 0.01


@pytest.mark.parametrize("solver", [Replicator(), OMWU()], ids=repr)
def test_faces_are_kept(solver: Any) -> None:
    form = matrix(ROCK)
    start = form.check([[0.5, 0.5, 0.0], [0.2, 0.0, 0.8]]).profile
    for steps in (1, 1000):
        row, column = after(form, solver, steps, start)["last"]
        assert row[2] == column[1] == 0.0
        assert min(row[0], row[1], column[0], column[2]) > 0 or steps > 1
    assert after(form, solver, 1000, start)["last"][0][0] != 0.5


def test_the_potential_rises_under_the_replicator() -> None:
    form = matrix("common: [[2, 0, 1], [0, 3, -1]]")
    solver = Replicator(step_size=0.05)
    states = iterates(form, solver, start=interior((2, 3)), until=lambda n: n + 10)
    values = [form.potential(solver.answers(form, next(states))["last"]) for _ in range(30)]
    assert values == sorted(values)  # type: ignore[type-var]  # a common-payoff game has a potential
    assert values[-1] == pytest.approx(3.0, abs=1e-6) or values[-1] == pytest.approx(2.0, abs=1e-6)


def test_logit_answers_to_averages_settle_at_the_quantal_response() -> None:
    form = matrix("zero_sum: [[9, -1], [-1, 1]]")
    tau = 0.8
    average = after(form, StochasticFictitiousPlay(temperature=tau), 200_000)["average"]
    path = QRE(precision=1 / tau)
    quantal = after(form, path, 1000)["last"]
    for policy, expected in zip(average, quantal, strict=True):
        np.testing.assert_allclose(policy, expected, rtol=0, atol=1e-4)
    assert gap(form, quantal) > 0.01


def test_logit_answers_are_judged_by_the_distance_to_them() -> None:
    spec = parse("{kind: matrix, zero_sum: [[9, -1], [-1, 1]]}", "g")
    result = api.solve(spec, "sfp", {"temperature": 0.8}, tol=1e-4)
    assert result.answer is not None
    record = result.answer.record
    assert (result.status, result.algorithm.concept, record.answer) == ("converged", "quantal", "average")
    for policy, u in zip(result.answer.answer, spec.form.backup(result.answer.answer), strict=True):  # type: ignore[attr-defined]
        weights = np.exp(u / 0.8)
        np.testing.assert_allclose(policy, weights / weights.sum(), rtol=0, atol=1e-4)
    assert record.gap.value <= 1e-4
    assert record.nash_gap > 0.01


def test_projected_gradients_are_known_by_the_name_of_their_dynamic() -> None:
    result = api.solve(parse(f"{{kind: matrix, {ROCK}}}", "g"), "projection", max_iter=1)
    assert result.algorithm.name == "ipg"


@pytest.mark.parametrize(
    ("solver", "given", "message"),
    [
        (OMWU, {"step": 0}, "step: expected a positive number"),
        (OMWU, {"init": "pure"}, "init: expected one of"),
        (Replicator, {"step": float("inf")}, "step: expected a positive number"),
        (Replicator, {"init": "pure"}, "init: expected one of"),
        (StochasticFictitiousPlay, {"temperature": -1}, "temperature: expected a positive number"),
        (StochasticFictitiousPlay, {"update": "never"}, "update: expected one of"),
    ],
)
def test_senseless_hyperparameters_are_refused(solver: type[Any], given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        configure(solver, given)


def test_results_tell_the_steps_that_were_used() -> None:
    spec = parse(f"{{kind: matrix, {ROCK}}}", "g")
    for name, parameter, value in (("omwu", "step", 0.125), ("replicator", "step", 0.125), ("sfp", "temperature", 0.2)):
        assert api.solve(spec, name, max_iter=1).algorithm.parameters[parameter] == pytest.approx(value)


def test_where_payoffs_are_all_alike_the_default_step_of_optimistic_weights_is_that_of_a_range_of_1() -> None:
    assert OMWU().k(matrix("common: [[3, 3], [3, 3]]")) == OMWU().k(matrix("common: [[3, 4], [3, 3]]")) == 0.25
