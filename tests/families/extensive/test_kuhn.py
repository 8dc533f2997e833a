"""Kuhn poker: sizes, moves and payments."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqsolve.errors import SpecError
from eqsolve.families.extensive.kuhn import Betting, Kuhn
from eqsolve.spec.load import parse
from reference import extensive


def kuhn(players: int) -> Kuhn:
    family = parse(f"{{kind: kuhn, players: {players}}}", "kuhn").family
    assert isinstance(family, Kuhn)
    return family


@pytest.mark.parametrize(("players", "infosets", "leaves"), [(2, 6, 30), (3, 16, 312), (4, 40, 3960)])
def test_sizes(players: int, infosets: int, leaves: int) -> None:
    form = kuhn(players).build()
    assert form.counts["infosets"] == (infosets,) * players
    assert form.counts["leaves"] == extensive.terminals(kuhn(players).rules()) == leaves


@pytest.mark.parametrize(
    ("players", "deal", "moves", "paid"),
    [
        (2, "KQ", "pp", (1, -1)),
        (2, "JQ", "bb", (-2, 2)),
        (2, "JQ", "bp", (1, -1)),
        (2, "QK", "pbp", (-1, 1)),
        (2, "QJ", "pbb", (2, -2)),
        (3, "JAK", "ppp", (-1, 2, -1)),
        (3, "JAK", "bpb", (-2, -1, 3)),
        (3, "KJQ", "pbpb", (3, -2, -1)),
        (3, "AKQ", "ppbbb", (4, -2, -2)),
        (3, "AKQ", "ppbpp", (-1, -1, 2)),
    ],
)
def test_the_pot_goes_to_the_highest_card_of_those_who_bet(
    players: int, deal: str, moves: str, paid: tuple[int, ...]
) -> None:
    rules = kuhn(players).rules()
    state = rules.root()
    for card in deal:
        state = rules.after(state, [label for label, _ in rules.chances(state)].index(card))
    for k, move in enumerate(moves):
        assert rules.turn(state) == k % players
        state = rules.after(state, "pb".index(move))
    assert rules.turn(state) == extensive.TERMINAL
    assert tuple(rules.payoffs(state)) == paid


@pytest.mark.parametrize(
    ("players", "moves", "words"),
    [(2, "pbp", "check bet fold"), (2, "bb", "bet call"), (3, "pbpb", "check bet fold call")],
)
def test_moves_are_called_as_players_call_them(players: int, moves: str, words: str) -> None:
    public = Betting(tuple("ABC"[:players]))
    names = [public.actions(moves[:k])["pb".index(move)] for k, move in enumerate(moves)]
    assert " ".join(names) == public.history(moves) == words


def test_information_sets_are_named_by_the_card_and_the_moves() -> None:
    first, second = kuhn(2).build().treeplexes
    assert first.infosets == ("J", "Q", "K", "J check bet", "Q check bet", "K check bet")
    assert sorted(second.infosets) == ["J bet", "J check", "K bet", "K check", "Q bet", "Q check"]


def test_every_deal_is_as_likely() -> None:
    rules = kuhn(3).rules()
    state = rules.root()
    for cards in (4, 3, 2):
        assert [p for _, p in rules.chances(state)] == [Fraction(1, cards)] * cards
        state = rules.after(state, 0)


def test_a_number_of_players_that_is_not_dealt_is_refused() -> None:
    with pytest.raises(SpecError, match="Kuhn poker has 2 to 4 players here, got 5"):
        kuhn(5)
