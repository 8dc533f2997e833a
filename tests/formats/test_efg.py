"""Gambit's extensive-form files, read: the whole grammar, and each mistake in one line with its place."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import InputError, SpecError
from eqsolve.formats.efg import read
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import extensive
from reference.efg import CARDS, FLAT, STAGES, assert_same
from reference.forms import tree_of

HEAD = 'EFG 2 R "g" { "A" "B" } ""\n'
ONE = 't "" 1 "" { 1, -1 }\n'
TWO = 't "" 2 "" { 0, 0 }\n'
MOVE = 'p "" 1 1 "x" { "l" "r" } 0\n'


def paid(text: str) -> list[tuple[Fraction | float, ...]]:
    rules = read(text, "g.efg").rules()
    return [tuple(rules.payoffs(s)) for s in extensive.nodes(rules) if rules.turn(s) == extensive.TERMINAL]


def test_payoffs_of_all_outcomes_on_a_history_add_up() -> None:
    assert paid(STAGES) == [
        (Fraction(21, 2), Fraction(3, 2)),
        (Fraction(1, 2), Fraction(-1, 2)),
        (Fraction(1, 2), Fraction(-1, 2)),
        (11, 1),
        (4, -3),
        (1, -1),
    ]


def test_two_ways_of_writing_a_game_are_one_game() -> None:
    assert_same(tree_of(STAGES, "g.efg"), tree_of(FLAT, "g.efg"))
    assert parse(STAGES, "a").hash == parse(FLAT, "b").hash


@pytest.mark.parametrize(
    ("before", "after"),
    [("{ 11, 1 }", "{ 12, 1 }"), ("1/4", "1/5"), ('"go"', '"run"'), ('"Ann"', '"Eve"'), ('p "" 2 1', 'p "" 2 2')],
)
def test_what_changes_the_game_changes_the_hash(before: str, after: str) -> None:
    count = 1 if before.startswith("p") else -1
    changed = FLAT.replace(before, after, count).replace("3/4", "4/5" if after == "1/5" else "3/4")
    assert parse(changed, "a").hash != parse(FLAT, "a").hash


def test_names_that_say_nothing_about_the_game_do_not_change_the_hash() -> None:
    assert parse(FLAT.replace('""', '"named"'), "a").hash == parse(FLAT, "a").hash


def test_title_and_comment_are_kept_as_free_text() -> None:
    spec = parse(STAGES, "g.efg")
    assert (spec.kind, spec.name, spec.family.description) == ("efg", 'Two "stages"', "A comment on two lines")
    assert parse(FLAT, "folder/flat.efg").name == "flat"


def test_a_game_by_its_regrets() -> None:
    """Myerson 1991, section 2.1: raising with a third of the black cards, meeting two thirds of the raises."""
    form = tree_of(CARDS, "g.efg")
    assert [t.infosets for t in form.treeplexes] == [("red", "black"), ("raised",)]
    found = deviations(form, form.check([[1, 1, 0, 1 / 3, 2 / 3], [1, 2 / 3, 1 / 3]]).profile)
    np.testing.assert_allclose(found.values, [1 / 3, -1 / 3], atol=1e-15)
    assert found.nash_gap == pytest.approx(0, abs=1e-15)


def test_labels_that_are_blank_or_alike_are_told_apart() -> None:
    text = 'EFG 2 R "" { "" "P" "P" }\np "" 1 3 "" { "" "a" "a" } 0\n'
    for number in (8, 9):
        text += f'p "" 2 {number} "same" {{ "x" }} 0 t "" 0\n'
    form = tree_of(text + 't "" 0', "g.efg")
    assert form.players == ("P1", "P (1)", "P (2)")
    assert form.treeplexes[0].infosets == ("3",)
    assert form.treeplexes[0].actions == ("", "a1", "a (1)", "a (2)")
    assert form.treeplexes[1].infosets == ("same (1)", "same (2)")


def test_control_characters_in_labels_become_visible() -> None:
    form = tree_of(CARDS.replace('"meet"', '"\x1b[31mmeet"').replace('"Fred"', '"Fr\n\ned"'), "g.efg")
    assert form.players[0] == "Fr ed"
    assert "\\x1b[31mmeet" in form.treeplexes[1].actions


def test_what_chance_never_does_is_left_out() -> None:
    text = HEAD + 'c "" 1 "" { "a" 0 "b" 1 } 0\n' + MOVE + ONE + TWO + 'p "" 1 2 "y" { "l" "r" } 0\n' + ONE + TWO
    assert tree_of(text, "g.efg").treeplexes[0].infosets == ("y",)


def test_chances_may_miss_one_by_rounding() -> None:
    thirds = "0.3333333333"
    text = HEAD + f'c "" 1 "" {{ "a" {thirds} "b" {thirds} "c" {thirds} }} 0\n' + ONE + TWO + ONE
    assert tree_of(text, "g.efg").leaves.chance.sum() == pytest.approx(1)


def test_a_player_who_forgets_is_named() -> None:
    with pytest.raises(InputError, match=r"g\.efg:4:1: no perfect recall: player A comes to information set 'x'"):
        _ = parse(HEAD + MOVE + ONE + MOVE + ONE + TWO, "g.efg").form


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "expected `EFG 2 R`, the first words of a Gambit extensive game, found the end of the file"),
        ("AGG 1 R", 1, 1, "found 'AGG'"),
        ('EFG 1 R "x"', 1, 5, "expected version 2 of the format, found '1'"),
        ('EFG 2 X "x"', 1, 7, "expected `R`"),
        ("EFG 2 R { }", 1, 9, "expected the title of the game in quotation marks, found '{'"),
        ('EFG 2 R "" { } t "" 0', 1, 14, "players"),
        ('EFG 2 R "" { "A" 3 }', 1, 18, "expected a player in quotation marks, or `}`, found '3'"),
        (HEAD + "x", 2, 1, "expected a node (`c`, `p` or `t`), found 'x'"),
        (HEAD + MOVE + ONE, 4, 1, "after 'r' of line 2, found the end of the file"),
        (HEAD + MOVE + ONE + TWO + TWO, 5, 1, "the tree is complete before this, found 't'"),
        (HEAD + MOVE + 't "" 1 "never { 1 }\n', 3, 8, "this quotation mark is never closed"),
        (HEAD + 'p "" 3 1 "x" { "l" } 0\n' + ONE, 2, 6, "there is no player 3: this game has players 1 to 2"),
        (HEAD + 'p "" 0 1 "x" { "l" } 0\n' + ONE, 2, 6, "there is no player 0"),
        (HEAD + 'p "" 1 1.0 "x" { "l" } 0\n' + ONE, 2, 8, "expected the number of an information set, found '1.0'"),
        (HEAD + 'p "" 1 1 0\n' + ONE, 2, 10, "information set 1 of player 1, which is new, found '0'"),
        (HEAD + 'p "" 1 1 "x" { } 0\n' + ONE, 2, 16, "expected an action in quotation marks, found '}'"),
        (HEAD + 'p "" 1 1 "x" { "l" 1 } 0\n' + ONE, 2, 20, "expected `}` or an action in quotation marks, found '1'"),
        (HEAD + 'c "" 1 0\n', 2, 8, "expected the name and the outcomes of event 1, which is new"),
        (HEAD + 'c "" 1 "" { "a" "b" } 0\n', 2, 17, "expected a probability, found the text 'b'"),
        (HEAD + 'c "" 1 "" { "a" .5 "b" .49 } 0\n' + ONE + TWO, 2, 6, "the probabilities sum to 0.99, not 1"),
        (HEAD + 'c "" 1 "" { "a" -1 "b" 2 } 0\n' + ONE + TWO, 2, 17, "a probability is negative: -1"),
        (HEAD + MOVE + 't "" 7\n', 4, 1, "expected the name and the payoffs of outcome 7, which is new"),
        (HEAD + MOVE + 't "" 0 "" { 0 0 }', 3, 8, "outcome 0 means none"),
        (HEAD + MOVE + 't "" 1 "" { 1 }', 3, 15, "expected payoff 2 of 2, one per player, found '}'"),
        (HEAD + MOVE + 't "" 1 "" { 1 2 3 }', 3, 17, "expected `}` after 2 payoffs, one per player, found '3'"),
        (HEAD + MOVE + 't "" 1 "" { nan 2 }', 3, 13, "expected payoff 1 of 2, one per player, found 'nan'"),
        (HEAD + MOVE + 't "" 1 "" { 1 -inf }', 3, 15, "expected payoff 2 of 2, one per player, found '-inf'"),
        (HEAD + MOVE + 't "" 1 "" { 1/0 2 }', 3, 13, "division by zero in '1/0'"),
        (HEAD + MOVE + 't "" 1 "" { 1e101 2 }', 3, 13, "the number '1e101' is beyond ±1e+100"),
        (HEAD + MOVE + 't "" 1 "" { 1e-999999999 2 }', 3, 13, "has more digits or a larger exponent than fit"),
        (HEAD + MOVE + f't "" 1 "" {{ {"9" * 5000} 2 }}', 3, 13, "has more digits or a larger exponent than fit"),
        (HEAD + MOVE + ONE + 't "" 1 "" { 1, 1 }', 4, 6, "outcome 1 has the payoffs [1, 1] here and [1, -1] in line 3"),
        (HEAD + MOVE + ONE + 't "" 1 "win" { 1, -1 }', 4, 6, "outcome 1 has the name 'win' here and '' in line 3"),
        (
            HEAD + MOVE + ONE + 'p "" 1 1 "x" { "l" "m" } 0',
            4, 8, "information set 1 of player 1 has actions [l, m] here and [l, r] in line 2",
        ),
        (
            HEAD + MOVE + ONE + 'p "" 1 1 "y" { "l" "r" } 0',
            4, 8, "information set 1 of player 1 has the name 'y' here and 'x' in line 2",
        ),
        (
            HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0\n' + ONE + 'c "" 1 "" { "a" 1/3 "b" 2/3 } 0\n',
            4, 6, "event 1 has the probabilities [1/3, 2/3] here and [1/2, 1/2] in line 2",
        ),
        (
            HEAD + 'c "" 1 "" { "a" 1 } 0\nc "" 1 "" { "a" 1.0 } 0\nc "" 1 "" { "b" 1 } 0\n',
            4, 6, "event 1 has outcomes [b] here and [a] in line 2",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_one_line_with_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(text, "g.efg")
    [problem] = caught.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert message in problem.message
    assert caught.value.lines()[0] == f"g.efg:{line}:{column}: {problem.message}"


def test_deep_trees_need_no_recursion() -> None:
    moves = 20_000
    body = "".join(f'p "" {1 + k % 2} {k} "" {{ "on" "off" }} 0\n' for k in range(moves))
    spec = parse(HEAD + body + 't "" 0\n' * (moves + 1), "deep.efg")
    form = spec.form
    assert isinstance(form, SequenceForm)
    assert form.leaves.chance.size == moves + 1
    assert len(spec.hash) == 64


def test_a_history_without_end_is_refused() -> None:
    with pytest.raises(SpecError, match="more than 100000 moves"):
        parse(HEAD + 'p "" 1 1 "x" { "on" } 0\n' + 'p "" 1 1 0\n' * 100_001, "deep.efg")


def test_sums_of_payoffs_that_cannot_be_computed_with_are_refused() -> None:
    def chain(payoffs: list[str]) -> str:
        nodes = [f'p "" 1 {k} "" {{ "on" }} {k} "" {{ {payoff} 0 }}\n' for k, payoff in enumerate(payoffs, 1)]
        return HEAD + "".join(nodes) + 't "" 0'

    with pytest.raises(SpecError, match="sum to more than"):
        parse(chain(["1e100", "1e100"]), "g.efg")
    with pytest.raises(SpecError, match="no common denominator of sensible size"):
        parse(chain([f"1/{10**90 + k}" for k in range(100)]), "g.efg")


def test_many_actions_at_many_nodes_do_not_fill_the_memory() -> None:
    """A set of 50,000 actions named by 50,000 nodes, of which the file holds the first branch each."""
    actions = " ".join(f'"{k}"' for k in range(50_000))
    with pytest.raises(SpecError, match="found the end of the file"):
        parse(HEAD + f'p "" 1 1 "" {{ {actions} }} 0\n' + 'p "" 1 1 0\n' * 50_000, "g.efg")
