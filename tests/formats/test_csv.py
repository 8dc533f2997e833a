"""Tables of two players in CSV: every layout that people write, exactly, and a line for every mistake."""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest

from eqsolve.errors import InputError, SpecError, UsageError
from eqsolve.families.normal.matrix import Matrix
from eqsolve.spec.load import GameSpec, load, parse
from reference.texts import written

PLAIN = "{kind: matrix, row: [[3, 0], [0, 2]], column: [[2, 0], [0, 3]]}"


def labelled(actions: str) -> str:
    return PLAIN.replace("row", f"actions: {actions}, row")


NAMED = labelled("[[Opera, Football], [Opera, Football]]")
WHOLE = NAMED.replace("actions", "players: [Ann, Bob], actions")

ROW = ",Opera,Football\nOpera,3,0\nFootball,0,2\n"
COLUMN = ",Opera,Football\nOpera,2,0\nFootball,0,3\n"

LAYOUTS = {
    "one below the other": ("3,0\n0,2\n\n2,0\n0,3\n", PLAIN),
    "side by side": ("3,0,,2,0\n0,2,,0,3\n", PLAIN),
    "with CRLF and a byte order mark": ("\ufeff3,0\r\n0,2\r\n\r\n2,0\r\n0,3\r\n", PLAIN),
    "without a last line end": ("3,0\n0,2\n\n2,0\n0,3", PLAIN),
    "with rows of empty cells": ("3,0,\n0,2,\n,,\n2,0,\n0,3,\n,,\n", PLAIN),
    "semicolons": ("3;0\n0;2\n\n2;0\n0;3\n", PLAIN),
    "tabs": ("3\t0\n0\t2\n\n2\t0\n0\t3\n", PLAIN),
    "blanks": ("3 0\n0 2\n\n2 0\n0 3\n", PLAIN),
    "floats with blanks": ("3.0e+00 0.0e+00\n0.0e+00 2.0e+00\n\n2.0e+00 0\n0 3.0\n", PLAIN),
    "comments": ("# row's\n3,0\n# and on\n0,2\n\n# column's\n2,0\n0,3\n", PLAIN),
    "quoted pairs": ('"3,2","0,0"\n"0,0","2,3"\n', PLAIN),
    "pairs with a blank": ("3 2,0 0\n0 0,2 3\n", PLAIN),
    "pairs with a semicolon": ("3;2,0;0\n0;0,2;3\n", PLAIN),
    "pairs with a comma between semicolons": ("3,2;0,0\n0,0;2,3\n", PLAIN),
    "pairs in brackets": ("(3, 2),(0, 0)\n(0, 0),(2, 3)\n", PLAIN),
    "pairs in brackets, blanks between": ("(3, 2) (0, 0)\n(0, 0) (2, 3)\n", PLAIN),
    "pairs, blanks between": ("3,2 0,0\n0,0 2,3\n", PLAIN),
    "labels around tables": (f"{ROW}\n{COLUMN}", NAMED),
    "labels around pairs": (',Opera,Football\nOpera,"3,2","0,0"\nFootball,"0,0","2,3"\n', NAMED),
    "labels around the first table only": (f"{ROW}\n2,0\n0,3\n", NAMED),
    "a header alone": ("Opera,Football\n3,0\n0,2\n\n2,0\n0,3\n", labelled("[2, [Opera, Football]]")),
    "labels of rows alone": ("Opera,3,0\nFootball,0,2\n\n2,0\n0,3\n", labelled("[[Opera, Football], 2]")),
    "a header above each table": (
        "Opera,Football\n3,0\n0,2\n\nOpera,Football\n2,0\n0,3\n",
        labelled("[2, [Opera, Football]]"),
    ),
    "labels of rows beside each table": (
        "Opera,3,0\nFootball,0,2\n\nOpera,2,0\nFootball,0,3\n",
        labelled("[[Opera, Football], 2]"),
    ),
    "players in the corners": (f"Ann{ROW}\nBob{COLUMN}", WHOLE),
    "players in one corner": ('Ann \\ Bob,Opera,Football\nOpera,"3,2","0,0"\nFootball,"0,0","2,3"\n', WHOLE),
    "players above the tables": (
        f"Ann,,\n{ROW}\nBob,,\n{COLUMN}",
        WHOLE,
    ),
    "players above empty rows": (f"Ann\n\n{ROW}\nBob\n\n{COLUMN}", WHOLE),
    "players above tables side by side": (
        "Ann,,,,Bob,,\n\n,Opera,Football,,,Opera,Football\nOpera,3,0,,Opera,2,0\nFootball,0,2,,Football,0,3\n",
        WHOLE,
    ),
    "players beside the labels": (',,Bob,\n,,Opera,Football\nAnn,Opera,"3,2","0,0"\n,Football,"0,0","2,3"\n', WHOLE),
    "numbers as labels": (",1,2\n1,3,0\n2,0,2\n\n,1,2\n1,2,0\n2,0,3\n", labelled("[[1, 2], [1, 2]]")),
    "one column": ("3\n0\n\n2\n1\n", "{kind: matrix, row: [[3], [0]], column: [[2], [1]]}"),
    "one cell": ('"3,2"\n', "{kind: matrix, row: [[3]], column: [[2]]}"),
}  # fmt: skip


