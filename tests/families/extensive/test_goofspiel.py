"""Goofspiel with hidden bids: sizes, who wins, and what the players learn."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families.extensive.goofspiel import Goofspiel
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference import extensive


def goofspiel(options: str = "") -> Goofspiel:
    family = parse(f"{{kind: goofspiel{options}}}", "goofspiel").family
    assert isinstance(family, Goofspiel)
    return family


@pytest.mark.parametrize(
    ("options", "leaves"), [("", 576), (", cards: 5", 14_400), (", order: random", 13_824), (", cards: 1", 1)]
)
def test_sizes_are_those_published(options: str, leaves: int) -> None:
    assert goofspiel(options).build().counts["leaves"] == leaves


@pytest.mark.parametrize(
    "options",
    ["", ", cards: 3, order: random", ", players: 3, cards: 3", ", players: [A, B, C], cards: 2, order: random",
     ", cards: 1", ", cards: 1, order: random", ", cards: 2"],
)  # fmt: skip
def test_building_and_walking_the_rules_give_the_same_form(options: str) -> None:
    family = goofspiel(options)
    built, walked = family.build(), sequence_form(family.rules())
    for one, other in zip(built.treeplexes, walked.treeplexes, strict=True):
        assert one.infosets == other.infosets
        assert one.actions == other.actions
        for name in ("parent", "first", "count"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    for name in built.leaves._fields:
        assert np.array_equal(getattr(built.leaves, name), getattr(walked.leaves, name)), name
    assert built.spread == walked.spread


@pytest.mark.parametrize(
    ("options", "bids", "paid"),
    [
        (", cards: 3", [1, 2, 3, 1], (-1, 1)),
        (", cards: 3", [3, 1, 1, 2], (0, 0)),
        (", cards: 3", [2, 2, 1, 3], (-1, 1)),
        (", players: 3, cards: 2", [1, 1, 2], (Fraction(-1, 2), Fraction(-1, 2), 1)),
        (", players: 3, cards: 2", [2, 2, 1], (Fraction(-1, 2), Fraction(-1, 2), 1)),
    ],
)
def test_the_highest_bid_takes_the_prize_and_the_last_cards_play_themselves(
    options: str, bids: list[int], paid: tuple[Fraction, ...]
) -> None:
    rules = goofspiel(options).rules()
    state = rules.root()
    for bid in bids:
        state = rules.after(state, list(rules.actions(state)).index(str(bid)))
    assert rules.turn(state) == extensive.TERMINAL
    assert tuple(rules.payoffs(state)) == winners(options, bids)
    assert tuple(rules.payoffs(state)) == paid


def winners(options: str, bids: list[int]) -> tuple[Fraction, ...]:
    """The same by hand: points by prizes from the highest down."""
    n = 3 if "players: 3" in options else 2
    cards = len(bids) // n + 1
    rounds = [bids[k * n : (k + 1) * n] for k in range(cards - 1)]
    rounds.append([next(c for c in range(1, cards + 1) if c not in [r[i] for r in rounds]) for i in range(n)])
    points = [0] * n
    for prize, bid in zip(range(cards, 0, -1), rounds, strict=True):
        if bid.count(max(bid)) == 1:
            points[bid.index(max(bid))] += prize
    top = [p == max(points) for p in points]
    if all(top):
        return (Fraction(0),) * n
    return tuple(Fraction(1, sum(top)) if t else Fraction(-1, n - sum(top)) for t in top)


def test_players_learn_who_won_but_no_bid_of_others() -> None:
    rules = goofspiel(", players: [Ann, Bob]").rules()

    def at(*bids: int) -> str:
        state = rules.root()
        for bid in bids:
            state = rules.after(state, list(rules.actions(state)).index(str(bid)))
        return rules.infoset(state)

    assert at() == at(2) == "4:"  # Bob does not see Ann's bid either
    assert at(3, 1) == at(3, 2) == "4:3 won by Ann, 3:"
    assert at(3, 4) == "4:3 won by Bob, 3:"
    assert at(2, 2) == "4:2 tied, 3:"
    assert at(3, 1, 1) == at(2, 1, 4) == "4:1 won by Ann, 3:"


def test_the_game_is_fair() -> None:
    form = goofspiel(", cards: 5").build()
    uniform = deviations(form, form.uniform())
    np.testing.assert_allclose(uniform.values, 0, atol=1e-14)
    assert uniform.regrets[0] == pytest.approx(uniform.regrets[1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (", players: 1", "goofspiel needs 2 players or more, got 1"),
        (", cards: 7", "this game has 25401600 leaves, more than the 20000000 that are written out"),
        (", cards: 5, players: 4", "this game has 207360000 leaves"),
        (", cards: 100000", r"this game has \(100000!\)\^2 leaves"),
    ],
)
def test_games_too_large_or_too_lonely_are_refused(options: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        goofspiel(options)
