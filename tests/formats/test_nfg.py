"""Gambit's normal-form files: both bodies, the order of profiles, and a line for every mistake."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest

from eqsolve.errors import SpecError
from eqsolve.families.normal.matrix import Matrix
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import GameSpec, load, parse
from reference.forms import as_mixed
from reference.nfg import OUTCOMES, OUTCOMES_MEAN, PAYOFFS, PAYOFFS_MEAN, THREE, THREE_MEANS, TRACED
from reference.texts import mistake, written


def tensor(text: str) -> TensorGame:
    form = parse(text, "g.nfg").form
    assert isinstance(form, TensorGame)
    return form


def nfg(game: GameSpec) -> str:
    return written(game, "nfg")


def problem(text: str) -> str:
    return mistake(text, "g.nfg")


@pytest.mark.parametrize(
    ("text", "means"),
    [(PAYOFFS, PAYOFFS_MEAN), (OUTCOMES, OUTCOMES_MEAN), (THREE, THREE_MEANS)],
    ids=["payoffs", "outcomes", "three players"],
)
def test_player_ones_action_runs_fastest(text: str, means: object) -> None:
    assert tensor(text).payoffs.tolist() == means


def test_names_are_kept_and_made_distinct() -> None:
    game = parse(OUTCOMES, "g.nfg")
    assert (game.name, game.family.description) == ('Two "fields"', "A comment on two lines")
    assert game.form.players == ("Ann", "Bob")
    assert as_mixed(game.form).actions == (("up (1)", "up (2)"), ("l", "a2", "r"))
    assert as_mixed(parse(PAYOFFS, "g.nfg").form).actions == (("a1", "a2", "a3"), ("a1", "a2"))


def test_it_is_the_game_of_a_matrix_spec() -> None:
    spec = """
