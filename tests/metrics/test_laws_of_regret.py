"""Laws that hold of any judge: what leaves a game the same leaves regrets the same, and equilibria have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judge import deviations
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, dense_game, tensor_game

Floats = NDArray[np.float64]


def drawn_tensor(whole: Whole) -> tuple[TensorGame, Profile]:
    game = draws.normal(whole)
    return tensor_game(game), arrays(draws.profile(whole, game.sizes))


def drawn_markov(whole: Whole) -> tuple[DenseMarkovGame, Profile]:
    game = draws.markov(whole)
    return dense_game(game), arrays(draws.stationary(whole, game))


def assert_regrets(found: Deviations, expected: Floats, form: Form, scale: float = 1.0) -> None:
    small = 1e-11 * scale * max(1.0, as_mixed(form).payoff_range)
    np.testing.assert_allclose(found.regrets, expected, rtol=0, atol=small)


def order(whole: Whole, size: int) -> list[int]:
    """A permutation."""
    left, out = list(range(size)), []
    while left:
        out.append(left.pop(whole(0, len(left) - 1)))
    return out


@on_random_games(300)
def test_what_a_player_gets_whatever_he_does_changes_no_regret(whole: Whole) -> None:
    """A constant per player, and any function of the others' actions."""
    form, profile = drawn_tensor(whole)
    payoffs = form.payoffs.copy()
    for i in range(len(profile)):
        others = [1 if j == i else size for j, size in enumerate(payoffs.shape[1:])]
        payoffs[i] += np.array([whole(-50, 50) for _ in range(int(np.prod(others)))]).reshape(others)
    assert_regrets(deviations(replace(form, payoffs=payoffs), profile), deviations(form, profile).regrets, form, 50)


