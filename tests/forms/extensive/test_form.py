"""Sequence forms: profiles, plans, merging."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Leaves, merge
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import sequence_policies


def kuhn() -> SequenceForm:
    form = parse("{kind: kuhn, players: [Ann, Bob]}", "kuhn").form
    assert isinstance(form, SequenceForm)
    return form


@on_random_games(200)
def test_packing_loses_nothing_and_rows_follow_one_another(whole: Whole) -> None:
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    behaviour = draws.behaviour(whole, tree)
    profile = sequence_policies(form, behaviour)
    flat = form.pack(profile)
    assert [policy.tolist() for policy in form.unpack(flat)] == [policy.tolist() for policy in profile]
    assert form.offsets[-1] == form.row_offsets[-1] == flat.size
    rows = np.split(flat, form.row_offsets[1:-1])
    expected = []
    for i, treeplex in enumerate(form.treeplexes):
        expected += [[1.0], *([float(p) for p in behaviour[i, label]] for label in treeplex.infosets)]
        assert [(label, row.tolist()) for label, _, row in form.named_rows(i, profile[i])] == [
            (label, [float(p) for p in behaviour[i, label]]) for label in treeplex.infosets
        ]
    assert [row.tolist() for row in rows] == expected
    assert form.check(profile).notes == ()


@on_random_games(200)
def test_a_plan_is_the_product_of_what_a_player_does(whole: Whole) -> None:
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    for treeplex, policy in zip(form.treeplexes, sequence_policies(form, draws.behaviour(whole, tree)), strict=True):
        expected = [1.0]
        for parent, first, count in zip(treeplex.parent, treeplex.first, treeplex.count, strict=True):
            expected += [expected[parent] * policy[first + k] for k in range(count)]
        np.testing.assert_allclose(treeplex.plan(policy), expected, rtol=1e-14)


def test_rows_within_rounding_are_renormalised_and_others_refused_by_name() -> None:
    form = kuhn()
    ann, bob = (policy.copy() for policy in form.uniform())
    ann[3:5] = 0.5 + 1e-7
    checked = form.check([ann, bob])
    assert checked.notes == ("policy of Ann: 1 row(s) within 1e-6 of sum 1 were renormalised",)
    assert checked.profile[0].tolist() == form.uniform()[0].tolist()
    for entry, value, message in (
        (3, 0.4, r"policy of Ann, row 2 \(Q\): probabilities sum to 0.9, not 1"),
        (12, -0.5, r"policy of Ann, row 6 \(K check bet\): probability 1 is negative: -0.5"),
        (0, 0.5, r"policy of Ann, row 0 \(the empty sequence\): probabilities sum to 0.5, not 1"),
        (1, np.inf, r"policy of Ann, row 1 \(J\): probability 0 is inf, not a finite number"),
    ):
        wrong = form.uniform()[0].copy()
        wrong[entry] = value
        with pytest.raises(ProfileError, match=message):
            form.check([wrong, bob])
    with pytest.raises(ProfileError, match=r"policy of Bob: expected shape \(13,\), found \(12,\)"):
        form.check([ann, bob[1:]])


def test_merging_orders_leaves_and_averages_by_chance() -> None:
    leaves = Leaves(
        np.array([[2, 0, 2, 1], [0, 3, 0, 3]], dtype=np.int32),
        np.array([0.25, 0.25, 0.125, 0.375]),
        np.array([[3.0, 1.0, 6.0, 5.0], [0.1, 0.0, 0.1, -1.0]]),
    )
    found = merge(leaves, [3, 4])
    assert found.sequences.tolist() == [[0, 1, 2], [3, 3, 0]]
    assert found.chance.tolist() == [0.25, 0.375, 0.375]
    assert found.payoffs[0].tolist() == [1, 5, 4]
    assert found.payoffs[1].tolist() == pytest.approx([0, -1, 0.1])


def test_merging_needs_no_numbers_beyond_64_bits() -> None:
    """Products of the numbers of sequences pass 2^63: ranks stand in for them."""
    rng = np.random.default_rng(0)
    size = 2**31 - 1
    sequences = rng.choice([0, 5, size - 1], (6, 200)).astype(np.int32)
    found = merge(Leaves(sequences, np.full(200, 1 / 200), np.ones((6, 200))), [size] * 6)
    expected = sorted(set(zip(*sequences.tolist(), strict=True)))
    assert list(zip(*found.sequences.tolist(), strict=True)) == expected
    assert found.chance.sum() == pytest.approx(1)


def test_arrays_are_closed_to_writing() -> None:
    form = kuhn()
    arrays = (*form.leaves, form.treeplexes[0].parent, form.treeplexes[1].count, form.row_offsets)
    assert not any(array.flags.writeable for array in arrays)


def test_what_makes_a_game_large_is_counted() -> None:
    assert kuhn().counts == {"infosets": (6, 6), "sequences": (13, 13), "leaves": 30}
