"""Words, numbers and texts of Gambit's files."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqsolve.errors import SpecError
from eqsolve.formats.tokens import END, Tokens


def kinds(text: str) -> list[tuple[str, str]]:
    tokens, found = Tokens(text, "t"), []
    while tokens.kind != END:
        found.append((tokens.kind, tokens.value))
        tokens.advance()
    return found


def test_blanks_part_words_and_marks_part_themselves() -> None:
    assert kinds('EFG 2\r\n{"a b"1,}\tp') == [
        ("word", "EFG"), ("number", "2"), ("{", "{"), ("text", "a b"), ("number", "1"), (",", ","), ("}", "}"),
        ("word", "p"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-2", -2), ("+3", 3), ("1/3", Fraction(1, 3)), ("-4/6", Fraction(-2, 3)), ("0.1", Fraction(1, 10)),
     ("1.", 1), (".5", Fraction(1, 2)), ("-.5", Fraction(-1, 2)), ("1e3", 1000), ("1.5E-1", Fraction(3, 20)),
     ("1.e2", 100)],
)  # fmt: skip
def test_numbers_are_what_they_say(text: str, value: Fraction) -> None:
    assert Tokens(text, "t").rational("a number") == value


@pytest.mark.parametrize(
    "text", ["1/-3", "1//3", "1G", "--1", "1e", "1.5/2", ".", "-", "0x1", "1_0", "nan", "inf", "½"]
)
def test_what_looks_like_a_number_may_be_none(text: str) -> None:
    with pytest.raises(SpecError, match="expected a number, found"):
        Tokens(text, "t").rational("a number")


@pytest.mark.parametrize("text", ["1.0", "1/1", "1e0", "9" * 19])
def test_an_integer_is_written_as_one(text: str) -> None:
    with pytest.raises(SpecError, match="expected a count, found"):
        Tokens(text, "t").integer("a count")


def test_a_quotation_mark_after_a_backslash_is_part_of_the_text() -> None:
    assert Tokens(r'"say \"yes\" \ no" x', "t").label("a label") == r'say "yes" \ no'
    with pytest.raises(SpecError, match="t:1:3: this quotation mark is never closed"):
        kinds('a "b\\"')


def test_places_count_lines_of_every_system() -> None:
    tokens = Tokens("a\r\nb\rc\n\n  d", "t")
    assert [tokens.place(at) for at in (0, 3, 5, 10)] == [(1, 1), (2, 1), (3, 1), (5, 3)]


def test_a_text_as_long_as_a_file_is_no_label() -> None:
    with pytest.raises(SpecError, match="a name of more than 2000 characters"):
        Tokens(f'"{"x" * 2001}"', "t").label("a name")


def test_long_texts_are_read_in_linear_time() -> None:
    """Backslashes and unclosed marks are where patterns of text go astray."""
    with pytest.raises(SpecError, match="never closed"):
        Tokens('"' + "\\" * 200_000, "t")
    with pytest.raises(SpecError, match="never closed"):
        Tokens('"' + '\\"' * 200_000, "t")