@on_random_games(300)
def test_a_constant_on_every_reward_changes_no_regret_of_a_game_that_goes_on(whole: Whole) -> None:
    form, profile = drawn_markov(whole)
    last = form.transitions.copy()
    last[..., 0] += 1 - last.sum(axis=-1)
    going_on = replace(form, transitions=last)
    shift = np.array([whole(-50, 50) for _ in profile]).reshape(-1, *[1] * (form.rewards.ndim - 1))
    moved = deviations(replace(going_on, rewards=form.rewards + shift), profile)
    before = deviations(going_on, profile)
    assert_regrets(moved, before.regrets, form, 50)
    np.testing.assert_allclose(
        moved.values - before.values, shift.ravel() / (1 - form.discount), rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("factor", [2.0**-60, 2.0**-20, 2.0**30])
def test_regrets_scale_with_payoffs(factor: float) -> None:
    """Powers of two scale floats without rounding, so every digit must scale."""
    for n in range(150):
        whole = draws.seeded("scale", n)
        form, profile = drawn_tensor(whole)
        scaled: Form = replace(form, payoffs=form.payoffs * factor)
        assert deviations(scaled, profile).regrets.tolist() == (deviations(form, profile).regrets * factor).tolist()
        markov, policies = drawn_markov(whole)
        scaled = replace(markov, rewards=markov.rewards * factor)
        found = deviations(scaled, policies).regrets / factor
        np.testing.assert_allclose(found, deviations(markov, policies).regrets, rtol=1e-12, atol=1e-12)


@on_random_games(300)
def test_relabelling_actions_changes_no_figure(whole: Whole) -> None:
    form, profile = drawn_tensor(whole)
    orders = [order(whole, len(policy)) for policy in profile]
    payoffs = form.payoffs[np.ix_(range(len(profile)), *orders)]
    turned = deviations(replace(form, payoffs=payoffs), tuple(p[o] for p, o in zip(profile, orders, strict=True)))
    before = deviations(form, profile)
    assert_regrets(turned, before.regrets, form)
    np.testing.assert_allclose(turned.values, before.values, rtol=0, atol=1e-11 * max(1.0, form.payoff_range))


@on_random_games(300)
def test_relabelling_players_relabels_regrets(whole: Whole) -> None:
    form, profile = drawn_tensor(whole)
    seats = order(whole, len(profile))
    payoffs = form.payoffs[seats].transpose(0, *(1 + seat for seat in seats))
    turned = TensorGame(form.players, tuple(form.actions[seat] for seat in seats), payoffs)
    found = deviations(turned, tuple(profile[seat] for seat in seats))
    assert_regrets(found, deviations(form, profile).regrets[seats], form)


@on_random_games(300)
def test_relabelling_states_changes_no_figure(whole: Whole) -> None:
    form, profile = drawn_markov(whole)
    names = order(whole, len(form.states))
    turned = replace(
        form,
        rewards=form.rewards[:, names],
        transitions=form.transitions[names][..., names],
        start=form.start[names],
    )
    found, before = deviations(turned, tuple(policy[names] for policy in profile)), deviations(form, profile)
    assert_regrets(found, before.regrets, form)
    assert found.max_regret == pytest.approx(before.max_regret, abs=1e-11 * max(1.0, form.payoff_range))


@on_random_games(300)
def test_a_game_of_one_state_without_future_is_its_matrix(whole: Whole) -> None:
    form, profile = drawn_tensor(whole)
    sizes = form.payoffs.shape[1:]
    stage = DenseMarkovGame(
        form.players, form.actions, ("s",), form.payoffs[:, None], np.ones((1, *sizes, 1)), 0.0, np.ones(1)
    )
    found = deviations(stage, tuple(policy[None] for policy in profile))
    assert_regrets(found, deviations(form, profile).regrets, form)


@on_random_games(600)
def test_the_gap_is_0_at_a_pure_profile_iff_it_is_an_equilibrium_by_definition(whole: Whole) -> None:
    game = draws.normal(whole)
    form, stable = tensor_game(game), set(normal.pure_equilibria(game))
    for joint in normal.joints(game.sizes):
        pure = arrays([normal.pure(size, a) for size, a in zip(game.sizes, joint, strict=True)])
        assert (deviations(form, pure).nash_gap == 0) == (joint in stable)


MIXED = [
    ("matching pennies", [[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [1 / 2, 1 / 2], [1 / 2, 1 / 2], [0, 0]),
    (
        "rock, paper, scissors",
        [[0, -1, 1], [1, 0, -1], [-1, 1, 0]],
        [[0, 1, -1], [-1, 0, 1], [1, -1, 0]],
        [1 / 3] * 3,
        [1 / 3] * 3,
        [0, 0],
    ),
    ("battle of the sexes", [[3, 0], [0, 2]], [[2, 0], [0, 3]], [3 / 5, 2 / 5], [2 / 5, 3 / 5], [6 / 5, 6 / 5]),
    ("chicken", [[0, 7], [2, 6]], [[0, 2], [7, 6]], [1 / 3, 2 / 3], [1 / 3, 2 / 3], [14 / 3, 14 / 3]),
    # O'Neill 1987: four cards, the joker last; value −0.2 for the row player
    (
        "O'Neill",
        [[-1, 1, 1, -1], [1, -1, 1, -1], [1, 1, -1, -1], [-1, -1, -1, 1]],
        [[1, -1, -1, 1], [-1, 1, -1, 1], [-1, -1, 1, 1], [1, 1, 1, -1]],
        [0.2, 0.2, 0.2, 0.4],
        [0.2, 0.2, 0.2, 0.4],
        [-0.2, 0.2],
    ),
]


@pytest.mark.parametrize(("name", "row", "column", "x", "y", "values"), MIXED, ids=[game[0] for game in MIXED])
def test_known_mixed_equilibria_have_no_regret(
    name: str, row: list[list[int]], column: list[list[int]], x: list[float], y: list[float], values: list[float]
) -> None:
    payoffs = np.array([row, column], dtype=float)
    form = TensorGame(("Row", "Column"), tuple(tuple(map(str, range(k))) for k in payoffs.shape[1:]), payoffs)
    found = deviations(form, arrays([x, y]))
    assert abs(found.nash_gap) <= 1e-15 * 8
    np.testing.assert_allclose(found.values, values, rtol=1e-12, atol=1e-12)
    if len(x) > 1:
        off = deviations(form, arrays([np.roll(np.eye(len(x))[0], 1), y]))
        assert off.nash_gap > 0.1


@on_random_games(300)
def test_the_value_of_a_zero_sum_game_lies_between_the_best_responses(whole: Whole) -> None:
    """Best-response values bound the value from both sides, whatever the profile; NashConv is their distance."""
    matrix = draws.zero_sum(whole)
    game = normal.Game(
        (len(matrix), len(matrix[0])), lambda joint: (matrix[joint[0]][joint[1]], -matrix[joint[0]][joint[1]])
    )
    found = deviations(tensor_game(game), arrays(draws.profile(whole, game.sizes)))
    value = float(normal.zero_sum_value(matrix))
    assert found.best_values[0] >= value - 1e-12
    assert found.best_values[1] >= -value - 1e-12
    assert found.nash_conv == pytest.approx(found.best_values.sum(), abs=1e-12)
