"""What `solve` returns: short to look at, by labels, as arrays, drawn, saved, as a document."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import UsageError
from eqsolve.store.policy import read_policy, rebuild

PENNIES = [[1, -1], [-1, 1]]


class State(NamedTuple):
    iteration: int
    profile: Any


@dataclass
class Uniform:
    """Stays where it starts; `pace` 0 never moves on, `start` and `answer` stand in for what the methods give."""

    pace: int = 1
    extra: Any = field(default_factory=lambda: [1])

    def __init__(self, pace: int = 1, start: Any = None, answer: Any = None) -> None:
        self.pace, self.extra, self._start, self._answer = pace, [1], start, answer

    def init(self, game: Any, seed: int, start: Any = None) -> Any:
        return self._start or State(0, start or game.uniform())

    def step(self, game: Any, state: State, steps: int) -> State:
        return state._replace(iteration=state.iteration + steps * self.pace)

    def answers(self, game: Any, state: State) -> Any:
        return self._answer or {"last": state.profile}


@pytest.fixture(scope="module")
def entry() -> Any:
    """Of an asymmetric game with the one equilibrium (1/4, 3/4), (1/2, 1/2)."""
    return eqsolve.solve(
        eqsolve.matrix(
            [[3, 1], [2, 2]], [[0, 3], [1, 0]], players=["In", "Out"], actions=[["go", "stay"], ["fight", "yield"]]
        )
    )


def test_the_answer_is_there_by_position_and_by_label(entry: Any) -> None:
    assert entry.gap == entry.answer.record.nash_gap <= 1e-9
    assert [policy.tolist() for policy in entry.profile] == [pytest.approx([0.25, 0.75]), pytest.approx([0.5, 0.5])]
    assert entry.policies["In"] == pytest.approx({"go": 0.25, "stay": 0.75})
    assert entry.policies["Out"]["fight"] == pytest.approx(0.5)


def test_the_judge_takes_the_policies_by_label_and_the_document(entry: Any) -> None:
    for policies in (entry.policies, entry.profile, entry.to_dict()):
        assert eqsolve.deviations(entry.spec, policies).nash_gap <= 1e-9
    pure = eqsolve.deviations(entry.spec, {"In": {"go": 1}, "Out": {"fight": 1}})
    assert pure.regrets.tolist() == [0, 3]
    with pytest.raises(eqsolve.errors.ProfileError, match="no action 'flee'"):
        eqsolve.deviations(entry.spec, {"In": {"flee": 1}})


def test_a_run_starts_at_policies_by_label(entry: Any) -> None:
    again = eqsolve.solve(entry.spec, "inpg", start=entry.policies, max_iter=0)
    assert again.policies["In"] == pytest.approx(entry.policies["In"])


def test_policies_of_states_and_information_sets_have_their_rows() -> None:
    kuhn = eqsolve.solve({"kind": "kuhn"}, "cfr+", max_iter=5)
    first = kuhn.policies[kuhn.game.form.players[0]]
    assert sum(first["J"].values()) == pytest.approx(1)
    assert eqsolve.deviations(kuhn.spec, kuhn.policies).nash_gap == pytest.approx(kuhn.gap)


def test_it_is_short_to_look_at(entry: Any) -> None:
    assert repr(entry).splitlines() == [
        f"<SolveResult of matrix: {entry.status}, Nash gap 0, {entry.algorithm.name}>",
        "  In   go 0.25, stay 0.75",
        "  Out  fight 0.5, yield 0.5",
    ]
    wide = eqsolve.solve(np.eye(30))
    assert len(repr(eqsolve.solve({"kind": "kuhn", "players": 3}, "cfr+", max_iter=1)).splitlines()) == 14
    assert len(repr(wide).splitlines()) == 3


def test_notebooks_show_labels_and_never_run_them() -> None:
    shown = eqsolve.solve(
        eqsolve.matrix([[1, -1], [-1, 1]], actions=[["<script>", "b"], 2], players=["<i>", "Q"], name="<b>x")
    )._repr_html_()
    assert "<script>" not in shown
    assert "<i>" not in shown
    assert "<b>" not in shown
    assert "&lt;script&gt; 0.5" in shown
    assert shown.count("<tr>") == 2


def test_correlated_answers_are_shown_as_what_they_are() -> None:
    result = eqsolve.solve("@matrix/chicken", "ce")
    assert result.joint is not None
    assert result.gap == result.joint.record.gap.value <= 1e-9
    assert (result.profile, result.policies) == (None, {})
    assert "CE gap" in repr(result).splitlines()[0]
    assert "Row: " in repr(result).splitlines()[1]
    assert np.isnan(result.trace["nash_gap"]).all()


def test_a_run_without_an_answer_says_so() -> None:
    result = eqsolve.solve([[1, -1], [-1, 1]], "pure")
    assert (result.gap, result.profile, result.policies) == (None, None, {})
    assert "no answer, pure, 0 listed" in repr(result)
    with pytest.raises(UsageError, match="no answer to write"):
        result.save("nowhere.npz")


def test_the_trace_has_a_row_per_measured_point() -> None:
    result = eqsolve.solve("@matrix/chicken", "best-response", max_iter=3)
    trace = result.trace
    assert trace["iteration"].dtype == np.int64
    assert {len(column) for column in trace.values()} == {len(result.records)}
    assert trace["nash_gap"].tolist() == [record.gap.value for record in result.records]
    assert (np.diff(trace["seconds"]) >= 0).all()


def test_a_figure_is_drawn(entry: Any) -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert eqsolve.solve("@matrix/chicken", "best-response", max_iter=3).plot(axes) is axes
    assert axes.get_ylabel() == "Nash gap, in payoff units"
    assert axes.lines


def test_without_matplotlib_it_is_one_message(entry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.plotting.plot.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"drawing needs matplotlib: pip install 'eqsolve\[plot\]'"):
        entry.plot()


def test_a_saved_answer_holds_its_game(entry: Any, tmp_path: Path) -> None:
    path = tmp_path / "answer.npz"
    assert entry.save(path) is None
    assert rebuild(read_policy(path), beside=tmp_path).hash == entry.spec.hash
    with pytest.raises(UsageError):
        entry.save(path)
    assert entry.save(str(path), force=True) is None
    done = subprocess.run(
        [sys.executable, "-m", "eqsolve", "regret", str(path), "--format", "json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["nash_gap"] <= 1e-9


def test_a_form_is_saved_without_a_spec_and_said_so(tmp_path: Path) -> None:
    result = eqsolve.solve(eqsolve.load("@congestion/braess").form, "best-response")
    said = result.save(tmp_path / "answer.npz")
    assert said is not None
    assert "without the game, which no spec tells" in said


def test_the_document_is_that_of_the_command_line(entry: Any, tmp_path: Path) -> None:
    spec = tmp_path / "matrix.yaml"
    spec.write_text(entry.spec.text)
    command = ["solve", str(spec), "--format", "json", "--profile", "--no-provenance", "-q"]
    done = subprocess.run([sys.executable, "-m", "eqsolve", *command], capture_output=True, check=True)
    assert json.loads(done.stdout) == json.loads(json.dumps(entry.to_dict()))


def test_it_is_a_value(entry: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        entry.status = "converged"
    with pytest.raises(ValueError, match="read-only"):
        entry.profile[0][0] = 1
    assert {entry: 1}[entry] == 1


class TestASolverOfOnesOwn:
    """An object with the three methods, judged like any other; what it lacks is named."""

    def test_it_is_run_and_measured(self) -> None:
        result = eqsolve.solve(PENNIES, algo=Uniform(), max_iter=3)
        assert (result.algorithm.name, result.algorithm.parameters) == ("Uniform", {"pace": 1, "extra": "[1]"})
        assert (result.iterations, result.gap) == (3, 0.0)
        started = eqsolve.solve(PENNIES, algo=Uniform(), start=[[1, 0], [1, 0]], max_iter=3)
        assert (started.iterations, started.gap) == (3, 2.0)
        assert [n for n, _ in zip(eqsolve.iterates(PENNIES, Uniform()), range(3), strict=False)][2][0] == 2

    @pytest.mark.parametrize(
        ("algo", "message"),
        [
            (None, "expected the name of an algorithm or a solver, got NoneType without init(game, seed, start)"),
            (object(), "got object without init(game, seed, start), step(game, state, steps), answers(game, state)"),
            (Uniform, "expected a solver, got the class Uniform"),
            (Uniform(pace=0), "Uniform: step() left the iteration at 0"),
            (Uniform(start=3), "Uniform: init() gave a int, expected a state"),
            (Uniform(answer=(1, 2)), "Uniform: answers() gave a tuple, expected a mapping from names to profiles"),
        ],
    )
    def test_what_it_lacks_is_named(self, algo: Any, message: str) -> None:
        with pytest.raises(UsageError) as refusal:
            eqsolve.solve("@matrix/chicken", algo=algo, max_iter=5)
        assert message in refusal.value.message

    def test_its_parameters_are_its_own(self) -> None:
        with pytest.raises(UsageError, match="those of an object are its own fields"):
            eqsolve.solve(PENNIES, Uniform(), {"pace": 2})
        with pytest.raises(UsageError, match="no answer 'average'; this method offers last"):
            eqsolve.solve(PENNIES, Uniform(), answer="average")
