"""Laws of steps and states that every algorithm obeys, on the smallest, some degenerate and some asymmetric games."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.analysis.structure import structure
from eqsolve.errors import UsageError
from eqsolve.forms.play import PlaySums
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.protocol import Enumerates, SumsPlay
from eqsolve.solvers.registry import PROMISES, GameClass
from eqsolve.solvers.state import flattened, restored
from reference.cases import Case, content, every_case


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
    if case.has_an_end and case.row.name != "portfolio":  # it ends at an equilibrium, but learns from any start
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
