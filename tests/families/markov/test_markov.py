"""Markov games from tables: shapes that must agree, rows that are probabilities, games that end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families.markov import markov
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, Moves, SparseMarkovGame
from eqsolve.spec.load import parse
from reference.forms import as_mixed

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
    assert (form.players, form.actions, form.states) == (("P1",), (("a", "b"),), ("s", "t"))
    np.testing.assert_array_equal(form.rewards, [[[1, 2], [3, 4]]])
    np.testing.assert_array_equal(form.transitions, [[[0, 1], [0.5, 0.25]], [[0, 0], [1, 0]]])
    assert form.discount == 0.9
    np.testing.assert_array_equal(form.start, [1, 0])


def test_labels_may_be_left_out() -> None:
    form = build(states="", actions="")
    assert (form.players, form.actions, form.states) == (("P1",), (("a1", "a2"),), ("s1", "s2"))


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
        ({"horizon": "0"}, ["horizon: expected a number of at least 1, got 0"]),
        ({"horizon": "60000"}, ["rewards: over this horizon a policy has 120000 rows, more than 100000"]),
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
                "rewards: player P1 has 3 actions, but these are numbers for 2",
                "transitions: player P1 has 3 actions, but these are numbers for 2",
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


SPARSE = "{sparse: [[0, 1, 1, 1/4], [0, 0, 1, 1], [0, 1, 0, 1/2], [1, 1, 0, 1], [1, 0, 0, 0]]}"


def test_a_list_of_transitions_is_the_table_that_it_lists() -> None:
    listed = parse(text(transitions=SPARSE), "g.yaml").form
    assert isinstance(listed, SparseMarkovGame)
    for ours, theirs in zip(listed.moves, Moves.of_table(build().transitions), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (listed.states, listed.start.tolist(), listed.discount) == (("s", "t"), [1, 0], 0.9)


def test_a_list_of_transitions_may_be_a_file_in_any_order_and_the_hash_does_not_see_how(tmp_path: Path) -> None:
    rows = np.array([[1, 1, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 1], [0, 1, 1, 0.25]])
    np.save(tmp_path / "p.npy", rows)
    filed = parse(text(transitions="{sparse: p.npy}"), "g.yaml", folder=tmp_path)
    inline = parse(text(transitions=SPARSE), "g.yaml")
    assert filed.hash == inline.hash
    assert filed.hash != parse(text(transitions=SPARSE, horizon="2"), "g.yaml").hash


def test_a_horizon_gives_a_row_for_every_stage_and_state() -> None:
    for transitions in (FIELDS["transitions"], SPARSE):
        form = parse(text(horizon="3", discount="1", transitions=transitions), "g.yaml").form
        assert isinstance(form, HorizonGame)
        assert form.shapes == ((6, 2),)
        assert form.states == ("t=0,s", "t=0,t", "t=1,s", "t=1,t", "t=2,s", "t=2,t")
        np.testing.assert_array_equal(form.moves.probability, [1, 0.5, 0.25, 1])
        np.testing.assert_array_equal(form.initial, [1, 0])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("[0, 1]", ["transitions.sparse: expected rows of 4 numbers, [s, a_1, s', p], got the shape [2]"]),
        ("[[0, 1, 1]]", ["transitions.sparse: expected rows of 4 numbers, [s, a_1, s', p], got the shape [1, 3]"]),
        ("[]", ["transitions.sparse: expected numbers, got an empty list"]),
        ("[[0, 0, 0, x]]", ["transitions.sparse[0][3]: expected a number, got 'x'"]),
        (
            "[[2, 0, 0, 1], [0, -1, 0, 1], [0, 0, 1.5, 1], [0, 0, 0, -1]]",
            [
                "transitions.sparse[0][0]: expected an index from 0 to 1, got 2",
                "transitions.sparse[1][1]: expected an index from 0 to 1, got -1",
                "transitions.sparse[2][2]: expected an index from 0 to 1, got 1.5",
                "transitions.sparse[3][3]: a probability is negative: -1",
            ],
        ),
        (
            "[[0, 0, 0, 1/2], [1, 1, 1, 2/3], [0, 0, 0, 1/2], [1, 1, 0, 2/3]]",
            [
                "transitions.sparse[2]: this transition is there twice",
                "transitions.sparse[3]: the probabilities sum to 1.33333333, more than 1",
            ],
        ),
    ],
)
def test_each_mistake_in_a_list_of_transitions_is_told_at_its_place(rows: str, expected: list[str]) -> None:
    assert problems(transitions=f"{{sparse: {rows}}}") == expected


def test_a_mapping_of_transitions_has_one_key() -> None:
    assert problems(transitions="{spares: [[0, 0, 0, 1]]}") == ["transitions.spares: unknown key"]
    assert problems(transitions="{}") == ["transitions: expected a mapping from `sparse` to rows, got an empty one"]


def test_discount_1_looks_for_states_that_come_back_in_a_list_too() -> None:
    cycle = "transitions: discount 1 needs a game in which no state comes back: s → t → s"
    assert problems(discount="1", transitions="{sparse: [[0, 0, 1, 1], [1, 1, 0, 1/2]]}") == [cycle]
    form = parse(text(discount="1", transitions="{sparse: [[0, 0, 1, 1]]}"), "g.yaml").form
    assert as_mixed(form).discount == 1


def test_a_list_over_more_states_than_a_decision_problem_can_have_needs_a_horizon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(markov, "MAX_ENTRIES", 7)
    expected = "transitions.sparse: a player's decision problem over 2 states has 8 numbers, too many"
    assert problems(transitions=SPARSE) == [expected]
    assert parse(text(transitions=SPARSE, horizon="2"), "g.yaml").form.shapes == ((4, 2),)
