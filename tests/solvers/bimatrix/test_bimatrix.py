"""Methods in turns: what `auto` takes for two players finds an equilibrium, or says where the descent stands."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.bimatrix import bimatrix as module
from eqsolve.solvers.bimatrix import small_supports
from eqsolve.solvers.bimatrix.bimatrix import Bimatrix, State
from eqsolve.solvers.bimatrix.tsaknakis_spirakis import TsaknakisSpirakis
from eqsolve.solvers.state import flattened
from eqsolve.spec.load import parse
from reference.bimatrices import REPORTED, VON_STENGEL
from reference.bimatrix_forms import bimatrix, drawn, relative_gap
from reference.draws import Whole, on_random_games


def after(form: TensorGame, steps: int = 10**4) -> State:
    return Bimatrix().step(form, Bimatrix().init(form, 0), steps)


def gap(form: TensorGame, state: State) -> float:
    (profile,) = Bimatrix().answers(form, state).values()
    return relative_gap(form, profile)


@on_random_games(300)
def test_every_small_game_gets_an_equilibrium(whole: Whole) -> None:
    form = drawn(whole)
    assert gap(form, after(form)) <= 1e-9


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_random_games_of_every_size_are_solved(n: int) -> None:
    for seed in range(100):
        form = bimatrix(np.random.default_rng(seed).normal(size=(2, n, n)))
        assert gap(form, after(form)) <= 1e-9


@pytest.mark.parametrize("payoffs", [VON_STENGEL, *REPORTED.values()], ids=["von Stengel", *REPORTED])
def test_named_games(payoffs: tuple[list[list[float]], ...]) -> None:
    form = bimatrix(payoffs)
    assert gap(form, after(form)) <= 1e-12


@pytest.mark.parametrize("shape", [(200, 200), (30, 600), (600, 30)])
def test_large_random_games_are_solved_by_small_supports(shape: tuple[int, int]) -> None:
    for seed in range(3):
        form = bimatrix(np.random.default_rng(seed).integers(0, 1000, (2, *shape)))
        state = after(form)
        assert gap(form, state) <= 1e-12
        if np.prod(shape) > module.SMALL_TABLE:
            assert small_supports.has_found(state.supports)
            assert state.pivots.iteration == 0


def hard() -> TensorGame:
    """Payoffs opposed but for noise: no small supports, and a path of thousands of pivots."""
    one, other = np.random.default_rng(0).normal(size=(2, 120, 120))
    return bimatrix([one, 0.75**0.5 * other - 0.7 * one])


def test_while_there_is_no_equilibrium_the_answer_is_the_descents() -> None:
    form, solver = hard(), Bimatrix()
    state = solver.init(form, 0)
    while state.descent.iteration == 0:
        assert not solver.finished(state)
        state = solver.step(form, state, 1)
    assert state.pivots.iteration > 0
    assert state.supports.search.stage == small_supports.TRIPLES
    (profile,) = solver.answers(form, state).values()
    (descent,) = TsaknakisSpirakis().answers(form, state.descent).values()
    for one, other in zip(profile, descent, strict=True):
        np.testing.assert_array_equal(one, other)
    assert 1e-6 < relative_gap(form, profile) < 0.34


def test_chunks_add_up_where_parts_take_turns() -> None:
    form, solver = hard(), Bimatrix()
    whole = after(form, 150)
    assert whole.descent.iteration > 0
    cut = solver.init(form, 0)
    for steps in (1, 70, 0, 9, 50, 20):
        cut = solver.step(form, cut, steps)
    assert cut.iteration == whole.iteration == 150
    for one, other in ((cut.pivots, whole.pivots), (cut.supports, whole.supports), (cut.descent, whole.descent)):
        for left, right in zip(flattened(one).values(), flattened(other).values(), strict=True):
            np.testing.assert_array_equal(left, right)


def test_a_game_on_the_command_line_is_solved_to_nine_digits() -> None:
    game = parse("{kind: random-matrix, players: 2, actions: [10, 10], seed: 4}", "game")
    result = api.solve(game, rtol=1e-9)
    assert result.algorithm.name == "bimatrix"
    assert result.status == "converged"
