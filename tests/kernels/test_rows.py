"""Logits, regrets and arbitrary points to probabilities, row by row."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.kernels.rows import matching_rows, project_rows, softmax_rows
from reference.draws import Whole, on_random_games
from reference.simplex import projected

ROWS = np.array([0, 3, 4, 6])


def test_softmax_of_each_row() -> None:
    logits = np.log(np.array([1.0, 2.0, 5.0, 7.0, 3.0, 1.0]))
    x = np.full(6, np.nan)
    softmax_rows(ROWS, logits, x)
    np.testing.assert_allclose(x, [0.125, 0.25, 0.625, 1, 0.75, 0.25], rtol=1e-15)


@pytest.mark.parametrize("shift", [-1e6, -800.0, 800.0, 1e6])
def test_softmax_does_not_overflow_and_ignores_shifts(shift: float) -> None:
    x, y = np.empty(6), np.empty(6)
    logits = np.array([0.0, 1.0, -1.0, 3.0, 0.5, 0.25])
    softmax_rows(ROWS, logits, x)
    softmax_rows(ROWS, logits + shift, y)
    np.testing.assert_allclose(y, x, rtol=1e-9)
    assert np.isfinite(y).all()


def test_a_logit_of_minus_infinity_is_a_probability_of_0() -> None:
    x = np.empty(6)
    softmax_rows(ROWS, np.array([-np.inf, 0.0, 0.0, 0.0, -np.inf, -5.0]), x)
    assert x.tolist() == [0, 0.5, 0.5, 1, 0, 1]


def test_regrets_are_matched_in_proportion_to_their_positive_parts() -> None:
    x = np.full(6, np.nan)
    matching_rows(ROWS, np.array([3.0, -1.0, 1.0, -2.0, 0.0, 0.0]), x)
    assert x.tolist() == [0.75, 0, 0.25, 1, 0.5, 0.5]


@on_random_games(500)
def test_projections_are_the_nearest_distributions(whole: Whole) -> None:
    sizes = [whole(1, 5) for _ in range(whole(1, 3))]
    reach, parts = 10 ** whole(0, 2), 2 ** whole(0, 3)
    points = [[Fraction(whole(-reach, reach), parts) for _ in range(size)] for size in sizes]
    x = np.full(sum(sizes), np.nan)
    y = np.array([float(entry) for point in points for entry in point])
    before = y.copy()
    project_rows(np.cumsum([0, *sizes]), y, x)
    assert y.tolist() == before.tolist()
    expected = [float(entry) for point in points for entry in projected(point)]
    np.testing.assert_allclose(x, expected, rtol=0, atol=1e-14)


def test_a_projection_gives_nothing_to_entries_of_minus_infinity() -> None:
    x = np.empty(6)
    project_rows(ROWS, np.array([-np.inf, 0.25, 0.5, -7.0, -np.inf, -3.0]), x)
    assert x.tolist() == [0, 0.375, 0.625, 1, 0, 1]


@pytest.mark.parametrize("size", [1.0, 1e8, 1e17, 1e300])
def test_projections_of_far_points_are_distributions(size: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        y = size * rng.standard_normal(6)
        x = np.full(6, np.nan)
        project_rows(ROWS, y, x)
        assert (x >= 0).all()
        np.testing.assert_allclose(np.add.reduceat(x, ROWS[:-1]), 1, rtol=0, atol=1e-15)


def test_a_distribution_is_its_own_projection() -> None:
    rng = np.random.default_rng(1)
    x, y = np.empty(6), np.concatenate([rng.dirichlet(np.ones(3)), [1.0], rng.dirichlet(np.ones(2))])
    project_rows(ROWS, y, x)
    np.testing.assert_allclose(x, y, rtol=0, atol=1e-16)
