"""Exponentials and softmax of lanes against the mathematical library's."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import load, store
from eqsolve.kernels.softmax import exponential, softmax


@jit
def exponentials(a: Array, lanes: tuple[int, ...]) -> None:
    for row in range(a.size // len(lanes)):
        store(a, row, exponential(load(a, row, lanes), lanes))


@jit
def soft(a: Array, lanes: tuple[int, ...]) -> None:
    softmax(0, a.size // len(lanes), lanes, a)


@pytest.mark.parametrize("width", [1, 2, 4, 8, 16])
def test_exponentials_are_right_to_the_last_digits(width: int) -> None:
    rng = np.random.default_rng(0)
    special = np.array([0.0, -0.0, -1e-300, -5e-324, -707.9, -0.5 * np.log(2), -1.5 * np.log(2), -1.0])
    a = np.concatenate([-708 * rng.random(8000), -rng.random(8000), special, special])
    expected = [exp(x) for x in a]
    exponentials(a, (0,) * width)
    np.testing.assert_allclose(a, expected, rtol=4e-16, atol=0)


def test_what_would_be_no_normal_number_is_nothing() -> None:
    a = np.array([-inf, -1e300, -745.0, -708.0])
    exponentials(a, (0,) * 4)
    assert a.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("width", [1, 4])
def test_softmax_goes_down_the_rows_of_each_lane(width: int) -> None:
    logits = np.array([[1.0, -inf, 1e6, -1e6], [0.0, 2.0, 0.0, -1e6], [-inf, 2.0, 1e6, -2e6]])[:, :width]
    flat = logits.reshape(-1).copy()
    soft(flat, (0,) * width)
    top = np.exp(logits - logits.max(axis=0))
    np.testing.assert_allclose(flat.reshape(3, width), top / top.sum(axis=0), rtol=1e-15, atol=0)
