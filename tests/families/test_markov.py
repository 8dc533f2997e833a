"""Markov games from tables: shapes that must agree, rows that are probabilities, games that end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.forms.markov import DenseMarkovGame
from eqsolve.spec.load import parse

FIELDS = {
    "discount": "0.9",
    "states": "[s, t]",
    "actions": "[[a, b]]",
    "rewards": "[[[1, 2], [3, 4]]]",
    "transitions": "[[[0, 1], [1/2, 1/4]], [[0, 0], [1, 0]]]",
    "start": "[1, 0]",
}


def text(**changed: str) -> str:
    fields = FIELDS | changed
    return "kind: markov\n" + "".join(f"{key}: {value}\n" for key, value in fields.items() if value)


def problems(**changed: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(text(**changed), "g.yaml")
    return [f"{p.path}: {p.message}" if p.path else p.message for p in caught.value.problems]


def build(folder: Path | None = None, **changed: str) -> DenseMarkovGame:
    form = parse(text(**changed), "g.yaml", folder=folder).form
    assert isinstance(form, DenseMarkovGame)
    return form


def test_the_form_holds_the_tables() -> None:
    form = build()
    assert (form.players, form.actions, form.states) == (("0",), (("a", "b"),), ("s", "t"))
    np.testing.assert_array_equal(form.rewards, [[[1, 2], [3, 4]]])
    np.testing.assert_array_equal(form.transitions, [[[0, 1], [0.5, 0.25]], [[0, 0], [1, 0]]])
    assert form.discount == 0.9
    np.testing.assert_array_equal(form.start, [1, 0])


def test_labels_may_be_left_out() -> None:
    form = build(states="", actions="")
    assert (form.players, form.actions, form.states) == (("0",), (("0", "1"),), ("0", "1"))


def test_tables_come_from_files(tmp_path: Path) -> None:
    rewards, transitions = np.arange(24.0).reshape(2, 2, 2, 3), np.full((2, 2, 3, 2), 0.5)
    np.save(tmp_path / "r.npy", rewards)
    np.save(tmp_path / "p.npy", transitions)
    form = build(tmp_path, actions="[2, 3]", rewards="r.npy", transitions="p.npy")
    np.testing.assert_array_equal(form.rewards, rewards)
    np.testing.assert_array_equal(form.transitions, transitions)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"discount": ""}, ["the key `discount` is missing"]),
        ({"discount": "2"}, ["discount: expected a number of at most 1, got 2"]),
        ({"horizon": "3"}, ["horizon: unknown key"]),
        ({"rewards": "[1, 2]"}, ["rewards: expected the shape [N, S, A_1, …, A_N], got [2]"]),
        (
            {"rewards": "[[[1, 2], [3, 4]], [[1, 2], [3, 4]]]"},
            [
                "rewards: expected the shape [N, S, A_1, …, A_N], got [2, 2, 2]",
            ],
        ),
        (
            {"players": "2", "actions": ""},
            [
                "rewards: there are 2 players, but these are numbers for 1",
                "transitions: there are 2 players, but these are numbers for 1",
            ],
        ),
        (
            {"states": "[s]"},
            [
                "rewards: there are 1 states, but these are numbers for 2",
                "transitions: there are 1 states, but these are numbers for 2",
            ],
        ),
        (
            {"actions": "[3]"},
            [
                "rewards: player 0 has 3 actions, but these are numbers for 2",
                "transitions: player 0 has 3 actions, but these are numbers for 2",
            ],
        ),
        ({"transitions": "[[0, 1], [1, 0]]"}, ["transitions: expected the shape [S, A_1, …, A_N, S], got [2, 2]"]),
        (
            {"transitions": "[[[0, 1]], [[1, 0]]]", "actions": ""},
            [
                "transitions: with these rewards expected the shape [2, 2, 2], got [2, 1, 2]",
            ],
        ),
        (
            {"transitions": "[[[0, 1.1], [1/2, 2/3]], [[-1, 0], [1, 0]]]"},
            [
                "transitions[0][0]: the probabilities sum to 1.1, more than 1",
                "transitions[0][1]: the probabilities sum to 1.16666667, more than 1",
                "transitions[1][0][0]: a probability is negative: -1",
            ],
        ),
        ({"start": "[1]"}, ["start: expected 2 probabilities, one per state, got 1"]),
        ({"start": "[1, 1]"}, ["start: the probabilities sum to 2, not 1"]),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, str], expected: list[str]) -> None:
    assert problems(**changed) == expected


def test_mistakes_in_the_rewards_hide_none_in_the_transitions() -> None:
    found = problems(rewards="[[[x, 2], [3, 4]]]", states="[s]", discount="1")
    assert found == [
        "rewards[0][0][0]: expected a number, got 'x'",
        "transitions: there are 1 states, but these are numbers for 2",
    ]


@pytest.mark.parametrize(
    ("transitions", "cycle"),
    [
        ("[[[0, 1], [0, 0]], [[0, 0], [1/9, 0]]]", "s → t → s"),
        ("[[[0, 0], [0, 0.5]], [[0, 0], [0, 1e-9]]]", "t → t"),
        ("[[[1, 0], [0, 1]], [[0, 0], [0, 0]]]", "s → s"),
    ],
)
def test_discount_1_needs_a_game_in_which_no_state_comes_back(transitions: str, cycle: str) -> None:
    assert problems(discount="1", transitions=transitions) == [
        f"transitions: discount 1 needs a game in which no state comes back: {cycle}"
    ]


def test_discount_1_is_accepted_on_an_acyclic_graph() -> None:
    assert build(discount="1", transitions="[[[0, 1], [0, 0.5]], [[0, 0], [0, 0]]]").discount == 1
