"""Card games by public tree and joint deals: the same form as walking every history of the rules."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from eqsolve.errors import InputError
from eqsolve.families.kuhn import Kuhn
from eqsolve.families.leduc import Leduc
from eqsolve.families.liars_dice import LiarsDice
from eqsolve.forms import cards
from eqsolve.forms.cards import CardForm
from eqsolve.forms.rules import TERMINAL
from eqsolve.forms.walk import sequence_form
from eqsolve.spec.load import parse

GAMES = [
    "kuhn",
    "kuhn, players: 3",
    "kuhn, players: 4",
    "leduc",
    "leduc, merge_suits: false",
    "leduc, suits: 1, raises: 1",
    "leduc, suits: 3, ranks: 2, bets: [1, 5], ante: 2, raises: 3",
    "leduc, players: 3, ranks: 2, raises: 1",
    "leduc, players: 3, ranks: 2, raises: 1, merge_suits: false",
    "leduc, general_sum: {noise: 1.5, seed: 3}",
    "leduc, general_sum: {rake: 0.1}, merge_suits: false",
    "liars-dice, sides: 3",
    "liars-dice, sides: 2, dice: 2",
    "liars-dice, players: 3, sides: 2",
]


def card_game(text: str) -> tuple[Kuhn | Leduc | LiarsDice, CardForm]:
    spec = parse(f"{{kind: {text}}}", "game.yaml")
    assert isinstance(spec.family, Kuhn | Leduc | LiarsDice)
    assert isinstance(spec.form, CardForm)
    return spec.family, spec.form


@pytest.mark.parametrize("text", GAMES)
def test_blocks_and_histories_give_the_same_form(text: str) -> None:
    family, form = card_game(text)
    walked = sequence_form(family.rules())
    assert walked.players == form.players
    for one, other in zip(form.treeplexes, walked.treeplexes, strict=True):
        assert one.infosets == other.infosets
        assert one.actions == other.actions
        for name in ("parent", "first", "count"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert form.leaves.sequences.tolist() == walked.leaves.sequences.tolist()
    assert form.leaves.sequences.dtype == walked.leaves.sequences.dtype
    # to the last digit where nothing was averaged
    exact = form.tree.leaves == len(form.leaves.chance)
    for found, expected in zip(form.leaves[1:], walked.leaves[1:], strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=0 if exact else 1e-15)
    assert form.spread == walked.spread


@pytest.mark.parametrize("text", GAMES)
def test_leaves_are_public_ends_times_deals(text: str) -> None:
    """Chance and payoffs of a leaf, looked up in the public tree by hand, sum up to those of the form."""
    _, form = card_game(text)
    tree, total = form.tree, np.zeros(len(form.players))
    hands = np.array(np.unravel_index(np.arange(tree.chance.shape[1]), tree.sizes))
    found: dict[tuple[int, ...], float] = {}
    for node in tree.ends:
        chance = tree.chance[tree.world[node]]
        total += tree.payoffs[tree.settled[node]] @ chance
        for deal in np.flatnonzero(chance):
            key = tuple(int(numbers[tree.last[node, i], hands[i, deal]]) for i, numbers in enumerate(form.numbers))
            found[key] = found.get(key, 0) + chance[deal]
    assert sorted(found) == list(zip(*form.leaves.sequences.tolist(), strict=True))
    assert form.leaves.chance.tolist() == pytest.approx([found[key] for key in sorted(found)])
    np.testing.assert_allclose(form.leaves.payoffs @ form.leaves.chance, total, atol=1e-12)


def test_the_public_tree_tells_who_moves_where() -> None:
    _, form = card_game("kuhn")
    tree = form.tree
    assert tree.player.tolist() == [0, 1, TERMINAL, 0, TERMINAL, TERMINAL, 1, TERMINAL, TERMINAL]
    assert [nodes.tolist() for nodes in tree.decisions] == [[0, 3], [1, 6]]
    assert tree.moved[0].tolist() == [[-1, -1], [0, 0], [0, 1], [3, 0], [3, 1]]
    assert tree.last[4].tolist() == [3, 2]
    assert tree.ends.tolist() == [2, 4, 5, 7, 8]
    assert tree.sizes == (3, 3)
    # the jack has no second sequence before the first
    assert form.numbers[0][:3].tolist() == [[0, 0, 0], [1, 3, 5], [2, 4, 6]]


def test_hands_that_cannot_be_have_no_information_set() -> None:
    """One suit: nobody holds the public card."""
    _, form = card_game("leduc, suits: 1, raises: 1")
    for treeplex in form.treeplexes:
        assert not any(f"[{label[0]}]" in label for label in treeplex.infosets)
        assert any("[K]" in label for label in treeplex.infosets)
    assert (form.numbers[0] == -1).any()


def test_a_game_too_large_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MAX_LEAVES", 1000)
    with pytest.raises(InputError, match=r"game\.yaml: the game is too large to write out: more than 10\d\d leaves"):
        card_game("leduc")
    monkeypatch.setattr(cards, "MAX_NODES", 10)
    with pytest.raises(InputError, match="and 10 public histories"):
        card_game("leduc")


@pytest.mark.parametrize(("options", "seconds"), [("", 0.5), (", merge_suits: false", 3.0)])
def test_three_player_leduc_is_built_at_once(options: str, seconds: float) -> None:
    """Five times what it takes on a quiet machine."""
    spec = parse(f"{{kind: leduc, players: 3{options}}}", "x")
    clock = perf_counter()
    assert isinstance(spec.form, CardForm)
    assert perf_counter() - clock < seconds
