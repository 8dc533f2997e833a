"""Laws that every algorithm of the registry obeys, on the smallest, some degenerate and some asymmetric games."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis.structure import structure
from eqsolve.errors import UsageError
from eqsolve.forms.base import Form
from eqsolve.forms.joint import Joint, check_joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums
from eqsolve.forms.traits import FormName, Structure
from eqsolve.metrics.correlated import joint_deviations
from eqsolve.metrics.judge import deviations
from eqsolve.run import fit
from eqsolve.run.hooks import Hooks
from eqsolve.run.result import JointRecord, Judged, MeasuredJoint, Record, Result, Status
from eqsolve.run.schedule import is_measuring_point
from eqsolve.solvers import SOLVERS, Row, find
from eqsolve.solvers.parameters import hyperparameters
from eqsolve.solvers.protocol import Correlates, Enumerates, Finishes, State, SumsPlay
from eqsolve.solvers.registry import PROMISES, GameClass
from eqsolve.solvers.state import flattened, restored
from eqsolve.spec.load import GameSpec
from eqsolve.store.checkpoint import read_checkpoint
from reference.specs import TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}


@dataclass(frozen=True)
class Case:
    """An algorithm on a game that it accepts."""

    row: Row
    game: GameSpec
    solver: Any

    @property
    def form(self) -> Form:
        return self.game.form

    @property
    def has_an_end(self) -> bool:
        return isinstance(self.solver, Finishes)

    def after(self, steps: int, seed: int = 0) -> State:
        return self.solver.step(self.form, self.solver.init(self.form, seed), steps)


CASES = [
    pytest.param(Case(row, game, row.load()()), id=f"{row.name}-{name}")
    for row in SOLVERS.values()
    for name, game in SPECS.items()
    if fit.fits(row, game.form, structure(game.form))
]
every_case = pytest.mark.parametrize("case", CASES)


def content(value: Any) -> Any:
    """A state or profile down to its bytes."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, tuple):
        return tuple(content(part) for part in value)
    if isinstance(value, Joint):
        return content((value.actions, value.probabilities))
    return (type(value), value)


@every_case
def test_answers_are_profiles_under_the_names_that_the_row_promises(case: Case) -> None:
    for steps in (0, 1, 2, 7, 60):
        state = case.after(steps)
        answers = case.solver.answers(case.form, state)
        assert list(answers) == list(case.row.answers)[: len(answers)]
        for profile in answers.values():
            checked = case.form.check(profile)
            assert checked.notes == ()
            sums = np.add.reduceat(case.form.pack(profile), case.form.row_offsets[:-1])
            np.testing.assert_allclose(sums, 1, rtol=0, atol=1e-12)
            for policy in profile:
                assert policy.min() >= 0
                assert not policy.flags.writeable


@every_case
def test_a_step_leaves_its_input_as_it_was_and_does_the_same_again(case: Case) -> None:
    for before in (case.solver.init(case.form, 3), case.after(5, seed=3)):
        bytes_before, payoffs_before = content(before), content(tuple(case.form.arrays))
        first = content(case.solver.step(case.form, before, 4))
        assert content(before) == bytes_before
        case.solver.answers(case.form, before)
        assert content(before) == bytes_before
        assert content(case.solver.step(case.form, before, 4)) == first
        assert content(tuple(case.form.arrays)) == payoffs_before


@every_case
def test_answers_are_no_views_of_the_state(case: Case) -> None:
    state = case.after(3)
    answers = dict(case.solver.answers(case.form, state))  # made when asked for, they are asked for here
    seen = {name: content(profile) for name, profile in answers.items()}
    for value in flattened(state).values():
        if isinstance(value, np.ndarray):
            value.setflags(write=True)
            value[...] = 0
    assert {name: content(profile) for name, profile in answers.items()} == seen


@every_case
def test_chunks_of_steps_add_up_byte_for_byte(case: Case) -> None:
    state = case.solver.init(case.form, 1)
    assert content(case.solver.step(case.form, state, 0)) == content(state)
    whole = content(case.solver.step(case.form, state, 23))
    for cuts in ((23,), (1, 22), (10, 13), (0, 5, 0, 18), (1,) * 23):
        reached = state
        for steps in cuts:
            reached = case.solver.step(case.form, reached, steps)
        assert content(reached) == whole


