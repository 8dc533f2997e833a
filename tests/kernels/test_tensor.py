"""Derivatives of payoffs by probabilities, against the payoffs themselves: they are linear in each player's row."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.normal.game import TensorGame
from eqsolve.kernels.tensor import tensor_derivatives
from reference.forms import numbered


@pytest.mark.parametrize("shape", [(4,), (2, 3), (3, 2, 4), (4, 1, 3), (2, 3, 1, 2), (2, 2, 2, 2, 2), (3, 12, 9)])
def test_derivatives_are_differences_of_payoffs(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(len(shape))
    form = TensorGame(numbered(len(shape)), tuple(map(numbered, shape)), rng.normal(size=(len(shape), *shape)))
    n = int(form.offsets[-1])
    x = rng.random(n)  # derivatives exist off the simplices too
    q, m, work = np.empty(n), np.full((n, n), np.nan), np.empty(2 * form.payoffs[0].size)
    tensor_derivatives(form.arrays, x, q, m, work)
    np.testing.assert_allclose(q, form.pack(form.backup(form.unpack(x))), rtol=1e-12, atol=1e-12)
    for e in range(n):
        moved = x.copy()
        moved[e] += 1
        expected = form.pack(form.backup(form.unpack(moved))) - q
        np.testing.assert_allclose(m[:, e], expected, rtol=0, atol=1e-11)
