"""Action values and visitation of packed profiles against enumeration, for every representation of a game."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.kernels.action_values import action_values, visitation
from eqsolve.kernels.jit import jit
from reference import draws, markov, normal
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import (
    arrays,
    as_mixed,
    congestion_game,
    crowding_game,
    dense_game,
    horizon_game,
    sparse_game,
    tensor_game,
)
from reference.plays import acyclic_play, congestion_play, crowding_play, stationary_play, tensor_play

Values = tuple[Array, Array]


@jit
def evaluate(game: Any, x: Array, q: Array, v: Array, work: Array) -> None:
    action_values(game, x, q, v, work)


def computed(form: Form, profile: Profile) -> Values:
    """q and v as a solver's sweep gets them; everything that is not written stays NaN."""
    x = form.pack(profile)
    q, v = np.full(x.size, np.nan), np.full(form.row_offsets.size - 1, np.nan)
    evaluate(form.arrays, x, q, v, np.full(form.arrays.scratch, np.nan))
    assert x.tolist() == form.pack(profile).tolist()
    return q, v


def assert_close(found: Values, q: list[Any], v: list[Any], scale: float) -> None:
    for ours, theirs in zip(found, (q, v), strict=True):
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=0, atol=1e-12 * max(1.0, scale))


def assert_normal(form: Form, game: normal.Game, profile: normal.Profile) -> None:
    q = [u for i in game.players for u in normal.action_payoffs(game, profile, i)]
    v = [normal.value(game, profile, i) for i in game.players]
    assert_close(computed(form, arrays(profile)), q, v, as_mixed(form).payoff_range)


def assert_markov(form: MarkovGame, game: markov.MarkovGame, profile: markov.Profile) -> None:
    q = [u for i in game.players for row in markov.action_values(game, profile, i) for u in row]
    v = [value for i in game.players for value in markov.values(game, profile, i)]
    scale = float(max(abs(value) for value in (*q, *v)))
    assert_close(computed(form, arrays(profile)), q, v, scale)


@on_random_games(1000)
def test_tensors(whole: Whole) -> None:
    assert_normal(*tensor_play(whole))


@on_random_games(500)
def test_congestion(whole: Whole) -> None:
    assert_normal(*congestion_play(whole))


@on_random_games(400)
def test_tables_of_a_markov_game(whole: Whole) -> None:
    assert_markov(*stationary_play(whole))


@on_random_games(300)
def test_tables_of_an_undiscounted_game_that_ends(whole: Whole) -> None:
    assert_markov(*acyclic_play(whole))


@on_random_games(300)
def test_lists_of_moves(whole: Whole) -> None:
    for game in (draws.markov(whole), draws.acyclic(whole)):
        assert_markov(sparse_game(game), game, draws.stationary(whole, game))


@on_random_games(300)
def test_games_over_a_horizon(whole: Whole) -> None:
    stage = draws.markov(whole)
    horizon = whole(1, 4)
    for discount in (stage.discount, Fraction(1)):
        game = markov.unrolled(replace(stage, discount=discount), horizon)
        assert_markov(horizon_game(replace(stage, discount=discount), horizon), game, draws.stationary(whole, game))


@on_random_games(300)
def test_distancing(whole: Whole) -> None:
    assert_markov(*crowding_play(whole))


def test_five_and_six_players() -> None:
    for players in (5, 6):
        whole = draws.seeded("players", players)
        table = {joint: [whole(-9, 9) for _ in range(players)] for joint in normal.joints([2, 1, 3, 2, 2, 2][:players])}
        game = normal.Game((2, 1, 3, 2, 2, 2)[:players], table.__getitem__)
        assert_normal(tensor_game(game), game, draws.profile(whole, game.sizes))


