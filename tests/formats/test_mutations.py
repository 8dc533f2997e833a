"""Whatever the text, reading another program's file ends with a game that can be written, or a line on why not.

EQSOLVE_FUZZ=50 tries 2,000 texts of each sort.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import InputError, SpecError, UsageError
from eqsolve.formats.convert import converted
from eqsolve.spec import reader
from eqsolve.spec.formats import FORMATS
from eqsolve.spec.load import GameSpec, load, parse
from reference.efg import CARDS, FLAT, STAGES
from reference.forms import as_mixed
from reference.mutations import mutated
from reference.nfg import OUTCOMES, PAYOFFS, THREE, TRACED

MATRICES = "3 2\n\n0 6\n2 5\n3 3\n\n1 0\n0 2\n4 1/3\n"
TABLES = (
    "3,0\n0,2\n\n2,0\n0,3\n",
    "1/3;0,,2;0\n0;2.5,,0;3\n",
    'Ann,Opera,"Foot, ball"\nOpera,3,0\n"Foot, ball",0,2\n\nBob,Opera,"Foot, ball"\nOpera,2,0\n"Foot, ball",0,3\n',
    'Evenings\n\n,Opera,Football\nOpera,"3,2","0,0"\nFootball,"(0, 0)",2 3\n',
    ",,Bob,\n,,L,R\nAnn,T,1 2,3 4\n,B,5 6,7 8\n",
    "3.5 0\n0 2\n\n2 0\n0 3\n",
)
SEEDS = (STAGES, FLAT, CARDS, OUTCOMES, PAYOFFS, THREE, TRACED, MATRICES, *TABLES)
BITS = [
    *r"""
    0 1 -1 2 3 99 -0 .5 1. 1/2 1/3 -1/3 1/0 0/1 1e3 1e-400 1e101 1e999999999 1e99 nan inf 1_0 1/2/3 0x1 ++1 1e - . / NFG
    EFG R D c p t x "" "a" "l" "" "\"" "\\" "\ { } {} , {,} ,, "x { "\" '"' é ´ # ; : [ ] \u2028 kind:
    1,2 (1,2) 1;2 [1 "1,2" ,, ;; ( ) -- =1 payoffs #AGG
""".split(),  # noqa: SIM905  (shorter so)
    *(
        "9" * 500,
        '"' + "a" * 3000 + '"',
        "{" * 50,
        't "" 1',
        'p "" 1 1 0',
        'c "" 1 0',
        "\x00",
        "\x1b[31m",
        "\r",
        "\n\n",
        "\f",
        "# x\n",
        "99 " * 40,
        "\t",
        "\n,,\n",
        "payoffs of ",
        "\\",
    ),
]
PIECE = re.compile(r'"[^"]*"|[^\s"{},]+|[{},]|\n')


@given(mutated(SEEDS, BITS, PIECE))
def test_a_mutated_file_is_a_game_or_a_line_on_why_not(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from([*BITS, *(m.group() for m in PIECE.finditer(CARDS))]), max_size=40).map(" ".join))
def test_a_file_of_random_words_is_a_game_or_a_line_on_why_not(text: str) -> None:
    check(CARDS[:30] + text)


@given(st.sampled_from(SEEDS), st.binary(min_size=1, max_size=4), st.floats(0, 1))
def test_a_file_with_random_bytes_is_a_game_or_a_line_on_why_not(text: str, noise: bytes, where: float) -> None:
    raw = text.encode()
    at = int(where * len(raw))
    raw = raw[:at] + noise + raw[at + len(noise) :]
    try:
        text = reader.decode(raw, "g")
    except SpecError:
        return
    check(text)


def check(text: str) -> None:
    for name in ("g.efg", "g.csv"):
        try:
            game = parse(text, name)
        except InputError as error:
            refused = error
        else:
            assert_whole(game)
            continue
        assert not any("\n" in line or len(line) > 500 for line in refused.lines())
        if isinstance(refused, SpecError):
            [problem] = refused.problems
            assert 1 <= problem.line <= len(text.splitlines()) + 1
            assert problem.column >= 1
        else:
            assert "such files are not read" in refused.message


def archives() -> Iterator[bytes]:
    """Small files of every kind that is no text."""
    for save in (np.savez, np.savez_compressed):
        buffer = BytesIO()
        save(buffer, payoffs=np.arange(12.0).reshape(2, 2, 3), players=["A", "B"], order="players-first")
        yield buffer.getvalue()
    buffer = BytesIO()
    np.save(buffer, np.arange(12.0).reshape(2, 2, 3))
    yield buffer.getvalue()
    book = openpyxl.Workbook()
    for row in ([None, "L", "R"], ["T", "1,2", "3,4"], ["B", "5,6", 7], ["C", "=1+1", "7,8"]):
        book.active.append(row)
    buffer = BytesIO()
    book.save(buffer)
    yield buffer.getvalue()
    plain = BytesIO()  # where its XML is not compressed, changes of it are seen by the parser
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(plain, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    yield plain.getvalue()


@given(
    st.sampled_from([*archives()]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=3),
    st.floats(0, 1),
)
def test_an_archive_with_random_bytes_is_a_game_or_a_line_on_why_not(
    raw: bytes, noise: list[tuple[float, bytes]], end: float
) -> None:
    for where, found in noise:
        at = int(where * len(raw))
        raw = raw[:at] + found + raw[at + len(found) :]
    if not noise:
        raw = raw[: int(end * len(raw))]
    try:
        game = load("-", BytesIO(raw))
    except InputError as error:
        refused = error
    else:
        assert as_mixed(game.form).uniform()
        return
    # a problem, and what may help; a text that is taken for YAML may have several
    assert isinstance(refused, SpecError) or len(refused.lines()) <= 2
    assert not any("\n" in line or len(line) > 500 for line in refused.lines())


def assert_whole(game: GameSpec) -> None:
    """A game that builds unless a player forgets, and that every format holds unless a label is no good."""
    with excused("recall"):
        assert as_mixed(game.form).uniform()
    for row in FORMATS:
        if not (row.trees if game.kind == "efg" else row.tables):
            continue
        if row.name in ("csv", "tsv", "lrs") and len(game.form.players) != 2:
            continue
        with excused("label"):
            written = converted(game, row)
            again = load("-", BytesIO(written.encode() if isinstance(written, str) else written))
            assert in_one_line(again) == in_one_line(game) or row.name in ("gam", "lrs")


def in_one_line(game: GameSpec) -> list[list[str]]:
    """The actions' labels, blanks as single spaces, as Gambit has them."""
    return [[" ".join(label.split()) for label in labels] for labels in as_mixed(game.form).actions]


@contextmanager
def excused(reason: str) -> Iterator[None]:
    try:
        yield
    except (InputError, UsageError) as error:
        if reason not in error.message:
            raise
