"""Markov games against enumeration: the decision problem that each player faces while the others keep to a profile."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.forms.markov.game import CrowdingGame, MarkovGame
from eqsolve.forms.markov.mdp import TableMDP
from reference import draws, markov
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import arrays, crowding_game, dense_game
from reference.normal import Joint, joints


def assert_decision_problems(form: MarkovGame, game: markov.MarkovGame, profile: markov.Profile) -> None:
    """Rewards and transitions equal the enumerated ones to 1e-12 of the range of rewards."""
    scale = max(1.0, form.reward_range)
    problems = list(form.mdps(arrays(profile)))
    assert len(problems) == len(game.sizes)
    for i, problem in enumerate(problems):
        assert isinstance(problem, TableMDP)
        rewards, moves = markov.decision_problem(game, profile, i)
        np.testing.assert_allclose(problem.rewards, np.array(rewards, dtype=float), rtol=0, atol=1e-12 * scale)
        np.testing.assert_allclose(problem.transitions, np.array(moves, dtype=float), rtol=0, atol=1e-12)


@on_random_games(500)
def test_tables_give_the_decision_problems_that_enumeration_gives(whole: Whole) -> None:
    game = draws.markov(whole)
    assert_decision_problems(dense_game(game), game, draws.stationary(whole, game))


@on_random_games(300)
def test_undiscounted_tables_too(whole: Whole) -> None:
    game = draws.acyclic(whole)
    assert_decision_problems(dense_game(game), game, draws.stationary(whole, game))


@on_random_games(500)
def test_counting_loads_gives_the_decision_problems_that_the_rules_of_distancing_give(whole: Whole) -> None:
    rules = draws.distancing(whole)
    assert_decision_problems(crowding_game(rules), rules.game, draws.stationary(whole, rules.game))


@on_random_games(60)
def test_counting_agrees_with_enumeration_to_12_digits_of_every_probability(whole: Whole) -> None:
    """The probability of staying within the limit is a sum of products of probabilities: nothing cancels."""
    rules = draws.distancing(whole)
    game, profile = rules.game, draws.stationary(whole, rules.game)
    for i, problem in enumerate(crowding_game(rules).mdps(arrays(profile))):
        assert isinstance(problem, TableMDP)
        moves = np.array(markov.decision_problem(game, profile, i)[1], dtype=float)
        np.testing.assert_allclose(problem.transitions[:, :, 0], moves[:, :, 0], rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("facilities", [1, 2, 3, 4])
def test_every_threshold_from_none_to_all_counts_right(facilities: int) -> None:
    whole = draws.seeded("thresholds", facilities)
    for players in range(1, 6 if facilities < 4 else 5):
        for threshold in range(players + 2):
            rules = Distancing(
                players,
                range(1, facilities + 1),
                10,
                spread_above=threshold,
                safe_at_most=players + 1 - threshold,
                discount=Fraction(1, 2),
                start=[1, 0],
            )
            assert_decision_problems(crowding_game(rules), rules.game, draws.stationary(whole, rules.game))


def test_any_two_states_may_follow_a_crowding_state() -> None:
    """A form whose states lead elsewhere than in distancing: below and above, the same one among them."""
    rng = np.random.default_rng(3)
    form = CrowdingGame(
        players=("a", "b", "c"),
        actions=(("x", "y"),) * 3,
        states=("s", "t", "u"),
        slope=rng.integers(-3, 4, (3, 2)).astype(float),
        offset=rng.integers(-3, 4, 3).astype(float),
        threshold=np.array([2, 2, 0]),
        below=np.array([1, 2, 2]),
        above=np.array([0, 2, 1]),
        discount=0.75,
        start=np.array([0.0, 1.0, 0.0]),
    )

    def reward(i: int, s: int, joint: tuple[int, ...]) -> Fraction:
        return Fraction(form.slope[s, joint[i]]) * joint.count(joint[i]) + Fraction(form.offset[s])

    def transition(s: int, joint: tuple[int, ...]) -> list[int]:
        fullest = max(joint.count(0), joint.count(1))
        following = form.below[s] if fullest <= form.threshold[s] else form.above[s]
        return [int(t == following) for t in range(3)]

    game = markov.MarkovGame((2, 2, 2), 3, reward, transition, Fraction(3, 4), [0, 1, 0])
    assert_decision_problems(form, game, draws.stationary(draws.seeded("elsewhere"), game))


@on_random_games(300)
def test_ranges_are_those_of_the_rewards_at_every_joint_action(whole: Whole) -> None:
    game = draws.markov(whole)
    assert_ranges(dense_game(game), game)


@on_random_games(200)
def test_the_range_of_distancing_is_exact(whole: Whole) -> None:
    rules = draws.distancing(whole)
    assert_ranges(crowding_game(rules), rules.game)


def assert_ranges(form: MarkovGame, game: markov.MarkovGame) -> None:
    everywhere = [(s, joint) for s in range(game.states) for joint in joints(game.sizes)]
    after_the_end = [0] if any(sum(game.transition(s, joint)) < 1 for s, joint in everywhere) else []
    widest = max(
        max(rewards) - min(rewards)
        for rewards in ([game.reward(i, *where) for where in everywhere] + after_the_end for i in game.players)
    )
    assert form.reward_range == widest
    assert form.payoff_range == pytest.approx(float(widest / (1 - game.discount)), rel=1e-12)


def test_a_game_of_equal_rewards_has_a_range_if_it_can_end() -> None:
    """Minus one per stage until the goal: what counts is how long it takes."""
    moves: dict[tuple[int, Joint], list[Fraction]] = {(0, (0,)): [Fraction(1, 2)], (0, (1,)): [Fraction(1)]}
    game = markov.MarkovGame((2,), 1, lambda i, s, a: -1, lambda s, a: moves[s, a], Fraction(9, 10), [1])
    assert dense_game(game).payoff_range == pytest.approx(10)


@on_random_games(40)
def test_no_two_values_differ_by_more_than_the_range(whole: Whole) -> None:
    for game in (draws.markov(whole), draws.acyclic(whole), draws.distancing(whole).game):
        form = dense_game(game)
        for i in game.players:
            some, other = (markov.values(game, draws.stationary(whole, game), i) for _ in range(2))
            assert max(some) - min(other) <= form.payoff_range * (1 + 1e-12)


@on_random_games(100)
def test_the_range_at_discount_1_counts_every_state_once(whole: Whole) -> None:
    game = draws.acyclic(whole)
    form = dense_game(game)
    assert form.payoff_range == form.reward_range * game.states
