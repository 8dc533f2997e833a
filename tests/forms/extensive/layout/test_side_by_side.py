"""Sequence forms without hands in rows of lanes: every sequence has a place, every leaf is paid once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout import side_by_side as single
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.kernels.sequence import SingleLeaves
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games


@pytest.fixture(params=[1, 8])
def lanes(request: pytest.FixtureRequest) -> Iterator[int]:
    """One lane, or eight, whatever the game."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(single, "WORTH_IT", 0.0 if request.param == 1 else 1.0)
        yield request.param


def form_of(text: str) -> SequenceForm:
    form = parse(text, "t").form
    assert isinstance(form, SequenceForm)
    return SequenceForm(form.players, form.treeplexes, form.leaves, form.spread)


def assert_laid_out(form: SequenceForm) -> None:
    arrays, n = form.arrays, len(form.players)
    width, leaves = len(arrays.lanes), arrays.leaves
    assert isinstance(leaves, SingleLeaves)
    above = arrays.above.reshape(-1, width)
    places = [arrays.lane[form.offsets[i] : form.offsets[i + 1]] for i in range(n)]
    assert len(set(arrays.lane.tolist())) == len(arrays.lane)
    for i, (tree, place) in enumerate(zip(form.treeplexes, places, strict=True)):
        assert place[0] == arrays.rows[i] * width
        groups = range(arrays.groups[i], arrays.groups[i + 1])
        group_of = {arrays.first[g] + k: (g, k) for g in groups for k in range(arrays.counts[g])}
        assert sorted(group_of) == list(range(arrays.rows[i] + 1, arrays.rows[i + 1]))
        depth = {s: d for d, (start, end) in enumerate(tree.levels) for s in range(start, end)}
        kinds = defaultdict(set)
        for s, (parent, first, count) in enumerate(zip(tree.parent, tree.first, tree.count, strict=True)):
            rows, own = np.divmod(place[first : first + count], width)
            assert len(set(own)) == 1
            assert [group_of[row][1] for row in rows.tolist()] == list(range(count))
            assert len({group_of[row][0] for row in rows.tolist()}) == 1
            assert (above[rows, own[0]] == place[parent]).all()
            kinds[group_of[int(rows[0])][0]].add((depth[s], int(count)))
        assert all(len(kind) == 1 for kind in kinds.values())
        assert [len(kinds[g]) for g in groups] == [1] * len(groups)
    worth = form.leaves.chance * form.leaves.payoffs
    expected, found = defaultdict[tuple[int, ...], float](float), defaultdict[tuple[int, ...], float](float)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for z, own in enumerate(form.leaves.sequences[i]):
            if worth[i, z]:
                met = (int(places[j][form.leaves.sequences[j, z]]) for j in others)
                expected[int(places[i][own]), *met] += worth[i, z]
    for row in range(arrays.rows[-1]):
        for e in range(leaves.starts[row], leaves.starts[row + 1]):
            for k in range(width):
                paid = leaves.payments[leaves.paid[e] * width + k]
                if paid:
                    found[row * width + k, *leaves.others[e].tolist()] += paid
    assert found == expected


@pytest.mark.parametrize(
    "text", ["{kind: goofspiel, cards: 4}", "{kind: goofspiel, cards: 3, players: 3}", "{kind: kuhn}", "{kind: leduc}"]
)
def test_games_are_laid_out(text: str, lanes: int) -> None:
    form = form_of(text)
    assert len(form.arrays.lanes) == lanes
    assert_laid_out(form)


@on_random_games(60)
def test_any_tree_is_laid_out(whole: Whole) -> None:
    tree = draws.extensive(whole)
    for share in (0.0, 1.0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(single, "WORTH_IT", share)
            assert_laid_out(sequence_form(tree))


def test_probabilities_of_arrival_have_the_same_places(lanes: int) -> None:
    """Where payoffs are 0 nothing is paid, but all leaves are visited."""
    form = form_of("{kind: goofspiel, cards: 4}")
    for name in ("lane", "rows", "groups", "above", "first", "counts"):
        assert np.array_equal(getattr(form.arrays, name), getattr(form.visits, name))
    assert len(form.visits.leaves.others) > len(form.arrays.leaves.others)


def test_eight_lanes_are_used_where_they_save_leaves() -> None:
    assert len(form_of("{kind: goofspiel, cards: 5}").arrays.lanes) == 8
    assert len(form_of("{kind: goofspiel, cards: 2}").arrays.lanes) == 1  # an information set each


def test_equal_rows_of_payments_are_kept_once() -> None:
    leaves = form_of("{kind: goofspiel, cards: 5}").arrays.leaves
    assert isinstance(leaves, SingleLeaves)
    rows = leaves.payments.reshape(-1, 8)
    assert len(np.unique(rows, axis=0)) == len(rows) < len(leaves.paid) / 10
