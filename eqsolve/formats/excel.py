"""Spreadsheets (.xlsx), read by openpyxl (extra `excel`); see grid.py for how the tables of a game stand in one.

One sheet holds the game, or two sheets a table each. A number is what the shortest decimal of its float64 says; a
formula counts as the value that was last computed. The game becomes a spec of the kind `matrix`.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, NamedTuple, NoReturn

from eqsolve.errors import InputError
from eqsolve.formats.grid import game
from eqsolve.formats.yaml_table import write
from eqsolve.formats.zipped import stored
from eqsolve.printable import printable
from eqsolve.spec.faults import Refusal, describe

#: Bytes of a workbook, unpacked; and its cells, empty ones counted up to the last in a row.
MAX_UNPACKED = 2**28
MAX_CELLS = 4_000_000


class _Place(NamedTuple):
    """A sheet, and a row of it, from 1."""

    sheet: str
    row: int


class _Sheets:
    """Cells of a workbook's sheets, one below the other: `Cells` of grid.py."""

    def __init__(self, origin: str) -> None:
        self.rows: list[list[str]] = []
        self._origin = origin
        self._places: list[_Place] = []

    def add(self, place: _Place, cells: list[str]) -> None:
        """Append a row."""
        self.rows.append(cells)
        self._places.append(place)

    def fail(self, row: int, column: int, message: str, hint: str | None = None) -> NoReturn:
        """Raise InputError at a cell: `game.xlsx: Sheet1!B2: …`."""
        from openpyxl.utils import get_column_letter

        if row < len(self._places):
            place = self._places[row]
            at = f"{printable(place.sheet)}!{get_column_letter(column + 1)}{place.row}: "
        else:
            at = ""
        raise InputError(f"{self._origin}: {at}{message}", hint)


def read(raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
    """Return the spec in YAML, and no files; InputError where the workbook is damaged or holds no game."""
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise InputError(
            f"{origin}: a spreadsheet (.xlsx), and openpyxl is not installed",
            "the extra `excel` brings it: pip install '.[excel]'; or save the sheet as .csv",
        ) from None
    plain = stored(raw, origin, MAX_UNPACKED)
    values, formulas = _workbook(plain, origin, data_only=True), _workbook(plain, origin, data_only=False)
    if not values:
        raise InputError(f"{origin}: every sheet is empty", "expected two tables of numbers, or one of pairs")
    if len(values) > 2:
        names = ", ".join(printable(name) for name in list(values)[:5])
        raise InputError(
            f"{origin}: {len(values)} sheets hold something: {names}", "one sheet holds a game, or two a table each"
        )
    sheets = _Sheets(origin)
    for name, rows in values.items():
        for k, cells in rows.items():
            sheets.add(_Place(name, k), [])
            sources = formulas.get(name, {}).get(k, ())
            for column, value in enumerate(cells):
                try:
                    text = _text(value, sources[column] if column < len(sources) else None)
                except Refusal as refusal:
                    sheets.fail(len(sheets.rows) - 1, column, refusal.message, refusal.hint)
                sheets.rows[-1].append(text)
        sheets.add(_Place(name, max(rows) + 1), [])  # an empty row parts the sheets
    table, title = game(sheets)
    return "".join(write(table, title, "")), {}


def _workbook(raw: bytes, origin: str, *, data_only: bool) -> dict[str, dict[int, Sequence[Any]]]:
    """Return the rows of each sheet that holds something, by their numbers from 1; empty rows between them, too."""
    import warnings

    import openpyxl

    found: dict[str, dict[int, Sequence[Any]]] = {}
    count = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, which do not matter here
            book = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=data_only, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what it says of its size need not be true
                rows: dict[int, Sequence[Any]] = {}
                for k, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    count += len(row) + 1
                    if count > MAX_CELLS:
                        raise InputError(f"{origin}: more than {MAX_CELLS} cells", "write large games as .npz")
                    rows[k] = row
                filled = [k for k, row in rows.items() if any(value is not None for value in row)]
                if filled:
                    found[sheet.title] = {k: rows[k] for k in range(filled[0], filled[-1] + 1)}
            book.close()
    except InputError:
        raise
    except Exception as error:  # openpyxl and its parsers meet hostile files with many types of their own
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise InputError(f"{origin}: damaged, or not a spreadsheet (.xlsx): {reason}") from error
    return found


def _text(value: Any, source: Any) -> str:
    """Return a cell as text, "" for an empty one; `source` is its formula where it has one. Refusal for other cells."""
    import datetime as dt

    if value is None and source is not None:
        raise Refusal(
            "a formula whose value is not in the file", "open the file in a spreadsheet program and save it again"
        )
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(int(value) if float(value).is_integer() and abs(value) < 10**15 else value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise Refusal("expected a payoff or a label, found a date", "a fraction such as 1/3 is text: type '1/3")
    if isinstance(value, str) and value.startswith("#") and isinstance(source, str) and source.startswith("="):
        raise Refusal(f"a formula whose value is {printable(value)[:20]}")
    if isinstance(value, str):
        return " ".join(value.split())
    raise Refusal(f"expected a payoff or a label, found {describe(value)}")
