"""Matrix games: every way to write the payoffs, and what is said when they do not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families import matrix
from eqsolve.forms.normal import TensorGame
from eqsolve.spec.load import parse


def build(text: str, folder: Path | None = None) -> TensorGame:
    form = parse(f"{{kind: matrix, {text}}}", "g.yaml", folder=folder).form
    assert isinstance(form, TensorGame)
    return form


def problems(text: str, folder: Path | None = None) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(f"{{kind: matrix, {text}}}", "g.yaml", folder=folder)
    return [f"{p.path}: {p.message}" if p.path else p.message for p in caught.value.problems]


ROW = [[3, 0, 1], [0, 2, 4]]
COLUMN = [[2, 0, 5], [0, 3, 6]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("payoffs: [[[3, 2], [0, 0], [1, 5]], [[0, 0], [2, 3], [4, 6]]]", [ROW, COLUMN]),
        ("payoffs: {A: [[3, 0, 1], [0, 2, 4]], B: [[2, 0, 5], [0, 3, 6]]}", [ROW, COLUMN]),
        ("players: [B, A], payoffs: {A: [[3, 0], [1, 0]], B: [[2, 0], [5, 0]]}", [[[2, 0], [5, 0]], [[3, 0], [1, 0]]]),
        ("zero_sum: [[3, 0, 1], [0, 2, 4]]", [ROW, [[-3, 0, -1], [0, -2, -4]]]),
        ("symmetric: [[3, 0], [5, 1]]", [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]),
        ("common: [[3, 0, 1], [0, 2, 4]]", [ROW, ROW]),
        ("common: [3, 1]", [[3, 1]]),
        ("payoffs: [[3, 1, 2]]", [[3, 1, 2]]),
        ("payoffs: {Solo: [3, 1, 2]}", [[3, 1, 2]]),
        ("common: [[[1, 2]], [[3, 4]]]", [[[[1, 2]], [[3, 4]]]] * 3),
        ("payoffs: [[[[1, 2]]], [[[3, 4]]], [[[5, 6]]]]", [[[[1, 2]]], [[[3, 4]]], [[[5, 6]]]]),
    ],
)
def test_payoffs_become_one_tensor_player_by_player(text: str, expected: list[object]) -> None:
    np.testing.assert_array_equal(build(text).payoffs, np.array(expected))


def test_no_negative_zero_arises() -> None:
    assert not np.signbit(build("zero_sum: [[0, -0.0]]").payoffs).any()


def test_payoffs_of_any_number_of_players_come_from_a_file(tmp_path: Path) -> None:
    for players in (1, 2, 3, 4):
        payoffs = np.arange(float(players * 2**players)).reshape(players, *(2,) * players)
        np.save(tmp_path / "u.npy", payoffs)
        np.testing.assert_array_equal(build("payoffs: u.npy", tmp_path).payoffs, payoffs)


def test_the_shorthands_and_single_tensors_come_from_files_too(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array(ROW))
    np.save(tmp_path / "b.npy", np.array(COLUMN))
    np.testing.assert_array_equal(build("zero_sum: a.npy", tmp_path).payoffs[0], ROW)
    np.testing.assert_array_equal(build("payoffs: {A: a.npy, B: b.npy}", tmp_path).payoffs, [ROW, COLUMN])


def test_labels_are_the_spec_s_else_the_keys_else_numbers() -> None:
    given = build("players: [Row, Column], actions: [[u, d], 3], zero_sum: [[3, 0, 1], [0, 2, 4]]")
    assert given.players == ("Row", "Column")
    assert given.actions == (("u", "d"), ("0", "1", "2"))
    assert build("payoffs: {A: [[1]], B: [[2]]}").players == ("A", "B")
    assert build("zero_sum: [[1]]").players == ("0", "1")


ONE_OF = "expected exactly one of `payoffs`, `zero_sum`, `symmetric`, `common`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("players: 2", [f"the payoffs are missing: {ONE_OF}"]),
        ("payoffs: null", [f"the payoffs are missing: {ONE_OF}"]),
        ("zero_sum: [[1]], common: [[1]]", [f"common: payoffs given twice: {ONE_OF}"]),
        ("payoffs: [[1, 2], [3, 4]]", ["payoffs: expected rows of [row's, column's] pairs, got rows of numbers"]),
        ("payoffs: [[[1, 2, 3]]]", ["payoffs: expected rows of [row's, column's] pairs, got lists of 3 numbers"]),
        ("payoffs: [[[[1]]], [[[1]]]]", ["payoffs: expected the shape [N, A_1, …, A_N], got [2, 1, 1, 1]"]),
        ("payoffs: [[[1, 2], [3, 4]], [[5, 6]]]", ["payoffs[1]: expected 2 rows as in the first, got 1"]),
        ("zero_sum: [1, 2]", ["zero_sum: expected a matrix, rows of numbers, got 1 dimension(s)"]),
        ("symmetric: [[1, 2]]", ["symmetric: expected a square matrix, got 1 rows of 2"]),
        ("players: 3, zero_sum: [[1]]", ["zero_sum: there are 3 players, but these are numbers for 2"]),
        (
            "players: 3, actions: [1, 1], zero_sum: [[1]]",
            [
                "actions: expected 3 lists, one per player, got 2",
                "zero_sum: there are 3 players, but these are numbers for 2",
            ],
        ),
        ("actions: [1, 1, 1], zero_sum: [[1]]", ["zero_sum: `actions` is for 3 players, but these are numbers for 2"]),
        ("actions: [[a, b], 1], zero_sum: [[1]]", ["zero_sum: player 0 has 2 actions, but these are numbers for 1"]),
        (
            "players: [Row, Column], actions: [1, 2], zero_sum: [[1]]",
            ["zero_sum: player 'Column' has 2 actions, but these are numbers for 1"],
        ),
        (
            "actions: [], zero_sum: [[1]]",
            ["actions: expected a list of action lists, one per player, got an empty list"],
        ),
        ("actions: [[], [a]], zero_sum: [[1]]", ["actions[0]: expected a list of labels, got an empty list"]),
        ("payoffs: {A: [[1]], B: [[1, 2]]}", ["payoffs.B: expected the shape [1, 1] as for A, got [1, 2]"]),
        ("players: [Row, Col], payoffs: {Row: [[1]], Cal: [[1]]}", ["payoffs.Cal: no such player"]),
        ("players: [Row, Col], payoffs: {Row: [[1]]}", ["payoffs: the payoffs of 'Col' are missing"]),
        ("payoffs: {A: [[1, 2]], B: [[x, 2]]}", ["payoffs.B[0][0]: expected a number, got 'x'"]),
        (
            "payoffs: {A: [1], B: [1]}",
            ["payoffs: expected one tensor [A_1, …, A_N] per player: with 2 players, 2 dimensions, got 1"],
        ),
        ("payoffs: {}", ["payoffs: expected a mapping from players to tensors, got an empty one"]),
    ],
)
def test_payoffs_that_do_not_fit_are_refused(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.zeros((2, 2)))
    assert problems("payoffs: u.npy", tmp_path) == ["payoffs: expected the shape [N, A_1, …, A_N], got [2, 2]"]
    np.save(tmp_path / "u.npy", np.zeros(2))
    assert problems("payoffs: u.npy", tmp_path) == ["payoffs: expected the shape [N, A_1, …, A_N], got [2]"]


def test_more_payoffs_than_fit_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "MAX_ENTRIES", 7)
    assert problems("common: [[1, 2], [3, 4]]") == ["common: 8 payoffs are more than the 7 that fit"]
    assert problems("zero_sum: [[1, 2], [3, 4]]") == ["zero_sum: 8 payoffs are more than the 7 that fit"]
    assert problems("payoffs: {A: [[1, 2], [3, 4]], B: [[1, 2], [3, 4]]}") == [
        "payoffs: 8 payoffs are more than the 7 that fit"
    ]
