"""Support polish: from nearly an equilibrium to the exact one on its support."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.kernels.polish import support_polish
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import arrays, tensor_game


def bimatrix(row: list[list[float]], column: list[list[float]]) -> TensorGame:
    payoffs = np.array([row, column])
    return TensorGame(("Row", "Column"), tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:]), payoffs)


def polished(form: TensorGame, *policies: list[float]) -> Profile:
    solution = support_polish(form.backup, arrays(policies))
    assert solution is not None
    return solution


def test_an_asymmetric_matching_pennies_is_solved_from_a_rough_guess() -> None:
    form = bimatrix([[2, -1], [-1, 1]], [[-2, 1], [1, -1]])
    x, y = polished(form, [0.5, 0.5], [0.3, 0.7])
    np.testing.assert_allclose([*x, *y], [0.4, 0.6, 0.4, 0.6], rtol=1e-14)


def test_small_probabilities_are_taken_to_be_off_the_support() -> None:
    form = bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    x, y = polished(form, [1 - 1e-4, 1e-4], [1 - 2e-5, 2e-5])
    assert [*x, *y] == [1, 0, 1, 0]


def test_an_input_is_left_as_it_was() -> None:
    form = bimatrix([[2, -1], [-1, 1]], [[-2, 1], [1, -1]])
    policies = arrays([[0.5, 0.5], [0.3, 0.7]])
    support_polish(form.backup, policies)
    assert [p.tolist() for p in policies] == [[0.5, 0.5], [0.3, 0.7]]


def test_where_no_support_has_a_solution_there_is_none() -> None:
    """The first row dominates: mixing would need a negative probability, and both rows look probable."""
    form = bimatrix([[5, 4], [1, 0]], [[0, 1], [1, 0]])
    assert support_polish(form.backup, arrays([[0.5, 0.5], [0.5, 0.5]])) is None


def test_three_players_are_polished_by_newtons_method() -> None:
    """Action 0 pays 1 − 4 [both others take 0], action 1 nothing: all mix evenly, by equations of second degree."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[0, 0], payoffs[1, :, 0], payoffs[2, :, :, 0] = 1, 1, 1
    payoffs[:, 0, 0, 0] = -3
    form = TensorGame(("a", "b", "c"), (("0", "1"),) * 3, payoffs)
    for policy in polished(form, [0.4, 0.6], [0.55, 0.45], [0.6, 0.4]):
        np.testing.assert_allclose(policy, [0.5, 0.5], atol=1e-14)


def test_large_supports_are_left_alone_and_small_ones_of_large_games_are_not() -> None:
    form = bimatrix(np.eye(200).tolist(), np.eye(200).tolist())
    assert support_polish(form.backup, form.uniform()) is None
    few = [0.0] * 197 + [0.3, 0.3, 0.4]
    for policy in polished(form, few, few):
        np.testing.assert_allclose(policy[-3:], 1 / 3, rtol=1e-14)


@pytest.mark.parametrize("scale", [1e-60, 1e-14, 1e14, 1e60])
def test_the_unit_of_payoffs_does_not_matter(scale: float) -> None:
    form = bimatrix([[2 * scale, -scale], [-scale, scale]], [[-2 * scale, scale], [scale, -scale]])
    x, y = polished(form, [0.5, 0.5], [0.3, 0.7])
    np.testing.assert_allclose([*x, *y], [0.4, 0.6, 0.4, 0.6], rtol=1e-14)


def test_where_newtons_method_wanders_off_nothing_overflows() -> None:
    whole = draws.seeded("pz", 8821)
    game = draws.normal(whole, 2, 4)
    rng = np.random.default_rng(8821)
    draws.profile(whole, game.sizes)
    profile = tuple(rng.dirichlet(np.full(size, 0.3)) for size in game.sizes)
    assert support_polish(tensor_game(game).backup, profile) is None


@on_random_games(300)
def test_what_comes_back_is_a_profile_indifferent_on_its_support(whole: Whole) -> None:
    game = draws.normal(whole, 2, 3)
    profile = draws.profile(whole, game.sizes)
    form = tensor_game(game)
    solution = support_polish(form.backup, arrays(profile))
    if solution is None:
        return
    assert [policy.shape for policy in solution] == list(form.shapes)
    for policy in solution:
        assert policy.min() >= 0
        assert policy.sum() == pytest.approx(1, abs=1e-12)


@on_random_games(300)
def test_a_pure_equilibrium_comes_back_as_itself(whole: Whole) -> None:
    game = draws.normal(whole, 2, 3)
    form = tensor_game(game)
    for joint in normal.pure_equilibria(game):
        pure = arrays([normal.pure(size, a) for size, a in zip(game.sizes, joint, strict=True)])
        solution = support_polish(form.backup, pure)
        assert solution is not None
        assert [policy.tolist() for policy in solution] == [policy.tolist() for policy in pure]


@on_random_games(60)
def test_games_of_many_players_neither_crash_nor_hold_up_a_run(whole: Whole) -> None:
    """Singular systems of four to six players once made the linear algebra give up; large ones took seconds."""
    game = draws.normal(whole, 4, 6)
    form = tensor_game(game)
    assert len(form.uniform()) >= 4
    found = support_polish(form.backup, form.uniform())
    assert found is None or form.check(found).profile


def test_a_polish_that_would_cost_too_much_is_not_tried() -> None:
    calls = 0

    def backup(profile: Sequence[Any]) -> Sequence[Any]:
        nonlocal calls
        calls += 1
        return profile

    assert support_polish(backup, tuple(np.full(2, 0.5) for _ in range(16))) is None
    assert calls == 0
