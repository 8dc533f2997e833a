"""Measuring points: a function of the iteration and of the game's size, further apart where judging takes long."""

from __future__ import annotations

from itertools import pairwise

import pytest

from eqsolve import api
from eqsolve.run.schedule import is_measuring_point, next_measuring_point, spacing
from eqsolve.spec.load import load


def points(last: int, apart: int) -> list[int]:
    return [n for n in range(last + 1) if is_measuring_point(n, None, apart)]


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("@matrix/chicken", 1),
        ("@distancing/four-agents", 1),
        ("@kuhn/two-player", 1),
        ("@leduc/two-player", 1),  # 1,116 leaves, and a measurement of half a millisecond
        ("@goofspiel/four-cards", 1),
        ("@leduc/three-player", 800),  # 126,996 leaves: 10 milliseconds
        ("@liars-dice/one-die", 800),
    ],
)
def test_only_in_large_trees_points_lie_further_apart(name: str, apart: int) -> None:
    assert spacing(load(name).form) == apart


def test_the_first_points_are_close_and_the_late_ones_a_tenth_apart() -> None:
    assert points(3500, 800) == [0, 1, 4, 16, 64, 256, 1024, 1824, 2624, 3424]
    assert points(100, 16) == [0, 1, 4, 16, 32, 48, 64, 80, 96]
    assert next_measuring_point(80_000, None, 800) - 80_000 <= 8000


@pytest.mark.parametrize("apart", [16, 100, 800])
def test_all_but_the_first_few_lie_as_far_apart_as_is_asked_for(apart: int) -> None:
    found = points(20_000, apart)
    close = [b for a, b in pairwise(found) if b - a < apart]
    assert len(close) <= 6
    assert all(b <= 1.1 * a + max(apart, 1) for a, b in pairwise(found) if a >= apart)


def test_where_points_are_asked_for_they_are_exactly_these() -> None:
    assert [n for n in range(11) if is_measuring_point(n, 3, 800)] == [0, 3, 6, 9]
    found = api.solve(load("@leduc/three-player"), "cfr+", max_iter=7, measure_every=3, threads=1)
    assert [record.iteration for record in found.records] == [0, 3, 6, 7]


def test_a_run_in_a_large_tree_measures_there_and_where_it_ends() -> None:
    found = api.solve(load("@leduc/three-player"), "cfr+", max_iter=100)
    assert [record.iteration for record in found.records] == [0, 1, 4, 16, 64, 100]
