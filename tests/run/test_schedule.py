"""Measuring points: a function of the iteration and of the game's size, further apart where judging takes long."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from eqsolve import api
from eqsolve.run.appraisal import Appraiser
from eqsolve.run.schedule import is_measuring_point, is_polishing_point, next_measuring_point, spacing
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.protocol import Samples
from eqsolve.spec.load import load, parse


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


def test_points_lie_so_far_apart_and_the_late_ones_a_tenth() -> None:
    assert points(3500, 800) == [0, 800, 1600, 2400, 3200]
    assert points(20, 1) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19]
    assert points(100, 16) == [0, 16, 32, 48, 64, 80, 96]
    assert next_measuring_point(80_000, None, 800) - 80_000 <= 8000


def test_those_of_methods_that_sample_lie_apart_by_their_visits() -> None:
    form = load("@leduc/three-player").form  # 126,996 leaves of three players
    assert spacing(form, 4000) == 800 * 3 * 126_996 // 4000
    assert spacing(load("@kuhn/two-player").form, 4000) == 1
    solvers = [(name, row.load()()) for name, row in SOLVERS.items() if "mccfr" in name]
    assert [name for name, solver in solvers if isinstance(solver, Samples)] == ["mccfr-external", "mccfr-outcome"]
    found = api.solve(load("@leduc/three-player"), "mccfr-outcome", max_iter=1000)
    assert [record.iteration for record in found.records] == [0, 1000]


@pytest.mark.parametrize("every", [None, 7, 100])
def test_one_measuring_point_polishes_for_each_power_of_four_that_was_passed(every: int | None) -> None:
    measured = [n for n in range(5000) if is_measuring_point(n, every)]
    passed = [any(a < 4**k <= b for k in range(7)) for a, b in pairwise(measured)]
    assert [is_polishing_point(n, every) for n in measured] == [False, *passed]


def test_large_profiles_are_polished_then_and_where_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    game = parse("{kind: random-matrix, players: 2, actions: 40, seed: 1}", "large")
    seen = list[int]()
    judged = Appraiser._polished

    def noted(self: Appraiser, measured: Any, state: Any, clocks: Any) -> Any:
        seen.append(int(state.iteration))
        return judged(self, measured, state, clocks)

    monkeypatch.setattr(Appraiser, "_polished", noted)
    api.solve(game, "regret-matching+", max_iter=100)
    assert seen == [1, 4, 17, 70, 100]


@pytest.mark.parametrize("apart", [16, 100, 800])
def test_none_lie_closer_than_is_asked_for(apart: int) -> None:
    found = points(20_000, apart)
    assert all(apart <= b - a <= max(apart, 0.1 * a + 1) for a, b in pairwise(found))


def test_where_points_are_asked_for_they_are_exactly_these() -> None:
    assert [n for n in range(11) if is_measuring_point(n, 3, 800)] == [0, 3, 6, 9]
    found = api.solve(load("@leduc/three-player"), "cfr+", max_iter=7, measure_every=3, threads=1)
    assert [record.iteration for record in found.records] == [0, 3, 6, 7]


def test_a_run_in_a_large_tree_measures_there_and_where_it_ends() -> None:
    found = api.solve(load("@leduc/three-player"), "cfr+", max_iter=100)
    assert [record.iteration for record in found.records] == [0, 100]
