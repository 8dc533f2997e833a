"""Short vectors lane by lane against the same numbers one by one, for every width that games have."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import entry, fma, larger, load, positive, smaller, splat, spread, store, where_positive


@jit
def all_of_them(rows, which, lanes):  # type: ignore[no-untyped-def]  # jitted
    a, b = load(rows, 0, lanes), load(rows, 1, lanes)
    store(rows, 2, a + b)
    store(rows, 3, a - b)
    store(rows, 4, a * b)
    store(rows, 5, a / b)
    store(rows, 6, fma(a, b, splat(2.0, lanes)))
    store(rows, 7, positive(a))
    store(rows, 8, where_positive(a, b, splat(-1.0, lanes)))
    store(rows, 9, spread(rows, entry(which, 1), lanes))
    store(rows, 10, larger(a, b))
    store(rows, 11, smaller(a, b))


@pytest.mark.parametrize("width", [1, 2, 4, 8, 16])
def test_each_operation_is_that_of_its_lanes(width: int) -> None:
    rows = np.random.default_rng(width).normal(size=(12, width))
    a, b, third = rows[0].copy(), rows[1].copy(), rows.reshape(-1)[width]
    flat = rows.reshape(-1)
    which = np.array([[0], [width]], dtype=np.int32)
    all_of_them(flat, which, (0,) * width)
    expected = [
        a + b,
        a - b,
        a * b,
        a / b,
        a * b + 2,
        np.maximum(a, 0),
        np.where(a > 0, b, -1.0),
        np.full(width, third),
        np.maximum(a, b),
        np.minimum(a, b),
    ]
    for row, values in zip(flat.reshape(12, width)[2:], expected, strict=True):
        np.testing.assert_allclose(row, values, rtol=1e-15, atol=1e-15)
    assert (flat.reshape(12, width)[:2] == [a, b]).all()
