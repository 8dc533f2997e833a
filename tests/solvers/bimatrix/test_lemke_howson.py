"""Complementary pivoting: an equilibrium of every game, degenerate ones included, measured by the judge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.kernels.tableau import scaled
from eqsolve.solvers.bimatrix import _paths
from eqsolve.solvers.bimatrix import lemke_howson as module
from eqsolve.solvers.bimatrix.lemke_howson import LemkeHowson, State
from reference.bimatrices import REPORTED, VON_STENGEL
from reference.bimatrix_forms import bimatrix, drawn, relative_gap
from reference.draws import Whole, on_random_games


def ended(form: TensorGame, chunk: int = 50) -> State:
    solver = LemkeHowson()
    state = solver.init(form, 0)
    while not solver.finished(state):
        state = solver.step(form, state, chunk)
    return state


def equilibrium(form: TensorGame) -> Profile:
    (profile,) = LemkeHowson().answers(form, ended(form)).values()
    return profile


@on_random_games(600)
def test_every_game_degenerate_or_not_gets_an_equilibrium(whole: Whole) -> None:
    form = drawn(whole)
    assert relative_gap(form, equilibrium(form)) <= 1e-9


@pytest.mark.parametrize("payoffs", REPORTED.values(), ids=REPORTED)
def test_games_on_which_others_failed(payoffs: tuple[list[list[float]], ...]) -> None:
    form = bimatrix(payoffs)
    assert relative_gap(form, equilibrium(form)) <= 1e-12


def test_von_stengels_game_of_six_actions() -> None:
    form = bimatrix(VON_STENGEL)
    assert relative_gap(form, equilibrium(form)) <= 1e-12


def test_the_only_equilibrium_of_a_cyclic_game_is_found() -> None:
    """Rock, paper, scissors where rock wins twice as much."""
    form = bimatrix([[[0, -1, 2], [1, 0, -1], [-1, 1, 0]], [[0, 1, -2], [-1, 0, 1], [1, -1, 0]]])
    for policy, twelfths in zip(equilibrium(form), ([3, 5, 4], [4, 5, 3]), strict=True):
        np.testing.assert_allclose(policy, np.array(twelfths) / 12, rtol=0, atol=1e-15)


@pytest.mark.parametrize("shape", [(40, 40), (15, 60), (60, 15)])
def test_larger_games_are_solved_to_the_last_digits(shape: tuple[int, int]) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        form = bimatrix(rng.integers(0, 1000, (2, *shape)) if seed % 2 else rng.normal(size=(2, *shape)))
        assert relative_gap(form, equilibrium(form)) <= 1e-12


@on_random_games(60)
def test_blocks_of_one_pivot_and_short_turns_lead_to_equilibria_too(whole: Whole) -> None:
    form = drawn(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "search", module.search.py_func)
        patch.setattr(module, "FEW_ACTIONS", 0)
        patch.setattr(module, "PIVOTED_AT_ONCE", 1)
        patch.setattr(module, "LEAD", 1)
        patch.setattr(module, "TURN_PIVOTS", (1, 1))
        for chunk in (1, 3):
            (profile,) = LemkeHowson().answers(form, ended(form, chunk)).values()
            assert relative_gap(form, profile) <= 1e-9


def test_where_the_first_label_takes_long_another_one_wins_the_race() -> None:
    """The first label's path is cut off: it never moves on."""
    form = bimatrix(np.random.default_rng(3).integers(0, 1000, (2, 12, 12)))
    solver = LemkeHowson()
    state = solver.step(form, solver.init(form, 0), 1)
    assert solver.finished(state)
    first = solver.init(form, 0)
    race = first.race._replace(stage=module.RACING, first_failed=True, limit=24)
    raced = solver.step(form, first._replace(race=race), 1000)
    (profile,) = solver.answers(form, raced).values()
    assert relative_gap(form, profile) <= 1e-12


def test_nothing_is_offered_before_the_end() -> None:
    form, solver = bimatrix(VON_STENGEL), LemkeHowson()
    first = solver.init(form, 0)
    assert solver.answers(form, first) == {}
    assert solver.step(form, first, 0) is first
    end = ended(form)
    assert solver.step(form, end, 3) is end


def test_small_games_take_their_first_step_as_plain_python_to_the_same_end() -> None:
    """The profile is computed afresh from the basis, so that it is the same to the last bit."""
    for seed in range(30):
        rng = np.random.default_rng(seed)
        shape = (2, *rng.integers(1, 16, 2))
        form = bimatrix(rng.integers(0, 4, shape) if seed % 2 else rng.normal(size=shape))
        with pytest.MonkeyPatch.context() as patch:
            profiles = []
            for few in (30, 0):
                patch.setattr(module, "FEW_ACTIONS", few)
                profiles.append(ended(form, 1))
        (plain, compiled) = profiles
        assert plain.iteration == compiled.iteration
        np.testing.assert_array_equal(plain.profile, compiled.profile)


def test_a_state_that_points_outside_the_game_is_seen() -> None:
    form = bimatrix(np.random.default_rng(2).random((2, 4, 4)))
    solver = LemkeHowson()
    begun = solver.init(form, 0)
    assert solver.is_state(form, begun)
    row, column = form.tensor().payoffs
    for which in range(2):
        path = _paths.path_in.interpreted(begun.tables, begun.variables, which, 4, 4)
        walk = _paths.begin.interpreted(path, scaled.interpreted(row), scaled.interpreted(column), which)
        begun = begun._replace(**{("first", "other")[which]: walk})
    racing = begun._replace(race=begun.race._replace(stage=module.RACING, label=1))
    assert solver.is_state(form, racing)
    changes: tuple[dict[str, Any], ...] = (
        {"race": racing.race._replace(stage=7)},
        {"race": racing.race._replace(label=8)},
        {"first": racing.first._replace(entering=8)},
        {"other": racing.other._replace(dropped=-1)},
        *({"variables": np.where(np.arange(32) == k, 9, racing.variables)} for k in range(32)),
    )
    for changed in changes:
        assert not solver.is_state(form, racing._replace(**changed))
