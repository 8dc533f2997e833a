"""Linear programmes with known solutions, and what is said where there is none."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from eqsolve.arithmetic.linear_programmes import Entries, Programme, in_thread, maximum

INFINITE = np.inf


def programme(costs: list[float], lower: list[float], upper: list[float], matrix: list[list[float]]) -> Programme:
    dense = np.array(matrix, dtype=np.float64)
    rows, columns = np.nonzero(dense)
    entries = Entries(rows[::-1], columns[::-1], dense[rows, columns][::-1])
    return Programme(np.array(costs), np.zeros(len(costs)), np.array(lower), np.array(upper), entries)


def test_a_programme_with_its_multipliers_and_basis() -> None:
    """max 3a + 5b, a ≤ 4, 2b ≤ 12, 3a + 2b ≤ 18 (Dantzig's diet for students): a = 2, b = 6, multipliers 0, 3/2, 1."""
    found = maximum(programme([3, 5], [-INFINITE] * 3, [4, 12, 18], [[1, 0], [0, 2], [3, 2]]))
    assert found.solved
    np.testing.assert_allclose(found.values, [2, 6], rtol=0, atol=1e-14)
    np.testing.assert_allclose(np.abs(found.multipliers), [0, 1.5, 1], rtol=0, atol=1e-14)
    assert found.basic_columns.tolist() == [True, True]
    assert found.basic_rows.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("lower", "upper"), [([2.0], [1.0]), ([-INFINITE], [INFINITE])], ids=["infeasible", "unbounded"]
)
def test_what_has_no_optimum_is_not_solved(lower: list[float], upper: list[float]) -> None:
    assert not maximum(programme([1], lower, upper, [[1]])).solved


def test_a_call_runs_in_another_thread_and_its_errors_are_handed_on() -> None:
    assert in_thread(threading.current_thread) is not threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        in_thread(divmod, 1, 0)
