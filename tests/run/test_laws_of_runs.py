"""Laws of runs that every algorithm obeys: continued, stopped, converging, judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eqsolve import api
from eqsolve.analysis.structure import structure
from eqsolve.forms.joint import check_joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.correlated import joint_deviations
from eqsolve.metrics.judge import deviations
from eqsolve.run.hooks import Hooks
from eqsolve.run.result import Judged, Record, Result, Status
from eqsolve.run.schedule import is_measuring_point
from eqsolve.solvers.protocol import Correlates
from eqsolve.solvers.registry import PROMISES, GameClass
from eqsolve.store.checkpoint import read_checkpoint
from reference.cases import Case, content, every_case, joint_of
from reference.forms import as_mixed


class Kept(Hooks):
    """Hears records and, at iteration `stop_at` or later, asks the run to stop."""

    def __init__(self, stop_at: float = float("inf")) -> None:
        self.records: list[Record] = []
        self.stop_at = stop_at
        self.iteration = 0

    def record(self, measured: Judged) -> None:
        self.records.append(measured.record)
        self.iteration = measured.record.iteration

    def signal(self) -> str | None:
        return "stop" if self.iteration >= self.stop_at else None


def timeless(records: Sequence[Record]) -> list[Any]:
    """Records down to their bytes, but for the clocks."""
    return [
        content((r.iteration, r.answer, r.polished, r.gap, r.figures, *sorted(r.measured.items()))) for r in records
    ]


def answer_of(judged: Judged) -> Any:
    """The profile or the joint distribution, down to its bytes."""
    return content(judged.answer)


def assert_same_outcome(one: Result, other: Result) -> None:
    assert one.status == other.status
    assert one.iterations == other.iterations
    assert one.complete == other.complete
    assert (one.judged is None) == (other.judged is None)
    if one.judged and other.judged:
        assert answer_of(one.judged) == answer_of(other.judged)
        assert timeless([one.judged.record]) == timeless([other.judged.record])
    if one.last and other.last:
        assert timeless([one.last]) == timeless([other.last])
    assert [content(m.answer) for m in one.equilibria or ()] == [content(m.answer) for m in other.equilibria or ()]


@every_case
@pytest.mark.parametrize("limits", [{"max_iter": 100}, {"max_iter": 100, "rtol": 1e-3}], ids=["exactly", "tolerance"])
def test_sixty_iterations_continued_for_forty_are_a_hundred(
    case: Case, limits: dict[str, float], tmp_path: Path
) -> None:
    def solve(*, hooks: Hooks, checkpoint: Path | None = None, resume: bool = False, **changed: float) -> Result:
        wanted: dict[str, Any] = {**limits, **changed}
        return api.solve(case.game, case.row.name, seed=7, hooks=hooks, checkpoint=checkpoint, resume=resume, **wanted)

    file = tmp_path / "checkpoint.npz"
    undisturbed, first, second = Kept(), Kept(), Kept()
    whole = solve(hooks=undisturbed)
    solve(hooks=first, checkpoint=file, max_iter=60)
    kept = read_checkpoint(file).records
    continued = solve(hooks=second, checkpoint=file, resume=True)
    assert_same_outcome(continued, whole)
    assert timeless([*first.records[:kept], *second.records]) == timeless(undisturbed.records)
    assert all(is_measuring_point(r.iteration) for r in first.records[:kept])


@every_case
def test_a_run_stopped_three_times_is_an_undisturbed_one(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.npz"
    for stop_at in (0, 5, 41):
        api.solve(case.game, case.row.name, max_iter=50, hooks=Kept(stop_at), checkpoint=file, resume=True)
    continued = api.solve(case.game, case.row.name, max_iter=50, checkpoint=file, resume=True)
    assert_same_outcome(continued, api.solve(case.game, case.row.name, max_iter=50))


@every_case
def test_the_gap_falls_where_the_row_says_that_it_does(case: Case) -> None:
    """At no stated rate: to a hundredth of the payoff range in 3,000 iterations, 100,000 where little is looked at."""
    found = structure(case.form)
    for answer, games in case.row.converges:
        if not PROMISES[GameClass(games)].structure <= found:
            continue
        iterations = 100_000 if games == GameClass.ZERO_SUM_IN_PROBABILITY else 3000
        for seed in range(3):
            state = case.after(iterations, seed)
            if isinstance(case.solver, Correlates):
                gap = joint_deviations(*joint_of(case, state)).gap(case.solver.concept).value
            else:
                gap = deviations(case.form, case.solver.answers(case.form, state)[answer]).nash_gap
            assert gap <= 0.01 * as_mixed(case.form).payoff_range


@every_case
def test_results_state_the_regret_of_their_own_answer(case: Case) -> None:
    result = api.solve(case.game, case.row.name, max_iter=30)
    for measured in (result.answer, *(result.equilibria or ())):
        if measured is None:
            continue
        judged = api.deviations(case.game, measured.answer)
        assert content(judged.regrets) == content(measured.record.measured["regrets"])
        assert judged.nash_gap == measured.record.nash_gap
    if result.joint is not None:
        assert isinstance(case.form, NormalForm)
        figures = joint_deviations(case.form, result.joint.answer)
        assert content(figures.ce_regrets) == content(result.joint.record.measured["ce_regrets"])
        assert figures.gap(case.row.concept) == result.joint.record.gap
    if result.status is Status.CONVERGED:
        assert result.judged is not None


@every_case
def test_a_joint_distribution_is_answered_by_methods_of_correlated_equilibria_alone(case: Case) -> None:
    """And it is one, as it stands; no profile is offered beside it, and the result has none."""
    correlates = case.row.concept.is_joint
    assert isinstance(case.solver, Correlates) == correlates
    result = api.solve(case.game, case.row.name, max_iter=2)
    assert result.algorithm.concept == case.row.concept
    if not correlates:
        assert result.joint is None
        return
    assert case.solver.concept == case.row.concept
    assert case.solver.joint(case.form, case.solver.init(case.form, 0)) is None
    form, joint = joint_of(case, case.after(1))
    assert check_joint(form, joint.actions, joint.probabilities).notes == ()
    assert joint.probabilities.min() > 0
    assert case.solver.answers(form, case.after(1)) == {}
    assert (result.answer, result.last) == (None, None)
