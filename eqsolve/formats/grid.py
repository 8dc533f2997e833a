"""A game of two players in a grid of cells, as spreadsheets and CSV files have it.

Either two tables of numbers, the row player's payoffs and the column player's, side by side or one below the other with
an empty column or row between them; or one table of pairs, `3,2`, `3;2`, `3 2` or `(3, 2)`. Steps:

1. cut the grid into tables at empty rows, and each of these at empty columns; a table of one cell that is no payoff
   is a caption: the title, or one before each table the player whose payoffs follow;
2. in each table find the labels: the first row and the first column are labels where no cell of theirs is a payoff;
   with an empty corner, or one that begins with `payoffs of`, they always are, so that numbers can be labels;
3. read the numbers, exactly as written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple, NoReturn, Protocol

from eqsolve.formats.table import PayoffTable, tensor_of
from eqsolve.formats.tokens import exact
from eqsolve.printable import printable
from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.numbers import ACTION, MAX_NUMBER, PLAYER, label, labels, numbered

#: What the corner of a table may begin with, before the player whose payoffs are in it.
OF = "payoffs of "
#: What to do where one table of numbers was found.
ONE_TABLE = (
    "an empty row or column stands between two tables; one matrix for both players goes into a spec, under `zero_sum`, "
    "`symmetric` or `common`"
)
#: Digits up to which every decimal is what the shortest decimal of its float64 says.
_SHORT = re.compile(r"[-+]?(?=.{1,15}\Z)(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_NUMBER = r"[-+]?(?:[0-9]+/[0-9]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
_ONE = re.compile(_NUMBER)
_INNER = rf"\s*({_NUMBER})(?:\s*[,;]\s*|\s+)({_NUMBER})\s*"
_TWO = re.compile(rf"{_INNER}|\({_INNER}\)|\[{_INNER}\]")
_SEVERAL = re.compile(rf"[\s(\[]*{_NUMBER}(?:(?:\s*[,;]\s*|\s+){_NUMBER})+[\s)\]]*")


class Cells(Protocol):
    """Rows of cells as text, "" where one is empty, and how to refuse one of them."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The cells; rows may differ in length."""

    def fail(self, row: int, column: int, message: str, hint: str | None = None) -> NoReturn:
        """Raise an error at a cell, counted from 0."""


class Block(NamedTuple):
    """A part of a grid, rows and columns up to but not with the last."""

    top: int
    bottom: int
    left: int
    right: int


class Part(NamedTuple):
    """A table: where its payoffs are, its labels where it has any, and what stands in its corner or above it.

    `players` are both, where a table has the column player's name above its labels and the row player's beside them.
    """

    corner: str
    players: tuple[str, str] | None
    rows: tuple[str, ...] | None
    columns: tuple[str, ...] | None
    body: Block


def game(cells: Cells) -> tuple[PayoffTable, str]:
    """Return the game in a grid, and its title, which may be empty; raises what `cells.fail` raises."""
    blocks = _blocks(cells.rows)
    if not blocks:
        cells.fail(0, 0, "empty: expected two tables of numbers, or one of pairs such as `3,2`")
    captions = [(k, block) for k, block in enumerate(blocks) if _is_caption(cells.rows, block)]
    parts = [_part(cells, block) for k, block in enumerate(blocks) if (k, block) not in captions]
    if not parts:
        cells.fail(blocks[0].top, blocks[0].left, "expected payoffs, found text alone")
    first, *others = parts
    if len(others) > 1:
        block = others[1].body
        cells.fail(
            block.top, block.left, f"expected two tables of numbers, or one of pairs: this is one of {len(parts)}"
        )
    texts = [cells.rows[block.top][block.left] for _, block in captions]
    names: Sequence[str] = [part.corner for part in parts]
    if others:
        table = _two(cells, first, others[0])
        if len(captions) > 1 and _are_names(captions[-2:]):
            names, texts = texts[-2:], texts[:-2]
    else:
        table = _pairs(cells, first)
        both = first.players or re.split(r"\s*[\\/|]\s*", names[0])
        if len(both) == 1 and not texts:
            texts = list(names)
        names = both if len(both) == 2 else ("", "")
    title = printable(" ".join(texts[0].split())) if texts else ""
    return table._replace(players=_players(cells, first.body, names)), title


def _are_names(captions: Sequence[tuple[int, Block]]) -> bool:
    """Tell whether two captions stand before one table each: in turns with them, or both in one row above them."""
    (i, first), (k, second) = captions
    return k - i == 2 or (k - i == 1 and first.top == second.top)


