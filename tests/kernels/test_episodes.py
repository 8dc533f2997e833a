"""Episodes against the rules of each kind of game, and estimates against the values that they should have."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.kernels.action_values import action_values, visitation
from eqsolve.kernels.episodes import VALUES, VISITS, stage
from eqsolve.kernels.jit import jit
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.gradient._estimates import seen
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, crowding_game, dense_game
from reference.markov import MarkovGame as Rules
from reference.markov import unrolled
from reference.routing import Routing
from reference.specs import spec


@jit
def play(game, s, actions, u, rewards):  # type: ignore[no-untyped-def]  # jitted
    return stage(game, s, actions, u, rewards)


@jit
def estimates(game, x, q, v, d, work):  # type: ignore[no-untyped-def]  # jitted
    action_values(game, x, q, v, work)
    visitation(game, x, d, work)


@jit
def stream(key, count, out):  # type: ignore[no-untyped-def]  # jitted
    for n in range(count):
        out[n] = variate(key, n)


def follows(form: MarkovGame, rules: Rules) -> None:
    """Rewards are those of the rules, and next states come for as many of 64 numbers u as they are likely."""
    rewards = np.empty(len(rules.sizes))
    for s in range(rules.states):
        for joint in product(*map(range, rules.sizes)):
            legal = form.legal
            if legal is not None and not all(legal[i][s, a] for i, a in enumerate(joint)):
                continue
            came = np.zeros(rules.states + 1)
            for u in (np.arange(64) + 0.5) / 64:
                came[play(form.arrays, s, np.array(joint), u, rewards)] += 1
            expected = [float(p) for p in rules.transition(s, joint)]
            assert abs(came[:-1] / 64 - expected).max() <= 1 / 64
            assert rewards.tolist() == [float(rules.reward(i, s, joint)) for i in rules.players]


@on_random_games(40)
def test_a_stage_of_tables_follows_the_rules(whole: Whole) -> None:
    rules = draws.markov(whole)
    follows(dense_game(rules), rules)


@on_random_games(15)
def test_a_stage_of_distancing_follows_the_rules(whole: Whole) -> None:
    rules = draws.distancing(whole)
    if len(rules.weights) ** rules.players <= 300:
        follows(crowding_game(rules), rules.game)


@pytest.mark.parametrize("name", ["a list of moves", "over a horizon"])
def test_a_stage_of_a_list_of_moves_is_that_of_its_table(name: str) -> None:
    table = spec("a list of moves").form
    rewards, transitions = table.rewards, np.zeros((2, 2, 3, 2))  # type: ignore[attr-defined]  # a sparse game
    for s, a, b, t, p in ((0, 0, 0, 1, 0.5), (0, 0, 1, 1, 1), (0, 1, 0, 0, 0.25), (1, 1, 2, 0, 1)):
        transitions[int(s), int(a), int(b), int(t)] = p
    rules = Rules(
        (2, 3),
        2,
        lambda i, s, joint: rewards[(i, s, *joint)],
        lambda s, joint: transitions[(s, *joint)].tolist(),
        as_mixed(table).discount,  # type: ignore[arg-type]  # looked at by nobody here
        [1, 0],
    )
    form = spec(name).form
    assert isinstance(form, MarkovGame)
    follows(form, rules if name == "a list of moves" else unrolled(rules, 3))


@pytest.mark.parametrize("continuing", [False, True])
def test_a_stage_of_routing_follows_the_rules(continuing: bool) -> None:
    from fractions import Fraction

    from eqsolve.forms.markov.routing import RoutingGame

    form = RoutingGame(("0", "1", "2"), 2, 2, True, continuing, 0.5 if continuing else 1.0)
    follows(form, Routing(3, 2, 2, True, Fraction(1, 2) if continuing else None).game)


def test_variates_are_uniform_and_streams_unlike() -> None:
    count = 200_000
    first, second, third = np.empty(count), np.empty(count), np.empty(count)
    stream(key_of(np.uint64(7), 0, VALUES), count, first)
    stream(key_of(np.uint64(7), 1, VALUES), count, second)
    stream(key_of(np.uint64(7), 0, VISITS), count, third)
    for one in (first, second, third):
        counts = np.histogram(one, 50, (0, 1))[0]
        assert ((counts - count / 50) ** 2 / (count / 50)).sum() < 100  # χ² with 49 degrees of freedom
        assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 5 / count**0.5
    assert abs(np.corrcoef([first, second, third]) - np.eye(3)).max() < 5 / count**0.5


def over_stages(form: DenseMarkovGame, profile: Profile, stages: int) -> tuple[Array, Array, Array]:
    """V [N, S] and D [S] of `stages` stages, and Q [N, S, A_0] of player 0's action and then V."""
    moved, rewards = form.transitions, form.rewards
    chances = np.einsum("sa,sb->sab", profile[0], profile[1])
    chain, mean = np.einsum("sab,sabt->st", chances, moved), np.einsum("sab,isab->is", chances, rewards)
    v, d, at = np.zeros_like(mean), np.zeros(len(chain)), form.start
    for _ in range(stages):
        v = mean + form.discount * v @ chain.T
        d, at = d + at, form.discount * at @ chain
    q = np.einsum("sb,sab->sa", profile[1], rewards[0] + form.discount * np.einsum("sabt,t->sab", moved, v[0]))
    return v, d, q


