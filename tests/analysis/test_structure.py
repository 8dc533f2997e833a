"""Structure found in a game's arrays."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.analysis import tables as module
from eqsolve.analysis.structure import structure
from eqsolve.forms.normal.game import TensorGame
from reference import draws, normal
from reference.congestion import Congestion
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, crowding_game, dense_game, tensor_game
from reference.specs import spec


@on_random_games(300)
def test_two_players_and_constant_sums_are_seen(whole: Whole) -> None:
    """A constant-sum game, then one of its payoffs changed."""
    matrix, constant = draws.zero_sum(whole), whole(-5, 5)
    payoffs = np.array([matrix, constant - np.array(matrix)], dtype=float)
    form = _bimatrix(payoffs)
    assert {"two-player", "zero-sum", "tensor"} <= structure(form)
    payoffs[0, -1, -1] += 1
    assert ("zero-sum" in structure(_bimatrix(payoffs))) == (payoffs.shape == (2, 1, 1))


def test_sums_that_are_constant_but_for_rounding_count() -> None:
    payoffs = np.array([[[1 / 3, 0.1], [0.7, 0.9]]] * 2)
    payoffs[1] = 0.3 - payoffs[0]
    assert 0 < np.ptp(payoffs.sum(axis=0)) < 1e-15
    assert "zero-sum" in structure(_bimatrix(payoffs))


@on_random_games(300)
def test_the_players_count(whole: Whole) -> None:
    game = draws.normal(whole)
    assert ("two-player" in structure(tensor_game(game))) == (len(game.sizes) == 2)


@on_random_games(200)
def test_a_potential_is_named_iff_the_game_has_one(whole: Whole) -> None:
    game = draws.potential(whole)
    assert "potential" in structure(tensor_game(game))
    other = draws.normal(whole)
    assert ("potential" in structure(tensor_game(other))) == normal.is_potential_game(other)


def test_congestion_of_equal_players_is_a_potential_game_and_of_unequal_ones_is_not_said_to_be() -> None:
    strategies = [[["a"], ["b"]]] * 2
    assert "potential" in structure(congestion_game(Congestion({"a": [1, 5], "b": [2, 3]}, strategies, [1, 1])))
    costs = {"a": [1, 5, 6], "b": [2, 3, 9]}
    assert "potential" not in structure(congestion_game(Congestion(costs, strategies, [1, 2])))


def test_markov_games_have_no_tensor() -> None:
    for form in (
        dense_game(draws.markov(draws.seeded(1))),
        crowding_game(draws.distancing(draws.seeded(1))),
    ):
        assert not structure(form) & {"tensor", "zero-sum"}


def test_of_markov_games_teams_and_those_that_nobody_moves_have_a_potential() -> None:
    for name, has in {"asymmetric": False, "ends": False, "distancing": False, "no rewards": True}.items():
        assert ("potential" in structure(spec(name).form)) is has
    for name in ("a random team", "congestion by chance"):
        assert "potential" in structure(spec(name).form)


def test_a_tensor_beyond_the_budget_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    form = congestion_game(Congestion({"a": [1, 2], "b": [1, 1]}, [[["a"], ["b"]]] * 2, [1, 1]))
    assert "tensor" in structure(form)
    monkeypatch.setattr(module, "TENSOR_BUDGET", form.tensor_bytes - 1)
    assert "tensor" not in structure(form)


def _bimatrix(payoffs: np.ndarray) -> TensorGame:
    sizes = payoffs.shape[1:]
    return TensorGame(("Row", "Column"), tuple(tuple(map(str, range(size))) for size in sizes), payoffs)
