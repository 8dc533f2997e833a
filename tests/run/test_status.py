"""How a run ends, and how many equilibria it then lists."""

from __future__ import annotations

import math

import pytest

from eqsolve.run.options import Limits
from eqsolve.run.result import Status
from eqsolve.solvers.enumeration.pure import Pure
from reference.specs import spec
from run.scripted import CHOICE, Ending, Listening, Scripted, exactly, falling, points, solve, to


class TestStatus:
    def test_converged_at_the_first_measured_point_within_the_tolerance(self) -> None:
        result = solve(Scripted(falling), to(1 / 20))
        assert result.status is Status.CONVERGED
        assert result.iterations == 19
        assert result.answer is not None
        assert result.answer.record.nash_gap == pytest.approx(1 / 20)

    def test_a_gap_equal_to_the_tolerance_meets_it(self) -> None:
        assert solve(Scripted(lambda n: 0.5), to(CHOICE.payoff_range / 20, 3)).status is Status.CONVERGED

    def test_a_dip_between_measuring_points_is_not_seen(self) -> None:
        """Iteration 12 is no measuring point."""
        result = solve(Scripted(lambda n: 0.0 if n == 12 else 1.0), to(0.1, 30))
        assert result.status is Status.ITERATION_LIMIT

    def test_a_point_measured_only_because_the_run_ends_there_may_meet_the_tolerance(self) -> None:
        result = solve(Scripted(lambda n: 0.0 if n == 12 else 1.0), to(0.1, 12))
        assert result.status is Status.CONVERGED
        assert result.answer is not None
        assert result.answer.record.iteration == 12

    def test_exhausted_at_the_methods_own_end(self) -> None:
        result = solve(Ending(falling, end=12), to(1e-9))
        assert (result.status, result.iterations) == (Status.EXHAUSTED, 12)
        assert [r.iteration for r in result.records] == [*points(11), 12]

    def test_converged_goes_before_exhausted(self) -> None:
        assert solve(Ending(falling, end=3), to(0.25)).status is Status.CONVERGED

    def test_iteration_limit(self) -> None:
        solver = Scripted(falling)
        result = solve(solver, to(1e-9, 37))
        assert (result.status, result.iterations) == (Status.ITERATION_LIMIT, 37)
        assert sum(solver.calls) == 37

    def test_no_iteration_at_all(self) -> None:
        solver = Scripted(falling)
        result = solve(solver, exactly(0))
        assert (result.status, result.iterations) == (Status.ITERATION_LIMIT, 0)
        assert set(solver.calls) == {0}
        assert result.answer is not None

    def test_time_limit(self) -> None:
        result = solve(Scripted(lambda n: 1.0), Limits.of(None, None, None, 0.05))
        assert result.status is Status.TIME_LIMIT
        assert result.iterations > 0
        assert result.records[-1].iteration == result.iterations

    def test_a_run_with_a_time_limit_alone_ends_where_the_default_tolerance_is_met(self) -> None:
        result = solve(Scripted(lambda n: 0.0 if n >= 7 else 1.0), Limits.of(None, None, None, 60.0))
        assert (result.status, result.iterations) == (Status.CONVERGED, 7)
        assert result.tolerance == pytest.approx(1e-5)

    def test_a_tolerance_of_0_with_a_time_limit_runs_on_at_a_small_gap(self) -> None:
        result = solve(Scripted(lambda n: 1e-9), Limits.of(0.0, None, None, 0.05))
        assert (result.status, result.tolerance) == (Status.TIME_LIMIT, 0.0)

    def test_a_time_limit_of_0_still_answers(self) -> None:
        result = solve(Scripted(falling), Limits.of(None, None, None, 0.0))
        assert (result.status, result.iterations) == (Status.TIME_LIMIT, 0)
        assert result.answer is not None

    def test_interrupted_after_the_chunk_in_which_the_signal_came(self) -> None:
        hooks = Listening(lambda n: "stop" if n >= 30 else None)
        result = solve(Scripted(falling), exactly(1000), hooks=hooks)
        assert result.status is Status.INTERRUPTED
        assert result.iterations < 40
        assert result.records[-1].iteration == result.iterations

    def test_diverged_where_the_iterates_are_no_numbers_any_more(self) -> None:
        result = solve(Scripted(lambda n: falling(n) if n < 7 else math.nan), to(1e-9))
        assert (result.status, result.iterations) == (Status.DIVERGED, 7)
        assert result.last is None
        assert result.answer is not None
        assert result.answer.record.iteration == 6

    def test_diverged_where_only_the_last_point_shows_it(self) -> None:
        result = solve(Scripted(lambda n: math.inf if n == 12 else 1.0), to(1e-9, 12))
        assert result.status is Status.DIVERGED

    def test_diverged_from_the_start(self) -> None:
        result = solve(Scripted(lambda n: math.nan), to(1e-9))
        assert result.status is Status.DIVERGED
        assert result.answer is None
        assert result.records == ()

    def test_without_a_tolerance_a_gap_of_0_ends_nothing(self) -> None:
        result = solve(Scripted(lambda n: 0.0), exactly(20))
        assert result.tolerance is None
        assert (result.status, result.iterations) == (Status.ITERATION_LIMIT, 20)


class TestSeveral:
    def test_all_are_found_whatever_the_tolerance(self) -> None:
        form = spec("coordination 2x3").form
        result = solve(Pure(), Limits.of(None, None, None, None), form)
        assert result.status is Status.EXHAUSTED
        assert result.complete == "every pure equilibrium"
        assert result.equilibria is not None
        assert [[int(p.argmax()) for p in m.answer] for m in result.equilibria] == [[0, 0], [1, 1]]
        assert result.answer is not None
        assert result.answer.record.nash_gap == 0

    def test_where_the_method_stops_collecting_the_list_says_at_least(self) -> None:
        result = solve(Pure(limit=1), Limits.of(None, None, None, None), spec("coordination 2x3").form)
        assert result.status is Status.EXHAUSTED
        assert result.equilibria is not None
        assert len(result.equilibria) == 1
        assert result.complete is not None
        assert "at least" in result.complete

    def test_where_a_limit_ends_the_run_the_list_says_at_least(self) -> None:
        result = solve(Pure(), exactly(3), spec("coordination 2x3").form)
        assert result.status is Status.ITERATION_LIMIT
        assert result.complete is not None
        assert "at least" in result.complete
        assert result.equilibria is not None
        assert len(result.equilibria) == 1

    def test_none_is_an_empty_list_and_no_answer(self) -> None:
        result = solve(Pure(), Limits.of(None, None, None, None), spec("pennies").form)
        assert result.status is Status.EXHAUSTED
        assert result.equilibria == ()
        assert result.answer is None
        assert result.complete == "every pure equilibrium"

    def test_other_methods_list_nothing(self) -> None:
        result = solve(Scripted(falling), exactly(3))
        assert result.equilibria is None
        assert result.complete is None
