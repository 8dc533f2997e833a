"""Trees for walks along histories: they end where the sequence form's leaves are, with its chances and payoffs."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.errors import InputError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.kernels.histories import CHANCE, TERMINAL, HistoryArrays
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games

GAMES = [
    "{kind: kuhn, players: 2}",
    "{kind: kuhn, players: 3}",
    "{kind: leduc, ranks: 2}",
    "{kind: leduc, ranks: 2, raises: 1, merge_suits: false}",
    "{kind: liars-dice, dice: 1, sides: 3}",
    "{kind: goofspiel, cards: 3}",
    "{kind: goofspiel, cards: 3, order: random}",
]


def ends(form: SequenceForm, tree: HistoryArrays) -> dict[tuple[int, ...], list[float]]:
    """Chance, and chance times payoffs, by everyone's last place in rows of lanes, summed over all deals."""
    found: dict[tuple[int, ...], list[float]] = {}
    width, n = len(tree.lanes), len(form.players)
    starts = [int(row) * width for row in form.arrays.rows[:-1]]
    for deal in range(len(tree.deals)):
        stack = [(0, tuple(starts))]
        while stack:
            node, last = stack.pop()
            player, at, children = tree.player[node], tree.at[node], range(tree.children[node])
            if player == TERMINAL:
                chance = tree.chance[tree.world[node], deal]
                totals = found.setdefault(last, [0.0] * (n + 1))
                for k, x in enumerate([1.0, *tree.payoffs[at, deal]]):
                    totals[k] += chance * x
            for k in children:
                after = last
                if player != CHANCE:
                    place = int(at) + k * width + int(tree.hands[deal, player])
                    after = (*last[:player], place, *last[player + 1 :])
                elif tree.chance[tree.world[tree.first[node] + k], deal] == 0:
                    continue
                stack.append((int(tree.first[node]) + k, after))
    return found


def agree(form: SequenceForm, tree: HistoryArrays) -> None:
    found = ends(form, tree)
    places = np.array([form.arrays.lane[form.offsets[i] + own] for i, own in enumerate(form.leaves.sequences)])
    chance, payoffs = form.leaves.chance, form.leaves.payoffs
    expected = {tuple(places[:, z].tolist()): [chance[z], *(chance[z] * payoffs[:, z])] for z in range(len(chance))}
    assert found.keys() == expected.keys()
    for key, totals in found.items():
        np.testing.assert_allclose(totals, expected[key], rtol=0, atol=1e-12 * max(1.0, form.payoff_range))
    assert tree.deals[-1] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("text", GAMES)
def test_histories_end_at_the_leaves(text: str) -> None:
    form = parse(text, "t").form
    assert isinstance(form, SequenceForm)
    agree(form, form.histories)


@pytest.mark.parametrize("text", GAMES[:3])
def test_a_card_game_walked_by_its_plain_rules_ends_there_too(text: str) -> None:
    form = sequence_form(parse(text, "t").family.rules())  # type: ignore[attr-defined]  # families of cards have rules
    agree(form, form.histories)
    assert len(form.histories.deals) == 1


@on_random_games(100)
def test_so_do_those_of_any_tree(whole: Whole) -> None:
    form = sequence_form(draws.extensive(whole))
    agree(form, form.histories)
    tree = form.histories
    children = [c for p in range(len(tree.player)) for c in range(tree.first[p], tree.first[p] + tree.children[p])]
    assert sorted(children) == list(range(1, len(tree.player)))


def test_a_form_without_rules_has_no_histories() -> None:
    form = parse(GAMES[0], "t").form
    assert isinstance(form, SequenceForm)
    alone = SequenceForm(form.players, form.treeplexes, form.leaves, form.spread)
    with pytest.raises(InputError, match="no histories"):
        alone.histories  # noqa: B018  # it is made when asked for
