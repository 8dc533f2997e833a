"""GameTracer's files: the order of payoffs, and a line for every mistake."""

from __future__ import annotations

import pytest

from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference.nfg import OUTCOMES, THREE, THREE_MEANS, TRACED
from reference.texts import mistake, written


def gam(text: str) -> str:
    return written(parse(text, "g"), "gam")


@pytest.mark.parametrize("text", [TRACED, TRACED[TRACED.index("3") :]])
def test_payoffs_stand_player_by_player_with_player_ones_action_fastest(text: str) -> None:
    form = parse(text, "g").form
    assert isinstance(form, TensorGame)
    assert form.payoffs.tolist() == THREE_MEANS
    assert form.players == ("P1", "P2", "P3")
    assert form.actions == (("a1", "a2"), ("a1", "a2", "a3"), ("a1", "a2"))


def test_what_is_written_is_in_that_order() -> None:
    assert gam(THREE).split() == TRACED[TRACED.index("3") :].split()
    assert (
        gam(OUTCOMES)
        == """\
2

2 3

1 -0.25
0 4
-0.25 4

0.3333333333333333 0.5
0 5
0.5 5
"""
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("3\n\n2 3 2", "0\n\n2 3 2", "3:1: expected a number of players, 1 to 31, found 0"),
        ("3\n\n2 3 2", "32\n\n2 3 2", "3:1: expected a number of players, 1 to 31, found 32"),
        ("3\n\n2 3 2", "x\n\n2 3 2", "3:1: expected the number of players, found 'x'"),
        ("3\n\n2 3 2", "3\n\n2 3 x", "5:5: expected the number of actions of player 3, found 'x'"),
        ("3\n\n2 3 2", "3\n\n2 -3 2", "5:3: expected a number of actions, at least 1, found -3"),
        (
            "3\n\n2 3 2",
            "3\n\n9999 9999 9999",
            "5:1: 2999100089997 payoffs, each 24 bytes while it is read, are more than",
        ),
        ("3\n\n2 3 2", "3\n\n2 3 3", "10:1: expected payoff 37 of 54, 18 of each player, found the end of the file"),
        ("464\n", "464 1\n", "9:45: the table is complete before this, found '696'"),
        ("464\n", "4-64\n", "8:45: expected payoff 24 of 36, 12 of each player, found '4-64'"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in TRACED
    assert mistake(TRACED.replace(old, new, 1), "g.gam").startswith(expected)
