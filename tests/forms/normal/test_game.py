"""Normal forms against enumeration of joint actions."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.errors import MismatchError
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import NormalForm, TensorGame
from reference import draws, normal
from reference.congestion import Congestion
from reference.draws import Whole, on_random_games
from reference.forms import arrays, congestion_game, tensor_game
from reference.normal import joints
from reference.plays import congestion_play, tensor_play


def assert_backup(form: NormalForm, game: normal.Game, profile: normal.Profile) -> None:
    """Payoffs of own actions equal the enumerated ones to 1e-12 of the payoff range."""
    scale = max(1.0, float(normal.payoff_range(game)))
    for i, payoffs in enumerate(form.backup(arrays(profile))):
        truth = [float(u) for u in normal.action_payoffs(game, profile, i)]
        np.testing.assert_allclose(payoffs, truth, rtol=0, atol=1e-12 * scale)


@on_random_games(2000)
def test_a_tensor_backs_up_expected_payoffs(whole: Whole) -> None:
    assert_backup(*tensor_play(whole))


@on_random_games(1500)
def test_a_congestion_game_backs_up_the_payoffs_that_counting_loads_gives(whole: Whole) -> None:
    assert_backup(*congestion_play(whole))


@on_random_games(200)
def test_the_tensor_of_a_congestion_game_holds_the_payoffs_by_the_rules(whole: Whole) -> None:
    rules = draws.congestion(whole)
    form = congestion_game(rules)
    np.testing.assert_array_equal(form.tensor().payoffs, tensor_game(rules.game).payoffs)
    assert form.tensor_bytes == form.tensor().payoffs.nbytes


def test_a_tensor_beyond_the_budget_is_refused() -> None:
    form = congestion_game(Congestion({"a": [1] * 3, "b": [2] * 3}, [[["a"], ["b"]]] * 3, [1] * 3))
    with pytest.raises(MismatchError, match="GiB") as refusal:
        form.tensor(budget=form.tensor_bytes - 1)
    assert "inpg" in str(refusal.value.hint)
    assert form.tensor(budget=form.tensor_bytes).payoffs.shape == (3, 2, 2, 2)


def test_payoffs_of_a_crowd_too_large_for_a_tensor_are_those_of_its_rules() -> None:
    """60 players on two roads, everyone on the first with the same probability: the load of the others is binomial."""
    n, p = 60, 0.3
    form = congestion_game(Congestion({"a": range(1, n + 1), "b": [7] * n}, [[["a"], ["b"]]] * n, [1] * n))
    payoffs = form.backup(tuple(np.array([p, 1 - p]) for _ in range(n)))
    for own in payoffs:
        np.testing.assert_allclose(own, [-(1 + (n - 1) * p), -7.0], rtol=1e-12)
    with pytest.raises(MismatchError):
        form.tensor()


@on_random_games(300)
def test_payoff_range_is_the_widest_players_range(whole: Whole) -> None:
    game = draws.normal(whole)
    assert tensor_game(game).payoff_range == tensor_game(game).reward_range == normal.payoff_range(game)


@on_random_games(300)
def test_payoff_range_of_a_congestion_game_is_never_below_the_true_one(whole: Whole) -> None:
    rules = draws.congestion(whole)
    assert congestion_game(rules).payoff_range >= normal.payoff_range(rules.game)


def test_costs_at_loads_below_a_players_own_weight_do_not_count() -> None:
    costs = {"a": [1000, 1, 1, 3], "b": [-1000, 2, 2, 2]}
    rules = Congestion(costs, [[["a"], ["b"]]] * 2, [2, 2])
    assert congestion_game(rules).payoff_range == normal.payoff_range(rules.game) == 2


@on_random_games(300)
def test_payoff_range_of_a_congestion_game_is_exact_where_players_are_alike_and_strategies_single(whole: Whole) -> None:
    resources = [f"r{r}" for r in range(whole(1, 3))]
    players = whole(1, 4)
    costs = {r: [whole(-3, 9) for _ in range(players)] for r in resources}
    rules = Congestion(costs, [[[r] for r in resources]] * players, [1] * players)
    if len(resources) > 1 or players == 1:
        assert congestion_game(rules).payoff_range == normal.payoff_range(rules.game)


@on_random_games(300)
def test_a_random_game_has_a_potential_iff_every_four_cycle_sums_to_0(whole: Whole) -> None:
    """Tiny payoffs, so that some games of two actions have one by luck."""
    shape = draws.sizes(whole, whole(1, 3), 2)
    table = {joint: tuple(whole(0, 1) for _ in shape) for joint in joints(shape)}
    game = normal.Game(shape, table.__getitem__)
    assert tensor_game(game).has_potential == normal.is_potential_game(game)


@on_random_games(300)
def test_a_potential_changes_by_what_the_mover_gains(whole: Whole) -> None:
    game = draws.potential(whole)
    assert normal.is_potential_game(game)
    assert_potential(tensor_game(game), game)


@on_random_games(200)
def test_one_wrong_payoff_destroys_a_potential(whole: Whole) -> None:
    game = draws.potential(whole)
    form = tensor_game(game)
    wrong = form.payoffs.copy()
    wrong[whole(0, len(game.sizes) - 1), *(whole(0, size - 1) for size in game.sizes)] += 1
    columns = wrong.reshape(len(game.sizes), -1).T.astype(int).tolist()
    table = dict(zip(joints(game.sizes), columns, strict=True))
    changed = normal.Game(game.sizes, table.__getitem__)
    assert TensorGame(form.players, form.actions, wrong).has_potential == normal.is_potential_game(changed)


@on_random_games(300)
def test_rosenthals_potential_is_the_sum_of_costs_up_to_each_load(whole: Whole) -> None:
    rules = draws.congestion(whole, heaviest=1)
    form = congestion_game(rules)
    assert form.has_potential
    for joint in joints(rules.game.sizes):
        profile = arrays([normal.pure(size, a) for size, a in zip(rules.game.sizes, joint, strict=True)])
        assert form.potential(profile) == pytest.approx(float(rules.rosenthal(joint)), rel=1e-12, abs=1e-12)
    assert_potential(form, rules.game)


@on_random_games(100)
def test_congestion_with_unequal_weights_states_no_potential(whole: Whole) -> None:
    form = congestion_game(draws.congestion(whole))
    if (form.weights != 1).any():
        assert not form.has_potential
        assert form.potential(form.uniform()) is None


@on_random_games(200)
def test_a_mixed_profiles_potential_is_the_mean_over_joint_actions(whole: Whole) -> None:
    rules = draws.congestion(whole, heaviest=1)
    sizes = rules.game.sizes
    profile = draws.profile(whole, sizes)
    mean = sum(normal.probability(profile, joint) * rules.rosenthal(joint) for joint in joints(sizes))
    assert congestion_game(rules).potential(arrays(profile)) == pytest.approx(float(mean), rel=1e-12, abs=1e-12)


def test_a_team_game_is_its_own_potential() -> None:
    payoffs = np.array([[[3.0, 0.0, 1.0], [-2.0, 5.0, 7.0]]] * 2)
    form = TensorGame(("a", "b"), (("x", "y"), ("l", "m", "r")), payoffs)
    for joint in joints((2, 3)):
        profile = arrays([normal.pure(2, joint[0]), normal.pure(3, joint[1])])
        assert form.potential(profile) == pytest.approx(payoffs[0][joint], abs=1e-12)


def assert_potential(form: TensorGame | CongestionGame, game: normal.Game) -> None:
    """Every unilateral move changes the form's potential by the mover's gain."""
    scale = max(1.0, float(normal.payoff_range(game)))

    def potential(joint: normal.Joint) -> float:
        value = form.potential(arrays([normal.pure(size, a) for size, a in zip(game.sizes, joint, strict=True)]))
        assert value is not None
        return value

    at = {joint: potential(joint) for joint in joints(game.sizes)}
    for joint in at:
        for i in game.players:
            for action in range(game.sizes[i]):
                moved = (*joint[:i], action, *joint[i + 1 :])
                gain = float(game.payoff(moved)[i] - game.payoff(joint)[i])
                assert at[moved] - at[joint] == pytest.approx(gain, abs=1e-11 * scale)