@every_case
def test_a_state_is_a_named_tuple_that_counts_iterations_first(case: Case) -> None:
    state = case.after(4)
    assert state._fields[0] == "iteration"
    assert type(state.iteration) is int
    assert case.solver.init(case.form, 0).iteration == 0
    if not case.has_an_end:
        assert state.iteration == 4
    for value in flattened(state).values():
        assert isinstance(value, np.ndarray | int | float | bool)
        assert not isinstance(value, np.generic)


@every_case
def test_a_state_survives_being_flattened(case: Case) -> None:
    state = case.after(6)
    assert content(restored(case.solver.init(case.form, 0), flattened(state))) == content(state)


@every_case
def test_a_seed_names_one_run(case: Case) -> None:
    fresh = Case(case.row, case.game, case.row.load()())
    assert content(fresh.after(9, seed=5)) == content(case.after(9, seed=5))
    assert content(case.solver.init(case.form, 2**64 - 1)) == content(fresh.solver.init(fresh.form, 2**64 - 1))


@every_case
def test_a_start_is_the_answer_of_iteration_0_or_is_refused(case: Case) -> None:
    rows = case.form.row_offsets
    drawn = np.random.default_rng(0).exponential(size=int(rows[-1]))
    sums = np.repeat(np.add.reduceat(drawn, rows[:-1]), np.diff(rows))
    start = case.form.check(case.form.unpack(drawn / sums)).profile
    if case.has_an_end:
        if any(policy.max() < 1 for policy in start):  # methods of pure policies may take a pure one
            with pytest.raises(UsageError, match="takes no --start"):
                case.solver.init(case.form, 0, start)
        return
    state = case.solver.init(case.form, 0, start)
    answer = case.solver.answers(case.form, state)[case.row.answers[0]]
    for policy, given in zip(answer, start, strict=True):
        np.testing.assert_allclose(policy, given, rtol=1e-12, atol=1e-15)
    after = case.solver.step(case.form, state, 3)
    assert after.iteration == 3


@every_case
def test_zeros_of_a_start_stay_iff_the_row_says_so(case: Case) -> None:
    last = np.zeros(int(case.form.row_offsets[-1]))
    last[case.form.row_offsets[1:] - 1] = 1.0
    pure = case.form.unpack(last)
    if case.has_an_end:
        return
    state = case.solver.init(case.form, 0, case.form.check(pure).profile)
    seen = [case.solver.answers(case.form, case.solver.step(case.form, state, steps))["last"] for steps in (1, 5, 20)]
    stay = all(np.array_equal(policy, given) for last in seen for policy, given in zip(last, pure, strict=True))
    if case.row.keeps_zeros:
        assert stay
    elif deviations(case.form, case.form.check(pure).profile).nash_gap > 0:
        assert not stay


@every_case
def test_methods_with_an_end_reach_it_and_stay_there(case: Case) -> None:
    """Where the row says that one converges, or speaks of no convergence; elsewhere some go on for ever."""
    if not case.has_an_end:
        return
    found, games = structure(case.form), [games for _, games in case.row.converges]
    assert not case.solver.finished(case.solver.init(case.form, 0))
    state = case.after(10_000)
    if not case.solver.finished(state):
        assert games
        assert not any(PROMISES[GameClass(name)].structure <= found for name in games)
        assert state.iteration == 10_000
        return
    assert content(case.solver.step(case.form, state, 5)) == content(state)
    if isinstance(case.solver, Enumerates):
        listed = case.solver.enumeration(case.form, state)
        assert listed.complete == (not listed.coverage.startswith("at least"))
        assert listed.components is None or len(listed.components) == len(listed.profiles)


@every_case
def test_methods_whose_state_sums_play_say_so(case: Case) -> None:
    sums = case.solver.plays(case.after(3)) if isinstance(case.solver, SumsPlay) else None
    inside = [part for part in case.after(3) if isinstance(part, PlaySums)]
    assert [content(part) for part in inside] == ([] if sums is None else [content(sums)])


class Kept(Hooks):
    """Hears records and, at iteration `stop_at` or later, asks the run to stop."""

    def __init__(self, stop_at: float = float("inf")) -> None:
        self.records: list[Record | JointRecord] = []
        self.stop_at = stop_at
        self.iteration = 0

    def record(self, measured: Judged) -> None:
        self.records.append(measured.record)
        self.iteration = measured.record.iteration

    def signal(self) -> str | None:
        return "stop" if self.iteration >= self.stop_at else None


