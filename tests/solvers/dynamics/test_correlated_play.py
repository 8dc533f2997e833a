"""The correlated and coarse-correlated gaps of a run's joint play: of which plays, and where they fall."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.cce import cce_gap, ce_gap
from eqsolve.report.document import result_document
from eqsolve.run.iterating import iterates
from eqsolve.solvers.dynamics import _beliefs as beliefs
from eqsolve.solvers.dynamics.fictitious_play import FictitiousPlay
from eqsolve.solvers.dynamics.omwu import OMWU
from eqsolve.solvers.dynamics.regret_matching import RegretMatching
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus
from eqsolve.solvers.dynamics.replicator import Replicator
from eqsolve.solvers.dynamics.stochastic_fictitious_play import StochasticFictitiousPlay
from eqsolve.spec.load import load, parse
from reference import dynamics
from reference.learning_games import START, drawn

#: Whose play is summed.
LEARNERS: list[Any] = [
    RegretMatching(),
    RegretMatchingPlus(),
    OMWU(),
    Replicator(),
    FictitiousPlay(),
    StochasticFictitiousPlay(),
]


@pytest.mark.parametrize("solver", LEARNERS, ids=repr)
def test_the_correlated_gaps_are_those_of_the_plays(solver: Any) -> None:
    """Plays: the profile that an iteration begins with; of fictitious play the one that it answers with."""
    form, solver = drawn((3, 2, 2)), replace(solver, swaps=True)
    plays = []
    for state in iterates(form, solver, seed=2):
        plays.append(solver.answers(form, state)["last"])
        if state.iteration == 12:
            break
    plays = plays[1:] if "Fictitious" in repr(solver) else plays[:-1]
    payoffs = dynamics.tensor_payoffs(form.payoffs)
    gains = []
    for i in range(3):
        worth = np.sum([payoffs(list(play))[i] for play in plays], axis=0)
        realised = sum(float(play[i] @ payoffs(list(play))[i]) for play in plays)
        gains.append((worth.max() - realised) / len(plays))
    assert cce_gap(form, state.plays) == pytest.approx(max(gains), abs=1e-12)
    swapped = []
    for i in range(3):
        paid = np.sum([np.outer(play[i], payoffs(list(play))[i]) for play in plays], axis=0)
        swapped.append(sum(max(row) - row[a] for a, row in enumerate(paid)) / len(plays))
    assert ce_gap(form, state.plays) == pytest.approx(max(swapped), abs=1e-12)


@pytest.mark.parametrize("solver", LEARNERS, ids=repr)
def test_sums_of_swaps_change_no_play_and_add_up_over_chunks(solver: Any) -> None:
    form, summing = drawn((3, 2, 2)), replace(solver, swaps=True)
    plain = solver.step(form, solver.init(form, 2), 9)
    whole = summing.step(form, summing.init(form, 2), 9)
    cut = summing.step(form, summing.step(form, summing.init(form, 2), 4), 5)
    for one, two, three in zip(plain[1:-1], whole[1:-1], cut[1:-1], strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(two, three)
    assert plain.plays.swaps.size == 0
    np.testing.assert_array_equal(whole.plays.swaps, cut.plays.swaps)
    assert ce_gap(form, plain.plays) is None


@pytest.mark.parametrize("solver", [RegretMatching(swaps=True), OMWU(swaps=True)], ids=lambda s: type(s).__name__)
def test_in_shapleys_game_play_comes_to_the_coarse_correlated_equilibria(solver: Any) -> None:
    """Nobody's play settles there, and yet no fixed action gains on it; a swap gains no less than that."""
    form = load("@shapley/shapley").form
    assert isinstance(form, NormalForm)
    start = form.check([list(row) for row in START]).profile
    gaps = []
    for steps in (200, 20_000):
        state = solver.step(form, solver.init(form, 0, start), steps)
        coarse, fine = cce_gap(form, state.plays), ce_gap(form, state.plays)
        assert coarse is not None
        assert fine is not None
        assert fine >= max(coarse, 0)
        gaps.append(coarse)
    assert gaps[1] < 0.01
    assert gaps[1] < max(gaps[0] / 5, 0.001)


def test_results_and_their_records_have_the_correlated_gap_where_it_is_asked_for() -> None:
    game = load("@matrix/chicken")
    for swaps in (True, False):
        result = api.solve(game, "regret-matching", {"swaps": swaps}, answer="average", max_iter=20)
        assert result.answer is not None
        told = [*result.records[1:], result.answer.record]
        assert all((record.measured["ce_gap"] is not None) == swaps for record in told)
        assert (result_document(result)["ce_gap"] is not None) == swaps


def test_swaps_of_no_joint_play_are_refused() -> None:
    for method in (FictitiousPlay, StochasticFictitiousPlay):
        with pytest.raises(UsageError, match="swaps: with update=alternating there is no joint play"):
            method(update="alternating", swaps=True)
    kuhn = parse("{kind: kuhn}", "g").form
    assert isinstance(kuhn, SequenceForm)
    with pytest.raises(UsageError, match="swaps: they are summed in normal forms"):
        FictitiousPlay(swaps=True).init(kuhn, 0)


def test_answers_in_turn_are_no_simultaneous_play() -> None:
    form, solver = drawn((3, 2)), FictitiousPlay(update="alternating")
    state = solver.step(form, solver.init(form, 0), 5)
    assert isinstance(state, beliefs.State)
    assert cce_gap(form, state.plays) is None
