"""Lists of moves and horizons against enumeration: decision problems, judgements, potentials, ranges."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, Moves
from eqsolve.metrics.judge import deviations
from eqsolve.metrics.markov import markov_values
from reference import draws, markov
from reference.draws import Whole, on_random_games
from reference.forms import arrays, dense_game, horizon_game, sparse_game
from reference.normal import pure


def assert_problem(problem: Any, game: Any, profile: Any, i: int) -> None:
    """Assert that a decision problem is the one that enumeration gives player i."""
    rewards, moves = markov.decision_problem(game, profile, i)
    np.testing.assert_allclose(problem.rewards, np.array(rewards, dtype=float), rtol=0, atol=1e-11)
    values = np.arange(1.0, 1 + game.states)
    np.testing.assert_allclose(problem.expect(values), np.array(moves, dtype=float) @ values, atol=1e-11)


@on_random_games(200)
def test_a_list_of_moves_gives_the_decision_problems_that_enumeration_gives(whole: Whole) -> None:
    for game in (draws.markov(whole), draws.acyclic(whole)):
        profile = draws.stationary(whole, game)
        for i, problem in enumerate(sparse_game(game).mdps(arrays(profile))):
            assert_problem(problem, game, profile, i)


@on_random_games(200)
def test_a_horizon_gives_the_decision_problems_of_the_game_unrolled(whole: Whole) -> None:
    stage, horizon = draws.markov(whole), whole(1, 4)
    game = markov.unrolled(stage, horizon)
    form, profile = horizon_game(stage, horizon), draws.stationary(whole, game)
    for i, problem in enumerate(form.mdps(arrays(profile))):
        assert problem.stages == horizon
        np.testing.assert_array_equal(problem.start, np.array(game.start, dtype=float))
        assert_problem(problem, game, profile, i)


@on_random_games(150)
def test_the_judge_finds_the_gains_over_a_horizon_that_trying_all_policies_finds(whole: Whole) -> None:
    stage, horizon = draws.markov(whole), whole(1, 2)
    stage = replace(stage, discount=Fraction(whole(0, 4), 4))
    game = markov.unrolled(stage, horizon)
    form, profile = horizon_game(stage, horizon), draws.stationary(whole, game)
    judged = deviations(form, arrays(profile))
    scale = max(1.0, form.payoff_range)
    worst = []
    for i in game.players:
        gains = markov.gains(game, profile, i)
        worst.append(max(gains))
        assert judged.values[i] == pytest.approx(
            float(markov.from_start(game, markov.values(game, profile, i))), abs=1e-12 * scale
        )
        assert judged.regrets[i] == pytest.approx(float(markov.from_start(game, gains)), abs=1e-12 * scale)
    assert judged.max_regret == pytest.approx(float(max(worst)), abs=1e-12 * scale)


@on_random_games(100)
def test_the_judge_says_the_same_of_a_list_as_of_a_table(whole: Whole) -> None:
    game = draws.markov(whole)
    profile = arrays(draws.stationary(whole, game))
    listed, table = deviations(sparse_game(game), profile), deviations(dense_game(game), profile)
    scale = max(1.0, dense_game(game).payoff_range)
    np.testing.assert_allclose(listed.regrets, table.regrets, rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(listed.values, table.values, rtol=0, atol=1e-12 * scale)
    assert sparse_game(game).payoff_range == dense_game(game).payoff_range


@on_random_games(100)
def test_no_two_values_over_a_horizon_differ_by_more_than_the_range(whole: Whole) -> None:
    stage, horizon = draws.markov(whole), whole(1, 4)
    game, form = markov.unrolled(stage, horizon), horizon_game(stage, horizon)
    for i in game.players:
        some, other = (markov.values(game, draws.stationary(whole, game), i) for _ in range(2))
        assert max(some) - min(other) <= form.payoff_range * (1 + 1e-12)
    assert horizon_game(replace(stage, discount=Fraction(1)), horizon).payoff_range == form.reward_range * horizon


def test_rows_are_pairs_of_stage_and_state_and_the_game_starts_at_stage_0() -> None:
    game = draws.markov(draws.seeded("labels", 3))
    form = horizon_game(game, 2)
    assert form.states == tuple(f"t={t},{s}" for t in (0, 1) for s in range(game.states))
    assert form.start.sum() == form.start[: game.states].sum() == 1
    assert form.shapes == tuple((2 * game.states, size) for size in game.sizes)


def test_moves_come_in_any_order() -> None:
    order = np.random.default_rng(0).permutation(3)
    listed = (np.array([0, 2, 0]), np.array([1, 0, 0]), np.array([0.25, 1.0, 0.5]))
    moves = Moves.of(3, *(part[order] for part in listed))
    assert [part.tolist() for part in moves] == [[0, 2, 2, 3], [0, 1, 0], [0.5, 0.25, 1.0]]
    assert moves.mass.tolist() == [0.75, 0, 1]


def team(whole: Whole) -> markov.MarkovGame:
    game = draws.markov(whole)
    return replace(game, reward=lambda i, s, joint: game.reward(0, s, joint))


def unmoved(whole: Whole) -> markov.MarkovGame:
    """A potential game in every state, and a state that nobody moves."""
    game = draws.markov(whole)
    dummies = {
        (i, s, joint[:i] + joint[i + 1 :]): whole(-9, 9)
        for i in game.players
        for s in range(game.states)
        for joint in np.ndindex(*game.sizes)
    }
    return replace(
        game,
        reward=lambda i, s, joint: game.reward(0, s, joint) + dummies[i, s, joint[:i] + joint[i + 1 :]],
        transition=lambda s, joint: game.transition(s, (0,) * len(joint)),
    )


def forms(game: markov.MarkovGame) -> list[MarkovGame]:
    return [dense_game(game), sparse_game(game), horizon_game(game, 3)]


@on_random_games(150)
def test_a_potential_changes_by_what_the_mover_gains_whatever_the_policies(whole: Whole) -> None:
    for game in (team(whole), unmoved(whole)):
        for form in forms(game):
            assert form.has_potential
            unrolled = markov.unrolled(game, len(form.states) // game.states)
            profile = arrays(draws.stationary(whole, unrolled))
            other = arrays(draws.stationary(whole, unrolled))
            for i in game.players:
                moved = (*profile[:i], other[i], *profile[i + 1 :])
                before, after = (form.start @ markov_values(form, x)[i] for x in (profile, moved))
                phi, changed = form.potential(profile), form.potential(moved)
                assert phi is not None
                assert changed is not None
                assert changed - phi == pytest.approx(after - before, abs=1e-10 * max(1.0, form.payoff_range))


def test_a_team_is_its_own_potential() -> None:
    game = team(draws.seeded("team", 1))
    profile = draws.stationary(draws.seeded("team", 2), game)
    value = float(markov.from_start(game, markov.values(game, profile, 0)))
    assert dense_game(game).potential(arrays(profile)) == pytest.approx(value, rel=1e-12)


def test_players_who_move_the_state_towards_different_ends_have_no_potential() -> None:
    """Each state's game has one; but what moves the state is worth another thing to each."""

    def reward(i: int, s: int, joint: tuple[int, ...]) -> int:
        return (1 if i == s else 0) + joint[0] + joint[1]

    def transition(s: int, joint: tuple[int, ...]) -> list[int]:
        return pure(2, joint[0])

    game = markov.MarkovGame((2, 2), 2, reward, transition, Fraction(1, 2), [1, 0])
    for form in forms(game):
        assert not form.has_potential
        assert form.potential(form.uniform()) is None
    still = replace(game, transition=lambda s, joint: [1, 0])
    for form in forms(still):
        assert form.has_potential