def _blocks(rows: Sequence[Sequence[str]]) -> list[Block]:
    """Return the parts between empty rows and empty columns, in reading order."""
    found = []
    for top, bottom in _runs([any(row) for row in rows]):
        band = rows[top:bottom]
        used = [any(len(row) > k and row[k] for row in band) for k in range(max(map(len, band)))]
        found += [_cropped(rows, Block(top, bottom, left, right)) for left, right in _runs(used)]
    return found


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where runs of true flags begin and end."""
    ends = [k for k in range(len(flags) + 1) if (k > 0 and flags[k - 1]) != (k < len(flags) and flags[k])]
    return list(zip(ends[::2], ends[1::2], strict=True))


def _cropped(rows: Sequence[Sequence[str]], block: Block) -> Block:
    """Return the block without rows at its ends that are empty in it."""
    filled = [r for r in range(block.top, block.bottom) if any(rows[r][block.left : block.right])]
    return block._replace(top=filled[0], bottom=filled[-1] + 1)


def is_payoff(text: str) -> bool:
    """Tell whether a cell holds one number or several."""
    return bool(_SEVERAL.fullmatch(text) or _ONE.fullmatch(text))


def is_words(text: str) -> bool:
    """Tell whether a cell holds text, and not only numbers and what parts them."""
    return not is_payoff(text) and bool(re.search(r"[^-+0-9./,;()\[\]\s]", text))


def _is_caption(rows: Sequence[Sequence[str]], block: Block) -> bool:
    """Tell whether a block is one cell of text."""
    one = block.bottom - block.top == 1 and block.right - block.left == 1
    return one and is_words(rows[block.top][block.left])


def _part(cells: Cells, block: Block) -> Part:
    """Return a table with its labels told from its payoffs."""
    at = partial(_text, cells)
    top, bottom, left, right = block
    above = [text for c in range(left, right) if (text := at(top, c))]
    beside_rows = [text for r in range(top, bottom) if (text := at(r, left))]
    players = None
    caption = ""
    if min(bottom - top, right - left) > 2 and len(above) == len(beside_rows) == 1 and not at(top + 1, left + 1):
        players = (beside_rows[0], above[0])
        top, left = top + 1, left + 1
    elif len(above) == 1 and at(top, left) and right - left > 1 and bottom - top > 1 and is_words(above[0]):
        caption = above[0]
        top += 1
    corner = at(top, left)
    sure = corner == "" or corner.lower().startswith(OF)
    below = [at(r, left) for r in range(top + 1, bottom)]
    beside = [at(top, c) for c in range(left + 1, right)]
    header = sure or not any(is_payoff(text) for text in (beside or [corner]))
    if header and beside and is_payoff(corner):
        _refuse(cells, top, left + 1, beside[0], "a payoff")
    named = sure or (right - left > 1 and not any(is_payoff(text) for text in below) and bool(below))
    if not header:
        named = right - left > 1 and not any(is_payoff(text) for text in [corner, *below])
    body = Block(top + header, bottom, left + named, right)
    if body.top == body.bottom or body.left == body.right:
        cells.fail(top, left, "a table without payoffs", "the first row and the first column may be labels")
    odd = corner.lower().startswith(OF)
    columns = _labels(cells, [(top, c) for c in range(body.left, right)], odd=odd) if header else None
    rows = _labels(cells, [(r, left) for r in range(body.top, bottom)], odd=odd) if named else None
    row_player = corner[len(OF) :] if corner.lower().startswith(OF) else corner
    return Part(caption or (row_player if header and named else ""), players, rows, columns, body)


def _labels(cells: Cells, places: Sequence[tuple[int, int]], *, odd: bool) -> tuple[str, ...]:
    """Return the labels at these cells, all different; `odd` ones of several numbers may be among them or not."""
    seen: set[str] = set()
    found = []
    for row, column in places:
        text = _text(cells, row, column)
        if not odd and text and not _ONE.fullmatch(text) and not is_words(text):
            cells.fail(row, column, f"expected a label, found {describe(text)}", "is the first cell missing?")
        try:
            found.append(label(text))
        except Refusal as refusal:
            cells.fail(row, column, refusal.message, refusal.hint)
        if text in seen:
            cells.fail(row, column, f"the label {describe(text)} is there twice")
        seen.add(text)
    return tuple(found)


def _players(cells: Cells, body: Block, names: Sequence[str]) -> tuple[str, ...]:
    """Return the players that two texts name, numbers where one of them is empty."""
    if not all(names):
        return numbered(PLAYER, 2)
    try:
        return labels(list(names))
    except ValueError:
        return cells.fail(body.top, body.left, f"the players {' and '.join(map(describe, names))} are no two labels")


def _two(cells: Cells, row: Part, column: Part) -> PayoffTable:
    """Return the game of two tables of numbers."""
    rationals: dict[int, Fraction] = {}
    values: list[float] = []
    for part in (row, column):
        for r, c in _places(part.body):
            _append(cells, r, c, _text(cells, r, c), values, rationals)
    sizes = [(part.body.bottom - part.body.top, part.body.right - part.body.left) for part in (row, column)]
    if sizes[0] != sizes[1]:
        expected, found = ("{} × {}".format(*size) for size in sizes)
        body = column.body
        cells.fail(body.top, body.left, f"expected {expected} numbers as in the first table, found {found}")
    actions = []
    for axis, size in (("rows", sizes[0][0]), ("columns", sizes[0][1])):
        first, second = getattr(row, axis), getattr(column, axis)
        if first and second and first != second:
            k = next(k for k, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
            body = column.body
            place = (body.top + k, body.left - 1) if axis == "rows" else (body.top - 1, body.left + k)
            cells.fail(
                *place, f"expected the action {describe(first[k])} as in the first table, found {describe(second[k])}"
            )
        actions.append(first or second or numbered(ACTION, size))
    return PayoffTable(numbered(PLAYER, 2), tuple(actions), tensor_of(sizes[0], values), rationals)


def _pairs(cells: Cells, part: Part) -> PayoffTable:
    """Return the game of one table of pairs."""
    body = part.body
    shape = (body.bottom - body.top, body.right - body.left)
    size = shape[0] * shape[1]
    rationals: dict[int, Fraction] = {}
    own: tuple[list[float], list[float]] = ([], [])
    for r, c in _places(body):
        text = _text(cells, r, c)
        pair = _TWO.fullmatch(text)
        if pair is None:
            if (r, c) == (body.top, body.left) and _ONE.fullmatch(text):
                cells.fail(r, c, "one table of numbers: expected two, or one of pairs such as `3,2`", ONE_TABLE)
            _refuse(cells, r, c, text, "a pair of payoffs such as `3,2`")
        for k, number in enumerate(group for group in pair.groups() if group is not None):
            fractions: dict[int, Fraction] = {}
            _append(cells, r, c, number, own[k], fractions)
            rationals |= {k * size + place: fraction for place, fraction in fractions.items()}
    actions = (part.rows or numbered(ACTION, shape[0]), part.columns or numbered(ACTION, shape[1]))
    return PayoffTable(numbered(PLAYER, 2), actions, tensor_of(shape, [*own[0], *own[1]]), rationals)


def _places(body: Block) -> list[tuple[int, int]]:
    return [(r, c) for r in range(body.top, body.bottom) for c in range(body.left, body.right)]


def _text(cells: Cells, row: int, column: int) -> str:
    texts = cells.rows[row]
    return texts[column] if column < len(texts) else ""


def _append(
    cells: Cells, row: int, column: int, text: str, values: list[float], rationals: dict[int, Fraction]
) -> None:
    """Append the number in a cell to `values`; `rationals` gets, by its place there, what float64 rounds."""
    if _SHORT.fullmatch(text):
        values.append(float(text) + 0.0)
        return
    if not _ONE.fullmatch(text):
        _refuse(cells, row, column, text, "a payoff")
    if "/" not in text and repr(value := float(text)) == text and abs(value) <= MAX_NUMBER:
        values.append(value)  # as programs write floats: no rational needed to see that nothing is rounded
        return
    try:
        number = exact(text)
    except Refusal as refusal:
        cells.fail(row, column, refusal.message)
    if Fraction(repr(float(number))) != number:
        rationals[len(values)] = number
    values.append(float(number) + 0.0)


def _refuse(cells: Cells, row: int, column: int, text: str, expected: str) -> NoReturn:
    """Raise what is wrong with a cell that holds no payoff."""
    hint = None
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text) and expected == "a payoff":
        hint = "decimals have a point: 1.5; a table of pairs stands alone"
    elif _TWO.fullmatch(text):
        hint = "a table of pairs stands alone, without a second table"
    elif _SEVERAL.fullmatch(text):
        hint = "a cell holds the payoffs of two players; games of more go into .nfg or .npz"
    elif not text:
        hint = "every cell of a table needs a payoff; an empty row or column ends a table"
    elif re.match(r"\s*[=]", text):
        hint = "formulas are not computed here: save their values"
    elif not re.search("[0-9]", text):
        hint = "labels stand in the first row or the first column, and fill it"
    cells.fail(row, column, f"expected {expected}, found {describe(text) if text else 'nothing'}", hint)
