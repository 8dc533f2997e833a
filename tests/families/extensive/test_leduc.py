"""Leduc poker: the sizes that are published, moves, payments, and what makes it general-sum."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families.extensive import leduc as family
from eqsolve.families.extensive.leduc import Leduc
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import extensive


def leduc(options: str = "") -> Leduc:
    found = parse(f"{{kind: leduc{options}}}", "leduc").family
    assert isinstance(found, Leduc)
    return found


@pytest.mark.parametrize(
    ("options", "infosets", "sequences", "leaves"),
    [
        ("", 144, 337, 1116),
        (", merge_suits: false", 468, 1093, 5520),
        (", players: 3", 2476, 5669, 126_996),
        (", players: 3, merge_suits: false", 8600, 19_689, 1_043_952),
        (", ranks: 13, merge_suits: false", 9828, 22_933, 704_600),
    ],
)
def test_sizes_are_those_published(options: str, infosets: int, sequences: int, leaves: int) -> None:
    """OpenSpiel's count for two players is 936 information sets and 5,520 terminals, suits kept apart."""
    spec = leduc(options)
    form = spec.build()
    players = len(spec.players)
    assert form.counts == {"infosets": (infosets,) * players, "sequences": (sequences,) * players, "leaves": leaves}
    assert form.tree.leaves == leaves
    assert family.leaves(players, spec.ranks, spec.suits, spec.raises, spec.merge_suits) == leaves


@pytest.mark.parametrize("options", ["", ", merge_suits: false", ", suits: 3, ranks: 2, raises: 1", ", raises: 0"])
def test_the_estimate_of_leaves_is_their_number(options: str) -> None:
    spec = leduc(options)
    expected = extensive.terminals(spec.rules())
    assert family.leaves(2, spec.ranks, spec.suits, spec.raises, spec.merge_suits) == expected


PLAYS = [
    ("JQ", ["bet", "fold"], None, [], (1, -1)),
    ("JQ", ["check", "check"], "K", ["check", "check"], (-1, 1)),
    ("JQ", ["check", "bet", "raise", "call"], "J", ["bet", "raise", "call"], (13, -13)),
    ("QQ", ["check", "check"], "J", ["bet", "call"], (0, 0)),
    ("QK", ["bet", "call"], "K", ["check", "bet", "fold"], (-3, 3)),
    ("JKA", ["bet", "fold", "call"], "K", ["check", "bet", "fold"], (-3, -1, 4)),
    ("JKA", ["check", "check", "bet", "call", "fold"], "J", ["check", "check"], (4, -1, -3)),
    ("KKA", ["check", "check", "check"], "Q", ["bet", "call", "fold"], (Fraction(1, 2),) * 2 + (-1,)),
]


@pytest.mark.parametrize(("deal", "first", "public", "second", "paid"), PLAYS)
@pytest.mark.parametrize("merged", ["true", "false"])
def test_a_pair_wins_then_the_higher_card_and_equal_ones_share(
    deal: str, first: list[str], public: str | None, second: list[str], paid: tuple[Fraction, ...], merged: str
) -> None:
    rules = leduc(f", players: {len(deal)}, merge_suits: {merged}").rules()
    state = rules.root()

    def dealt(rank: str) -> None:
        nonlocal state
        state = rules.after(state, [label[0] for label, _ in rules.chances(state)].index(rank))

    def played(moves: list[str]) -> None:
        nonlocal state
        for move in moves:
            state = rules.after(state, list(rules.actions(state)).index(move))

    for card in deal:
        dealt(card)
    played(first)
    if public is not None:
        assert rules.turn(state) == extensive.CHANCE
        dealt(public)
        played(second)
    assert rules.turn(state) == extensive.TERMINAL
    assert tuple(rules.payoffs(state)) == paid


@pytest.mark.parametrize(
    ("players", "moves", "seats", "opener"),
    [
        (2, ["check", "bet", "call"], [0, 1, 0], 0),
        (3, ["check", "bet", "call", "call"], [0, 1, 2, 0], 0),
        (3, ["bet", "raise", "call", "fold"], [0, 1, 2, 0], 1),
    ],
)
def test_the_first_seat_still_in_opens_both_rounds(
    players: int, moves: list[str], seats: list[int], opener: int
) -> None:
    rules = leduc(f", players: {players}").rules()
    state = rules.root()
    for _ in range(players):
        state = rules.after(state, 0)
    found = []
    for move in moves:
        found.append(rules.turn(state))
        state = rules.after(state, list(rules.actions(state)).index(move))
    state = rules.after(state, 0)
    assert found == seats
    assert rules.turn(state) == opener
    assert rules.actions(state) == ("check", "bet")


def test_moves_are_called_as_players_call_them() -> None:
    """Without a bet one checks or bets; with one, one folds, calls or raises, while raises are left."""
    table = leduc().table()
    state, offered = table.root(), []
    for choice in (0, 1, 2, 1):  # check, bet, raise, call
        offered.append(table.actions(state))
        state = table.after(state, choice)
    assert offered == [("check", "bet"), ("check", "bet"), ("fold", "call", "raise"), ("fold", "call")]
    assert table.actions(state) == ("J", "Q", "K")
    assert table.history(table.after(state, 1)) == "check bet raise call [Q]"


