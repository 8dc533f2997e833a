"""The one loop: when it measures, how it ends, what it keeps, what it tells, with solvers whose every gap is known."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.kernels import loading
from eqsolve.run import loop as run
from eqsolve.run.hooks import Hooks, Progress
from eqsolve.run.loop import iterates
from eqsolve.run.options import Limits, RunOptions
from eqsolve.run.result import Algorithm, Checkpoint, Game, Judged, Result, Status
from eqsolve.run.schedule import is_measuring_point, next_measuring_point
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus
from eqsolve.solvers.enumeration.pure import Pure
from eqsolve.solvers.protocol import Enumeration
from eqsolve.spec.load import parse
from reference.specs import spec

#: One player, action 0 pays 10 and action 1 nothing: playing 1 with probability p has a Nash gap of 10 p.
CHOICE = TensorGame(("Solo",), (("good", "bad"),), np.array([[10.0, 0.0]]))


class Toy(NamedTuple):
    """A state."""

    iteration: int


@dataclass(frozen=True)
class Scripted:
    """Answers with a profile of the gap that a script says; notes how it was called."""

    gap: Callable[[int], float]
    offers: Sequence[str] = ("last",)
    calls: list[int] = field(default_factory=list)

    def init(self, game: Form, seed: int, start: Profile | None = None) -> Toy:
        return Toy(0)

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        self.calls.append(steps)
        return Toy(state.iteration + steps)

    def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
        bad = self.gap(state.iteration) / 10
        return {name: (np.array([1 - bad, bad]),) for name in self.offers}


@dataclass(frozen=True)
class Two(Scripted):
    """An average by the script, and a last iterate by another one."""

    last: Callable[[int], float] = lambda n: 0.0

    def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
        found = {"average": self.gap(state.iteration) / 10, "last": self.last(state.iteration) / 10}
        return {name: (np.array([1 - bad, bad]),) for name, bad in found.items()}


@dataclass(frozen=True)
class Loading(Scripted):
    """Loads something in its first step that takes a quarter of a second."""

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        if steps and state.iteration == 0:
            with loading:
                sleep(0.25)
        return super().step(game, state, steps)


@dataclass(frozen=True)
class Ending(Scripted):
    """The same with an end of its own."""

    end: int = 5

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        return Toy(min(state.iteration + steps, self.end))

    def finished(self, state: Toy) -> bool:
        return state.iteration >= self.end


def falling(n: int) -> float:
    """1 / (n + 1)."""
    return 1 / (n + 1)


def game(form: Form = CHOICE) -> Game:
    return Game(form, "matrix", "toy", "0" * 64)


def tensor_game() -> TensorGame:
    form = spec("zero-sum 2x3").form
    assert isinstance(form, TensorGame)
    return form


def solve(solver: Any, limits: Limits, form: Form = CHOICE, **options: Any) -> Result:
    asked = {one.name: options.pop(one.name) for one in fields(RunOptions) if one.name in options}
    return run.solve(game(form), solver, Algorithm("toy", {}, "toy"), RunOptions(limits, **asked), **options)


def exactly(iterations: int) -> Limits:
    return Limits.of(None, None, iterations, None)


def to(tol: float, iterations: int = 1000) -> Limits:
    return Limits.of(tol, None, iterations, None)


def points(last: int) -> list[int]:
    return [n for n in range(last + 1) if is_measuring_point(n)]


class Listening(Hooks):
    """Notes everything it is told, and signals what a script says."""

    def __init__(self, say: Callable[[int], str | None] = lambda n: None) -> None:
        self.say = say
        self.heard: list[str] = []
        self.records: list[int] = []
        self.progressed: list[Progress] = []
        self.at = 0

    def started(self) -> None:
        self.heard.append("started")

    def resumed(self, checkpoint: Checkpoint) -> None:
        self.heard.append("resumed")

    def record(self, measured: Judged) -> None:
        self.heard.append("record")
        self.records.append(measured.record.iteration)

    def progress(self, progress: Progress) -> None:
        self.heard.append("progress")
        self.progressed.append(progress)
        self.at = progress.iteration

    def signal(self) -> str | None:
        return self.say(self.at)


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


class TestRecords:
    def test_of_very_many_points_a_result_keeps_some_and_a_listener_hears_of_all(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("eqsolve.run.records.MOST", 8)
        hooks, saved = Listening(), list[Checkpoint]()
        result = solve(Scripted(falling), exactly(100), measure_every=1, hooks=hooks, save=saved.append)
        assert [r.iteration for r in result.records] == [0, 16, 32, 48, 64, 80, 96, 100]
        assert hooks.records == list(range(101))
        assert saved[-1].records == 101
        assert result.answer is not None
        assert result.answer.record.iteration == 100


class TestClocks:
    def test_what_is_loaded_in_a_step_is_no_step(self) -> None:
        clocks = solve(Loading(falling), exactly(20)).clocks
        assert clocks.load >= 0.25
        assert clocks.work < 0.2

    def test_loading_eats_no_time_limit(self) -> None:
        result = solve(Loading(lambda n: 0.0 if n >= 3 else 1.0), Limits.of(None, None, None, 0.2))
        assert (result.status, result.iterations) == (Status.CONVERGED, 3)

    def test_reading_is_booked_and_a_resumed_run_reads_again(self, tmp_path: Path) -> None:
        game, file = parse("{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}", "g"), tmp_path / "c.npz"
        assert game.form.payoff_range == 2.0
        seconds = game.reading_seconds
        assert seconds > 0
        first = eqsolve.solve(game, "inpg", max_iter=3, checkpoint=file)
        again = eqsolve.solve(game, "inpg", max_iter=6, checkpoint=file, resume=True)
        assert first.clocks.read == pytest.approx(game.reading_seconds, rel=1e-9)
        assert again.clocks.read == pytest.approx(2 * game.reading_seconds, rel=1e-9)


class TestAnswers:
    def test_best_is_the_measured_point_with_the_least_gap_the_earliest_of_equals(self) -> None:
        result = solve(Scripted(lambda n: {4: 0.25, 8: 0.25}.get(n, 1.0)), exactly(20))
        assert result.chosen == "best"
        assert result.answer is not None
        assert result.answer.record.iteration == 4
        assert result.answer.record.nash_gap == pytest.approx(0.25)
        assert result.last is not None
        assert result.last.iteration == 20
        assert result.last.nash_gap == pytest.approx(1.0)

    def test_a_point_measured_at_the_end_may_be_the_best(self) -> None:
        result = solve(Scripted(lambda n: 0.5 if n == 12 else 1.0), exactly(12))
        assert result.answer is not None
        assert result.answer.record.iteration == 12

    def test_a_named_answer_is_taken_where_the_run_ends(self) -> None:
        result = solve(Scripted(lambda n: n + 1.0, offers=("average", "last")), exactly(5), answer="last")
        assert result.chosen == "final"
        assert result.answer is not None
        assert (result.answer.record.answer, result.answer.record.iteration) == ("last", 5)

    def test_of_answers_equally_good_the_first_is_taken(self) -> None:
        result = solve(Scripted(falling, offers=("average", "last")), exactly(5))
        assert {r.answer for r in result.records} == {"average"}
        assert result.last is not None
        assert result.last.answer == "last"

    def test_best_looks_at_every_answer_of_a_measured_point(self) -> None:
        result = solve(Two(lambda n: 1.0, last=lambda n: 0.5 if n == 7 else 2.0), exactly(12))
        assert result.answer is not None
        record = result.answer.record
        assert (record.answer, record.iteration) == ("last", 7)
        assert record.nash_gap == pytest.approx(0.5)
        assert [r.answer for r in result.records if r.iteration != 7] == ["average"] * 12
        assert result.records[7] is record

    def test_the_tolerance_is_met_by_whichever_answer_meets_it(self) -> None:
        result = solve(Two(lambda n: 1.0, last=lambda n: 0.0 if n >= 9 else 2.0), to(1e-9))
        assert (result.status, result.iterations) == (Status.CONVERGED, 9)

    def test_an_answer_that_is_no_number_hides_none_that_is(self) -> None:
        result = solve(Two(lambda n: 1.0, last=lambda n: math.nan), exactly(3))
        assert result.status is Status.ITERATION_LIMIT
        assert {r.answer for r in result.records} == {"average"}

    def test_a_named_answer_is_measured_alone(self) -> None:
        result = solve(Two(lambda n: 1.0), exactly(12), answer="average")
        assert {r.answer for r in result.records} == {"average"}

    def test_of_a_large_game_the_last_iterate_is_looked_at_where_the_run_ends(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("eqsolve.run.appraisal.SMALL", 1)
        result = solve(Two(lambda n: 1.0, last=lambda n: 0.0 if n >= 3 else 2.0), to(1e-9, 5))
        assert {r.answer for r in result.records} == {"average"}
        assert result.answer is not None
        assert (result.answer.record.answer, result.answer.record.iteration) == ("last", 5)
        assert (result.status, result.iterations) == (Status.CONVERGED, 5)

    def test_a_pure_equilibrium_of_a_tree_comes_out_exact(self) -> None:
        """Iterated elimination: its average still has what was played in the first iterations."""
        tree = """
        kind: extensive
        players: 2
        root: {player: 0, infoset: A, actions: {
          out: {payoffs: [1, 1]},
          in: {player: 1, infoset: B, actions: {fight: {payoffs: [0, 0]}, share: {payoffs: [2, 2]}}}}}
        """
        game = parse(tree, "entry")
        result = eqsolve.solve(game, "cfr+", tol=1e-12, max_iter=1000)
        assert result.status is Status.CONVERGED
        assert result.answer is not None
        assert result.answer.record.answer == "last"
        assert [policy.tolist() for policy in result.answer.profile] == [[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]

    def test_an_answer_that_is_not_offered_is_refused_with_those_that_are(self) -> None:
        with pytest.raises(UsageError, match="average, last"):
            solve(Scripted(falling, offers=("average", "last")), exactly(5), answer="linear")

    def test_a_method_without_an_answer_yet_is_not_measured(self) -> None:
        result = solve(Ending(falling, offers=(), end=4), to(1.0))
        assert result.status is Status.EXHAUSTED
        assert result.answer is None
        assert result.last is None
        assert result.records == ()

    def test_polish_is_a_candidate_that_must_be_better_and_is_never_used_when_an_answer_is_named(self) -> None:
        form = parse("{kind: matrix, zero_sum: [[2, -1], [-1, 1]]}", "g").form  # its only equilibrium is mixed
        options: dict[str, Any] = {"form": form, "limits": exactly(40)}
        plain = solve(RegretMatchingPlus(), **options)
        polished = solve(RegretMatchingPlus(), **options, polish=True)
        named = solve(RegretMatchingPlus(), **options, polish=True, answer="average")
        assert plain.answer is not None
        assert polished.answer is not None
        assert named.answer is not None
        assert polished.answer.record.polished
        assert polished.answer.record.nash_gap < 1e-12 < plain.answer.record.nash_gap
        assert not any(r.polished for r in (*plain.records, *named.records))
        assert polished.last is not None
        assert not polished.last.polished
        unpolished = [r for r in polished.records if not r.polished]
        assert all(r.iteration == s.iteration for r, s in zip(polished.records, plain.records, strict=True))
        assert len(unpolished) < len(polished.records)

    def test_a_polish_that_makes_it_worse_is_thrown_away(self) -> None:
        """Of the probabilities 0.05 and 0.95 only the larger looks like support, and it is the bad one."""
        result = solve(Scripted(lambda n: 9.5), exactly(3), polish=True)
        assert not any(r.polished for r in result.records)
        assert result.answer is not None
        assert result.answer.record.nash_gap == pytest.approx(9.5)

    def test_the_last_iterate_is_judged_as_it_is_beside_its_own_polish(self) -> None:
        result = solve(Scripted(lambda n: 0.5), exactly(3), polish=True)
        assert result.answer is not None
        assert result.last is not None
        assert (result.answer.record.polished, result.last.polished) == (True, False)
        assert result.answer.record.nash_gap == 0
        assert result.last.nash_gap == pytest.approx(0.5)

    def test_the_last_iterate_is_judged_beside_the_average(self) -> None:
        result = solve(RegretMatchingPlus(), exactly(30), spec("zero-sum 2x3").form)
        assert result.answer is not None
        assert result.last is not None
        assert (result.answer.record.answer, result.last.answer) == ("average", "last")
        assert result.last.iteration == 30


class TestBrokenSolversAreCaught:
    def test_a_false_claim_is_judged_by_its_true_gap(self) -> None:
        """It ends at once with the worst profile, as if it had solved the game."""
        result = solve(Ending(lambda n: 10.0, offers=("equilibrium",), end=1), Limits.of(None, None, None, None))
        assert result.status is Status.EXHAUSTED
        assert result.answer is not None
        assert result.answer.record.nash_gap == pytest.approx(10.0)
        assert result.answer.record.deviations.regrets.tolist() == [10.0]

    @pytest.mark.parametrize("limits", [Limits.of(None, None, None, None), exactly(10)], ids=["default", "none"])
    def test_a_false_equilibrium_is_not_listed(self, limits: Limits) -> None:
        """Listed is what is within the tolerance, or within the default one where there is none."""

        @dataclass(frozen=True)
        class Boasting(Pure):
            def enumeration(self, game: Any, state: Any) -> Enumeration:
                profiles = [(np.eye(2)[0],), (np.eye(2)[1],), (np.array([1 - 1e-9, 1e-9]),)]
                return Enumeration(profiles, "every equilibrium", True, (1, 2, 3), (((0, 1),),))

        result = solve(Boasting(), limits)
        assert result.equilibria is not None
        assert [m.profile[0].tolist() for m in result.equilibria] == [[1, 0], [1 - 1e-9, 1e-9]]
        assert (result.components, result.nash_subsets) == ((1, 3), None)
        assert result.complete == (
            "at least these equilibria: 1 more was found and is not listed, the measured gap being above 1e-05; "
            "with it: every equilibrium"
        )

    @pytest.mark.parametrize("policy", [[0.0, 0.0], [2.0, 0.0], [1.5, -0.5], [1.0], [[1.0, 0.0]]])
    def test_what_is_no_profile_gets_no_figures(self, policy: list[Any]) -> None:
        """All zeros would look like a gap of 0."""

        @dataclass(frozen=True)
        class Careless(Scripted):
            def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
                return {"last": (np.array(policy),)}

        with pytest.raises(RuntimeError, match="answer 'last' of Careless: policy of Solo"):
            solve(Careless(falling), exactly(3))


class TestSeveral:
    def test_all_are_found_whatever_the_tolerance(self) -> None:
        form = spec("coordination 2x3").form
        result = solve(Pure(), Limits.of(None, None, None, None), form)
        assert result.status is Status.EXHAUSTED
        assert result.complete == "every pure equilibrium"
        assert result.equilibria is not None
        assert [[int(p.argmax()) for p in m.profile] for m in result.equilibria] == [[0, 0], [1, 1]]
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


class TestCheckpoints:
    def test_one_is_saved_at_the_end_and_counts_what_a_resumed_run_keeps(self) -> None:
        saved: list[Checkpoint] = []
        solve(Scripted(falling), exactly(60), save=saved.append)
        (last,) = saved
        assert last.state == {"iteration": 60}
        assert last.records == len(points(60))

    def test_a_point_measured_because_the_run_ends_is_not_in_it(self) -> None:
        saved: list[Checkpoint] = []
        result = solve(Scripted(falling), exactly(60), save=saved.append)
        assert result.answer is not None
        assert result.answer.record.iteration == 60
        assert saved[-1].best is not None
        assert saved[-1].best.record.iteration == 57

    def test_they_come_when_due_and_when_asked_for(self) -> None:
        due: list[Checkpoint] = []
        solve(Scripted(falling), exactly(20), save=due.append, checkpoint_every=0.0)
        assert len(due) > 10
        asked: list[Checkpoint] = []
        hooks = Listening(lambda n: "checkpoint" if n in (5, 6) else None)
        result = solve(Scripted(falling), exactly(20), save=asked.append, hooks=hooks)
        assert result.status is Status.ITERATION_LIMIT
        assert [c.state["iteration"] for c in asked][:-1] == [6, 7]

    def test_a_run_goes_on_from_one(self) -> None:
        saved: list[Checkpoint] = []
        first = solve(Scripted(falling), exactly(60), save=saved.append)
        solver, hooks = Scripted(falling), Listening()
        result = solve(solver, exactly(100), resumed=saved[-1], hooks=hooks)
        assert sum(solver.calls) == 40
        assert hooks.heard[:2] == ["resumed", "started"]
        assert hooks.records == [n for n in points(100) if n > 60] + [100]
        assert result.iterations == 100
        assert result.clocks.work > saved[-1].clocks.work > 0
        assert first.clocks.work == saved[-1].clocks.work

    def test_the_best_before_is_still_the_best(self) -> None:
        saved: list[Checkpoint] = []
        solver = Scripted(lambda n: 0.25 if n == 3 else 1.0)
        solve(solver, exactly(20), save=saved.append)
        result = solve(solver, exactly(40), resumed=saved[-1])
        assert result.answer is not None
        assert result.answer.record.iteration == 3

    def test_resuming_a_run_that_is_over_measures_but_records_nothing_again(self) -> None:
        saved: list[Checkpoint] = []
        first = solve(Scripted(falling), to(1 / 20), save=saved.append)
        hooks = Listening()
        again = solve(Scripted(falling), to(1 / 20), resumed=saved[-1], hooks=hooks)
        assert again.status is Status.CONVERGED
        assert hooks.records == []
        assert first.answer is not None
        assert again.answer is not None
        assert again.answer.record.iteration == first.answer.record.iteration == 19

    def test_the_best_of_another_answer_does_not_end_a_resumed_run(self) -> None:
        """The first run looked at the average, which was good; now the last iterate is asked for."""

        @dataclass(frozen=True)
        class Two(Scripted):
            def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
                return {"average": (np.array([1.0, 0.0]),), "last": (np.array([0.5, 0.5]),)}

        saved: list[Checkpoint] = []
        solve(Two(falling), exactly(20), save=saved.append)
        result = solve(Two(falling), to(1.0, 30), resumed=saved[-1], answer="last")
        assert result.status is Status.ITERATION_LIMIT
        assert result.answer is not None
        assert result.answer.record.nash_gap == pytest.approx(5.0)

    def test_what_is_saved_names_the_run(self) -> None:
        saved: list[Checkpoint] = []
        solve(Scripted(falling), exactly(2), save=saved.append, seed=9, start_digest="d")
        checkpoint = saved[-1]
        assert (checkpoint.game_hash, checkpoint.algorithm, checkpoint.options.seed) == ("0" * 64, "toy", 9)
        assert checkpoint.start_digest == "d"


class TestHooks:
    def test_kernels_are_loaded_before_the_loop_starts_and_progress_follows_every_chunk(self) -> None:
        hooks = Listening()
        solve(Scripted(falling), exactly(5), hooks=hooks)
        assert hooks.heard[:3] == ["started", "record", "progress"]
        assert [p.iteration for p in hooks.progressed] == [0, 1, 2, 3, 4, 5]

    def test_progress_tells_the_latest_and_the_least_gap(self) -> None:
        hooks = Listening()
        solve(Scripted(lambda n: 0.5 if n == 2 else 1.0), exactly(4), hooks=hooks)
        last = hooks.progressed[-1]
        assert last.gap == pytest.approx(1.0)
        assert last.best_gap == pytest.approx(0.5)
        assert last.elapsed >= 0
        assert last.limits.max_iter == 4

    def test_every_record_that_is_heard_is_in_the_result(self) -> None:
        hooks = Listening()
        result = solve(Scripted(falling), exactly(60), hooks=hooks)
        assert hooks.records == [r.iteration for r in result.records]

    def test_clocks_tell_steps_from_measuring_and_never_run_backwards(self) -> None:
        result = solve(Scripted(falling), exactly(60))
        for clock in ("work", "check", "load"):
            times = [getattr(r.clocks, clock) for r in result.records]
            assert times == sorted(times)
            assert getattr(result.clocks, clock) >= times[-1] > 0


class TestIterates:
    def test_they_are_the_states_of_a_run(self) -> None:
        form, solver = tensor_game(), RegretMatchingPlus()
        states = iterates(form, solver)
        expected = solver.init(form, 0)
        for n in range(5):
            state = next(states)
            assert state.iteration == n
            assert state.regrets.tolist() == expected.regrets.tolist()
            expected = solver.step(form, expected, 1)

    def test_they_may_begin_at_a_state_and_leap(self) -> None:
        states = iterates(CHOICE, Scripted(falling), state=Toy(10), until=lambda n: 2 * n)
        assert [next(states).iteration for _ in range(4)] == [10, 20, 40, 80]

    def test_a_start_and_a_seed_reach_the_solver(self) -> None:
        form = tensor_game()
        start = form.check([[0.25, 0.75], [0.5, 0.25, 0.25]]).profile
        first = next(iterates(form, RegretMatchingPlus(), start=start))
        assert RegretMatchingPlus().answers(form, first)["average"][0].tolist() == [0.25, 0.75]


def test_no_other_module_calls_a_solvers_step() -> None:
    """`run` is the only loop; `info` times a step; `bimatrix` is made of methods, a step of it one of theirs."""
    package = Path(eqsolve.__file__).parent
    callers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "step"
    }
    assert callers == {"info.py", "run/loop.py", "solvers/bimatrix/bimatrix.py"}
