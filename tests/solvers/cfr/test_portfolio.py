"""The portfolio: equilibria of general-sum Leduc poker, how members share iterations, and what answers are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import lane_entries
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.cfr import portfolio
from eqsolve.solvers.cfr._indifference import indifferent
from eqsolve.solvers.cfr._members import SCHEDULES, block_end
from eqsolve.solvers.cfr._support_programmes import SupportProgrammes, supports
from eqsolve.solvers.cfr.portfolio import Portfolio, State
from eqsolve.spec.load import parse
from reference.forms import tree_of

POT = "{{kind: leduc, general_sum: {{pot: {}}}}}"
NOISE = "{{kind: leduc, general_sum: {{noise: 2.0, seed: {}}}}}"


def after(form: SequenceForm, steps: int, **parameters: Any) -> State:
    solver = Portfolio(**parameters)
    return solver.advance(form, solver.init(form, 0), steps)


@pytest.mark.parametrize(("pot", "polished"), [(0.35, True), (0.5, True), (0.65, False)])
def test_shared_pots_are_solved_to_rounding(pot: float, polished: bool) -> None:
    """The last one is solved by a block's average before anything is polished."""
    result = api.solve(parse(POT.format(pot), "pot"), "portfolio", tol=1e-11, max_iter=200_000)
    assert result.answer is not None
    assert result.answer.record.nash_gap <= 1e-11
    assert result.answer.record.polished is polished
    assert result.answer.record.answer == "candidate"


def test_one_schedule_goes_round_where_the_portfolio_settles() -> None:
    game = parse(NOISE.format(1000), "noise")
    found = api.solve(game, "portfolio", max_iter=2**16)
    alone = api.solve(game, "pcfr+", {"gamma": 10.0}, max_iter=2**16)
    assert found.answer is not None
    assert alone.answer is not None
    assert found.answer.record.nash_gap < 1e-10 < 1e-5 < alone.answer.record.nash_gap


def test_exact_proves_an_equilibrium_in_fractions() -> None:
    result = api.solve(parse(POT.format("1/2"), "pot"), "portfolio", tol=0, max_iter=50_000, exact=True)
    assert result.exact is not None
    assert result.exact.of == "solution"
    assert not any(result.exact.deviations.regrets)


def test_exact_says_what_is_left_where_the_answer_is_none() -> None:
    result = api.solve(parse(NOISE.format(1000), "noise"), "portfolio", max_iter=600, exact=True)
    assert result.exact is not None
    assert max(result.exact.deviations.regrets) > 0


def test_unpolished_answers_are_averages() -> None:
    form = tree_of(POT.format(0.5))
    solver = Portfolio(polish=False)
    state = after(form, 4_000, polish=False)
    answers = solver.answers(form, state)
    assert state.tried.size == 0
    assert solver.polished_answers(state) == frozenset()
    assert all(map(np.array_equal, answers["candidate"], answers["average"]))


def test_the_least_gap_is_what_the_judge_measures() -> None:
    form = tree_of(NOISE.format(3))
    state = after(form, 5_000, polish=False)
    average = Portfolio().answers(form, state)["average"]
    assert abs(deviations(form, average).nash_gap - state.averages.gap.min()) < 1e-13


def test_members_that_get_nowhere_get_few_iterations() -> None:
    """The first three schedules are kept from learning by an immovable start; the fourth is not."""
    form = tree_of(POT.format(0.5))
    solver = Portfolio(members=4, polish=False)
    state = solver.init(form, 0)
    state.members.regrets[:3, form.arrays.lane] = 1e9 * (form.pack(form.uniform()) > 0)
    state = solver.advance(form, state, 20_000)
    assert state.averages.gap[3] < 0.01 * state.averages.gap[:3].min()
    assert state.members.done[3] > 2 * state.members.done[:3].max()
    assert state.members.done.sum() == state.iteration


def test_supports_are_repaired_by_their_slack() -> None:
    """An average's support has actions that are no best replies: dropping them, the equilibrium is left."""
    form = tree_of(NOISE.format(1))
    programmes = SupportProgrammes(form)
    average = Portfolio().answers(form, after(form, 4096, polish=False))["average"]
    played = supports(form, average, 1e-3)
    once, repaired = (programmes.equilibrium(played, tries) for tries in (1, 3))
    assert once is not None
    assert repaired is not None
    assert deviations(form, repaired).nash_gap < 1e-12 < 1e-5 < deviations(form, once).nash_gap


