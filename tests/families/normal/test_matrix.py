"""Matrix games: every way to write the payoffs, and what is said when they do not fit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families.normal import matrix
from eqsolve.families.normal.matrix import Matrix
from eqsolve.forms.normal.game import TensorGame
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
        ("row: [[3, 0, 1], [0, 2, 4]], column: [[2, 0, 5], [0, 3, 6]]", [ROW, COLUMN]),
        ("order: players-last, payoffs: [[[3, 2], [0, 0], [1, 5]], [[0, 0], [2, 3], [4, 6]]]", [ROW, COLUMN]),
        ("order: players-first, payoffs: [[[3, 0, 1], [0, 2, 4]], [[2, 0, 5], [0, 3, 6]]]", [ROW, COLUMN]),
        ("order: players-last, payoffs: [[3], [1], [2]]", [[3, 1, 2]]),
        ("order: players-last, payoffs: [[[[1, 3, 5], [2, 4, 6]]]]", [[[[1, 2]]], [[[3, 4]]], [[[5, 6]]]]),
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


def test_labels_are_the_spec_s_else_the_keys_else_the_usual() -> None:
    given = build("players: [Row, Column], actions: [[u, d], 3], zero_sum: [[3, 0, 1], [0, 2, 4]]")
    assert given.players == ("Row", "Column")
    assert given.actions == (("u", "d"), ("a1", "a2", "a3"))
    assert build("payoffs: {A: [[1]], B: [[2]]}").players == ("A", "B")
    assert build("zero_sum: [[1]]").players == ("P1", "P2")


ONE_OF = "expected `row` and `column`, or exactly one of `payoffs`, `zero_sum`, `symmetric`, `common`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("players: 2", [f"the payoffs are missing: {ONE_OF}"]),
        ("payoffs: null", [f"the payoffs are missing: {ONE_OF}"]),
        ("zero_sum: [[1]], common: [[1]]", [f"common: payoffs given twice: {ONE_OF}"]),
        ("payoffs: [[1, 2], [3, 4]]", ["payoffs: expected the payoffs of every player, got rows of numbers"]),
        ("payoffs: [[[1, 2, 3]]]", ["payoffs: expected rows of [row's, column's] pairs, got lists of 3 numbers"]),
        ("payoffs: [[[[1]]], [[[1]]]]", ["payoffs: expected the shape [N, A_1, …, A_N], got [2, 1, 1, 1]"]),
        ("payoffs: [[[1, 2], [3, 4]], [[5, 6]]]", ["payoffs[1]: expected 2 rows as in the first, got 1"]),
        ("row: [[1]]", ["row: `column` is missing beside it"]),
        ("column: [[1]]", ["column: `row` is missing beside it"]),
        ("row: [[1]], column: [[1]], common: [[1]]", [f"common: payoffs given twice: {ONE_OF}"]),
        ("row: [[1, 2]], column: [[1], [2]]", ["column: expected 1 × 2 numbers as in `row`, got 2 × 1"]),
        ("row: [1, 2], column: [[1]]", ["row: expected a matrix, rows of numbers, got 1 dimension(s)"]),
        (
            "players: 3, row: [[1]], column: [[x]]",
            [
                "row: there are 3 players, but these are numbers for 2",
                "column[0][0]: expected a number, got 'x'",
            ],
        ),
        (
            "order: players-first, zero_sum: [[1]]",
            ["order: says how an array under `payoffs` is laid out; here is none"],
        ),
        ("order: first, payoffs: [[1]]", ["order: expected 'players-first' or 'players-last', got 'first'"]),
        (
            "order: players-first, payoffs: [[[1, 2]]]",
            ["payoffs: expected the shape [N, A_1, …, A_N], got [1, 1, 2]"],
        ),
        (
            "order: players-last, payoffs: [[[1, 2, 3]]]",
            [
                "payoffs: expected rows of [row's, column's] pairs, got lists of 3 numbers",
            ],
        ),
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
        ("actions: [[a, b], 1], zero_sum: [[1]]", ["zero_sum: player P1 has 2 actions, but these are numbers for 1"]),
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
    assert problems("payoffs: u.npy", tmp_path) == [
        "payoffs: expected the payoffs of every player, got a matrix of 2 × 2 numbers"
    ]
    np.save(tmp_path / "u.npy", np.zeros(2))
    assert problems("payoffs: u.npy", tmp_path) == ["payoffs: expected the shape [N, A_1, …, A_N], got [2]"]


def test_more_payoffs_than_fit_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "MAX_ENTRIES", 7)
    assert problems("common: [[1, 2], [3, 4]]") == ["common: 8 payoffs are more than the 7 that fit"]
    assert problems("zero_sum: [[1, 2], [3, 4]]") == ["zero_sum: 8 payoffs are more than the 7 that fit"]
    assert problems("payoffs: {A: [[1, 2], [3, 4]], B: [[1, 2], [3, 4]]}") == [
        "payoffs: 8 payoffs are more than the 7 that fit"
    ]


AMBIGUOUS = "payoffs: [[[3, 2], [0, 1]], [[0, 0], [2, 3]]]"


def test_an_array_that_fits_both_orders_is_read_as_pairs_inline_and_a_remark_says_so() -> None:
    [remark] = parse(f"{{kind: matrix, {AMBIGUOUS}}}", "g").family.remarks
    assert remark == (
        "payoffs: the shape [2, 2, 2] fits two orders and was read as [row, column, player]; say `order: players-last` "
        "if that is right, `order: players-first` if it is [player, row, column]"
    )
    assert build(AMBIGUOUS).payoffs.tolist() == [[[3, 0], [0, 2]], [[2, 1], [0, 3]]]


def test_a_file_that_fits_both_orders_is_read_with_the_players_first_and_a_remark_says_so(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.arange(8.0).reshape(2, 2, 2))
    text = "{kind: matrix, payoffs: u.npy}"
    [remark] = parse(text, "g", folder=tmp_path).family.remarks
    assert "was read as [player, row, column]; say `order: players-first` if that is right" in remark
    said = "{kind: matrix, payoffs: u.npy, order: players-last}"
    assert parse(said, "g", folder=tmp_path).family.remarks == ()
    np.testing.assert_array_equal(
        build("payoffs: u.npy, order: players-last", tmp_path).payoffs, [[[0, 2], [4, 6]], [[1, 3], [5, 7]]]
    )


def test_three_players_with_three_actions_fit_both_orders_too() -> None:
    cells = [
        [[[a + 10 * b + 100 * c + 1000 * i for i in range(3)] for c in range(3)] for b in range(1)] for a in range(3)
    ]
    [remark] = parse(f"{{kind: matrix, payoffs: {cells}}}", "g").family.remarks
    assert "the shape [3, 1, 3, 3] fits two orders and was read as [player, A_1, …, A_N]" in remark


@pytest.mark.parametrize(
    "text",
    [
        f"order: players-last, {AMBIGUOUS}",
        f"order: players-first, {AMBIGUOUS}",
        "row: [[3, 0], [0, 2]], column: [[2, 1], [0, 3]]",
        "payoffs: [[[3, 2], [0, 1], [1, 1]], [[0, 0], [2, 3], [1, 1]]], actions: [2, 3]",  # as the labels say
        "payoffs: [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]",  # the same game either way
        "payoffs: {A: [[1, 2], [3, 4]], B: [[1, 2], [3, 4]]}",
    ],
)
def test_nothing_is_remarked_where_only_one_game_is_meant(text: str) -> None:
    assert parse(f"{{kind: matrix, {text}}}", "g").family.remarks == ()


def test_the_order_that_would_fit_is_the_hint() -> None:
    first_only = "payoffs: [[[3, 0, 1], [0, 2, 4]], [[2, 0, 5], [0, 3, 6]]]"
    with pytest.raises(SpecError) as caught:
        parse(f"{{kind: matrix, {first_only}}}", "g")
    assert caught.value.problems[0].hint == "`order: players-first` reads it as [player, row, column]"
    with pytest.raises(SpecError) as caught:
        parse("{kind: matrix, actions: [3, 2], payoffs: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 0], [1, 2]]]}", "g")
    assert caught.value.problems[0].message == "player P1 has 3 actions, but these are numbers for 2"
    assert caught.value.problems[0].hint == "`order: players-first` reads it as [player, row, column]"
    with pytest.raises(SpecError) as caught:
        parse("{kind: matrix, payoffs: [[3, 0], [0, 2]]}", "g")
    assert "`row: [[3, 0], [0, 2]]` and `column: [[2, 0], [0, 3]]`" in str(caught.value.problems[0].hint)


def test_one_game_has_one_hash_whichever_way_it_is_written(tmp_path: Path) -> None:
    np.save(tmp_path / "first.npy", np.array([ROW, COLUMN]))
    np.save(tmp_path / "last.npy", np.array([ROW, COLUMN]).transpose(1, 2, 0))
    np.save(tmp_path / "row.npy", np.array(ROW))
    ways = [
        "row: [[3, 0, 1], [0, 2, 4]], column: [[2, 0, 5], [0, 3, 6]]",
        "row: row.npy, column: [[2, 0, 5], [0, 3, 6]]",
        "payoffs: [[[3, 2], [0, 0], [1, 5]], [[0, 0], [2, 3], [4, 6]]]",
        "order: players-first, payoffs: [[[3, 0, 1], [0, 2, 4]], [[2, 0, 5], [0, 3, 6]]]",
        "payoffs: first.npy",
        "payoffs: last.npy, order: players-last",
        "payoffs: {A: [[3, 0, 1], [0, 2, 4]], B: [[2, 0, 5], [0, 3, 6]]}",
    ]
    assert len({parse(f"{{kind: matrix, players: [A, B], {way}}}", "g", folder=tmp_path).hash for way in ways}) == 1


def test_what_is_written_under_row_and_column_stays_exact() -> None:
    family = parse("{kind: matrix, row: [[1/3, 1]], column: [[0.1, -2/7]]}", "g").family
    assert isinstance(family, Matrix)
    assert family.table.rationals == {0: Fraction(1, 3), 3: Fraction(-2, 7)}
