"""Profiles: what a form takes for one, and how it is packed."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Form
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, dense_game, tensor_game
from reference.specs import spec


def of_three_and_two() -> Form:
    from eqsolve.forms.normal.game import TensorGame

    return TensorGame(("Row", "Column"), (("a", "b", "c"), ("l", "r")), np.arange(12.0).reshape(2, 3, 2))


def two_states() -> Form:
    from eqsolve.forms.markov.game import DenseMarkovGame

    return DenseMarkovGame(
        ("Row", "Column"),
        (("a", "b", "c"), ("l", "r")),
        ("calm", "storm"),
        np.zeros((2, 2, 3, 2)),
        np.zeros((2, 3, 2, 2)),
        0.5,
        np.array([1.0, 0.0]),
    )


@on_random_games(200)
def test_packing_loses_nothing_and_rows_follow_one_another(whole: Whole) -> None:
    game = draws.markov(whole)
    for form, profile in (
        (dense_game(game), arrays(draws.stationary(whole, game))),
        (tensor_game(normal := draws.normal(whole)), arrays(draws.profile(whole, normal.sizes))),
    ):
        flat = form.pack(profile)
        assert [policy.tolist() for policy in form.unpack(flat)] == [policy.tolist() for policy in profile]
        assert form.offsets[-1] == form.row_offsets[-1] == flat.size
        rows = [row for policy in profile for row in policy.reshape(-1, policy.shape[-1])]
        cuts = form.row_offsets
        assert [flat[a:b].tolist() for a, b in pairwise(cuts)] == [row.tolist() for row in rows]


def test_unpacked_policies_are_read_only_copies() -> None:
    form = of_three_and_two()
    flat = form.pack(as_mixed(form).uniform())
    profile = form.unpack(flat)
    flat[:] = 7
    assert profile[0].tolist() == [1 / 3] * 3
    with pytest.raises(ValueError, match="read-only"):
        profile[0][0] = 1


@pytest.mark.parametrize("form", [of_three_and_two(), two_states()])
def test_the_uniform_profile_passes_the_check_without_remark(form: Form) -> None:
    checked = form.check(as_mixed(form).uniform())
    assert checked.notes == ()
    assert [p.tolist() for p in checked.profile] == [p.tolist() for p in as_mixed(form).uniform()]
    assert [p.shape for p in as_mixed(form).uniform()] == list(form.shapes)


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ([[1, 0, 0]], "2 policies was expected, one per player, found 1"),
        ([[1, 0, 0], [1, 0], [1]], "2 policies was expected, one per player, found 3"),
        ([[1, 0], [1, 0]], r"policy of Row: expected shape \(3,\), found \(2,\)"),
        ([[1, 0, 0], [[1, 0]]], r"policy of Column: expected shape \(2,\), found \(1, 2\)"),
        ([[1, 0, 0], [1.5, -0.5]], "policy of Column: probability 1 is negative: -0.5"),
        ([[1, 0, 0], [0.5, 0.4]], "policy of Column: probabilities sum to 0.9, not 1"),
        ([[1, 0, 0], [0.5, 0.5 + 2e-6]], "policy of Column: probabilities sum to 1.000002, not 1"),
        ([[float("nan"), 0, 1], [1, 0]], "policy of Row: probability 0 is nan, not a finite number"),
        ([[0, float("inf"), 1], [1, 0]], "policy of Row: probability 1 is inf, not a finite number"),
        ([[1, 0, 0], [True, False]], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], ["1", "0"]], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], [1, None]], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], [[1], [0, 1]]], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], [1 + 0j, 0]], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], {"l": 1}], "policy of Column: expected nested lists of numbers"),
        ([[1, 0, 0], [10**400, 0]], "policy of Column: expected nested lists of numbers"),
    ],
)
def test_what_is_no_profile_is_refused_with_the_policy_at_fault(policies: list[Any], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        of_three_and_two().check(policies)


def test_a_bad_row_of_a_stationary_policy_is_named_with_its_state() -> None:
    good = [[1, 0, 0], [0, 1, 0]]
    with pytest.raises(ProfileError, match=r"policy of Column, row 1 \(storm\): probabilities sum to 0.25, not 1"):
        two_states().check([good, [[0, 1], [0.25, 0]]])


def test_rows_that_nearly_sum_to_1_are_renormalised_and_said() -> None:
    checked = of_three_and_two().check([[1, 0, 0], [0.5, 0.5 + 5e-7]])
    assert checked.profile[1].sum() == pytest.approx(1, abs=1e-15)
    assert checked.profile[1].tolist() == [0.5 / (1 + 5e-7), (0.5 + 5e-7) / (1 + 5e-7)]
    assert len(checked.notes) == 1
    assert "policy of Column" in checked.notes[0]


def test_rounding_is_left_as_it_is() -> None:
    policy = [0.1, 0.2, 0.7000000000000003]
    checked = of_three_and_two().check([policy, [1, 0]])
    assert checked.profile[0].tolist() == policy
    assert checked.notes == ()


def test_a_checked_profile_is_no_view_of_the_callers_arrays() -> None:
    mine = np.array([0.5, 0.5])
    profile = of_three_and_two().check([[1, 0, 0], mine]).profile
    mine[0] = 9
    assert profile[1].tolist() == [0.5, 0.5]


def test_forms_do_not_change_with_the_arrays_they_were_made_from() -> None:
    from eqsolve.forms.normal.game import TensorGame

    payoffs = np.zeros((2, 2, 2))
    form = TensorGame(("a", "b"), (("x", "y"),) * 2, payoffs)
    payoffs += 1
    assert not form.payoffs.any()
    with pytest.raises(ValueError, match="read-only"):
        form.payoffs[0] = 1


def test_a_profile_that_is_part_of_one_array_is_as_any_other() -> None:
    form = spec("three players").form
    weights = np.arange(1.0, 1 + form.offsets[-1])
    profile = form.unpack(weights / np.repeat(np.add.reduceat(weights, form.offsets[:-1]), np.diff(form.offsets)))
    plain = tuple(policy.copy() for policy in profile)
    packed = form.pack(profile)
    assert packed.tobytes() == form.pack(plain).tobytes()
    packed[:] = 0  # a copy of its own
    assert all((part == policy).all() for part, policy in zip(profile, plain, strict=True))
    assert form.pack(deepcopy(profile)).tobytes() == form.pack(plain).tobytes()
    other = spec("general 3x2").form
    with pytest.raises(ProfileError, match="a profile of 2 policies was expected"):
        other.check(profile)
