"""Enumeration of pure equilibria against the definition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.solvers.enumeration import pure as module
from eqsolve.solvers.enumeration.pure import Pure, State
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import parse
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, tensor_game
from solvers.ending import at_end


def joints(form: NormalForm, state: State) -> list[normal.Joint]:
    """The equilibria found, as joint actions."""
    found = Pure().enumeration(form, state).profiles
    assert all(policy.max() == policy.sum() == 1 for profile in found for policy in profile)
    return [tuple(int(policy.argmax()) for policy in profile) for profile in found]


def ended(form: NormalForm, solver: Pure, chunk: int = 10**9) -> State:
    state = at_end(solver, form, chunk)
    assert isinstance(state, State)
    return state


@on_random_games(1000)
def test_all_are_found_in_the_order_of_enumeration(whole: Whole) -> None:
    game = draws.normal(whole)
    form = tensor_game(game)
    state = ended(form, Pure())
    assert joints(form, state) == normal.pure_equilibria(game)
    assert state.iteration == len(list(normal.joints(game.sizes)))
    assert Pure().enumeration(form, state).coverage == "every pure equilibrium"


@on_random_games(200)
def test_in_congestion_games_too(whole: Whole) -> None:
    rules = draws.congestion(whole)
    form = congestion_game(rules)
    assert joints(form, ended(form, Pure())) == normal.pure_equilibria(rules.game)
    if form.has_potential:
        assert normal.pure_equilibria(rules.game), "Rosenthal 1973: there is one"


@on_random_games(200)
def test_blocks_and_chunks_change_nothing(whole: Whole) -> None:
    game = draws.normal(whole)
    form, chunk, block = tensor_game(game), whole(1, 5), whole(1, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PROFILES_AT_ONCE", block)
        assert joints(form, ended(form, Pure(), chunk)) == normal.pure_equilibria(game)


@on_random_games(200)
def test_a_limit_keeps_the_first_ones_and_counts_the_profiles_examined(whole: Whole) -> None:
    game, limit = draws.normal(whole), whole(1, 3)
    form, everything = tensor_game(game), normal.pure_equilibria(game)
    state = ended(form, Pure(limit=limit), whole(1, 5))
    assert joints(form, state) == everything[:limit]
    if len(everything) >= limit:
        examined = list(normal.joints(game.sizes)).index(everything[limit - 1]) + 1
        assert state.iteration == examined
        said = Pure(limit=limit).enumeration(form, state).coverage
        if examined == len(list(normal.joints(game.sizes))):
            assert said == "every pure equilibrium"
        else:
            assert f"({examined} pure profiles examined)" in said


def test_a_limit_reached_within_a_chunk_ends_the_search_behind_the_last_profile_kept() -> None:
    game = normal.Game((3, 3), lambda joint: (int(joint[0] == joint[1]),) * 2)
    state = ended(tensor_game(game), Pure(limit=2), 9)
    assert (len(state.equilibria), state.iteration) == (2, 5)


def test_the_answer_is_the_first_one_or_none() -> None:
    whole = draws.seeded("first")
    for _ in range(30):
        game = draws.normal(whole)
        form = tensor_game(game)
        answers = Pure().answers(form, ended(form, Pure()))
        expected = normal.pure_equilibria(game)[:1]
        assert [tuple(int(p.argmax()) for p in profile) for profile in answers.values()] == expected


@pytest.mark.parametrize("limit", [0, -3])
def test_a_limit_below_1_is_refused(limit: int) -> None:
    with pytest.raises(UsageError, match="limit: expected a whole number of at least 1"):
        configure(Pure, {"limit": limit})


def test_payoffs_that_differ_by_rounding_are_tied() -> None:
    """.1 + .2 is not .3, but a player who pays either has nothing to gain."""
    form = TensorGame(("one",), (("a", "b", "c"),), np.array([[-(0.1 + 0.2), -0.3, -0.6]]))
    assert joints(form, ended(form, Pure())) == [(0,), (1,)]


@pytest.mark.parametrize(
    ("payoffs", "expected", "said"),
    [
        ("[[[10000000000000, 0], [9999999999999, 0]]]", [(0, 0), (0, 1)], "every pure equilibrium"),
        ("[[[0, 10000000000000], [0, 9999999999999]]]", [(0, 0)], "every pure equilibrium"),
        ("[[[0, 1/3], [0, 0.333333333333333333]]]", [(0, 0)], "every pure equilibrium"),
        ("[[[0, 0.30], [0, 3/10]]]", [(0, 0), (0, 1)], "every pure equilibrium"),
        ("[[[0, 1e15], [0, 1000000000000000.01]]]", [(0, 1)], "every pure equilibrium"),
    ],
)
def test_payoffs_are_compared_as_they_are_written(payoffs: str, expected: list[normal.Joint], said: str) -> None:
    """A gap of 1 under payoffs of 10^13 is one, and so is any gap between numbers that one float64 stands for."""
    result = api.solve(parse(f"{{kind: matrix, payoffs: {payoffs}}}", "game.yaml"), "pure")
    found = [one.answer for one in result.equilibria or ()]
    assert [tuple(int(policy.argmax()) for policy in profile) for profile in found] == expected
    assert result.complete == said


def test_floats_of_a_file_are_compared_as_they_are_and_this_is_said(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.array([[-(0.1 + 0.2), -0.3, -0.6]]))
    result = api.solve(parse("{kind: matrix, payoffs: u.npy}", "game.yaml", folder=tmp_path), "pure")
    assert [one.answer[0].argmax() for one in result.equilibria or ()] == [1]
    assert result.complete == "every pure equilibrium, payoffs compared as float64 numbers"


def test_computed_payoffs_that_tie_but_for_rounding_are_said_to_do_so() -> None:
    form = TensorGame(("one",), (("a", "b", "c"),), np.array([[-(0.1 + 0.2), -0.3, -0.6]]))
    state = ended(form, Pure())
    assert joints(form, state) == [(0,), (1,)]
    assert (
        Pure().enumeration(form, state).coverage
        == "every pure equilibrium (1 of them by payoffs that are equal up to rounding)"
    )
