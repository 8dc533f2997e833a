"""What a run saves, and how it goes on from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from eqsolve.forms.base import Form, Profile
from eqsolve.run.result import Checkpoint, Status
from run.scripted import Listening, Scripted, Toy, exactly, falling, points, solve, to


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
