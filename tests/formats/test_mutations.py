"""Whatever the text, reading another program's file ends with a game that can be written, or a line on why not.

EQSOLVE_FUZZ=50 tries 2,000 texts of each sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import InputError, SpecError, UsageError
from eqsolve.formats.convert import converted
from eqsolve.spec import reader
from eqsolve.spec.formats import FORMATS, unpacked
from eqsolve.spec.load import GameSpec, parse
from reference.efg import CARDS, FLAT, STAGES
from reference.nfg import OUTCOMES, PAYOFFS, THREE, TRACED

SEEDS = (STAGES, FLAT, CARDS, OUTCOMES, PAYOFFS, THREE, TRACED)
BITS = [
    *r"""
    0 1 -1 2 3 99 -0 .5 1. 1/2 1/3 -1/3 1/0 0/1 1e3 1e-400 1e101 1e999999999 1e99 nan inf 1_0 1/2/3 0x1 ++1 1e - . / NFG
    EFG R D c p t x "" "a" "l" "" "\"" "\\" "\ { } {} , {,} ,, "x { "\" '"' é ´ # ; : [ ] \u2028 kind:
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
    ),
]
PIECE = re.compile(r'"[^"]*"|[^\s"{},]+|[{},]|\n')


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good file after one to four edits."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        pieces = list(PIECE.finditer(text))
        if not pieces:
            break
        first, last = draw(st.sampled_from(pieces)), draw(st.sampled_from(pieces))
        before, after = text[: first.start()], text[first.end() :]
        match draw(st.sampled_from(("replace", "replace", "insert", "delete", "copy", "cut", "tear"))):
            case "replace":
                text = before + draw(st.sampled_from(BITS)) + after
            case "insert":
                text = before + " " + draw(st.sampled_from(BITS)) + " " + text[first.start() :]
            case "delete":
                text = before + after
            case "copy":
                text = before + last.group() + after
            case "cut":
                text = text[: first.start()] + text[max(first.start(), last.end()) :]
            case "tear":
                text = before
    return text


@given(mutated())
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
        text = reader.decode(raw, "g.efg")
    except SpecError:
        return
    check(text)


def check(text: str) -> None:
    try:
        game = parse(text, "g.efg")
    except SpecError as error:
        refused = error
    else:
        assert_whole(game)
        return
    [problem] = refused.problems
    assert 1 <= problem.line <= len(text.splitlines()) + 1
    assert problem.column >= 1
    assert not any("\n" in line or len(line) > 500 for line in refused.lines())


def assert_whole(game: GameSpec) -> None:
    """A game that builds unless a player forgets, and that every format holds unless a label is no good."""
    with excused("recall"):
        assert game.form.uniform()
    for row in FORMATS:
        if not (row.trees if game.kind == "efg" else row.tables):
            continue
        with excused("label"):
            written = converted(game, row)
            text, files = (written, None) if isinstance(written, str) else unpacked(written, "again")
            again = parse(text, "again", files=files)
            assert again.form.actions == game.form.actions or row.name == "gam"


@contextmanager
def excused(reason: str) -> Iterator[None]:
    try:
        yield
    except (InputError, UsageError) as error:
        if reason not in error.message:
            raise