def read(text: str, name: str = "g.csv") -> GameSpec:
    return parse(text.removeprefix("\ufeff"), name)


@pytest.mark.parametrize(("text", "spec"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_table_is_the_game_of_the_spec_with_the_same_numbers(text: str, spec: str, tmp_path: Path) -> None:
    wanted = parse(spec, "g").hash
    assert read(text).hash == wanted
    file = tmp_path / "g.csv"
    file.write_bytes(text.encode())
    assert load(file).hash == wanted


ALONE = [name for name in LAYOUTS if name not in ("one column", "one cell")]


@pytest.mark.parametrize("name", ALONE)
def test_a_table_is_told_by_its_content(name: str, tmp_path: Path) -> None:
    text, spec = LAYOUTS[name]
    assert load("-", BytesIO(text.encode())).hash == parse(spec, "g").hash
    file = tmp_path / "payoffs.txt"
    file.write_bytes(text.encode())
    assert load(file).hash == parse(spec, "g").hash


def test_a_spec_in_a_file_of_another_name_stays_a_spec() -> None:
    assert parse(PLAIN, "g.csv").hash == parse(PLAIN, "g").hash
    assert parse("# a, b\nname: a, b\nkind: matrix\nzero_sum: [[1, 2]]\n", "g.csv").name == "a, b"


def test_a_line_above_is_the_title() -> None:
    assert (
        read("Battle, of the sexes\n\n3,0\n0,2\n\n2,0\n0,3\n".replace("Battle,", "Battle")).name
        == "Battle of the sexes"
    )
    assert read("Battle\x98\n\n3,0\n0,2\n\n2,0\n0,3\n").name == "Battle\\x98"
    assert read('"Battle, of"\n\n3,0\n0,2\n\n2,0\n0,3\n').name == "Battle, of"


def test_numbers_are_what_is_written() -> None:
    family = read("1/3,0.1\n0.12345678901234567890123,1e-3\n\n-2/7,.5\n1.,12345678901234567890\n").family
    assert isinstance(family, Matrix)
    assert family.table.rationals == {
        0: Fraction(1, 3),
        2: Fraction(12345678901234567890123, 10**23),
        4: Fraction(-2, 7),
        7: Fraction(12345678901234567890),
    }
    assert family.table.tensor.tolist() == [
        [[1 / 3, 0.1], [0.12345678901234568, 0.001]],
        [[-2 / 7, 0.5], [1.0, 12345678901234567890.0]],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: empty: expected two tables of numbers, or one of pairs"),
        ("\n \n", "1:1: empty: expected two tables of numbers"),
        ("# only\n", "1:1: empty: expected two tables of numbers"),
        ("3,nan\n0,2\n\n2,0\n0,3\n", "1:3: expected a payoff, found 'nan'"),
        ("3,0\n0,inf\n\n2,0\n0,3\n", "2:3: expected a payoff, found 'inf'"),
        ("3,0\n0,2\n\n2,1e101\n0,3\n", "4:3: the number '1e101' is beyond ±1e+100"),
        ("3,0\n0,2\n\n2,1e9999999\n0,3\n", "4:3: the number '1e9999999' has more digits or a larger exponent than fit"),
        ("3,1/0\n0,2\n\n2,0\n0,3\n", "1:3: division by zero in '1/0'"),
        ("3,0\n0\n\n2,0\n0,3\n", "2:2: expected a payoff, found nothing"),
        ("3,0\n,2\n\n2,0\n0,3\n", "2:1: expected a payoff, found nothing"),
        ("3,0,1\n0,2,1\n\n2,0\n0,3\n", "4:1: expected 2 × 3 numbers as in the first table, found 2 × 2"),
        ("3,0\n0,2\n", "1:1: one table of numbers: expected two, or one of pairs such as `3,2`"),
        (
            "3,0\n0,2\n\n2,0\n0,3\n\n1,1\n1,1\n",
            "7:1: expected two tables of numbers, or one of pairs: this is one of 3",
        ),
        ("3,=A1\n0,2\n\n2,0\n0,3\n", "1:3: expected a payoff, found '=A1'"),
        ("3,,a\n0,,b\n", "2:4: expected a payoff, found 'b'"),
        ('"3,0\n0,2\n', "1:1: a quotation mark is never closed"),
        ('0,"3,2"x\n', "1:8: expected a separator after the quotation mark"),
        ('"3,2,1","0,0,0"\n', "1:1: expected a pair of payoffs such as `3,2`, found '3,2,1'"),
        ('"3,2","0,0"\n"0,0",2\n', "2:7: expected a pair of payoffs such as `3,2`, found '2'"),
        ("1/3;0,,2;0\n 0  0 0;2.5,\t0;3\n", "1:1: one table of numbers"),
        (',"0,0"\n"0,0","2,3"\n', "1:2: expected a label, found '0,0'"),
        ("1,5;3\n1;2\n\n2;2\n2;2\n", "1:1: expected a payoff, found '1,5'"),
        (",L,L\nT,1,2\n\n,L,R\nT,1,2\n", "1:4: the label 'L' is there twice"),
        (",L,R\nT,1,2\n\n,L,X\nT,1,2\n", "4:4: expected the action 'R' as in the first table, found 'X'"),
        (",L,R\nT,1,2\n\n,L,R\nB,1,2\n", "5:1: expected the action 'T' as in the first table, found 'B'"),
        ("Ann,L\nT,1\n\nAnn,L\nT,1\n", "2:3: the players 'Ann' and 'Ann' are no two labels"),
        ("just, text\n", "1:1: a table without payoffs"),
        ('"just text"\n', "1:1: expected payoffs, found text alone"),
        (",L,R\nT,1,x\n\n,L,R\nT,1,2\n", "2:5: expected a payoff, found 'x'"),
        (",L,\nT,1,2\n\n,L,R\nT,1,2\n", "1:4: expected a label of 1 to 200 printable characters, got ''"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text)
    [found] = caught.value.problems
    assert f"{found.line}:{found.column}: {found.message}".startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,5;3\n1;2\n\n2;2\n2;2\n", "decimals have a point: 1.5; a table of pairs stands alone"),
        ('3,0\n0,"(3 2)"\n\n2,0\n0,3\n', "a table of pairs stands alone, without a second table"),
        ('"3,2,1","0,0,0"\n', "a cell holds the payoffs of two players; games of more go into .nfg or .npz"),
        ("3,0\n0\n\n2,0\n0,3\n", "every cell of a table needs a payoff; an empty row or column ends a table"),
        ("3,=A1\n0,2\n\n2,0\n0,3\n", "formulas are not computed here: save their values"),
        ("3,x\n0,2\n\n2,0\n0,3\n", "labels stand in the first row or the first column, and fill it"),
        ("3,x1\n0,2\n\n2,0\n0,3\n", None),
    ],
)
def test_a_cell_that_holds_no_payoff_comes_with_what_to_try(text: str, expected: str | None) -> None:
    with pytest.raises(SpecError) as caught:
        read(text)
    [found] = caught.value.problems
    assert found.hint == expected


@pytest.mark.parametrize("instead", ["x", "", "1,2", "3-"])
@pytest.mark.parametrize("text", ["3,0,1\n0,2,4\n\n2,0,5\n0,3,6\n", "3,0,1,,2,0,5\n0,2,4,,0,3,6\n"])
def test_no_cell_of_two_tables_can_be_spoilt_unseen(text: str, instead: str) -> None:
    for cell in re.finditer("[0-9]", text):
        with pytest.raises(SpecError):
            read(text[: cell.start()] + instead + text[cell.end() :])


def test_another_encoding_is_refused_with_its_place() -> None:
    with pytest.raises(SpecError, match=r"-:2:2: not a text file in UTF-8"):
        load("-", BytesIO("3,0\nZürich,1\n".encode("latin-1")))
    with pytest.raises(InputError, match="is a text in UTF-16"):
        load("-", BytesIO("3,0\n".encode("utf-16")))


def test_cells_that_the_memory_cannot_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.memory.available", lambda: 500)
    with pytest.raises(SpecError, match=r"6 cells take .*, 4\.66e-07 GiB are available"):
        read("3,0\n0,2\n0,1\n")


def csv(spec: str) -> str:
    return written(parse(spec, "g"), "csv")


def test_what_is_written_has_labels_where_they_are_not_the_default_ones() -> None:
    assert csv(PLAIN) == "g\n\n3,0\n0,2\n\n2,0\n0,3\n"
    assert csv(WHOLE) == (f"g\n\npayoffs of Ann{ROW}\npayoffs of Bob{COLUMN}")


@pytest.mark.parametrize(
    "spec",
    [
        PLAIN,
        NAMED,
        WHOLE,
        "{kind: matrix, row: [[1/3, -0.1]], column: [[1e-7, 12345678901234567890]]}",
        "{kind: matrix, players: [1, 2], actions: [[3, '4,5'], ['(6)', '\"', '# 8']], common: [[1, 2, 3], [4, 5, 6]]}",
        "{kind: matrix, players: ['payoffs of', payoffs of 1], row: [[3]], column: [[2]]}",
        "{kind: matrix, actions: [[' a', 'a '], ['=1+1']], row: [[3], [1]], column: [[2], [1]]}",
        "{kind: matrix, row: [[3], [1]], column: [[2], [1]]}",
        "{kind: matrix, name: '7', row: [[3]], column: [[2]]}",
        "{kind: matrix, name: '# x', row: [[3, 1]], column: [[2, 1]]}",
    ],
)  # fmt: skip
def test_what_is_written_is_read_as_the_same_game(spec: str) -> None:
    text = csv(spec)
    assert read(text).hash == parse(spec, "g").hash
    assert load("-", BytesIO(text.encode())).hash == parse(spec, "g").hash
    assert csv(PLAIN) == csv("{kind: matrix, payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]}")


def test_tabs_are_written_for_a_tsv_file() -> None:
    text = written(parse(NAMED, "g"), "tsv")
    assert text.splitlines()[2:4] == ["payoffs of P1\tOpera\tFootball", "Opera\t3\t0"]
    assert read(text, "-").hash == parse(NAMED, "g").hash


def test_another_number_of_players_is_refused() -> None:
    with pytest.raises(UsageError, match="g: a table in CSV is of 2 players, this game has 1"):
        csv("{kind: matrix, common: [1, 2]}")
