"""Linear systems inside a sweep against exact fractions."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.linear import solve_columns
from reference.draws import Whole, on_random_games
from reference.linear import solve


@on_random_games(500)
def test_solutions_are_those_in_exact_arithmetic(whole: Whole) -> None:
    """Zero pivots come up often: entries are small integers."""
    n, m = whole(1, 5), whole(1, 3)
    matrix = [[whole(-2, 2) for _ in range(n)] for _ in range(n)]
    right = [[whole(-9, 9) for _ in range(m)] for _ in range(n)]
    truth = [solve(matrix, column) for column in zip(*right, strict=True)]
    if truth[0] is None:
        return
    found = np.array(right, dtype=float)
    solve_columns(np.array(matrix, dtype=float), found)
    np.testing.assert_allclose(found.T, np.array(truth, dtype=float), rtol=1e-11, atol=1e-11)


def test_a_small_leading_entry_costs_no_digits() -> None:
    a, b = np.array([[1e-20, 1.0], [1.0, 1.0]]), np.array([[1.0], [2.0]])
    solve_columns(a, b)
    np.testing.assert_allclose(b, [[1.0], [1.0]], rtol=1e-15)
