"""All equilibria of two-player games: against the definition in fractions, a known maximum, and a second program."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import MismatchError
from eqsolve.forms.base import Array
from eqsolve.forms.normal import NormalForm, TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers import dictionaries
from eqsolve.solvers.vertex_enumeration import OVER, P_EXACT, Q_EXACT, Q_FLOATS, State, VertexEnumeration
from eqsolve.spec.load import load, parse
from reference.draws import Whole, on_random_games
from reference.equilibria import components, extreme_equilibria
from reference.forms import numbered, tensor_game
from reference.normal import Game, Joint


def small_game(whole: Whole) -> Game:
    """Two players, up to 4 × 3 actions, payoffs from so few numbers that most games are degenerate, or from many."""
    sizes = (whole(1, 4), whole(1, 3))
    largest = (1, 2, 4, 50)[whole(0, 3)]
    table: dict[Joint, Sequence[int]] = {
        (a, b): (whole(0, largest), whole(0, largest)) for a in range(sizes[0]) for b in range(sizes[1])
    }
    return Game(sizes, table.__getitem__)


def ended(form: NormalForm, chunk: int = 10**9) -> State:
    solver = VertexEnumeration()
    state = solver.init(form, 0)
    while not solver.finished(state):
        state = solver.step(form, state, chunk)
    return state


def fractions_of(form: NormalForm, state: State) -> list[tuple[tuple[Fraction, ...], ...]]:
    """The equilibria found, each in fractions."""
    return [
        VertexEnumeration().solution(form, state._replace(pairs=state.pairs[k : k + 1]), None) or ()
        for k in range(len(state.pairs))
    ]


@on_random_games(400)
def test_every_extreme_equilibrium_is_found_once_with_its_component(whole: Whole) -> None:
    game = small_game(whole)
    form = tensor_game(game)
    state = ended(form)
    found, expected = fractions_of(form, state), extreme_equilibria(game)
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    parts: dict[int, set[Any]] = {}
    for number, pair in zip(VertexEnumeration().components(state), found, strict=True):
        parts.setdefault(number, set()).add(pair)
    assert set(map(frozenset, parts.values())) == set(components(game, expected))
    assert list(parts) == list(range(1, len(parts) + 1))


@on_random_games(200)
def test_what_is_printed_are_those_fractions_and_no_one_gains(whole: Whole) -> None:
    form = tensor_game(small_game(whole))
    state = ended(form)
    for profile, exact in zip(VertexEnumeration().found(form, state), fractions_of(form, state), strict=True):
        for policy, fractions in zip(profile, exact, strict=True):
            np.testing.assert_allclose(policy, [float(p) for p in fractions], rtol=0, atol=1e-12)
        assert deviations(form, profile).nash_gap <= 1e-12 * max(form.payoff_range, 1)


@on_random_games(200)
def test_floats_and_integers_agree_where_floats_suffice(whole: Whole) -> None:
    form = tensor_game(small_game(whole))
    floats = ended(form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionaries, "visit", lambda *arguments: dictionaries.TIED)
        integers = ended(form)
    assert sorted(map(tuple, floats.pairs.tolist())) == sorted(map(tuple, integers.pairs.tolist()))


@on_random_games(100)
def test_chunks_change_nothing(whole: Whole) -> None:
    form, chunk = tensor_game(small_game(whole)), whole(1, 4)
    one, other = ended(form), ended(form, chunk)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def random_game(n: int, seed: int) -> TensorGame:
    return TensorGame(("1", "2"), (numbered(n), numbered(n)), np.random.default_rng(seed).normal(size=(2, n, n)))


def test_larger_random_games_have_the_same_equilibria_in_floats_and_in_integers() -> None:
    """9 × 9: some thousand pivots, among them those at which the dictionary is made afresh."""
    form = random_game(9, seed=4)
    floats = ended(form)
    stages = set()
    state = VertexEnumeration().init(form, 0)
    while state.stage != OVER:
        stages.add(state.stage)
        state = VertexEnumeration().step(form, state, 50)
    assert Q_FLOATS in stages
    assert P_EXACT not in stages
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionaries, "visit", lambda *arguments: dictionaries.TIED)
        integers = ended(form)
    assert sorted(map(tuple, floats.pairs.tolist())) == sorted(map(tuple, integers.pairs.tolist()))
    assert len(floats.pairs) % 2 == 1, "nondegenerate games have an odd number: Lemke and Howson 1964"


def test_the_hash_and_the_stack_grow() -> None:
    form = random_game(12, seed=0)
    state = VertexEnumeration().step(form, VertexEnumeration().init(form, 0), 1100)
    assert len(state.seen) >= 4096
    assert ended(form).stage == OVER


def test_a_game_of_6_by_6_has_75_equilibria() -> None:
    """von Stengel 1999, who showed by it that there may be more than 2^n − 1, the conjecture of Quint and Shubik."""
    game = load("@matrix/seventy-five-equilibria")
    result = api.solve(game, "vertex-enumeration")
    assert result.equilibria is not None
    assert len(result.equilibria) == 75
    assert result.components == tuple(range(1, 76))
    assert result.complete == "every equilibrium"
    full = sum(all(policy.min() > 0 for policy in one.profile) for one in result.equilibria)
    assert full == 1
    assert max(one.record.nash_gap for one in result.equilibria) <= 1e-9 * game.form.payoff_range


def test_the_component_of_a_degenerate_game_is_told_in_words() -> None:
    result = api.solve(load("@matrix/degenerate"), "vertex-enumeration")
    assert result.components == (1, 2, 2)
    assert result.complete == "every extreme equilibrium (3 in 2 components)"


def test_a_run_cut_short_says_that_there_may_be_more() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "vertex-enumeration", max_iter=150)
    assert result.equilibria is not None
    assert result.complete == "at least these equilibria (150 vertices visited)"
    assert 0 < len(result.equilibria) < 75


def test_a_tie_leads_to_integers() -> None:
    form = load("@matrix/degenerate").form
    assert isinstance(form, NormalForm)
    solver = VertexEnumeration()
    state = solver.init(form, 0)
    stages = []
    while not solver.finished(state):
        state = solver.step(form, state, 1)
        stages.append(state.stage)
    assert P_EXACT in stages or Q_EXACT in stages


def test_answers_are_the_best_by_each_criterion() -> None:
    game = load("@matrix/seventy-five-equilibria")
    everything = api.solve(game, "vertex-enumeration").equilibria or ()
    welfare = [one.record.deviations.welfare for one in everything]
    least = [min(one.record.deviations.values) for one in everything]
    size = [sum(int((policy > 0).sum()) for policy in one.profile) for one in everything]

    def answer(name: str) -> Any:
        found = api.solve(game, "vertex-enumeration", answer=name).answer
        assert found is not None
        return found

    scale = game.form.payoff_range
    assert answer("max-welfare").record.deviations.welfare == pytest.approx(max(welfare), abs=1e-9 * scale)
    assert min(answer("max-min").record.deviations.values) == pytest.approx(max(least), abs=1e-9 * scale)
    assert sum(int((p > 0).sum()) for p in answer("smallest-support").profile) == min(size)
    chicken = api.solve(load("@matrix/chicken"), "vertex-enumeration", answer="max-entropy").answer
    assert chicken is not None
    np.testing.assert_allclose(chicken.profile, [[1 / 3, 2 / 3]] * 2, atol=1e-12)


def test_decimals_are_the_rationals_that_they_round() -> None:
    """.1 + .2 is not .3 in floats, and the tie that makes this game degenerate would be lost."""
    worth: Array = np.array([[0.3, 0.1], [0.3, 0.5]])
    form = TensorGame(("1", "2"), (numbered(2), numbered(2)), np.stack([worth, np.array([[0.1, 0.3], [0.7, 0.7]])]))
    expected = Game((2, 2), lambda joint: payoffs(form, joint))
    assert set(fractions_of(form, ended(form))) == set(extreme_equilibria(expected))


def payoffs(form: TensorGame, joint: Joint) -> list[Fraction]:
    return [Fraction(float(table[joint])).limit_denominator(1000) for table in form.payoffs]


@pytest.mark.parametrize("name", ["vertex-enumeration", "support-enumeration"])
def test_more_actions_than_bits_are_refused(name: str) -> None:
    row = f"[{', '.join(['1'] * 61)}]"
    game = parse(f"{{kind: matrix, zero_sum: [{row}, {row}]}}", "game.yaml")
    with pytest.raises(MismatchError, match="it has 63 actions in all, more than 62"):
        api.solve(game, name)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (2, 60)])
def test_long_and_single_rows_are_no_special_cases(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    form = TensorGame(("1", "2"), tuple(map(numbered, shape)), rng.normal(size=(2, *shape)))
    state = ended(form)
    profiles = VertexEnumeration().found(form, state)
    assert len(profiles) % 2 == 1
    assert all(deviations(form, profile).nash_gap <= 1e-12 for profile in profiles)
