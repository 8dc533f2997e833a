"""Boxes of weights: none with a solution is dropped, and what is proved of one is so."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.enumeration import _support_profiles as support_profiles
from eqsolve.solvers.enumeration._multilinear import contracted, least, linearised, preconditioned, scratch
from eqsolve.solvers.enumeration._support_boxes import GONE, ONE, alone, centred, examined
from eqsolve.solvers.enumeration._supports import members_of, system_of
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import numbered
from solvers.enumeration.listed import ALL, listed, near, normal


def bent(apart: float) -> Array:
    """Two completely mixed equilibria with weights p = q = 1/2 ± `apart`, r = 2p − 1/2, and one more."""
    payoffs = np.zeros((3, 2, 2, 2))
    for a, b in product(range(2), repeat=2):
        payoffs[0, 0, a, b] = 4 * (1 - a) - 1 - 2 * (1 - b)
        payoffs[1, a, 0, b] = 1 + 2 * (1 - b) - 4 * (1 - a)
        payoffs[2, a, b, 0] = 4 * (1 - a - 0.5 + apart) * (1 - b - 0.5 - apart)
    return payoffs


@pytest.mark.parametrize("apart", [0.1, 1e-3, 1e-5])
def test_solutions_close_to_each_other_are_told_apart(apart: float) -> None:
    profiles, coverage = listed(bent(apart))
    assert coverage == ALL
    for p in (0.5 + apart, 0.5 - apart):
        assert near(np.array([p, 1 - p, p, 1 - p, 2 * p - 0.5, 1.5 - 2 * p]), profiles)


@pytest.mark.parametrize("apart", [0.0, 1e-9])
def test_a_double_solution_is_listed_and_the_list_not_called_complete(apart: float) -> None:
    profiles, coverage = listed(bent(apart))
    told = "undecided: 1 of 27 profiles of supports, where solutions may not be isolated or ties not exact"
    assert coverage == f"at least these equilibria ({told})"
    assert any(np.abs(profile - 0.5).max() < 1e-6 for profile in profiles)


def test_of_a_continuum_some_are_listed() -> None:
    """First and second are indifferent at any weights p = q, and the third then, too."""
    payoffs = np.zeros((3, 2, 2, 2))
    for a, b in product(range(2), repeat=2):
        payoffs[0, 0, a, b] = b - a
        payoffs[1, a, 0, b] = a - b
        payoffs[2, a, b, 0] = a - b
    profiles, coverage = listed(payoffs)
    assert coverage.startswith("at least these equilibria (undecided: ")
    assert len(profiles) > 1


def test_a_box_with_a_solution_is_never_dropped_and_one_proved_to_hold_one_leads_to_it() -> None:
    proved = 0
    for seed in range(60):
        payoffs, rng = normal((3, 2, 2), seed), np.random.default_rng(seed)
        form = TensorGame(numbered(3), (numbered(3), numbered(2), numbered(2)), payoffs)
        arrays = support_profiles.reduced(form, np.ones(7, dtype=np.bool_))
        for profile in listed(payoffs)[0]:
            parts = np.split(profile, [3, 5])
            masks = np.array([sum(1 << int(a) for a in np.flatnonzero(part)) for part in parts])
            members, starts = members_of(masks, arrays.sizes)
            system = system_of(arrays, members, starts)
            weights = profile[profile > 0]
            inside = np.concatenate([weights[starts[i] + 1 : starts[i + 1]] for i in range(3)])
            if not inside.size:
                continue
            for width in (1.0, 0.3, 1e-2, 1e-4):
                low = np.maximum(inside - width * rng.random(inside.size), 0)
                high = np.minimum(inside + width * rng.random(inside.size), 1)
                x, r, radii = np.empty(weights.size), np.empty(weights.size), np.empty(inside.size)
                status = examined(system, low, high, x, r, radii, scratch(system))
                assert status != GONE
                assert ((low <= inside + 1e-12) & (inside <= high + 1e-12)).all()
                if status == ONE:
                    proved += 1
                    np.testing.assert_allclose(x, weights, rtol=0, atol=1e-3)
    assert proved > 50


@on_random_games(100)
def test_least_and_most_are_those_of_the_corners(whole: Whole) -> None:
    """Of the weights within bounds: a corner has all but one weight at a bound."""
    size = whole(1, 4)
    weights = np.array([float(w) for w in draws.row(whole, size)])
    lightest = np.maximum(weights - whole(0, 4) / 8, 0)
    heaviest = np.minimum(weights + whole(0, 4) / 8, 1)
    values = np.array([float(whole(-9, 9)) for _ in range(size)])
    corners = []
    for free in range(size):
        for ends in product((0, 1), repeat=size - 1):
            corner = np.insert([(lightest, heaviest)[end][k + (k >= free)] for k, end in enumerate(ends)], free, 0.0)
            corner[free] = 1 - corner.sum()
            if lightest[free] - 1e-12 <= corner[free] <= heaviest[free] + 1e-12:
                corners.append(float(corner @ values))
    for sign, expected in ((1.0, min(corners)), (-1.0, max(corners))):
        found = values.copy()
        least(found, 1, size, sign, lightest, heaviest, 0, np.empty(size, dtype=np.int64))
        assert found[0] == pytest.approx(expected, abs=1e-12)


def test_no_box_with_two_solutions_is_proved_to_hold_one() -> None:
    """p = q and r = 2p − 1/2, p = 0.4 or 0.6; free coordinates are the weights of second actions."""
    form = TensorGame(numbered(3), (numbered(2),) * 3, bent(0.1))
    arrays = support_profiles.reduced(form, np.ones(6, dtype=np.bool_))
    system = system_of(arrays, *members_of(np.array([3, 3, 3]), arrays.sizes))
    ends, rng, proved = np.array([[0.6, 0.6, 0.7], [0.4, 0.4, 0.3]]), np.random.default_rng(0), 0
    for n in range(400):
        both = n % 2 == 0
        nearest, farthest = (ends.min(axis=0), ends.max(axis=0)) if both else (ends[0], ends[0])
        width = 10.0 ** -rng.integers(1, 4)
        low, high = nearest - width * rng.random(3), farthest + width * rng.random(3)
        space, x, r, radii = scratch(system), np.empty(6), np.zeros(6), np.empty(3)
        centred(system, low, high, x, r, radii)
        linearised(system, x, r, False, space)
        assert preconditioned(space)
        contracted(system, radii, space)
        held = alone(system, low, high, x, r, radii, space)
        assert not (both and held)
        proved += held
    assert proved > 20


def test_solutions_close_together_on_different_supports_are_both_listed() -> None:
    """Two coordinate, a third looks on: where both mix, each plays the second action with probability about 1e-10."""
    common = np.array([[[1e-10, 0], [0, 0]], [[0, 0], [1, 1]]], dtype=np.float64)
    common[0, 0, 1] = 1e-10  # whatever the third does, who prefers their first action
    payoffs = np.stack([common, common, np.broadcast_to(np.array([1.0, 0.0]), (2, 2, 2))])
    found, words = listed(payoffs)
    assert len(found) == 3
    assert words == ALL


def test_an_equilibrium_on_a_segment_of_them_is_listed_once() -> None:
    """Of 150 games with ties 46 listed one twice: as Newton's method found it on the segment, and as it is."""
    for seed in range(150):
        payoffs = np.random.default_rng(seed).integers(0, 3, (3, 2, 2, 2)).astype(np.float64)
        profiles, _ = listed(payoffs)
        for k, profile in enumerate(profiles):
            assert not any(np.abs(profile - other).max() < 1e-6 for other in profiles[:k])