def test_seeds_name_runs_and_starts_replace_drawn_profiles() -> None:
    form = tree_of("{kind: kuhn, players: 3}")
    solver = Portfolio()
    first, same, other = (solver.init(form, seed).members.policy for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert np.array_equal(first[:8], other[:8])
    assert not np.array_equal(first[8:], other[8:])
    started = solver.init(form, 1, form.uniform()).members.policy
    assert (started == started[0]).all()


def test_the_number_of_members_is_bounded_by_schedules_and_by_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for members in (0, len(SCHEDULES) + 1):
        with pytest.raises(UsageError, match="members: expected 1 to 16"):
            Portfolio(members=members)
    form = tree_of("{kind: kuhn}")
    monkeypatch.setattr(portfolio, "MEMORY", 8 * 8 * 5 * lane_entries(form) + 1)
    assert Portfolio().adapted(form).members == 5
    monkeypatch.setattr(portfolio, "MEMORY", 1)
    assert Portfolio().adapted(form).members == 1


def test_states_whose_counters_disagree_are_none() -> None:
    form, solver = tree_of("{kind: kuhn, players: 3}"), Portfolio()
    state = after(form, 3_000)
    assert solver.is_state(form, state)
    members = state.members
    spoilt = [
        state._replace(turn=16),
        state._replace(turn=-1),
        state._replace(rounds=-1),
        state._replace(source=16),
        state._replace(members=members._replace(ended=members.ended + 1)),
        state._replace(members=members._replace(ended=np.full_like(members.ended, 10**6))),
        state._replace(members=members._replace(done=-members.done - 1)),
        state._replace(members=members._replace(turns=np.full_like(members.turns, 64))),
    ]
    assert not any(solver.is_state(form, one) for one in spoilt)


def test_blocks_grow_by_three_tenths() -> None:
    assert [block_end(k) for k in range(-1, 4)] == [0, 32, 41, 54, 70]


def test_remarks_name_the_member_and_its_average() -> None:
    game = parse(NOISE.format(1000), "noise")
    result = api.solve(game, "portfolio", max_iter=2_000)
    assert result.answer is not None
    member = int(result.answer.record.figures["member"])
    assert 1 <= member <= 16
    assert any(f"by member {member} of 16" in note for note in result.notes)


def drawn(shape: tuple[int, ...], seed: int) -> TensorGame:
    payoffs = np.random.default_rng(seed).random((len(shape), *shape))
    actions = tuple(tuple(f"a{k}" for k in range(size)) for size in shape)
    return TensorGame(tuple(f"P{i}" for i in range(len(shape))), actions, payoffs)


@pytest.mark.parametrize("shape", [(3, 3), (5, 5), (3, 3, 3), (2, 3, 2, 2)])
def test_normal_forms_are_solved(shape: tuple[int, ...]) -> None:
    for seed in range(5):
        game = drawn(shape, seed)
        candidate = Portfolio().answers(game, Portfolio().advance(game, Portfolio().init(game, 0), 4096))["candidate"]
        assert deviations(game, candidate).nash_gap < 1e-9


def test_indifference_is_solved_for_on_supports_of_three_players() -> None:
    form = tree_of("{kind: kuhn, players: 3}")
    average = Portfolio().answers(form, after(form, 2_000, polish=False))["average"]
    before = deviations(form, average).nash_gap
    solved = indifferent(form, average, supports(form, average, 1e-2))
    assert solved is not None
    assert deviations(form, solved).nash_gap < 1e-14 < 1e-7 < before


def test_newtons_errors_are_squared() -> None:
    """An equilibrium that is disturbed by ε comes back to rounding within the steps, however ε is drawn."""
    form = tree_of("{kind: kuhn, players: 3}")
    equilibrium = Portfolio().answers(form, after(form, 50_000))["candidate"]
    played = supports(form, equilibrium, 1e-6)
    noise = np.random.default_rng(2)
    disturbed = tuple(
        t.behaviour(t.plan(policy * (1 + 0.01 * noise.random(policy.size))))
        for t, policy in zip(form.treeplexes, equilibrium, strict=True)
    )
    solved = indifferent(form, disturbed, played)
    assert solved is not None
    assert deviations(form, solved).nash_gap < 1e-13 < 1e-5 < deviations(form, disturbed).nash_gap
