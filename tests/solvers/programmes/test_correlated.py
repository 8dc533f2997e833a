"""Linear programmes of correlated equilibria: known values, and no better distribution on small games."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.arithmetic.linear_programmes import maximum
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.correlated import joint_deviations
from eqsolve.run.result import Status
from eqsolve.solvers.programmes import correlated_lp as module
from eqsolve.solvers.programmes.cce import CCE
from eqsolve.solvers.programmes.ce import CE
from eqsolve.solvers.programmes.correlated_lp import CorrelatedLP
from eqsolve.spec.load import load
from reference import correlated, draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game
from reference.specs import spec


def solved(solver: CorrelatedLP, form: TensorGame) -> Joint:
    joint = solver.joint(form, solver.step(form, solver.init(form, 0), 1))
    assert joint is not None
    return joint


def game_of(payoffs: Array) -> TensorGame:
    return TensorGame(numbered(len(payoffs)), tuple(map(numbered, payoffs.shape[1:])), payoffs)


def test_the_best_correlated_equilibrium_of_chicken_has_welfare_ten_and_a_half() -> None:
    game = api.load("@matrix/chicken")
    for objective in ("welfare", "max-min", "1,1"):
        found = api.solve(game, "ce", {"objective": objective}).joint
        assert found is not None
        assert found.record.measured["welfare"] == pytest.approx(10.5, abs=1e-12)
        np.testing.assert_allclose(found.record.measured["values"], [5.25, 5.25], rtol=0, atol=1e-12)
        assert found.record.gap.value <= 1e-12


@pytest.mark.parametrize(
    ("objective", "values"), [("1,0", (7, 2)), ("0,1", (2, 7)), ("1,-1", (7, 2)), ("-1,-1", (3.6, 3.6))]
)
def test_weights_choose_among_them(objective: str, values: tuple[float, float]) -> None:
    """The worst has a fifth on (Dare, Dare): told to dare one has 14/5 either way, told to yield 2 instead of 0."""
    found = api.solve(api.load("@matrix/chicken"), "ce", {"objective": objective}).joint
    assert found is not None
    np.testing.assert_allclose(found.record.measured["values"], values, rtol=0, atol=1e-9)


@on_random_games(150)
def test_answers_are_equilibria_by_every_swap_and_coarse_ones_are_at_least_as_good(whole: Whole) -> None:
    game = draws.normal(whole, most=3)
    form = tensor_game(game)
    scale = max(1.0, form.payoff_range)
    welfare = []
    for solver, gains in ((CE(), correlated.ce_gains), (CCE(), correlated.cce_gains)):
        joint = solved(solver, form)
        drawn = {tuple(a): p for a, p in zip(joint.actions.tolist(), joint.probabilities.tolist(), strict=True)}
        assert max(gains(game, drawn)) <= 1e-8 * scale
        welfare.append(joint_deviations(form, joint).welfare)
    for a in normal.pure_equilibria(game):
        assert sum(game.payoff(a)) <= welfare[0] + 1e-8 * scale
    assert welfare[0] <= welfare[1] + 1e-8 * scale
    assert welfare[1] <= max(sum(game.payoff(a)) for a in normal.joints(game.sizes)) + 1e-8 * scale


@on_random_games(100)
def test_the_worst_off_player_is_never_better_off_by_another_objective(whole: Whole) -> None:
    form = tensor_game(draws.normal(whole, most=3))
    scale, n = max(1.0, form.payoff_range), len(form.players)
    weights = ",".join(str(whole(1, 5)) for _ in range(n))
    for kind in (CE, CCE):
        least = joint_deviations(form, solved(kind(objective="max-min"), form)).values.min()
        for objective in ("welfare", weights):
            assert joint_deviations(form, solved(kind(objective=objective), form)).values.min() <= least + 1e-8 * scale


def test_in_zero_sum_games_every_player_gets_the_value() -> None:
    for n in range(20):
        matrix = draws.zero_sum(draws.seeded("value", n))
        form = game_of(np.array([matrix, -np.array(matrix)], dtype=float))
        value = float(normal.zero_sum_value(matrix))
        for solver in (CE(objective="1,0"), CCE(objective="0,1")):
            values = joint_deviations(form, solved(solver, form)).values
            np.testing.assert_allclose(values, [value, -value], rtol=0, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-30, 1e-9, 1e9, 1e30])
@pytest.mark.parametrize("kind", [CE, CCE])
def test_tolerances_are_relative_to_the_payoffs(kind: Any, scale: float) -> None:
    """Also where one player counts in millions and the other in ones."""
    rng = np.random.default_rng(5)
    payoffs = rng.normal(size=(2, 4, 3)) * scale
    payoffs[0] *= 1e6
    form = game_of(payoffs)
    gains = joint_deviations(form, solved(kind(), form))
    regrets = gains.ce_regrets if kind is CE else gains.cce_regrets
    assert (regrets <= 1e-8 * np.ptp(payoffs, axis=(1, 2))).all()


@pytest.mark.parametrize("kind", [CE, CCE])
def test_three_players_with_ten_actions_each(kind: Any) -> None:
    for seed in range(3):
        form = game_of(np.random.default_rng(seed).normal(size=(3, 10, 10, 10)))
        found = joint_deviations(form, solved(kind(), form))
        assert found.gap(kind.concept).value <= 1e-8 * form.payoff_range


def test_without_a_proof_of_optimality_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "maximum", lambda programme: maximum(programme)._replace(solved=False))
    result = api.solve(spec("pennies"), "ce")
    assert (result.status, result.judged) == (Status.EXHAUSTED, None)


def test_programmes_that_are_too_large_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PROGRAMME_ENTRIES", 17)
    with pytest.raises(UsageError, match="a linear programme of 18 entries is too large, 17 are the most"):
        api.solve(spec("zero-sum 2x3"), "ce")
    with pytest.raises(UsageError, match="of 30 entries"):
        api.solve(spec("zero-sum 2x3"), "cce")


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        ("best", "expected welfare, max-min or a weight per player"),
        ("1,", "or a weight per player"),
        ("1/0,1", "or a weight per player"),
        ("nan,1", "or a weight per player"),
        ("0,0", "weights that are all 0 ask for nothing"),
        ("1,2,3", "expected 2 weights, one per player, got 3"),
    ],
)
def test_objectives_are_checked(objective: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        api.solve(spec("pennies"), "ce", {"objective": objective})


def test_aumanns_game_has_the_best_correlated_equilibrium_in_fractions() -> None:
    """Chicken with 6, 2, 7 and 0: the best welfare of a correlated equilibrium is 21/2 (Aumann 1974)."""
    found = api.solve(load("@matrix/chicken"), "ce", exact=True).exact_joint
    assert found is not None
    assert found.deviations.values == (Fraction(21, 4), Fraction(21, 4))
    assert not any(found.deviations.ce_regrets)
    assert sorted(found.probabilities) == [Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)]
