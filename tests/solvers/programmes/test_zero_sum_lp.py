"""The linear programme against the exact value of the game."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.programmes import zero_sum_lp as module
from eqsolve.solvers.programmes.zero_sum_lp import ZeroSumLP, maximin
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.specs import spec
from solvers.programmes.long_step import assert_one_long_step


def constant_sum(matrix: list[list[int]], constant: int, scale: float = 1.0) -> TensorGame:
    payoffs = np.array([matrix, constant - np.array(matrix)]) * scale
    labels = tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:])
    return TensorGame(("Row", "Column"), labels, payoffs)


@on_random_games(300)
def test_both_policies_guarantee_the_exact_value(whole: Whole) -> None:
    matrix, constant = draws.zero_sum(whole), whole(-5, 5)
    form, solver = constant_sum(matrix, constant), ZeroSumLP()
    (profile,) = solver.answers(form, solver.step(form, solver.init(form, 0), 1)).values()
    found = deviations(form, profile)
    value = float(normal.zero_sum_value(matrix))
    assert found.nash_gap <= 1e-9 * max(1.0, form.payoff_range)
    np.testing.assert_allclose(found.values, [value, constant - value], rtol=0, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-30, 1e-9, 1e9, 1e30])
def test_tolerances_are_relative_to_the_payoffs(scale: float) -> None:
    for n in range(20):
        form, solver = constant_sum(draws.zero_sum(draws.seeded("scale", n)), 0, scale), ZeroSumLP()
        (profile,) = solver.answers(form, solver.step(form, solver.init(form, 0), 1)).values()
        assert deviations(form, profile).nash_gap <= 1e-9 * form.payoff_range


@pytest.mark.parametrize("shape", [(60, 60), (30, 90), (90, 30)])
def test_large_random_games_are_solved_to_nine_digits(shape: tuple[int, int]) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        payoffs = rng.normal(size=shape) if seed % 2 else rng.integers(0, 1000, shape).astype(float)
        x, y, solved = maximin(payoffs)
        assert solved
        assert (payoffs @ y).max() - (x @ payoffs).min() <= 1e-9 * np.ptp(payoffs)


def test_one_long_step_answers_and_later_ones_change_nothing() -> None:
    assert_one_long_step(spec("zero-sum 2x3").form, ZeroSumLP())


def test_without_a_proof_of_optimality_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    form, solver = spec("pennies").form, ZeroSumLP()
    assert isinstance(form, TensorGame)
    half = np.array([0.5, 0.5])
    monkeypatch.setattr(module, "maximin", lambda payoffs: (half, half, False))
    state = solver.step(form, solver.init(form, 0), 1)
    assert solver.finished(state)
    assert solver.answers(form, state) == {}


def test_the_main_thread_stays_free_for_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def note(payoffs: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
        seen.append(threading.current_thread() is threading.main_thread())
        return maximin(payoffs)

    monkeypatch.setattr(module, "maximin", note)
    form, solver = spec("pennies").form, ZeroSumLP()
    assert isinstance(form, TensorGame)
    solver.step(form, solver.init(form, 0), 1)
    assert seen == [False]


def test_games_of_one_row_or_column() -> None:
    for matrix in ([[3, -1, 2]], [[3], [-1], [2]], [[4]]):
        form, solver = constant_sum(matrix, 0), ZeroSumLP()
        (profile,) = solver.answers(form, solver.step(form, solver.init(form, 0), 1)).values()
        assert deviations(form, profile).nash_gap <= 1e-12


def test_weights_of_which_none_is_positive_are_read_as_uniform() -> None:
    assert module._distribution(np.array([0.0, -1e-17, 0.0, 0.0])).tolist() == [1 / 4] * 4
