"""Support enumeration, ours and Nashpy's, against all equilibria in fractions."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.solvers.enumeration import support_enumeration as module
from eqsolve.solvers.enumeration.nashpy_support import enumerated
from eqsolve.solvers.enumeration.support_enumeration import State, SupportEnumeration
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import load
from reference import draws
from reference.draws import Whole, on_random_games
from reference.equilibria import Pair, extreme_equilibria
from reference.forms import numbered, tensor_game
from reference.normal import Game, is_degenerate
from solvers.ending import at_end


def small_game(whole: Whole) -> Game:
    """Two players, up to 3 × 4 actions; about half of the games are degenerate."""
    sizes, largest = (whole(1, 3), whole(1, 4)), (2, 5, 30)[whole(0, 2)]
    return draws.two_players(whole, sizes, largest)


def ended(form: NormalForm, chunk: int = 10**9) -> State:
    state = at_end(SupportEnumeration(), form, chunk)
    assert isinstance(state, State)
    return state


def close(profile: np.ndarray[tuple[int], np.dtype[np.float64]], pairs: list[Pair]) -> bool:
    return any(np.allclose(profile, [float(p) for policy in pair for p in policy], rtol=0, atol=1e-9) for pair in pairs)


@on_random_games(300)
def test_nondegenerate_games_have_all_found_and_degenerate_ones_are_told(whole: Whole) -> None:
    game = small_game(whole)
    form = tensor_game(game)
    state, expected = ended(form), extreme_equilibria(game)
    assert state.degenerate == is_degenerate(game)
    assert state.iteration == comb(sum(game.sizes), game.sizes[0]) - 1
    assert all(close(profile, expected) for profile in state.profiles)
    listed = SupportEnumeration().enumeration(form, state)
    if state.degenerate:
        assert listed.coverage.startswith("at least these equilibria (the game is degenerate")
    else:
        assert len(state.profiles) == len(expected)
        assert listed.coverage == "every equilibrium"


@on_random_games(100)
def test_chunks_and_full_lists_change_nothing(whole: Whole) -> None:
    form, chunk = tensor_game(small_game(whole)), whole(1, 5)
    one = ended(form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FOUND_PER_CALL", 1)
        other = ended(form, chunk)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_vertices_and_supports_find_the_same_in_larger_games() -> None:
    for seed in range(10):
        payoffs = np.random.default_rng(seed).normal(size=(2, 6, 7))
        form = TensorGame(("1", "2"), (numbered(6), numbered(7)), payoffs)
        other = VertexEnumeration().step(form, VertexEnumeration().init(form, 0), 10**9).profiles
        mine = ended(form).profiles
        np.testing.assert_allclose(mine[np.lexsort(mine.T)], other[np.lexsort(other.T)], rtol=0, atol=1e-10)


def test_seventy_five_equilibria_by_supports_too() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "support-enumeration")
    assert result.equilibria is not None
    assert len(result.equilibria) == 75


def test_supports_of_unequal_size_are_left_to_the_vertices() -> None:
    """A pure row against a mixture of both columns: the list says that it is short, and who has them all."""
    game = load("@matrix/degenerate")
    result, vertices = api.solve(game, "support-enumeration"), api.solve(game, "vertex-enumeration")
    assert result.complete is not None
    assert result.complete.startswith("at least these equilibria")
    assert "vertex-enumeration lists all extreme ones" in result.complete
    assert result.equilibria is not None
    assert vertices.equilibria is not None
    assert len(result.equilibria) < len(vertices.equilibria) == 3


def test_a_run_cut_short_says_how_far_it_came() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "support-enumeration", max_iter=100)
    assert result.complete == "at least these equilibria (100 pairs of supports examined)"


def test_whatever_nashpy_finds_is_found() -> None:
    """A program by others. (It misses some, and on some larger games it has not returned.)"""
    whole, total = draws.seeded("nashpy"), 0
    for _ in range(60):
        game = small_game(whole)
        state = ended(tensor_game(game))
        if not state.degenerate:
            theirs = enumerated(tensor_game(game).payoffs)
            total += len(theirs)
            assert all(np.abs(state.profiles - profile).max(axis=1).min() < 1e-9 for profile in theirs)
    assert total > 20


def test_nashpy_is_judged_and_never_called_complete() -> None:
    result = api.solve(load("@matrix/chicken"), "nashpy-support", answer="max-welfare")
    assert result.complete == "at least these equilibria (Nashpy's support enumeration may miss some)"
    assert result.equilibria is not None
    assert len(result.equilibria) == 3
    assert max(one.record.nash_gap for one in result.equilibria) < 1e-12
    assert result.answer is not None
    assert result.answer.record.measured["welfare"] == pytest.approx(28 / 3, abs=1e-12)


@pytest.mark.parametrize("name", ["support-enumeration", "nashpy-support"])
def test_a_start_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="takes no --start"):
        api.solve(load("@matrix/chicken"), name, start=[[0.5, 0.5], [0.5, 0.5]])
