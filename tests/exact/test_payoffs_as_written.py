"""Payoffs are certified as they are written: decimals and fractions of a text, floats of arrays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from eqsolve.exact.certificates import exact_game
from eqsolve.forms.exact_payoffs import ExactPayoffs, exact_payoffs
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import GameSpec, parse


def in_fractions(game: GameSpec) -> list[Fraction]:
    """The payoffs as they are certified, flattened."""
    found = exact_game(game)
    assert isinstance(found, ExactPayoffs)
    return [Fraction(p, found.denominator) for p in found.paid.ravel()]


def test_payoffs_that_no_text_has_are_the_float64_numbers_that_they_are(tmp_path: Path) -> None:
    """0.1 is not 1/10; huge and tiny ones go together."""
    numbers = [0.1, 0.5, 1e-300, 1e90]
    paid, denominator = exact_payoffs(np.array([numbers]))
    assert [Fraction(p, denominator) for p in paid[0]] == [Fraction(x) for x in numbers]
    np.save(tmp_path / "u.npy", np.array([numbers]))
    assert in_fractions(parse("{kind: matrix, payoffs: u.npy}", "g", folder=tmp_path)) == list(map(Fraction, numbers))
    drawn = parse("{kind: random-matrix, players: 1, actions: 3, seed: 1}", "g")
    assert isinstance(drawn.form, TensorGame)
    assert in_fractions(drawn) == [Fraction(x) for x in drawn.form.payoffs.ravel().tolist()]


def test_payoffs_of_a_file_are_floats_beside_those_of_a_text(tmp_path: Path) -> None:
    """Each player's numbers are what their own source says: 0.1 is 1/10 inline, and a float64 number in a file."""
    np.save(tmp_path / "u.npy", np.array([[0.1, 0.3]]))
    game = parse("{kind: matrix, payoffs: {Row: [[0.1, 1/3]], Column: u.npy}}", "g", folder=tmp_path)
    assert in_fractions(game) == [Fraction(1, 10), Fraction(1, 3), Fraction(0.1), Fraction(0.3)]


def test_decimals_beyond_float64_are_certified_as_they_are_written() -> None:
    long = "0.12345678901234567890123"
    for text in (f"{{kind: matrix, payoffs: [[[{long}, 0.1]]]}}", f'NFG 1 R "" {{ "1" "2" }} {{ 1 1 }} {long} 0.1'):
        assert in_fractions(parse(text, "g.nfg" if "NFG" in text else "g")) == [Fraction(long), Fraction(1, 10)]


#: Two by three, in every shape; the fractions that the texts say, player by player and row by row.
TEXTS = ["1/3", "0.1", "-2/7", "9007199254740993", "1.5e-3", '" 2 / 4 "']
SAID = [Fraction(1, 3), Fraction(1, 10), Fraction(-2, 7), Fraction(9007199254740993), Fraction(3, 2000), Fraction(1, 2)]
A, B, C, D, E, F = TEXTS
a, b, c, d, e, f = SAID
SHAPES = {
    f"payoffs: [[[{A}, {B}], [{C}, {D}], [{E}, {F}]]]": [a, c, e, b, d, f],
    f"payoffs: [[[{A}, {B}], [{C}, {D}]], [[{E}, {F}], [0, 0]]]": [a, c, e, 0, b, d, f, 0],
    f"payoffs: {{Column: [[{D}, {E}, {F}]], Row: [[{A}, {B}, {C}]]}}, players: [Row, Column]": SAID,
    f"zero_sum: [[{A}, {B}, {C}], [{D}, {E}, {F}]]": [*SAID, *(-x for x in SAID)],
    f"symmetric: [[{A}, {B}], [{C}, {D}]]": [a, b, c, d, a, c, b, d],
    f"common: [[{A}, {B}, {C}], [{D}, {E}, {F}]]": [*SAID, *SAID],
    f"payoffs: [[{A}, {B}, {C}, {D}, {E}, {F}]]": SAID,
}


@pytest.mark.parametrize(("text", "said"), SHAPES.items(), ids=list(SHAPES))
def test_payoffs_of_a_text_are_certified_as_they_are_written(text: str, said: list[Fraction]) -> None:
    game = parse(f"{{kind: matrix, {text}}}", "game")
    assert in_fractions(game) == said
    assert isinstance(game.form, TensorGame)
    assert game.form.payoffs.ravel().tolist() == list(map(float, said))


def test_payoffs_of_a_gambit_file_are_certified_as_they_are_written() -> None:
    text = 'NFG 1 R "" { "1" "2" } { 2 2 } 1/3 0.1 -2/7 0.7 1e-3 2 3 4'
    assert in_fractions(parse(text, "g.nfg")) == [
        *map(Fraction, ("1/3", "1/1000", "-2/7", "3")),
        *map(Fraction, ("1/10", "2", "7/10", "4")),
    ]
