"""The simplex method against the exact value of the game and against HiGHS."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.programmes.zero_sum_lp import maximin
from eqsolve.solvers.programmes.zero_sum_simplex import ZeroSumSimplex
from reference import draws, normal
from reference.bimatrix_forms import bimatrix, relative_gap
from reference.draws import Whole, on_random_games


def solved(form: TensorGame) -> Profile:
    solver = ZeroSumSimplex()
    (profile,) = solver.answers(form, solver.step(form, solver.init(form, 0), 10**6)).values()
    return profile


@on_random_games(400)
def test_both_policies_guarantee_the_exact_value(whole: Whole) -> None:
    matrix, constant = np.array(draws.zero_sum(whole)), whole(-5, 5)
    form = bimatrix([matrix, constant - matrix])
    profile = solved(form)
    value = float(normal.zero_sum_value(matrix.tolist()))
    assert relative_gap(form, profile) <= 1e-12
    np.testing.assert_allclose(deviations(form, profile).values, [value, constant - value], rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_tolerances_are_relative_to_the_payoffs(scale: float) -> None:
    for n in range(20):
        matrix = np.array(draws.zero_sum(draws.seeded("scale", n))) * scale
        form = bimatrix([matrix, -matrix])
        assert relative_gap(form, solved(form)) <= 1e-12


@pytest.mark.parametrize("shape", [(90, 90), (30, 120), (120, 30), (1, 50), (50, 1)])
@pytest.mark.parametrize("reach", [1, 2, 999])
def test_larger_and_degenerate_games_have_the_value_that_highs_finds(shape: tuple[int, int], reach: int) -> None:
    for seed in range(3):
        a = np.random.default_rng(seed).integers(0, reach + 1, shape).astype(float)
        form = bimatrix([a, -a])
        profile = solved(form)
        assert relative_gap(form, profile) <= 1e-12
        x, y, proved = maximin(a)
        assert proved
        assert deviations(form, profile).values[0] == pytest.approx(x @ a @ y, abs=1e-8 * reach)


def test_a_game_of_1203_actions_with_many_ties_is_solved() -> None:
    """Sixty rows and columns twenty times, and three more of each: nearly every basis is degenerate."""
    rng = np.random.default_rng(0)
    core = rng.integers(0, 3, (60, 60)).astype(float)
    a = np.pad(np.tile(core, (20, 20)), ((0, 3), (0, 3)), mode="edge")
    form = bimatrix([a, -a])
    assert relative_gap(form, solved(form)) <= 1e-12


def test_where_a_basis_was_wrong_the_tableau_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tableau damaged on the way leads to a wrong end, which is seen and mended."""
    a = np.random.default_rng(1).integers(0, 100, (20, 25)).astype(float)
    form, solver = bimatrix([a, -a]), ZeroSumSimplex()
    state = solver.step(form, solver.init(form, 0), 8)
    state.table[:-1] *= np.random.default_rng(2).uniform(0.5, 1.5, (20, 26))
    state.table[-1] *= np.random.default_rng(3).uniform(-0.5, 1.5, 26)
    end = solver.step(form, state, 10_000)
    assert solver.finished(end)
    assert end.renewals > 0
    (profile,) = solver.answers(form, end).values()
    assert relative_gap(form, profile) <= 1e-12


def test_a_step_is_a_pivot_and_nothing_is_offered_before_the_end() -> None:
    a = np.random.default_rng(0).normal(size=(10, 10))
    form, solver = bimatrix([a, -a]), ZeroSumSimplex()
    state = solver.init(form, 0)
    steps = 0
    while not solver.finished(state):
        assert solver.answers(form, state) == {}
        state = solver.step(form, state, 1)
        steps += 1
        assert state.iteration == steps
    assert steps > 2
    assert solver.step(form, state, 5) is state


def test_a_state_that_points_outside_the_game_is_seen() -> None:
    payoffs = np.array([[3.0, 1.0, 0.0], [0.0, 2.0, 1.0], [1.0, 0.0, 4.0]])
    form = bimatrix([payoffs, -payoffs])
    solver = ZeroSumSimplex()
    state = solver.step(form, solver.init(form, 0), 1)
    assert solver.is_state(form, solver.init(form, 0))
    assert solver.is_state(form, state)
    assert not solver.finished(state)
    assert not solver.is_state(form, state._replace(stage=9))
    for k in range(state.variables.size):
        variables = state.variables.copy()
        variables[k] += 7
        assert not solver.is_state(form, state._replace(variables=variables))
