"""Liar's dice: sizes, bids, and who is right."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqsolve.errors import SpecError
from eqsolve.families.extensive.liars_dice import LiarsDice
from eqsolve.spec.load import parse
from reference import extensive


def liars_dice(options: str = "") -> LiarsDice:
    family = parse(f"{{kind: liars-dice{options}}}", "dice").family
    assert isinstance(family, LiarsDice)
    return family


@pytest.mark.parametrize(("sides", "leaves"), [(5, 25_575), (6, 147_420)])
def test_sizes_are_those_published(sides: int, leaves: int) -> None:
    form = liars_dice(f", sides: {sides}").build()
    assert form.counts["leaves"] == form.tree.leaves == leaves


def play(options: str, rolls: list[str], bids: list[str]) -> tuple[Fraction | float, ...]:
    rules = liars_dice(options).rules()
    state = rules.root()
    for roll in rolls:
        state = rules.after(state, [label for label, _ in rules.chances(state)].index(roll))
    for bid in bids:
        state = rules.after(state, list(rules.actions(state)).index(bid))
    assert rules.turn(state) == extensive.TERMINAL
    return tuple(rules.payoffs(state))


@pytest.mark.parametrize(
    ("options", "rolls", "bids", "paid"),
    [
        ("", ["3", "3"], ["2-3", "liar"], (1, -1)),
        ("", ["3", "2"], ["2-3", "liar"], (-1, 1)),
        ("", ["3", "6"], ["2-3", "liar"], (1, -1)),
        ("", ["5", "6"], ["1-5", "2-6", "liar"], (1, -1)),
        (", dice: 2, sides: 3", ["12", "23"], ["1-1", "3-2", "liar"], (-1, 1)),
        (", dice: 2, sides: 3", ["12", "23"], ["4-2", "liar"], (-1, 1)),
        (", players: 3, sides: 4", ["1", "2", "4"], ["1-1", "2-2", "liar"], (0, 1, -1)),
        (", players: 3, sides: 4", ["1", "2", "4"], ["1-1", "2-2", "3-2", "liar"], (1, 0, -1)),
    ],
)
def test_the_bid_holds_if_enough_dice_show_it_the_highest_face_being_wild(
    options: str, rolls: list[str], bids: list[str], paid: tuple[int, ...]
) -> None:
    assert play(options, rolls, bids) == paid


def test_bids_only_rise_and_the_first_cannot_call() -> None:
    rules = liars_dice(", sides: 2").rules()
    state = rules.after(rules.after(rules.root(), 0), 0)
    assert rules.actions(state) == ("1-1", "1-2", "2-1", "2-2")
    state = rules.after(state, 2)
    assert rules.actions(state) == ("2-2", "liar")
    assert rules.actions(rules.after(state, 0)) == ("liar",)


def test_rolls_that_differ_in_order_are_one_hand() -> None:
    rules = liars_dice(", sides: 2, dice: 3").rules()
    assert rules.chances(rules.root()) == [
        ("111", Fraction(1, 8)), ("112", Fraction(3, 8)), ("122", Fraction(3, 8)), ("222", Fraction(1, 8))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (", players: 1", "liars-dice needs 2 players or more, got 1"),
        (", dice: 3, sides: 6", r"policies of \d+ entries, more than the 1073741824 entries that can be counted"),
        (", dice: 1000000", r"this game has 2\^12000000 sequences of bids"),
    ],
)
def test_games_too_large_or_too_lonely_are_refused(options: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        liars_dice(options)
