"""The one loop: its records, its clocks, what it tells; and that there is no other."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import pytest

import eqsolve
from eqsolve.forms.base import Form
from eqsolve.kernels import loading
from eqsolve.run.appraisal import Appraiser
from eqsolve.run.iterating import iterates
from eqsolve.run.options import Limits
from eqsolve.run.result import Checkpoint, Status
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus
from eqsolve.spec.load import parse
from reference.forms import as_mixed
from run.scripted import CHOICE, Listening, Scripted, Toy, exactly, falling, solve, tensor_game


@dataclass(frozen=True)
class Loading(Scripted):
    """Loads something in its first step that takes a quarter of a second."""

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        if steps and state.iteration == 0:
            with loading:
                sleep(0.25)
        return super().step(game, state, steps)


class TestRecords:
    def test_of_very_many_points_a_result_keeps_some_and_a_listener_hears_of_all(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("eqsolve.run.records.MAX_RECORDS", 8)
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
        assert as_mixed(game.form).payoff_range == 2.0
        seconds = game.reading_seconds
        assert seconds > 0
        first = eqsolve.solve(game, "inpg", max_iter=3, checkpoint=file)
        again = eqsolve.solve(game, "inpg", max_iter=6, checkpoint=file, resume=True)
        assert first.clocks.read == pytest.approx(game.reading_seconds, rel=1e-9)
        assert again.clocks.read == pytest.approx(2 * game.reading_seconds, rel=1e-9)


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

    def test_what_completes_the_answer_once_is_no_measuring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def slow(self: Appraiser, answer: Any, last: Any) -> Any:
            sleep(0.2)
            return answer, last, ()

        monkeypatch.setattr(Appraiser, "completed", slow)
        clocks = solve(Scripted(falling), exactly(60)).clocks
        assert clocks.finish >= 0.2 > clocks.check


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


def callers(package: Path) -> set[str]:
    """Modules, in subfolders too, that call a method `step`."""
    return {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "step"
    }


def test_no_other_module_calls_a_solvers_step() -> None:
    """`iterating` does it for the only loop, `info` times one; a step of `bimatrix` is one of another method."""
    assert callers(Path(eqsolve.__file__).parent) == {"info.py", "run/iterating.py", "solvers/bimatrix/bimatrix.py"}


def test_a_step_called_in_a_subfolder_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "solvers" / "cfr").mkdir(parents=True)
    (tmp_path / "solvers" / "cfr" / "_deep.py").write_text("def f(solver, state):\n    return solver.step(state)\n")
    assert callers(tmp_path) == {"solvers/cfr/_deep.py"}
