"""Distributions of games: what a draw is and what is none, what is drawn, and that a game stays the same."""

from __future__ import annotations

import io

import numpy as np
import pytest

from eqsolve.distributions import Distribution, distribution
from eqsolve.errors import InputError, SpecError
from eqsolve.forms.normal.game import TensorGame

POTS = """# Leduc poker, of both kinds: « ü »
kind: leduc
general_sum: {pot: "uniform(.3, 0.7)"}  # drawn
"""
SHAPLEY = """
kind: shapley
a: [&x "uniform(1/2, 1.5)", 1, {uniform: [1/2, 2]}]
b:
  - *x
  - normal: [1, 0.1]
  - uniform:
      - 1
      - 2
name: not uniform(0, 1)
"""


def of(text: str) -> Distribution:
    return distribution("-", io.BytesIO(text.encode()))


def payoffs(text: str, seed: int = 0, k: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    form = of(text).game(seed, k).form
    assert isinstance(form, TensorGame)
    return form.payoffs


def test_a_game_is_the_text_with_numbers_in_the_place_of_draws() -> None:
    [drawn] = [line for line in of(POTS).sampled(0, 0).splitlines() if "pot" in line]
    assert drawn == "general_sum: {pot: 0.3046187017145326}  # drawn"
    assert of(POTS).sampled(0, 0).splitlines()[:2] == POTS.splitlines()[:2]


def test_every_way_to_write_a_draw_is_one_and_an_alias_is_the_same_number() -> None:
    games = of(SHAPLEY)
    assert [(one.name, one.arguments) for one in games.draws] == [
        ("uniform", (0.5, 1.5)),
        ("uniform", (0.5, 2.0)),
        ("normal", (1.0, 0.1)),
        ("uniform", (1.0, 2.0)),
    ]
    found = payoffs(SHAPLEY, 3, 4)
    assert found[0, 0, 0] == found[1, 0, 1] != 1
    assert "not uniform(0, 1)" in games.sampled(3, 4)


def test_a_game_is_the_same_whatever_is_drawn_beside_it() -> None:
    games = of(SHAPLEY)
    first = [games.sampled(7, k) for k in range(4)]
    assert [games.sampled(7, k) for k in (3, 1)] == [first[3], first[1]]
    assert len({*first, *(games.sampled(8, k) for k in range(4))}) == 8


def test_draws_have_the_law_that_they_name() -> None:
    text = "kind: shapley\na: [{uniform: [2, 4]}, {normal: [1, 0.5]}, {integers: [-1, 1]}]\nb: [{choice: [1, 7]}, 1, 1]"
    games = of(text)
    forms = [games.game(1, k).form for k in range(2000)]
    drawn = np.array(
        [[*np.diag(form.payoffs[0]), form.payoffs[1, 0, 1]] for form in forms if isinstance(form, TensorGame)]
    )
    uniform, normal, whole, chosen = drawn.T
    assert uniform.min() >= 2
    assert uniform.max() < 4
    assert uniform.mean() == pytest.approx(3, abs=0.06)
    assert (normal.mean(), normal.std()) == (pytest.approx(1, abs=0.05), pytest.approx(0.5, abs=0.04))
    assert sorted(set(whole)) == [-1, 0, 1]
    assert np.mean(whole == 1) == pytest.approx(1 / 3, abs=0.05)
    assert sorted(set(chosen)) == [1, 7]
    assert np.mean(chosen == 7) == pytest.approx(1 / 2, abs=0.05)


#: What stands in the place of the draw in POTS, and what is said of it.
NO_DRAWS = {
    "uniform(.7, 0.3)": "uniform: expected the lower end first, got 0.7 and 0.3",
    "uniform(.3)": "uniform: expected two numbers, got 1",
    "normal(.3, -1)": "normal: expected a standard deviation of at least 0, got -1",
    "integers(.3, 1)": "integers: expected an integer, got 0.3",
    "uniform(x, 1)": "uniform: expected a number, got 'x'",
    "choice()": "choice: expected values to choose from",
    "uniform(0, inf)": "uniform: expected a number, got 'inf'",
}


def complaint(text: str) -> str:
    """All that is said of a distribution that cannot be read."""
    with pytest.raises(InputError) as caught:
        of(text)
    return "\n".join(caught.value.lines())


@pytest.mark.parametrize("draw", NO_DRAWS)
def test_what_is_no_draw_is_told_with_its_place(draw: str) -> None:
    assert f"-:3:20: {NO_DRAWS[draw]}" in complaint(POTS.replace("uniform(.3, 0.7)", draw))


def test_a_file_without_draws_and_one_that_is_no_game_are_refused() -> None:
    assert "-: nothing is drawn in this file" in complaint(POTS.replace("uniform", "unifrom"))
    assert "-, game 0 of seed 0:3:1: general_sum: unknown key" in complaint(POTS.replace("leduc", "kuhn"))


def test_of_a_game_that_cannot_be_the_place_in_its_text_is_told() -> None:
    games = of("kind: bertrand\nprices: [1, 2, {integers: [3, 12]}]\nintercept: 1\nslope: {uniform: [-0.01, 1]}")
    bad = next(k for k in range(4000) if float(games.sampled(0, k).rsplit(" ", 1)[1]) < 0)
    with pytest.raises(SpecError, match="at least 0") as caught:
        games.game(0, bad)
    assert f"game {bad} of seed 0:4:8" in str(caught.value.lines())


def test_a_key_in_quotes_is_no_draw() -> None:
    with pytest.raises(SpecError, match=r"a\[0\]: expected a number, got a mapping"):
        of('kind: shapley\na: [{"uniform": [1, 2]}, 1, {uniform: [1, 2]}]\nb: [1, 1, 1]')