def timeless(records: Sequence[Record | JointRecord]) -> list[Any]:
    """Records down to their bytes, but for the clocks."""
    return [
        content(
            (
                *(getattr(r, f.name) for f in fields(r) if f.name not in ("deviations", "clocks")),
                *(getattr(r.deviations, f.name) for f in fields(r.deviations)),
            )
        )
        for r in records
    ]


def answer_of(judged: Judged) -> Any:
    """The profile or the joint distribution, down to its bytes."""
    return content(judged.joint if isinstance(judged, MeasuredJoint) else judged.profile)


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
    assert [content(m.profile) for m in one.equilibria or ()] == [content(m.profile) for m in other.equilibria or ()]


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
                gap = joint_deviations(*joint_of(case, state)).gap(case.solver.concept)
            else:
                gap = deviations(case.form, case.solver.answers(case.form, state)[answer]).nash_gap
            assert gap <= 0.01 * case.form.payoff_range


@every_case
def test_results_state_the_regret_of_their_own_answer(case: Case) -> None:
    result = api.solve(case.game, case.row.name, max_iter=30)
    for measured in (result.answer, *(result.equilibria or ())):
        if measured is None:
            continue
        judged = api.deviations(case.game, measured.profile)
        assert content(judged.regrets) == content(measured.record.deviations.regrets)
        assert judged.nash_gap == measured.record.nash_gap
    if result.joint is not None:
        assert isinstance(case.form, NormalForm)
        figures = joint_deviations(case.form, result.joint.joint)
        assert content(figures.ce_regrets) == content(result.joint.record.deviations.ce_regrets)
        assert figures.gap(case.row.concept) == result.joint.record.gap
    if result.status is Status.CONVERGED:
        assert result.judged is not None


def joint_of(case: Case, state: State) -> tuple[NormalForm, Joint]:
    """The joint distribution that a method of correlated equilibria stands by."""
    assert isinstance(case.form, NormalForm)
    joint = case.solver.joint(case.form, state)
    assert isinstance(joint, Joint)
    return case.form, joint


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


rows = pytest.mark.parametrize("row", SOLVERS.values(), ids=SOLVERS)


@rows
def test_a_row_is_complete(row: Row) -> None:
    assert SOLVERS[row.name] is row
    assert re.fullmatch(r"[a-z0-9+*-]+", row.name)
    assert row.summary
    assert row.summary == row.summary.strip(" .")
    assert re.search(r"\b(1[89]|20)\d\d\b", row.reference), "a reference names a year"
    assert row.forms
    assert set(row.forms) <= set(FormName)
    assert set(row.needs) <= set(Structure)
    assert row.answers
    for answer, games in row.converges:
        assert answer in row.answers
        assert isinstance(games, GameClass)


@rows
def test_names_and_aliases_find_their_row_alone(row: Row) -> None:
    everything = [name for other in SOLVERS.values() for name in (other.name, *other.aliases)]
    for name in (row.name, *row.aliases):
        assert everything.count(name) == 1
        assert find(name) is row


@rows
def test_a_solver_is_a_frozen_record_whose_fields_are_explained(row: Row) -> None:
    solver = row.load()
    assert is_dataclass(solver)
    made: Any = solver()
    assert made == solver()
    with pytest.raises(FrozenInstanceError):
        made.anything = 1
    for parameter in hyperparameters(solver):
        assert parameter.symbol
        assert parameter.help
        assert "\n" not in parameter.help
    assert replace(solver()) == solver()


@rows
def test_a_solvers_file_names_its_source(row: Row) -> None:
    """The first source of the row's reference is in the module's docstring: its author and year, or its arXiv id."""
    module = inspect.getmodule(row.load())
    assert module is not None
    text = module.__doc__ or ""
    years = re.findall(r"\b(?:1[89]|20)\d\d\b", row.reference)
    assert any(year in text for year in years)


@rows
def test_a_solver_has_no_loop_clock_tolerance_or_output_of_its_own(row: Row) -> None:
    module = inspect.getmodule(row.load())
    assert module is not None
    source = inspect.getsource(module)
    for word in ("import time", "perf_counter", "print(", "logging", "metrics", "default_rng(", "np.random.seed"):
        assert word not in source