def estimated(form: MarkovGame, profile: Profile, estimator: str, **sizes: int) -> tuple[Array, Array, Array]:
    """q, v and d from the episodes of iteration 0."""
    x = form.pack(profile)
    game: Any = seen(form, estimator, sizes["episode"], sizes["samples"], sizes.get("seed", 0), 0)
    q, v, d = np.empty_like(x), np.empty(game.rows.size - 1), np.empty(game.rows.size - 1)
    estimates(game, x, q, v, d, np.empty(0))
    return q, v, d


def test_sampled_values_are_those_of_a_game_of_so_many_stages() -> None:
    form = spec("asymmetric").form
    assert isinstance(form, DenseMarkovGame)
    profile = form.unpack(np.array([0.3, 0.7, 0.9, 0.1, 0.2, 0.3, 0.5, 0.6, 0.0, 0.4]))
    values, visits, action_values = over_stages(form, profile, 4)
    q, v, d = estimated(form, profile, "sampled", episode=4, samples=200_000)
    np.testing.assert_allclose(v.reshape(2, 2), values, rtol=0, atol=0.02)  # five deviations of the mean: 0.015
    np.testing.assert_allclose(d.reshape(2, 2), [visits, visits], rtol=0, atol=0.01)
    np.testing.assert_allclose(q[:4].reshape(2, 2), action_values, rtol=0, atol=0.03)


def test_published_values_count_rewards_where_they_were_earned() -> None:
    """One player in a circle of two states, rewards 1 and 10, discount 1/2, three stages from each state.

    From 0: 1 in 0, 5 in 1, 1/4 in 0; from 1: 10 in 1, 1/2 in 0, 10/4 in 1. So 0 is credited 1 + 1/4 + 1/2 and 1 is
    credited 5 + 10 + 5/2, where the values are 6.25 and 13.
    """
    circle = np.array([[[0.0, 1]], [[1, 0]]])
    rewards, start = np.array([[[1.0], [10.0]]]), np.array([0.5, 0.5])
    form = DenseMarkovGame(("0",), (("go",),), ("s", "t"), rewards, circle, 0.5, start)
    q, v, d = estimated(form, form.uniform(), "published", episode=3, samples=3)
    np.testing.assert_allclose(v, [1.75, 17.5], rtol=1e-14)
    np.testing.assert_allclose(q, [1 + 17.5 / 2, 10 + 1.75 / 2], rtol=1e-14)
    np.testing.assert_allclose(d, [(1 + 1 / 4 + 1 / 2) / 2, (1 / 2 + 1 + 1 / 4) / 2], rtol=1e-14)
    _, v, _ = estimated(form, form.uniform(), "sampled", episode=3, samples=3)
    np.testing.assert_allclose(v, [6.25, 13], rtol=1e-14)


def test_an_action_of_probability_zero_is_never_drawn() -> None:
    form = spec("one state").form
    assert isinstance(form, DenseMarkovGame)
    pure = form.unpack(np.array([1.0, 0.0, 0.0, 1.0]))
    _, v, _ = estimated(form, pure, "sampled", episode=1, samples=1000)
    np.testing.assert_allclose(v, [0.0, 1.0], atol=1e-12)
