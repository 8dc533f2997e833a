"""Logits and regrets to probabilities, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.kernels.rows import matching_rows, softmax_rows

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
