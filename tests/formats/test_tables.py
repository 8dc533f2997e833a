"""Payoff tables go through every format and come back, number for number."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import SpecError, UsageError
from eqsolve.exact import certificates as exact
from eqsolve.formats.convert import converted
from eqsolve.formats.table import MAX_PLAYERS, PayoffTable, check_sizes
from eqsolve.formats.tokens import Tokens
from eqsolve.forms.exact_payoffs import ExactPayoffs
from eqsolve.spec.formats import FORMATS, Format
from eqsolve.spec.load import GameSpec, load, parse
from reference.forms import as_mixed

TABLES = [row for row in FORMATS if row.tables]
#: Formats for two players, and those that have no place for labels.
OF_TWO, UNNAMED = ("csv", "tsv", "lrs"), ("gam", "lrs")
#: Formats that know fractions.
EXACT = ("yaml", "nfg", "lrs", "csv", "tsv")
NUMBERS = st.one_of(
    st.integers(-9, 9).map(float),
    st.fractions(max_denominator=9).map(float),
    st.floats(-1e100, 1e100),
    st.sampled_from([1e-7, 1e15, 1e16, 2.5e99, 5e-324, 0.1, -0.0]),
)
LABELS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=5)


@st.composite
def tables(draw: st.DrawFn, *, two: bool = False) -> PayoffTable:
    sizes = draw(st.lists(st.integers(1, 3), min_size=2 if two else 1, max_size=2 if two else 4))
    n = len(sizes)
    shape = (n, *sizes)
    numbers = draw(st.lists(NUMBERS, min_size=n * int(np.prod(sizes)), max_size=n * int(np.prod(sizes))))
    names = [draw(st.lists(LABELS, min_size=k, max_size=k, unique=True)) for k in (n, *sizes)]
    tensor = np.array(numbers).reshape(shape) + 0.0
    return PayoffTable(tuple(names[0]), tuple(map(tuple, names[1:])), tensor, {})


def read(written: str | bytes) -> GameSpec:
    return load("-", BytesIO(written if isinstance(written, bytes) else written.encode()))


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row.name)
@given(data=st.data())
def test_a_table_written_and_read_is_the_same(row: Format, data: st.DataObject) -> None:
    table = data.draw(tables(two=row.name in OF_TWO))
    pieces = list(row.table_pieces(table, "t", "d"))
    form = read(b"".join(pieces) if row.name == "npz" else "".join(pieces)).form.tensor()  # type: ignore[arg-type, attr-defined]  # as the row yields them
    assert form.payoffs.tolist() == table.tensor.tolist()
    if row.name not in UNNAMED and not any(
        "\\" in label for labels in (table.players, *table.actions) for label in labels
    ):
        assert (form.players, form.actions) == (table.players, table.actions)


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row.name)
@pytest.mark.parametrize(
    "name", ["matrix/nine-equilibria", "congestion/pigou", "shapley/asymmetric", "matrix/three-by-two"]
)
def test_any_normal_form_goes_to_any_format(name: str, row: Format) -> None:
    game = load(f"@{name}")
    if row.name in OF_TWO and len(game.form.players) != 2:
        with pytest.raises(UsageError, match=r"2 players, this game has [34]"):
            converted(game, row)
        return
    again = read(converted(game, row))
    assert (again.form.tensor().payoffs == game.form.tensor().payoffs).all()  # type: ignore[attr-defined]  # normal forms
    if row.name not in UNNAMED:
        assert again.name == game.name
        assert as_mixed(again.form).actions == as_mixed(game.form).actions


def test_fractions_survive_the_formats_that_know_them() -> None:
    text = 'NFG 1 R "" { "A" "B" } { 2 1 } 1/3 2/7 1/2 5'
    for row in TABLES:
        written = converted(parse(text, "g"), row)
        kept = isinstance(written, str) and "1/3" in written and "2/7" in written
        assert kept == (row.name in EXACT)
        assert read(written).form.tensor().payoffs.tolist() == [[[1 / 3], [0.5]], [[2 / 7], [5.0]]]  # type: ignore[attr-defined]


def test_fractions_of_a_spec_are_certified_after_the_way_through_a_file() -> None:
    game = parse("{kind: matrix, zero_sum: [[1/3, 0.1], [-2/7, 12.5]]}", "g")
    said = exact.exact_game(game)
    assert isinstance(said, ExactPayoffs)
    for row in (row for row in TABLES if row.name in EXACT):
        again = exact.exact_game(read(converted(game, row)))
        assert isinstance(again, ExactPayoffs)
        assert again.denominator == said.denominator == 210
        np.testing.assert_array_equal(again.paid, said.paid)


def test_tables_too_large_for_words_are_refused() -> None:
    with pytest.raises(UsageError, match=r"g\.yaml: 2000050 payoffs are too many for a spec in words"):
        converted(parse("{kind: random-matrix, players: 2, actions: [25, 40001], seed: 0}", "g.yaml"), TABLES[0])


@given(
    st.lists(st.one_of(NUMBERS.map(repr), st.sampled_from(["1/3", "-2/7", "1.", ".5", "+1e3"])), max_size=30), st.data()
)
def test_numbers_are_read_in_runs_as_one_by_one(words: list[str], data: st.DataObject) -> None:
    most = data.draw(st.integers(0, 35))
    blanks = data.draw(st.lists(st.sampled_from([" ", "\n", ", ", "  "]), min_size=len(words), max_size=len(words)))
    tokens = Tokens("".join(word + blank for word, blank in zip(words, blanks, strict=True)) + "}", "g")
    values, fractions = tokens.numbers(most, "a number")
    assert list(values) == [float(Fraction(word)) for word in words[:most]]
    assert fractions == {k: Fraction(word) for k, word in enumerate(words[:most]) if "/" in word}
    assert tokens.found() == (repr("}") if most >= len(words) else repr(words[most]))


def test_as_many_players_as_fit_may_have_a_table() -> None:
    assert check_sizes(Tokens("", "g"), [1] * MAX_PLAYERS, 0) == MAX_PLAYERS
    with pytest.raises(SpecError, match=f"{MAX_PLAYERS + 1} players are more than the {MAX_PLAYERS} that fit"):
        check_sizes(Tokens("", "g"), [1] * (MAX_PLAYERS + 1), 0)
