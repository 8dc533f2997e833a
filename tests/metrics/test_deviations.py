"""The judge against the definitions: regrets by enumeration and, in Markov games, by trying every deviation."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.forms.base import Array, Form
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judge import deviations
from reference import draws, markov, normal
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, crowding_game, dense_game
from reference.normal import Joint
from reference.plays import acyclic_play, congestion_play, crowding_play, stationary_play, tensor_play


def assert_never_clearly_negative(form: Form, found: Deviations) -> None:
    assert found.regrets.min() >= -1e-9 * max(1.0, as_mixed(form).payoff_range)
    assert found.nash_gap == found.regrets.max()
    assert found.nash_conv == pytest.approx(found.regrets.sum())
    assert found.welfare == pytest.approx(found.values.sum())
    assert found.max_regret >= found.nash_gap - 1e-12 * max(1.0, as_mixed(form).payoff_range)


def assert_near(found: Deviations, values: Array, regrets: Array, within: float) -> None:
    np.testing.assert_allclose(found.regrets, regrets, rtol=0, atol=within)
    np.testing.assert_allclose(found.values, values, rtol=0, atol=within)
    np.testing.assert_allclose(found.best_values, values + regrets, rtol=0, atol=within)


def assert_normal(form: Form, game: normal.Game, profile: normal.Profile) -> None:
    found = deviations(form, arrays(profile))
    regrets = np.array(normal.regrets(game, profile), dtype=float)
    values = np.array([normal.value(game, profile, i) for i in game.players], dtype=float)
    assert_near(found, values, regrets, 1e-12 * max(1.0, float(normal.payoff_range(game))))
    assert found.max_regret == found.nash_gap
    assert_never_clearly_negative(form, found)


def assert_markov(form: Form, game: markov.MarkovGame, profile: markov.Profile, digits: float = 1e-12) -> None:
    found = deviations(form, arrays(profile))
    values = [markov.values(game, profile, i) for i in game.players]
    gains = [markov.gains(game, profile, i) for i in game.players]
    scale = max(abs(v) + g for figures in zip(values, gains, strict=True) for v, g in zip(*figures, strict=True))
    within = digits * max(1.0, float(scale))
    at_start = [np.array([float(markov.from_start(game, own)) for own in figures]) for figures in (values, gains)]
    assert_near(found, at_start[0], at_start[1], within)
    assert found.max_regret == pytest.approx(float(max(g for own in gains for g in own)), abs=within)
    assert_never_clearly_negative(form, found)


@on_random_games(2000)
def test_regrets_of_tensors_are_those_by_enumeration(whole: Whole) -> None:
    assert_normal(*tensor_play(whole))


@on_random_games(1000)
def test_regrets_of_congestion_games_are_those_by_counting_loads(whole: Whole) -> None:
    assert_normal(*congestion_play(whole))


@on_random_games(600)
def test_regrets_of_markov_games_are_those_by_trying_every_stationary_policy(whole: Whole) -> None:
    assert_markov(*stationary_play(whole))


@on_random_games(400)
def test_regrets_of_undiscounted_games_that_end(whole: Whole) -> None:
    assert_markov(*acyclic_play(whole))


@on_random_games(500)
def test_regrets_of_distancing_are_those_by_its_rules(whole: Whole) -> None:
    assert_markov(*crowding_play(whole))


@on_random_games(200)
def test_regrets_of_distancing_by_counting_and_by_tables_agree(whole: Whole) -> None:
    rules = draws.distancing(whole)
    profile = arrays(draws.stationary(whole, rules.game))
    counted, tabled = (deviations(form, profile) for form in (crowding_game(rules), dense_game(rules.game)))
    for ours, theirs in ((counted.regrets, tabled.regrets), (counted.values, tabled.values)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-11)


@on_random_games(30)
def test_values_are_the_sums_of_discounted_rewards_over_many_stages(whole: Whole) -> None:
    """A second truth for values, from no equation: the sum of 800 stages."""
    tables, rules = draws.markov(whole), draws.distancing(whole)
    for form, game in ((dense_game(tables), tables), (crowding_game(rules), rules.game)):
        profile = draws.stationary(whole, game)
        found = deviations(form, arrays(profile))
        for i in game.players:
            summed = markov.from_start(game, markov.values_by_summing(game, profile, i, 800))
            assert found.values[i] == pytest.approx(float(summed), rel=1e-9, abs=1e-9)


def test_a_far_sighted_player_may_pay_now_for_later() -> None:
    """One player, two states: waiting costs 1 and leads to a state that pays 1 for ever; γ = 0.99."""
    rewards: dict[tuple[int, Joint], int] = {(0, (0,)): 0, (0, (1,)): -1, (1, (0,)): 1, (1, (1,)): 1}
    game = markov.MarkovGame(
        (2,),
        2,
        lambda i, s, a: rewards[s, a],
        lambda s, a: [0, 1] if s == 1 or a == (1,) else [1, 0],
        Fraction(99, 100),
        [1, 0],
    )
    found = deviations(dense_game(game), (np.array([[1.0, 0.0], [1.0, 0.0]]),))
    assert found.values.tolist() == [0]
    assert found.regrets[0] == pytest.approx(-1 + 0.99 / 0.01, rel=1e-12)


def test_small_stakes_count_beside_large_ones() -> None:
    """Going from 0 to 1 pays only once 1's own small improvement is made; state 2 is worth 100, elsewhere."""
    small = Fraction(1, 10**7)
    rewards: dict[tuple[int, int], Fraction] = {
        (0, 0): Fraction(0),
        (0, 1): -small / 2,
        (1, 0): Fraction(0),
        (1, 1): small,
        (2, 0): Fraction(1),
        (2, 1): Fraction(1),
    }
    follows = {(0, 1): 1}
    game = markov.MarkovGame(
        (2,),
        3,
        lambda i, s, a: rewards[s, a[0]],
        lambda s, a: [int(t == follows.get((s, a[0]), s)) for t in range(3)],
        Fraction(99, 100),
        [1, 0, 0],
    )
    always_0 = [[[1, 0]] * 3]
    found = deviations(dense_game(game), arrays(always_0))
    truth = markov.from_start(game, markov.gains(game, always_0, 0))
    assert truth == -small / 2 + 99 * small
    assert found.regrets[0] == pytest.approx(float(truth), rel=1e-6)


@pytest.mark.parametrize("discount", [Fraction(99, 100), Fraction(9999, 10000)])
def test_long_futures_cost_few_digits(discount: Fraction) -> None:
    for n in range(20):
        whole = draws.seeded("long", n)
        drawn = draws.markov(whole)
        game = markov.MarkovGame(drawn.sizes, drawn.states, drawn.reward, drawn.transition, discount, drawn.start)
        assert_markov(dense_game(game), game, draws.stationary(whole, game), digits=1e-10)
