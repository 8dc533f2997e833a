"""The portfolio for games of several players: it ends at equilibria, and each part comes to its turn."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration.pure import Pure
from eqsolve.solvers.homotopy.n_player import ROUNDS_BEFORE_PATH, NPlayer, State
from eqsolve.spec.load import load
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game


def drawn(shape: tuple[int, ...], seed: int) -> TensorGame:
    tensor = np.random.default_rng(seed).random((len(shape), *shape))
    return TensorGame(numbered(len(shape)), tuple(map(numbered, shape)), tensor)


def ended(form: NormalForm, most: int = 5000, solver: NPlayer | None = None) -> State:
    solver = solver or NPlayer()
    state = solver.step(form, solver.init(form, 0), most)
    gap = deviations(form, solver.answers(form, state)["candidate"]).nash_gap
    assert gap == pytest.approx(state.gap, abs=1e-12 * (form.payoff_range or 1.0))
    return state


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (5, 5, 5), (2,) * 4, (2,) * 5, (2, 4, 3), (6, 5)], ids=str)
def test_random_games_are_solved_exactly(shape: tuple[int, ...]) -> None:
    phases = set()
    for seed in range(60):
        form = drawn(shape, seed)
        state = ended(form)
        assert state.found
        assert deviations(form, NPlayer().answers(form, state)["candidate"]).nash_gap <= 1e-12
        phases.add(
            "pure" if state.iteration == 1 else "averages" if state.iteration <= 1 + ROUNDS_BEFORE_PATH else "path"
        )
    assert phases == {"pure", "averages", "path"}


@on_random_games(100)
def test_the_first_step_finds_a_pure_equilibrium_iff_there_is_one(whole: Whole) -> None:
    form = tensor_game(draws.normal(whole))
    state = ended(form, 1)
    pure = Pure(limit=1)
    listed = pure.answers(form, pure.step(form, pure.init(form, 0), 100_000))
    assert state.found == bool(listed)
    if listed:
        for policy, expected in zip(NPlayer().answers(form, state)["candidate"], listed["equilibrium"], strict=True):
            np.testing.assert_array_equal(policy, expected)


@on_random_games(60)
def test_games_of_integers_with_ties_are_solved_to_eight_digits(whole: Whole) -> None:
    form = tensor_game(draws.normal(whole))
    assert ended(form, 2000).gap <= 1e-8 * (form.payoff_range or 1.0)


def test_the_candidates_gap_never_rises() -> None:
    solver, longest = NPlayer(), 0
    for seed in range(10):
        form = drawn((4, 4, 4), seed)
        state = solver.init(form, 0)
        gaps = []
        while not solver.finished(state):
            state = solver.step(form, state, 1)
            gaps.append(state.gap)
        assert gaps == sorted(gaps, reverse=True)
        longest = max(longest, len(gaps))
    assert longest > 1 + ROUNDS_BEFORE_PATH  # one of them needs the path


def test_regret_matching_goes_on_where_the_path_has_ended() -> None:
    form, solver = drawn((3, 3, 3), 5), NPlayer()
    state = solver.init(form, 0)._replace(iteration=1 + ROUNDS_BEFORE_PATH, rounds=ROUNDS_BEFORE_PATH, arc=0.0)
    after = solver.step(form, state, 3)
    assert after.found or after.rounds == ROUNDS_BEFORE_PATH + 3
    assert after.gap < 0.5


def test_games_of_the_catalogue() -> None:
    for name in ("three-player-matching-pennies", "nine-equilibria"):
        result = api.solve(load(f"@matrix/{name}"), tol=1e-12)
        assert result.status == "converged"
        assert result.algorithm.name == "n-player"


def test_without_polish_candidates_are_taken_as_they_are() -> None:
    form = load("@matrix/three-player-matching-pennies").form
    polished = api.solve(form, "n-player", max_iter=6)
    plain = api.solve(form, "n-player", max_iter=6, polish=False)
    assert polished.algorithm.parameters == {"polish": True}
    assert plain.algorithm.parameters == {"polish": False}
    skewed = drawn((3, 3, 3), 1)
    exact, coarse = ended(skewed), ended(skewed, 200, NPlayer(polish=False))
    assert exact.found
    assert exact.gap <= 1e-12 < coarse.gap
