"""What is written is read again as the same game, exactly where it was exact; what cannot be said is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqsolve.errors import UsageError
from eqsolve.formats import convert
from eqsolve.formats.convert import converted
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.spec.formats import FORMATS, Format
from eqsolve.spec.load import GameSpec, load, parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.efg import CARDS, FLAT, STAGES, assert_same
from reference.extensive import Node, Tree

#: Small games of every family that has rules, and files.
GAMES = [
    "{kind: kuhn}",
    "{kind: kuhn, players: [Ann, Bob, 'no']}",
    "{kind: leduc}",
    "{kind: leduc, ranks: 2, general_sum: {noise: 1.0, seed: 3}}",
    "{kind: liars-dice, sides: 3}",
    "{kind: goofspiel, cards: 3, order: random}",
    "{kind: goofspiel, players: 3, cards: 3}",
    STAGES,
    FLAT,
    CARDS,
]
TREES = [row for row in FORMATS if row.trees]
TABLES = [row for row in FORMATS if row.tables]
YAML, EFG = TREES


def form_of(game: GameSpec) -> SequenceForm:
    assert isinstance(game.form, SequenceForm)
    return game.form


def again(game: GameSpec, row: Format) -> GameSpec:
    return parse(text_of(game, row), "again")


def text_of(game: GameSpec, row: Format) -> str:
    found = converted(game, row)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("row", TREES, ids=lambda row: row.name)
@pytest.mark.parametrize("text", GAMES)
def test_a_game_written_and_read_is_the_same_game(text: str, row: Format) -> None:
    game = parse(text, "g")
    assert_same(form_of(game), form_of(again(game, row)))


@pytest.mark.parametrize("row", TREES, ids=lambda row: row.name)
@pytest.mark.parametrize("name", ["selten-horse", "beer-quiche", "myerson-cards"])
def test_a_written_tree_survives_both_ways(name: str, row: Format) -> None:
    game = load(f"@extensive/{name}")
    there = again(game, row)
    assert there.name == game.name
    assert_same(form_of(game), form_of(there))
    assert again(there, row).hash == there.hash


@on_random_games(150)
def test_random_trees_survive_every_format(whole: Whole) -> None:
    tree = draws.extensive(whole)
    for row in TREES:
        game = parse("".join(row.tree_pieces(tree, "t", "")), "g")
        assert_same(sequence_form(tree), form_of(game))


@pytest.mark.parametrize("row", TREES, ids=lambda row: row.name)
def test_from_one_format_to_the_other_and_back_is_the_same_hash(row: Format) -> None:
    [other] = [format_ for format_ in TREES if format_ != row]
    game = again(parse(STAGES, "g"), row)
    assert again(again(game, other), row).hash == game.hash


def test_numbers_stay_exact() -> None:
    leaves = tuple(
        (label, Node(payoffs=(number,))) for label, number in (("a", Fraction(1, 3)), ("b", 0.1), ("c", 1e-7))
    )
    top = Node(children=leaves, chances=(Fraction(1, 7), Fraction(2, 7), Fraction(4, 7)))
    for row in TREES:
        text = "".join(row.tree_pieces(Tree(("A",), top), "", ""))
        for number in ("1/3", "1/10", "1/10000000", "1/7", "2/7", "4/7"):
            assert number in text


def test_rationals_of_hundreds_of_digits_are_rounded() -> None:
    top = Node(payoffs=(1 + Fraction(1, 10**300), Fraction(10**250, 3 * 10**250 + 1)))
    for row in TREES:
        game = parse("".join(row.tree_pieces(Tree(("A", "B"), top), "", "")), "g")
        assert form_of(game).leaves.payoffs.tolist() == [[1.0], [1 / 3]]


def test_chances_in_floats_are_written_as_rationals_that_sum_to_one() -> None:
    third = 1 / 3
    leaves = tuple((label, Node(payoffs=(1,))) for label in "abc")
    top = Node(children=leaves, chances=(third, third, third))  # type: ignore[arg-type]  # the point
    text = "".join(EFG.tree_pieces(Tree(("A",), top), "", ""))
    assert '{ "a" 1/3 "b" 1/3 "c" 1/3 }' in text


def test_a_game_of_one_leaf_is_written() -> None:
    for row in TREES:
        game = parse("".join(row.tree_pieces(Tree(("A",), Node(payoffs=(2,))), "", "")), "g")
        assert form_of(game).leaves.payoffs.tolist() == [[2.0]]


def test_a_game_without_a_tree_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"g\.yaml: a game of the kind matrix has no tree to write as efg") as caught:
        converted(parse("{kind: matrix, zero_sum: [[1, 2]]}", "g.yaml"), EFG)
    assert "kuhn, leduc, liars-dice, goofspiel, extensive" in str(caught.value.hint)


def test_a_label_that_a_spec_cannot_have_is_refused() -> None:
    with pytest.raises(UsageError, match=r"g\.efg: a spec cannot have this label: .* 1 to 200 printable characters"):
        converted(parse(CARDS.replace("raised", "r" * 300), "g.efg"), YAML)


def test_what_would_be_too_large_to_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "MAX_TEXT_BYTES", 2**20)
    with pytest.raises(UsageError, match="g: as efg larger than 1 MiB"):
        converted(parse("{kind: goofspiel, cards: 5}", "g"), EFG)


@pytest.mark.parametrize("row", [row for row in TABLES if not row.trees], ids=lambda row: row.name)
def test_what_is_no_payoff_table_is_refused_by_name(row: Format) -> None:
    with pytest.raises(UsageError, match=f"g: a game of the kind kuhn is a tree, which {row.name} cannot hold") as tree:
        converted(parse("{kind: kuhn}", "g"), row)
    assert tree.value.hint == "these can: yaml, efg"
    with pytest.raises(UsageError, match="@distancing/four-agents: a game of the kind distancing has no payoff table"):
        converted(load("@distancing/four-agents"), row)
