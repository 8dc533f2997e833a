"""Card games by public tree and joint deals: the same form as walking every history of the rules."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from eqsolve import memory
from eqsolve.errors import InputError
from eqsolve.families.extensive.kuhn import Kuhn
from eqsolve.families.extensive.leduc import Leduc
from eqsolve.families.extensive.liars_dice import LiarsDice
from eqsolve.forms.extensive import cards
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.public import public_tree
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.forms.rules import TERMINAL
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
    """By memory: two dice of six faces are 7·10^8 entries, seen long before they are written."""
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    clock = perf_counter()
    with pytest.raises(InputError, match=r"game\.yaml: the game is too large: .* GiB and more .* of 1 GiB that are"):
        card_game("liars-dice, dice: 2, sides: 6")
    assert perf_counter() - clock < 5
    monkeypatch.setattr(memory, "available", lambda: 2**15)
    with pytest.raises(InputError, match="the game is too large"):
        card_game("leduc")
    monkeypatch.setattr(memory, "available", lambda: None)
    card_game("leduc")


@pytest.mark.parametrize("text", GAMES)
def test_what_goes_on_alike_is_copied_as_if_it_were_walked(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = card_game(text)[1].tree
    monkeypatch.setattr(type(copied.rules), "alike", lambda rules, state: state)
    walked = public_tree(copied.rules)
    for name in ("before", "choice", "player", "world", "settled", "last", "chance", "payoffs"):
        assert getattr(copied, name).tolist() == getattr(walked, name).tolist(), name
    for one, other in zip(copied.moved, walked.moved, strict=True):
        assert one.tolist() == other.tolist()
    places = dict(walked.states())
    assert sorted(places) == np.flatnonzero(walked.player >= 0).tolist()
    assert all(walked.state(node) == state for node, state in places.items())


@pytest.mark.parametrize("text", GAMES)
def test_sizes_and_payoffs_are_known_before_leaves_are_written(text: str) -> None:
    _, form = card_game(text)
    size, paid, potential = form.size, form.paid, form.has_potential
    assert "leaves" not in vars(form)
    assert size == len(form.leaves.chance)
    walked = sequence_form(card_game(text)[0].rules())
    assert (potential, float(np.ptp(paid, axis=1).max())) == (walked.has_potential, walked.spread)


def test_too_many_leaves_are_not_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MAX_LEAVES", 1000)
    _, form = card_game("leduc")
    with pytest.raises(InputError, match="the list of this game's 1116 leaves is not written out, 1000 are the most"):
        form.leaves  # noqa: B018  (asking is what is refused)


@pytest.mark.parametrize(("options", "seconds"), [("", 0.5), (", merge_suits: false", 3.0)])
def test_three_player_leduc_is_built_at_once(options: str, seconds: float) -> None:
    """Five times what it takes on a quiet machine."""
    spec = parse(f"{{kind: leduc, players: 3{options}}}", "x")
    clock = perf_counter()
    assert isinstance(spec.form, CardForm)
    assert perf_counter() - clock < seconds
