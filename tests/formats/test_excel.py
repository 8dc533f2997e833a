"""Spreadsheets: the tables of grid.py in sheets, numbers as in the file, mistakes by sheet and cell."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from eqsolve.errors import InputError
from eqsolve.formats import excel
from eqsolve.spec.load import GameSpec, load, parse

PLAIN = "{kind: matrix, row: [[3, 0], [0, 2]], column: [[2, 0], [0, 3]]}"
LABELLED = (
    "{kind: matrix, actions: [[Opera, Football], [Opera, Football]], row: [[3, 0], [0, 2]], column: [[2, 0], [0, 3]]}"
)


def book(*sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for k, rows in enumerate(sheets):
        sheet = made.create_sheet(f"Sheet{k + 1}")
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(raw: bytes) -> GameSpec:
    return load("-", BytesIO(raw))


@pytest.mark.parametrize(
    ("sheets", "spec"),
    [
        ([[[3, 0], [0, 2], [], [2, 0], [0, 3]]], PLAIN),
        ([[[3, 0, None, 2, 0], [0, 2, None, 0, 3]]], PLAIN),
        ([[[], [None, 3.0, 0], [None, 0, 2.0], [], [None, 2, 0], [None, 0, 3]]], PLAIN),
        ([[[3, 0], [0, 2]], [], [[2, 0], [0, 3]]], PLAIN),
        ([[["3,2", "0,0"], ["0,0", "2,3"]]], PLAIN),
        ([[[None, "Opera", "Football"], ["Opera", "3, 2", "0, 0"], ["Football", "(0, 0)", "2;3"]]], LABELLED),
    ],
)
def test_a_sheet_is_the_game_of_the_spec_with_the_same_numbers(sheets: list[list[list[Any]]], spec: str) -> None:
    assert read(book(*sheets)).hash == parse(spec, "g").hash


def test_numbers_are_the_shortest_decimals_and_texts_are_what_they_say() -> None:
    game = read(book([["1/3", 0.1], [1e-7, 1234567890123456], [], [0, 0], [0, 0.1234567890123456]]))
    wanted = "{kind: matrix, row: [[1/3, 0.1], [1e-7, 1234567890123456]], column: [[0, 0], [0, 0.1234567890123456]]}"
    assert game.hash == parse(wanted, "g").hash


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[3, 0], [0, "x"], [], [2, 0], [0, 3]], "-: Sheet1!B2: expected a payoff, found 'x'"),
        ([[], [None, 3, 0], [None, 0], [], [None, 2, 0]], "-: Sheet1!C3: expected a payoff, found nothing"),
        ([[3, 0], [0, "=1+1"]], "-: Sheet1!B2: a formula whose value is not in the file"),
        ([[3, dt.date(2024, 1, 3)], [0, 1]], "-: Sheet1!B1: expected a payoff or a label, found a date"),
        ([[3, True], [0, 1]], "-: Sheet1!B1: expected a payoff or a label, found true"),
        ([[3, 0], [0, 2]], "-: Sheet1!A1: one table of numbers: expected two, or one of pairs such as `3,2`"),
        ([], "-: every sheet is empty"),
        ([[3, 1e101], [0, 2], [], [2, 0], [0, 3]], "-: Sheet1!B1: the number '1e+101' is beyond ±1e+100"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_cell(rows: list[list[Any]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(book(rows))
    assert caught.value.message.startswith(message)


def test_a_mistake_in_the_second_sheet_is_told_with_its_name() -> None:
    with pytest.raises(InputError, match=r"-: Sheet2!B1: expected a payoff, found 'nan'"):
        read(book([[3, 0], [0, 2]], [[2, "nan"], [0, 3]]))
    with pytest.raises(InputError, match="-: 3 sheets hold something: Sheet1, Sheet2, Sheet3"):
        read(book([[3, 0]], [[2, 0]], [[2, 0]]))


def with_value(raw: bytes, cell: bytes) -> bytes:
    """The workbook with the cell B2 of its first sheet as a spreadsheet program would save it: with a value."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                start = data.index(b'<c r="B2"')
                data = data[:start] + cell + data[data.index(b"</c>", start) + 4 :]
            new.writestr(name, data)
    return out.getvalue()


def test_a_formula_counts_as_its_value() -> None:
    raw = book([[3, 0], [0, "=1+1"], [], [2, 0], [0, 3]])
    assert read(with_value(raw, b'<c r="B2"><f>1+1</f><v>2</v></c>')).hash == parse(PLAIN, "g").hash
    failed = with_value(raw, b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    with pytest.raises(InputError, match="-: Sheet1!B2: a formula whose value is #DIV/0!"):
        read(failed)


def test_a_workbook_that_breaks_off_is_refused() -> None:
    raw = book([[3, 0], [0, 2], [], [2, 0], [0, 3]])
    for cut in range(4, len(raw) - 1, 97):
        with pytest.raises(InputError):
            read(raw[:cut])


def test_a_workbook_of_more_cells_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_CELLS", 10)
    with pytest.raises(InputError, match="-: more than 10 cells"):
        read(book([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]))


def test_a_workbook_that_would_grow_beyond_what_is_read_is_refused() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(2**28 + 1))
    with pytest.raises(InputError, match="-: unpacked larger than 256 MiB"):
        read(buffer.getvalue())


def test_without_openpyxl_a_line_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"-: a spreadsheet \(\.xlsx\), and openpyxl is not installed") as caught:
        read(book_bytes)
    assert "pip install '.[excel]'" in str(caught.value.hint)


book_bytes = book([[3, 0], [0, 2], [], [2, 0], [0, 3]])
