"""All extreme optimal policies of constant-sum games: against the definition, and of games with very many of them."""

from __future__ import annotations

from itertools import product
from time import process_time

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.enumeration import _vertex_stages as module
from eqsolve.solvers.enumeration._vertex_stages import OVER, P_OPTIMAL, State
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import parse
from reference.draws import Whole, on_random_games
from reference.equilibria import extreme_equilibria
from reference.forms import numbered, tensor_game
from reference.normal import Game

ROCK = [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]


def constant_sum(whole: Whole) -> Game:
    """Draw up to 4 × 4 actions, with many ties; the column player's payoffs may be scaled and shifted."""
    sizes, largest, scale, shift = (whole(1, 4), whole(1, 4)), (1, 2, 9)[whole(0, 2)], whole(1, 3), whole(-5, 5)
    rows = [[whole(0, largest) for _ in range(sizes[1])] for _ in range(sizes[0])]
    return Game(sizes, lambda joint: (rows[joint[0]][joint[1]], shift - scale * rows[joint[0]][joint[1]]))


def ended(form: TensorGame, chunk: int = 10**9) -> State:
    solver = VertexEnumeration()
    state = solver.init(form, 0)
    assert state.stage == P_OPTIMAL
    while not solver.finished(state):
        before, state = state.iteration, solver.step(form, state, chunk)
        assert before < state.iteration <= before + chunk
    return state


@on_random_games(200)
def test_every_pair_of_extreme_optimal_policies_is_listed_once(whole: Whole) -> None:
    game = constant_sum(whole)
    form, solver = tensor_game(game), VertexEnumeration()
    state = ended(form)
    found = [solver.solution(form, state, None, profile) or () for profile in solver.enumeration(form, state).profiles]
    assert len(found) == len(set(found))
    assert set(found) == set(extreme_equilibria(game))
    for profile, exact in zip(solver.enumeration(form, state).profiles, found, strict=True):
        for policy, fractions in zip(profile, exact, strict=True):
            np.testing.assert_allclose(policy, [float(p) for p in fractions], rtol=0, atol=1e-13)
    assert set(solver.enumeration(form, state).components or ()) == {1}
    [subset] = solver.enumeration(form, state).nash_subsets or [((), ())]
    assert {(found[x][0], found[y][1]) for x, y in product(*subset)} == set(found)


@on_random_games(50)
def test_chunks_change_nothing(whole: Whole) -> None:
    form = tensor_game(constant_sum(whole))
    for one, other in zip(ended(form), ended(form, whole(1, 3)), strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


@on_random_games(30)
def test_more_pairs_than_are_listed_are_told_as_a_product(whole: Whole) -> None:
    """Each policy is there once at least, and the one Nash subset names one equilibrium for each."""
    game = constant_sum(whole)
    form, solver = tensor_game(game), VertexEnumeration()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_PAIRS", 1)
        state = ended(form)
    found, expected = solver.enumeration(form, state).profiles, extreme_equilibria(game)
    counts = [len({pair[i] for pair in expected}) for i in (0, 1)]
    assert len(found) == max(counts)
    [subset] = solver.enumeration(form, state).nash_subsets or [((), ())]
    assert [len(own) for own in subset] == counts
    for i, own in enumerate(subset):
        assert len({tuple(found[k][i].round(9).tolist()) for k in own}) == counts[i]
    side_by_side = f"every extreme optimal policy, {counts[0]} of the first player and {counts[1]} of the second"
    assert solver.enumeration(form, state).coverage.startswith(side_by_side if min(counts) > 1 else "every e")


def blotto(fields: int, troops: int) -> Array:
    """Colonel Blotto: who sends more to a field wins it (Borel 1921)."""
    sent = np.array([own for own in product(range(troops + 1), repeat=fields) if sum(own) == troops])
    ahead: Array = np.sign(sent[:, None] - sent[None]).sum(axis=2).astype(np.float64)
    return ahead


@pytest.mark.parametrize(
    ("matrix", "value", "counts"),
    [
        # 5 troops on 3 fields
        (blotto(3, 5), 0, (10, 10)),
        # every action is there seven times: 7^3 ways to play each of the three once
        (np.kron(np.array(ROCK), np.ones((7, 7))), 0, (343, 343)),
        # nothing matters
        (np.ones((21, 21)), 1, (21, 21)),
    ],
    ids=["blotto", "seven times rock, paper, scissors", "constant"],
)
def test_21_by_21_actions_take_seconds(matrix: Array, value: float, counts: tuple[int, int]) -> None:
    assert matrix.shape == (21, 21)
    form = TensorGame(("1", "2"), (numbered(21), numbered(21)), np.stack([matrix, -matrix]))
    clock = process_time()
    state = ended(form)
    assert process_time() - clock < 5
    assert (len(state.first), len(state.second)) == counts
    for i, profiles in enumerate(zip(*VertexEnumeration().enumeration(form, state).profiles, strict=True)):
        paid = np.array(profiles) @ (matrix if i == 0 else -matrix.T)
        assert paid.min() >= (-1) ** i * value - 1e-12


def test_the_equilibria_of_constant_sum_decimals_are_told_in_words() -> None:
    """The middle row pays what the others pay in the mean."""
    rows = "[[0.3, 0.1], [0.2, 0.2], [0.1, 0.3]]"
    result = api.solve(parse(f"{{kind: matrix, zero_sum: {rows}}}", "game.yaml"), "vertex-enumeration")
    assert result.complete == "every extreme equilibrium (2 corner equilibria in 1 component)"
    assert result.nash_subsets == (((0, 1), (0,)),)


def test_interrupted_it_lists_nothing_yet() -> None:
    form, solver = tensor_game(constant_sum(lambda low, high: high)), VertexEnumeration()
    state = solver.step(form, solver.init(form, 0), 1)
    assert state.stage != OVER
    assert solver.enumeration(form, state).profiles == []
    assert solver.enumeration(form, state).coverage == "at least these equilibria (1 vertices visited)"
