"""lrsnash's files: two matrices of rationals, told from GameTracer's by how many numbers there are."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import UsageError
from eqsolve.families.normal.matrix import Matrix
from eqsolve.spec.formats import named, of_text
from eqsolve.spec.load import load, parse
from reference.texts import mistake, written

GAME = """\
3 2

0 6
2 5
3 3

1 0
0 2
4 1/3
"""
SPEC = "{kind: matrix, row: [[0, 6], [2, 5], [3, 3]], column: [[1, 0], [0, 2], [4, 1/3]]}"


def test_rows_of_the_first_player_s_matrix_come_first() -> None:
    game = load("-", BytesIO(GAME.encode()))
    assert game.hash == parse(SPEC, "g").hash
    assert isinstance(game.family, Matrix)
    assert game.family.table.rationals == {11: Fraction(1, 3)}


def lrs(spec: str) -> str:
    return written(parse(spec, "g"), "lrs")


def test_what_is_written_are_rationals_in_that_order() -> None:
    assert lrs(SPEC) == GAME
    assert lrs("{kind: matrix, row: [[0.5, 1e-7]], column: [[-2.25, 1e20]]}") == (
        "1 2\n\n1/2 1/10000000\n\n-9/4 100000000000000000000\n"
    )
    with pytest.raises(UsageError, match="g: lrsnash's files are for 2 players, this game has 3"):
        lrs("{kind: matrix, common: [[[1, 2]]]}")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("3 2", "0 2", "1:1: expected a number of actions, at least 1, found 0"),
        ("4 1/3", "4", "10:1: expected payoff 12 of 12, 3 rows of 2 for each player, found the end of the file"),
        ("4 1/3", "4 1/3 5", "9:7: the table is complete before this, found '5'"),
        ("4 1/3", "4 x", "9:3: expected payoff 12 of 12, 3 rows of 2 for each player, found 'x'"),
        ("4 1/3", "4 1/0", "9:3: division by zero in '1/0'"),
        ("4 1/3", "4 1e101", "9:3: the number '1e101' is beyond ±1e+100"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    assert mistake(GAME.replace(old, new), "-") == expected


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.booleans())
def test_no_table_of_gametracer_s_is_taken_for_one_of_lrsnash_s(sizes: list[int], in_lines: bool) -> None:
    spec = f"{{kind: random-matrix, players: {len(sizes)}, actions: {sizes}, seed: 0}}"
    text = written(parse(spec, "g"), "gam")
    assert of_text(text if in_lines else " ".join(text.split()), "-") == named("gam")
    if len(sizes) == 2:
        assert of_text(lrs(spec), "-") == named("lrs")