def test_counting_equals_enumeration_to_12_digits_at_discount_99_hundredths() -> None:
    """Eight players over two facilities, four over four: action values of a long future, relative to the largest."""
    for players, weights in ((8, [1, 3]), (4, [1, 2, 4, 6])):
        rules = Distancing(players, weights, 100, players // 2, players // 4, Fraction(99, 100), [1, 0])
        assert_markov(crowding_game(rules), rules.game, draws.stationary(draws.seeded("long", players), rules.game))


def test_counting_equals_the_tables_of_the_same_game() -> None:
    """The form for counting against the form for tables, through the kernels of both."""
    rules = Distancing(5, [1, 2, 4], 50, 2, 1, Fraction(9, 10), [Fraction(1, 2)] * 2)
    counting, tables = crowding_game(rules), dense_game(rules.game)
    rng = np.random.default_rng(0)
    for _ in range(20):
        profile = tuple(rng.dirichlet(np.ones(3), 2) for _ in range(5))
        for ours, theirs in zip(computed(counting, profile), computed(tables, profile), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-10)


def test_turning_the_players_round_turns_their_action_values_round() -> None:
    """No axis of a tensor is treated unlike another."""
    rng = np.random.default_rng(1)
    payoffs = rng.integers(-9, 10, (3, 2, 3, 4)).astype(float)
    x, y, z = (rng.dirichlet(np.ones(size)) for size in (2, 3, 4))
    q, _ = computed(_tensor(payoffs), (x, y, z))
    turned, _ = computed(_tensor(payoffs[[2, 0, 1]].transpose(0, 3, 1, 2)), (z, x, y))
    np.testing.assert_allclose(turned, np.concatenate([q[5:], q[:5]]), rtol=0, atol=1e-13)


def _tensor(payoffs: Array) -> Form:
    from eqsolve.forms.normal.game import TensorGame

    return TensorGame(tuple("abc"), tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:]), payoffs)


@jit
def count_visits(game: Any, x: Array, d: Array, work: Array) -> None:
    visitation(game, x, d, work)


def visited(form: Form, profile: Profile) -> Array:
    """d as a solver's sweep gets it."""
    x, d = form.pack(profile), np.full(form.row_offsets.size - 1, np.nan)
    count_visits(form.arrays, x, d, np.full(form.arrays.scratch, np.nan))
    assert x.tolist() == form.pack(profile).tolist()
    return d


def assert_visits(form: MarkovGame, game: markov.MarkovGame, profile: markov.Profile) -> None:
    expected = [float(visits) for visits in markov.visits(game, profile)] * len(game.sizes)
    np.testing.assert_allclose(visited(form, arrays(profile)), expected, rtol=1e-12, atol=1e-12)


@on_random_games(300)
def test_visits_of_a_markov_game_given_by_tables(whole: Whole) -> None:
    assert_visits(*stationary_play(whole))
    assert_visits(*acyclic_play(whole))


@on_random_games(200)
def test_visits_of_lists_of_moves_and_over_a_horizon(whole: Whole) -> None:
    stage, horizon = draws.markov(whole), whole(1, 4)
    assert_visits(sparse_game(stage), stage, draws.stationary(whole, stage))
    game = markov.unrolled(stage, horizon)
    assert_visits(horizon_game(stage, horizon), game, draws.stationary(whole, game))


@on_random_games(300)
def test_visits_of_distancing(whole: Whole) -> None:
    assert_visits(*crowding_play(whole))


def test_a_normal_form_visits_each_of_its_rows_once() -> None:
    whole = draws.seeded("once")
    rules = draws.congestion(whole)
    for form in (tensor_game(rules.game), congestion_game(rules)):
        assert visited(form, form.uniform()).tolist() == [1.0] * len(form.players)


def test_visits_times_action_values_are_the_gradient_of_the_value_from_the_start() -> None:
    """By exact differences: the value of mixing one row a little towards an action."""
    whole = draws.seeded("gradient")
    for _ in range(20):
        game = draws.markov(whole)
        profile = draws.stationary(whole, game)
        form = dense_game(game)
        q, d = computed(form, arrays(profile))[0], visited(form, arrays(profile))
        i, s, little = whole(0, len(game.sizes) - 1), whole(0, game.states - 1), Fraction(1, 10**9)
        a = whole(0, game.sizes[i] - 1)
        towards = [(1 - little) * p + (little if k == a else 0) for k, p in enumerate(profile[i][s])]
        moved = [[towards if (i, s) == (j, t) else row for t, row in enumerate(p)] for j, p in enumerate(profile)]
        before, after = (markov.from_start(game, markov.values(game, x, i)) for x in (profile, moved))
        r, e = i * game.states + s, int(form.offsets[i]) + s * game.sizes[i]
        slope = d[r] * (q[e + a] - np.array(profile[i][s], dtype=float) @ q[e : e + game.sizes[i]])
        np.testing.assert_allclose(slope, float((after - before) / little), rtol=0, atol=1e-4)
