"""The descent: nobody regrets more than the paper says, whatever the game."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.bimatrix import tsaknakis_spirakis as module
from eqsolve.solvers.bimatrix.tsaknakis_spirakis import State, TsaknakisSpirakis, regrets, unit_interval
from eqsolve.solvers.parameters import configure
from reference.bimatrix_forms import bimatrix, drawn
from reference.draws import Whole, on_random_games


def worst(form: TensorGame, state: State) -> float:
    """The larger regret, each player's payoffs scaled to [0, 1], from the judge's figures."""
    (profile,) = TsaknakisSpirakis().answers(form, state).values()
    ranges = np.ptp(form.payoffs.reshape(2, -1), axis=1)
    return float((deviations(form, profile).regrets / np.where(ranges > 0, ranges, 1)).max())


@on_random_games(60)
def test_at_the_end_nobody_regrets_more_than_the_paper_says(whole: Whole) -> None:
    form, solver = drawn(whole, 5), TsaknakisSpirakis()
    state = solver.step(form, solver.init(form, 0), 2000)
    assert solver.finished(state)
    assert worst(form, state) <= 0.3394


@on_random_games(25)
def test_no_step_raises_the_larger_regret(whole: Whole) -> None:
    form, solver = drawn(whole, 5), TsaknakisSpirakis()
    state = solver.init(form, 0)
    before = worst(form, state)
    for _ in range(30):
        state = solver.step(form, state, 1)
        after = worst(form, state)
        assert after <= before + 1e-9
        before = after


def test_a_dominant_action_is_found_in_a_few_steps() -> None:
    form, solver = bimatrix([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), TsaknakisSpirakis()
    state = solver.step(form, solver.init(form, 0), 20)
    assert worst(form, state) <= 1e-6


@on_random_games(40)
def test_the_steepest_direction_is_steeper_than_others_by_finite_differences(whole: Whole) -> None:
    rows, columns = whole(1, 4), whole(1, 4)
    r, c = (unit_interval(np.array([[whole(0, 9) for _ in range(columns)] for _ in range(rows)])) for _ in range(2))
    x, y = (np.array([whole(1, 9) for _ in range(size)], dtype=float) for size in (rows, columns))
    x, y = module.balanced(r, c, x / x.sum(), y / y.sum())
    f, h = max(regrets(r, c, x, y)), 1e-6
    slope, *_ = module.steepest(r, c, x, y, module.NARROWEST)
    assert slope <= 1e-9
    if abs(np.subtract(*regrets(r, c, x, y))) > 1e-12:
        return  # the smaller regret does not count yet, and the programme counts both
    for _ in range(5):
        to_x, to_y = (np.eye(size)[whole(0, size - 1)] for size in (rows, columns))
        change = (max(regrets(r, c, x + h * (to_x - x), y + h * (to_y - y))) - f) / h
        assert change >= slope - 1e-4


@pytest.mark.parametrize("delta", [0, -1, 1])
def test_a_slope_that_is_none_is_refused(delta: float) -> None:
    with pytest.raises(UsageError, match="delta: expected a number between 0 and 1"):
        configure(TsaknakisSpirakis, {"delta": delta})


def test_a_step_counts_as_one_and_several_are_several_of_one() -> None:
    form, solver = bimatrix([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), TsaknakisSpirakis()
    start = solver.init(form, 0)
    once = solver.step(form, start, 1)
    assert once.iteration == 1
    assert not solver.finished(once)
    both, twice = solver.step(form, start, 2), solver.step(form, once, 1)
    assert both.iteration == twice.iteration == 2
    assert (both.x.tolist(), both.y.tolist(), both.width) == (twice.x.tolist(), twice.y.tolist(), twice.width)


def test_a_slope_is_descended_before_fewer_replies_count_as_best() -> None:
    r, c = np.array([[0.0, 1, 0.5], [1, 0, 0.25]]), np.array([[0.5, 0, 1], [0, 1, 0.25]])
    x, y = module.balanced(r, c, np.full(2, 1 / 2), np.full(3, 1 / 3))
    slope, *_ = module.steepest(r, c, x, y, module.WIDEST)
    assert slope < -0.01
    after_x, after_y, width, settled = module.descent(r, c, x, y, module.WIDEST, 1e-4)
    assert (width, settled) == (module.WIDEST, False)
    assert max(regrets(r, c, after_x, after_y)) < 0.99 * max(regrets(r, c, x, y))


def test_a_direction_that_lowers_nothing_is_not_taken_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    r, c = np.eye(2), np.array([[0.0, 1], [0.25, 0]])
    monkeypatch.setattr(module, "steepest", lambda r, c, x, y, width: (-1.0, x, y, x, y))
    _, _, width, settled = module.descent(r, c, np.array([0.5, 0.5]), np.array([0.25, 0.75]), module.WIDEST, 1e-4)
    assert width == pytest.approx(module.WIDEST / 10)
    assert not settled


def test_the_second_candidate_mixes_by_what_the_best_replies_gain() -> None:
    """λ = 1/4 and μ = 1/8 by hand: the share of w is 1 / (1 + λ − μ) = 8/9; with the players swapped that of z."""
    r, c = np.array([[0.0, 0], [1 / 2, 1 / 4]]), np.array([[1 / 2, 1 / 2], [1 / 4, 3 / 8]])
    first, second = np.eye(2)
    x, y = module.mixed(r, c, first, first, second, second)
    np.testing.assert_allclose(x, [1 / 9, 8 / 9], rtol=1e-15)
    assert y.tolist() == [0, 1]
    y, x = module.mixed(c.T, r.T, first, first, second, second)
    np.testing.assert_allclose(x, [1 / 9, 8 / 9], rtol=1e-15)
    assert y.tolist() == [0, 1]