def test_chances_are_those_of_the_cards_left() -> None:
    rules = leduc().rules()
    state = rules.root()
    assert rules.chances(state) == [(rank, Fraction(1, 3)) for rank in "JQK"]
    state = rules.after(state, 0)
    assert rules.chances(state) == [("J", Fraction(1, 5)), ("Q", Fraction(2, 5)), ("K", Fraction(2, 5))]
    for choice in (0, 0, 0):
        state = rules.after(state, choice)
    assert rules.chances(state) == [("Q", Fraction(1, 2)), ("K", Fraction(1, 2))]


def test_merging_suits_changes_no_value_and_no_regret() -> None:
    for options in ("", ", general_sum: {pot: 0.5}", ", general_sum: {noise: 2.0, seed: 7}", ", players: 3, raises: 1"):
        forms = [leduc(options + merge).build() for merge in ("", ", merge_suits: false")]
        merged, apart = (deviations(form, form.uniform()) for form in forms)
        np.testing.assert_allclose(merged.values, apart.values, rtol=0, atol=1e-12)
        np.testing.assert_allclose(merged.regrets, apart.regrets, rtol=0, atol=1e-12)
        assert forms[0].payoff_range == forms[1].payoff_range


def payoffs(options: str) -> tuple[CardForm, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    form = leduc(options).build()
    return form, form.leaves.payoffs


def test_variants_change_what_is_paid_as_they_say() -> None:
    _, plain = payoffs("")
    _, pot = payoffs(", general_sum: {pot: 0.5}")
    _, rake = payoffs(", general_sum: {rake: 0.1}")
    _, risk = payoffs(", general_sum: {risk: 2.0}")
    np.testing.assert_allclose(pot, plain + 0.5 * np.maximum(plain, 0).sum(axis=0))
    np.testing.assert_allclose(rake, np.where(plain > 0, 0.9 * plain, plain))
    np.testing.assert_allclose(risk, np.where(plain < 0, 2 * plain, plain))


def test_noise_is_normal_of_the_size_asked_for_and_the_same_for_a_seed() -> None:
    _, plain = payoffs("")
    _, noisy = payoffs(", general_sum: {noise: 2.0, seed: 1}")
    _, again = payoffs(", general_sum: {noise: 2.0, seed: 1}")
    _, other = payoffs(", general_sum: {noise: 2.0, seed: 2}")
    assert noisy.tolist() == again.tolist()
    drawn = (noisy - plain).reshape(-1)
    assert len(np.unique(drawn)) == drawn.size == 2 * 1116
    assert abs(drawn.mean()) < 0.15
    assert drawn.std() == pytest.approx(2, rel=0.06)
    assert abs(np.corrcoef(drawn, (other - plain).reshape(-1))[0, 1]) < 0.08


#: Of the first two leaves, drawn once and written down.
NOISE = [[0.06058024964295328, 1.4970931739080697], [-1.6883370589930564, -0.24617797858081758]]


def test_noise_is_the_same_on_every_machine() -> None:
    """A hash names one game for ever."""
    _, noisy = payoffs(", general_sum: {noise: 1.0, seed: 0}")
    _, plain = payoffs("")
    assert (noisy - plain)[:, :2].tolist() == NOISE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (", players: 1", "Leduc poker has 2 to 10 players here, got 1"),
        (", players: 4, ranks: 2", "4 cards are too few: 4 private ones and a public one are dealt"),
        (", bets: [2]", "expected two positive numbers, one per round"),
        (", bets: [2, 0]", "expected two positive numbers, one per round"),
        (", players: 10, raises: 100", r"this game has more than 10\^208 leaves"),
        (", suits: 1000000000, merge_suits: false", r"this game has more than 10\^29 leaves"),
        (", ranks: 1000000000", "expected a number of at most 10000"),
        (", players: 5", r"this game has \d+ leaves, more than the 250000000 that can be played"),
        (", general_sum: {}", "expected one of pot, rake, risk and noise, got none"),
        (", general_sum: {pot: 1, rake: 0.1}", "expected one of pot, rake, risk and noise, got pot, rake"),
        (", general_sum: {noise: 1}", "`seed` goes with `noise`, and `noise` needs it"),
        (", general_sum: {pot: 1, seed: 1}", "`seed` goes with `noise`, and `noise` needs it"),
        (", general_sum: {rake: 2}", "expected a number of at most 1, got 2"),
        (", ante: 0", "expected a number above 0, got 0"),
    ],
)
def test_options_that_make_no_game_are_refused(options: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        leduc(options)


def test_ranks_left_out_are_one_more_than_players() -> None:
    spelt = [parse(f"{{kind: leduc{options}}}", "x").hash for options in ("", ", ranks: 3", ", ranks: 4")]
    assert spelt[0] == spelt[1] != spelt[2]
