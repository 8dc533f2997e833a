"""Comma-separated values of a game of two players (.csv, .tsv), read and written; grid.py says how tables stand in it.

Cells are parted by commas, semicolons or tabs, or, where there are none of these, by blanks. A cell in quotation marks
or brackets keeps what is in it together: "3,2", (3, 2). Lines that begin with `#` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

from eqsolve.errors import Problem, SpecError, UsageError
from eqsolve.formats.efg_writer import WRITTEN_DIGITS
from eqsolve.formats.grid import OF, game, is_words
from eqsolve.formats.table import PayoffTable, matrix
from eqsolve.spec.numbers import ACTION, PLAYER, numbered

if TYPE_CHECKING:
    from eqsolve.families.normal.matrix import Matrix

#: Bytes that a cell takes while it is read.
PER_CELL = 160
_CELL = {
    sep: re.compile(rf'[ ]*+(?P<cell>"(?:[^"]|"")*+"|\([^()"]*+\)|\[[^\[\]"]*+\]|[^{sep}"]*?)[ ]*+(?P<end>{sep}|\Z)')
    for sep in (",", ";", "\t")
}
_WORD = re.compile(r'\s*+(?P<cell>"(?:[^"]|"")*+"|\([^()"]*+\)|\[[^\[\]"]*+\]|[^\s"]++)(?P<end>(?=\s|\Z))')
_KEPT = re.compile(r'"(?:[^"]|"")*+"|\([^()"]*+\)|\[[^\[\]"]*+\]')
#: A key of a spec in YAML or JSON.
_KIND = re.compile(r"""(?:^|[{,])[ \t]*["']?kind["']?[ \t]*:""", re.MULTILINE)


def looks(text: str, suffix: str) -> bool:
    """Tell whether a text that is of no other format may be a table, rather than a spec in YAML."""
    if suffix in (".yaml", ".yml", ".json"):
        return False
    first, *others = [line for line in text[:100_000].splitlines() if line.strip() and line.strip()[0] != "#"] or [""]
    if _KIND.search(text):
        return False
    return _separators([first, *others[:1]]) != [" "] or bool(re.fullmatch(r"[-+0-9./eE\s(),;]+", first))


def looks_tabbed(text: str, suffix: str) -> bool:
    """Tell the same of a table with tabs between its cells."""
    return "\t" in text[:10_000] and looks(text, suffix)


def read(text: str, origin: str) -> Matrix:
    """Return the game in a text of cells; SpecError with the place of the first mistake."""
    from eqsolve import memory

    lines = text.splitlines()
    candidates = _separators(lines[:200])
    size = sum(text.count(sep) for sep in candidates) + len(lines)
    available = memory.available()
    if available is not None and size * PER_CELL > available:
        raise SpecError(
            origin, [Problem(f"{size} cells take {memory.gib(size * PER_CELL)}, {memory.gib(available)} are available")]
        )
    refused: SpecError | None = None
    for sep in candidates:
        try:
            table, title = game(_Text(text, lines, sep, origin))
            return matrix(table, title, "")
        except SpecError as error:
            refused = refused or error
    assert refused is not None  # noqa: S101  there is at least one candidate
    raise refused


def _separators(lines: Sequence[str]) -> list[str]:
    """Return the separators that stand outside quotation marks and brackets, the likeliest first.

    That is one that stands in every line as often, and in `3,2;0,0` the rarer one, which is not inside the cells.
    Blanks are one where there is no other, and where none of the others stands beside a blank, as in `3,2 0,0`.
    """
    plain = [_KEPT.sub("x", line) for line in lines if line.strip() and not line.startswith("#")]
    counts = {sep: [line.count(sep) for line in plain] for sep in _CELL}
    found = [sep for sep in counts if any(counts[sep])]
    found.sort(key=lambda sep: (len(set(counts[sep])), sum(counts[sep])))
    joined = "\n".join(plain)
    if not found or (re.search(r"\S +\S", joined) and not re.search(r"\t|[,;]\s|\s[,;]|[,;]\Z", joined)):
        found.append(" ")
    return found


class _Text:
    """Cells of a text: `Cells` of grid.py."""

    def __init__(self, text: str, lines: Sequence[str], sep: str, origin: str) -> None:
        self.text, self.origin, self._sep = text, origin, sep
        self._lines = [(k, line) for k, line in enumerate(lines) if not line.startswith("#")]
        self.rows = [self._cells(k, line) for k, (_, line) in enumerate(self._lines)]

    def _cells(self, row: int, line: str) -> list[str]:
        if '"' not in line and "(" not in line and "[" not in line:
            return line.split() if self._sep == " " else [cell.strip() for cell in line.split(self._sep)]
        return [
            cell[1:-1].replace('""', '"') if cell.startswith('"') else cell.strip()
            for cell in (line[start:end] for start, end in self._spans(row, line))
        ]

    def _spans(self, row: int, line: str) -> list[tuple[int, int]]:
        """Return where each cell of a line begins and ends."""
        found: list[tuple[int, int]] = []
        at = 0
        while True:
            match = (_WORD if self._sep == " " else _CELL[self._sep]).match(line, at)
            if match is None:
                if not line[at:].strip():
                    return found
                at += len(line[at:]) - len(line[at:].lstrip())
                quoted = line[at] == '"' and _KEPT.match(line, at)
                what = "expected a separator after the quotation mark" if quoted else "a quotation mark is never closed"
                self._fail(row, at if not quoted else quoted.end(), what, "two of them are one within a text")
            found.append(match.span("cell"))
            at = match.end()
            if not match["end"] and self._sep != " ":
                return found

    def fail(self, row: int, column: int, message: str, hint: str | None = None) -> NoReturn:
        """Raise SpecError at a cell."""
        at = 0
        if row < len(self._lines):
            line = self._lines[row][1]
            spans = self._spans(row, line)
            at = spans[column][0] if column < len(spans) else len(line)
        self._fail(row, at, message, hint)

    def _fail(self, row: int, at: int, message: str, hint: str | None) -> NoReturn:
        line = self._lines[row][0] + 1 if row < len(self._lines) else 1
        raise SpecError(self.origin, [Problem(message, line=line, column=at + 1, hint=hint)], self.text)


def write(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """Yield the tables with commas between cells; UsageError for another number of players than two."""
    return _written(table, title, ",")


def write_tabs(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """Yield the tables with tabs between cells; UsageError for another number of players than two."""
    return _written(table, title, "\t")


def _written(table: PayoffTable, title: str, sep: str) -> Iterator[str]:
    """Yield the row player's table, then the column player's, with labels unless they are the default ones."""
    if len(table.players) != 2:
        raise UsageError(f"a table in CSV is of 2 players, this game has {len(table.players)}", "write it as .nfg")
    rows, columns = table.actions
    plain = len(columns) > 1 and (table.players, *table.actions) == (
        numbered(PLAYER, 2),
        numbered(ACTION, len(rows)),
        numbered(ACTION, len(columns)),
    )
    if is_words(title):
        yield f"{_quoted(title)}\n\n"
    texts = table.texts(WRITTEN_DIGITS)
    for i, player in enumerate(table.players):
        yield "\n" if i else ""
        if not plain:
            yield sep.join(map(_quoted, (OF + player, *columns))) + "\n"
        for k, label in enumerate(rows):
            start = (i * len(rows) + k) * len(columns)
            cells = texts[start : start + len(columns)]
            yield sep.join(cells if plain else (_quoted(label), *cells)) + "\n"


def _quoted(text: str) -> str:
    """Return a cell of text; in quotation marks unless it is plain words."""
    return text if re.fullmatch(r"\w[\w.-]*(?: [\w.-]+)*", text) else '"' + text.replace('"', '""') + '"'
