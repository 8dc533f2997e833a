"""When a run measures, and which limits it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from time import sleep
from typing import Any

import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.base import Form
from eqsolve.run.options import Limits
from eqsolve.run.schedule import is_measuring_point, next_measuring_point
from run.scripted import Scripted, Toy, exactly, falling, points, solve


class TestMeasuringPoints:
    def test_they_grow_by_a_tenth_and_by_one_at_least(self) -> None:
        point, expected = 0, [0]
        while point < 10_000:
            point = max(point + 1, math.ceil(Fraction(11, 10) * point))
            expected.append(point)
        assert points(10_000) == [n for n in expected if n <= 10_000]
        assert points(20) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19]

    @pytest.mark.parametrize("every", [None, 1, 7])
    def test_the_next_one_is_the_first_beyond(self, every: int | None) -> None:
        for n in range(200):
            following = next_measuring_point(n, every)
            assert following > n
            assert is_measuring_point(following, every)
            assert not any(is_measuring_point(m, every) for m in range(n + 1, following))

    def test_a_run_measures_there_and_where_it_ends(self) -> None:
        assert [r.iteration for r in solve(Scripted(falling), exactly(100)).records] == [*points(100), 100]
        assert [r.iteration for r in solve(Scripted(falling), exactly(104)).records] == points(104)

    def test_multiples_can_be_asked_for(self) -> None:
        result = solve(Scripted(falling), exactly(50), measure_every=20)
        assert [r.iteration for r in result.records] == [0, 20, 40, 50]

    def test_chunks_end_at_measuring_points_whatever_their_length(self) -> None:
        solver = Scripted(falling)
        solve(solver, exactly(60))
        reached, ends = 0, set()
        for steps in solver.calls:
            reached += steps
            ends.add(reached)
        assert set(points(60)) <= ends

    def test_a_slow_method_is_cut_into_chunks_of_a_fraction_of_a_second(self) -> None:
        @dataclass(frozen=True)
        class Slow(Scripted):
            def step(self, game: Form, state: Toy, steps: int) -> Toy:
                sleep(0.004 * steps)
                return super().step(game, state, steps)

        solver = Slow(falling)
        solve(solver, exactly(150), measure_every=1000)
        assert sum(solver.calls) == 150
        assert max(solver.calls) * 0.004 <= 0.1


class TestLimits:
    def test_nothing_given_means_a_relative_tolerance_and_a_minute(self) -> None:
        limits = Limits.of(None, None, None, None)
        assert (limits.tol, limits.rtol, limits.time_limit, limits.implicit_time) == (None, 1e-6, 60.0, True)
        assert limits.tolerance(200.0) == pytest.approx(2e-4)

    def test_an_absolute_tolerance_alone_switches_the_relative_one_off(self) -> None:
        limits = Limits.of(0.01, None, None, None)
        assert limits.tolerance(1e9) == 0.01
        assert limits.time_limit == 60.0

    def test_the_larger_of_two_tolerances_holds(self) -> None:
        assert Limits.of(0.01, 1e-3, None, None).tolerance(100.0) == pytest.approx(0.1)
        assert Limits.of(0.5, 1e-3, None, None).tolerance(100.0) == 0.5

    @pytest.mark.parametrize("seconds", [None, 5.0])
    def test_a_number_of_iterations_alone_switches_the_default_tolerance_off(self, seconds: float | None) -> None:
        limits = Limits.of(None, None, 5, seconds)
        assert limits.tolerance(10.0) is None
        assert (limits.max_iter, limits.time_limit, limits.implicit_time) == (5, seconds, False)

    def test_a_time_limit_alone_leaves_the_default_tolerance_on(self) -> None:
        limits = Limits.of(None, None, None, 5.0)
        assert limits.tolerance(10.0) == pytest.approx(1e-5)
        assert (limits.max_iter, limits.time_limit, limits.implicit_time) == (None, 5.0, False)

    def test_a_tolerance_of_0_is_one(self) -> None:
        assert Limits.of(0.0, None, 5, None).tolerance(10.0) == 0.0

    @pytest.mark.parametrize("bad", [-1, -1e-9, math.nan, math.inf])
    @pytest.mark.parametrize("place", range(4))
    def test_negative_and_infinite_ones_are_refused(self, bad: float, place: int) -> None:
        given: list[Any] = [None] * 4
        given[place] = bad
        with pytest.raises(UsageError, match="at least 0"):
            Limits.of(*given)