kind: matrix
players: [Ann, Bob]
actions: [[up (1), up (2)], [l, a2, r]]
payoffs: [[[1, 1/3], [0, 0], [-1/4, 0.5]], [[-1/4, 0.5], [4, 5], [4, 5]]]
"""
    assert parse(OUTCOMES, "g.nfg").hash == parse(spec, "g.yaml").hash


def test_what_is_written_lists_profiles_as_gambit_does_with_numbers_kept() -> None:
    assert nfg(parse(PAYOFFS, "g.nfg")).splitlines()[-6:] == ["1 1", "0 2", "0 2", "1 1", "0 3", "2 0"]
    assert nfg(parse(OUTCOMES, "g.nfg")).splitlines()[-6:] == ["1 1/3", "-0.25 0.5", "0 0", "4 5", "-0.25 0.5", "4 5"]
    assert nfg(parse(THREE, "g.nfg")).splitlines()[4:7] == ["111 222 333", "211 422 633", "121 242 363"]


def test_numbers_that_are_no_short_decimals_stay_fractions_beside_their_float_value() -> None:
    text = 'NFG 1 R "" { "A" } { 5 } 1/3 0.1 1e-7 123456789123456789/10 1/4'
    game = parse(text, "g.nfg")
    assert isinstance(game.family, Matrix)
    assert game.family.table.rationals == {0: Fraction(1, 3), 3: Fraction(123456789123456789, 10)}
    assert tensor(text).payoffs.tolist() == [[1 / 3, 0.1, 1e-7, 12345678912345678.9, 0.25]]
    assert nfg(game).splitlines()[4:] == ["1/3", "0.1", "1/10000000", "123456789123456789/10", "0.25"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("NFG 1", "NFG 2", "1:5: expected version 1 of the format, found '2'"),
        (
            "{ 3 2 }",
            "{ 3 2 2 }",
            "2:35: expected numbers of actions of 2 players, as many as have a name: these",
        ),
        ("{ 3 2 }", "{ 3 0 }", "2:31: expected a number of actions, at least 1, found 0"),
        ("{ 3 2 }", "{ 3 1.5 }", "2:31: expected a number of actions, found '1.5'"),
        ("{ 3 2 }", "3 2", "2:27: expected `{` and the actions of each player, or how many they have, found '3'"),
        (
            "{ 3 2 }",
            "{ 100000 100000 }",
            "2:27: 20000000000 payoffs, each 24 bytes while it is read, are more than the",
        ),
        ("{ 3 2 }", "{ 3 100001 }", "2:27: 100001 actions of a player are more than the 100000 that fit"),
        ("{ 3 2 }", "{ 3 3 }", "5:1: expected payoff 13 of 18, 2 at each profile, found the end of the file"),
        ("{ 3 2 }", "{ 3 1 }", "4:13: the table is complete before this, found '1'"),
        ("3 2 0\n", "3 2 x\n", "4:23: expected payoff 12 of 12, 2 at each profile, found 'x'"),
        ("3 2 0\n", "3 2 1/0\n", "4:23: division by zero in '1/0'"),
        ("3 2 0\n", "3 1e101 0\n", "4:21: the number '1e101' is beyond ±1e+100"),
        ("3 2 0\n", "3 -1e999 0\n", "4:21: the number '-1e999' is beyond ±1e+100"),
        ("3 2 0\n", "3 1e9999 0\n", "4:21: the number '1e9999' has more digits or a larger exponent than fit"),
        ("3 2 0\n", "3 2 nan\n", "4:23: expected payoff 12 of 12, 2 at each profile, found 'nan'"),
        ("3 2 0\n", "3 2 0 }\n", "4:25: the table is complete before this, found '}'"),
    ],
)
def test_a_mistake_in_payoffs_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in PAYOFFS
    assert problem(PAYOFFS.replace(old, new, 1)).startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('{ "up" "up" }', "", "2:27: expected the actions of 2 players, as many as have a name: these are of 1"),
        ('{ "up" "up" }', "{ }", "2:13: expected an action in quotation marks, found '}'"),
        ("1, 1/3", "1", "5:11: expected payoff 2 of 2 of outcome 1, found '}'"),
        ("1, 1/3", "1, 1/3, 2", "5:17: expected `}` after 2 payoffs, one per player, found '2'"),
        ("1 2, 0", "1 4, 0", "7:3: there is no outcome 4: this game has outcomes 1 to 3"),
        ("1 2, 0", "1 -1, 0", "7:3: there is no outcome -1: this game has outcomes 1 to 3"),
        ("1 2, 0", "1 1.0, 0", "7:3: expected the number of the outcome of profile 2 of 6, found '1.0'"),
        ("1 2, 0", "1 2", "9:1: expected the number of the outcome of profile 6 of 6, found the end of the file"),
        ("1 2, 0", "1 2 0 0", "8:5: the table is complete before this, found '3'"),
    ],
)
def test_a_mistake_in_outcomes_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in OUTCOMES
    assert problem(OUTCOMES.replace(old, new, 1)).startswith(expected)


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES, THREE])
def test_a_file_that_breaks_off_is_refused_wherever_it_does(text: str) -> None:
    """Only where a number lost its last digits is it still a table."""
    end = len(text.rstrip())
    for cut in range(end - 3):
        problem(text[:cut])


def test_payoffs_are_refused_by_the_memory_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.memory.available", lambda: 24 * 12 - 1)
    assert problem(PAYOFFS).startswith("2:27: 12 payoffs, each 24 bytes while it is read, are more than the ")
    monkeypatch.setattr("eqsolve.memory.available", lambda: 24 * 12)
    assert parse(PAYOFFS, "g.nfg").kind == "matrix"


def test_a_table_may_be_longer_than_a_spec(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("eqsolve.spec.reader.MAX_TEXT_BYTES", 40)
    for text, name in ((PAYOFFS, "g.nfg"), (TRACED, "g.gam"), ("1,2\n" * 20 + "\n" + "1,2\n" * 20, "g.csv")):
        file = tmp_path / name
        file.write_text(text)
        assert load(file).kind == "matrix"
        assert load("-", BytesIO(text.encode())).kind == "matrix"
    spec = "{kind: matrix, zero_sum: [[1, 2, 3], [4, 5, 6]]}"
    with pytest.raises(SpecError, match="-: larger than 0 MiB"):
        load("-", BytesIO(spec.encode()))


def test_a_table_longer_than_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.spec.reader.MAX_TEXT_BYTES", 40)
    monkeypatch.setattr("eqsolve.memory.available", lambda: 2**12)
    with pytest.raises(SpecError, match="-: larger than 0 MiB"):
        load("-", BytesIO(PAYOFFS.encode() + b" " * 2000))


def test_sizes_alone_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.memory.available", lambda: 2**40)
    assert problem('NFG 1 R "" { "A" "B" } { 8192 8192 } 1') == (
        "1:39: expected payoff 2 of 134217728, 2 at each profile, found the end of the file"
    )


def test_players_beyond_the_axes_of_an_array_are_refused() -> None:
    names = '"x" ' * 40
    assert "40 players are more than the 31 that fit" in problem(f'NFG 1 R "" {{ {names} }} {{ {"1 " * 40} }} 1')
