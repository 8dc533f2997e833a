"""Which answer a run takes, and that broken solvers get no figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.run.options import Limits
from eqsolve.run.result import Status
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus
from eqsolve.solvers.enumeration.pure import Pure
from eqsolve.solvers.protocol import Enumeration
from eqsolve.spec.load import parse
from reference.specs import spec
from run.scripted import Ending, Scripted, Toy, Two, exactly, falling, solve, to


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
        monkeypatch.setattr("eqsolve.run.appraisal.SMALL_ANSWER", 1)
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
        assert [policy.tolist() for policy in result.answer.answer] == [[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]

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
        assert result.answer.record.measured["regrets"].tolist() == [10.0]

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
        assert [m.answer[0].tolist() for m in result.equilibria] == [[1, 0], [1 - 1e-9, 1e-9]]
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