def test_one_wrong_reward_leaves_no_potential() -> None:
    whole = draws.seeded("wrong", 8)
    game = unmoved(whole)
    while len(game.sizes) < 2 or min(game.sizes[:2]) < 2:
        game = unmoved(whole)
    form = dense_game(game)
    rewards = form.rewards.copy()
    rewards[(0,) * rewards.ndim] += 1
    wrong = DenseMarkovGame(
        form.players, form.actions, form.states, rewards, form.transitions, form.discount, form.start
    )
    assert not wrong.has_potential


def test_a_thousand_states_over_a_hundred_stages_take_the_memory_of_their_moves() -> None:
    states, rng = 1000, np.random.default_rng(0)
    cell = np.repeat(np.arange(4 * states), 2)
    following = (np.repeat(np.arange(states), 8) + np.tile([0, 1], 4 * states)) % states
    form = HorizonGame(
        ("a", "b"),
        (("x", "y"),) * 2,
        tuple(map(str, range(states))),
        100,
        rng.random((2, states, 2, 2)),
        Moves.of(4 * states, cell, following, np.full(8 * states, 0.5)),
        1.0,
        np.full(states, 1 / states),
    )
    problem = next(iter(form.mdps(form.uniform())))
    assert problem.expect(np.ones(100 * states)).reshape(100, -1)[:-1].min() == pytest.approx(1)
    held = sum(getattr(problem, name).nbytes for name in ("rewards", "keys", "probability", "start"))
    assert held < 10_000_000
