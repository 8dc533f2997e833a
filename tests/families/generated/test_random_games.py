"""Generated games: a seed names one game for ever, and each has the structure that it is asked for."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from eqsolve.analysis.structure import structure
from eqsolve.errors import SpecError
from eqsolve.families import variates
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.gradient.inpg import INPG
from eqsolve.spec.load import GameSpec, parse

MATRIX = "kind: random-matrix, players: 2, actions: 2, seed: 7"
TEAM = "kind: random-team, players: 2, actions: 2, states: 2, discount: 0.9, seed: 7"
TRAFFIC = "kind: random-congestion-markov, players: 3, links: 2, states: 2, discount: 0.9, seed: 7"


def game(text: str) -> GameSpec:
    return parse(f"{{{text}}}", "g.yaml")


def tensor(text: str) -> TensorGame:
    form = game(text).form
    assert isinstance(form, TensorGame)
    return form


def table(text: str) -> DenseMarkovGame:
    form = game(text).form
    assert isinstance(form, DenseMarkovGame)
    return form


def problems(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        game(text)
    return [f"{p.path}: {p.message}" if p.path else p.message for p in caught.value.problems]


#: Payoffs by distribution. These figures, and the hashes below, must never change.
PAYOFFS = {
    "uniform": [
        0.8720734548204873,
        0.29536538151378355,
        0.4200976785072422,
        0.4053922457839946,
        0.0828426870273763,
        0.6966328926282271,
        0.2963575925326176,
        0.6205620114540453,
    ],
    "normal": [
        2.019992282614112,
        0.1920806816779077,
        0.5333817969076335,
        -0.9976794929243624,
        -0.38861316512338817,
        0.8646923853084445,
        -0.549300150712952,
        0.1658312687650323,
    ],
    "integers": [7.0, -4.0, -2.0, -2.0, -8.0, 4.0, -4.0, 2.0],
}
HASHES = {
    MATRIX: "7ffce3b6ed9959d34e6ed1e714d06f0248a56b5ba6d79c0cda326397f5ba135d",
    TEAM: "abaa99be616de87c77f77f6066afe24c094eb053b9bd7350f6c1949f13f3cc06",
    TRAFFIC: "fba6c2de2ceee92091879f487115ec24b21191346c61afc30dd95e420aef5835",
}
TEAM_REWARDS = PAYOFFS["uniform"]
TEAM_MOVES = [
    0.014107696329258346,
    0.786863611755331,
    0.8353505536784598,
    0.5331062674595619,
    0.44205212947108785,
    0.8445679063131062,
    0.6363025248640954,
    0.7690032429873319,
]
COSTS = [
    1.587536514841513,
    1.167438836334271,
    1.167438836334271,
    0.8720734548204873,
    0.9310273003159213,
    0.916919603986663,
    0.916919603986663,
    0.2963575925326176,
]
MOVES = [[0.44205212947108785, 0.5579478705289121], [0.8445679063131062, 0.1554320936868938]]


@pytest.mark.parametrize("distribution", PAYOFFS)
def test_a_seed_names_one_matrix_game_for_ever(distribution: str) -> None:
    assert tensor(f"{MATRIX}, distribution: {distribution}").payoffs.ravel().tolist() == PAYOFFS[distribution]


def test_a_seed_names_one_team_for_ever() -> None:
    form = table(TEAM)
    assert form.rewards[1].ravel().tolist() == TEAM_REWARDS
    assert form.transitions[..., 0].ravel().tolist() == TEAM_MOVES


def test_a_seed_names_one_sequence_of_congestion_games_for_ever() -> None:
    form = table(TRAFFIC)
    assert (-form.rewards[0, :, 0]).ravel().tolist() == COSTS
    assert form.transitions[:, 1, 0, 1].tolist() == MOVES


@pytest.mark.parametrize("text", HASHES)
def test_a_generated_games_hash_never_changes(text: str) -> None:
    assert game(text).hash == HASHES[text]
    assert game(text.replace("seed: 7", "seed: 8")).hash != HASHES[text]


@pytest.mark.parametrize("distribution", ["uniform", "normal", "integers"])
@pytest.mark.parametrize("structure_", ["general", "zero-sum", "common", "symmetric", "potential"])
def test_a_matrix_game_has_the_structure_it_is_asked_for(structure_: str, distribution: str) -> None:
    for seed in range(5):
        form = tensor(
            f"kind: random-matrix, players: 2, actions: 3, structure: {structure_}, distribution: {distribution}, "
            f"seed: {seed}"
        )
        row, column = form.payoffs
        found = structure(form)
        assert ("zero-sum" in found) == (structure_ == "zero-sum")
        assert ("potential" in found) == (structure_ in ("common", "potential"))
        assert (row == column).all() == (structure_ == "common")
        assert (row == column.T).all() == (structure_ == "symmetric")


def test_in_a_symmetric_game_of_three_it_matters_only_who_does_what() -> None:
    payoffs = tensor("kind: random-matrix, players: 3, actions: 3, structure: symmetric, seed: 1").payoffs
    for order in permutations(range(3)):
        for joint in np.ndindex(3, 3, 3):
            moved = tuple(joint[p] for p in order)
            assert [payoffs[k][moved] for k in range(3)] == [payoffs[p][joint] for p in order]
    assert not (payoffs[0] == payoffs[1]).all()


def test_players_may_have_unlike_numbers_of_actions_or_labels() -> None:
    form = tensor("kind: random-matrix, players: [a, b, c], actions: [2, [l, m, r], 1], structure: potential, seed: 1")
    assert form.actions == (("a1", "a2"), ("l", "m", "r"), ("a1",))
    assert form.payoffs.shape == (3, 2, 3, 1)
    assert form.has_potential


def test_a_team_receives_the_same_and_its_transitions_are_probabilities() -> None:
    form = table("kind: random-team, players: 3, actions: [2, 1, 3], states: 4, discount: 0.9, seed: 1")
    assert (form.rewards == form.rewards[0]).all()
    np.testing.assert_allclose(form.transitions.sum(axis=-1), 1, rtol=0, atol=1e-15)
    assert form.transitions.shape == (4, 2, 1, 3, 4)
    assert form.start.tolist() == [0.25] * 4
    assert form.has_potential


def test_in_traffic_costs_grow_with_the_load_and_nobody_moves_the_state() -> None:
    for distribution in ("uniform", "integers"):
        form = table(TRAFFIC + f", distribution: {distribution}")
        rewards = form.rewards
        for s in range(2):
            assert rewards[0, s, 0, 1, 1] > rewards[0, s, 0, 0, 1] > rewards[0, s, 0, 0, 0]
            assert rewards[0, s, 0, 0, 1] == rewards[1, s, 0, 0, 1] == rewards[2, s, 0, 1, 0]
        assert (form.transitions == form.transitions[:, :1, :1, :1]).all()
        assert form.has_potential


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "kind: random-matrix, players: 3, actions: 2, structure: zero-sum, seed: 0",
            ["structure: zero-sum is for 2 players, there are 3"],
        ),
        (
            "kind: random-matrix, players: 2, actions: [2, 3], structure: symmetric, seed: 0",
            ["structure: symmetric needs the same number of actions for all, they have [2, 3]"],
        ),
        (
            "kind: random-matrix, players: 2, actions: [2], distribution: cauchy, structure: odd, seed: -1",
            [
                "actions: expected 2 lists, one per player, got 1",
                "distribution: expected 'uniform', 'normal' or 'integers', got 'cauchy'",
                "structure: expected 'general', 'zero-sum', 'common', 'symmetric' or 'potential', got 'odd'",
                "seed: expected a number of at least 0, got -1",
            ],
        ),
        (
            "kind: random-matrix, players: 40, actions: 2, seed: 0",
            ["actions: a table over these joint actions has more than the 134217728 numbers that fit"],
        ),
        (
            "kind: random-team, players: 2, actions: 2, states: 2, discount: 1, seed: 0",
            ["discount: discount 1 needs a game that ends by itself; this one does not"],
        ),
        (
            "kind: random-team, players: 2, actions: 2, states: 60000, discount: 0, seed: 0",
            ["states: the tables of this game have 14400000000 numbers, more than the 134217728 that fit"],
        ),
        (
            "kind: random-congestion-markov, players: 28, links: 2, states: 1, discount: 0, seed: 0",
            ["states: 28 players have too many joint actions for a table"],
        ),
    ],
)
def test_what_does_not_fit_is_refused(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_the_memory_that_tables_may_take_is_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variates, "MAX_ENTRIES", 15)
    assert problems(TEAM) == ["states: the tables of this game have 16 numbers, more than the 15 that fit"]


@pytest.mark.parametrize("text", [TEAM, TRAFFIC])
def test_the_potential_never_falls_where_all_follow_their_gradient_at_the_default_step(text: str) -> None:
    solver = INPG()
    for seed in range(3):
        form = table(text.replace("seed: 7", f"seed: {seed}"))
        state = solver.init(form, seed)
        before = -np.inf
        for _ in range(100):
            now = form.potential(solver.answers(form, state)["last"])
            assert now is not None
            assert now >= before - 1e-12 * form.payoff_range
            state, before = solver.step(form, state, 1), now
