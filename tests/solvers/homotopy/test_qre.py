"""The path of quantal responses: every point against the definition, closed forms, known limits."""

from __future__ import annotations

import json
from itertools import pairwise
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from jsonschema.validators import validator_for

from eqsolve import api, cli
from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.report.document import record_document, result_document
from eqsolve.report.plain import text
from eqsolve.report.schema import result_schema
from eqsolve.solvers.homotopy.qre import MOST_ACTIONS, QRE, State
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import load, parse
from eqsolve.store.checkpoint import read_checkpoint
from eqsolve.store.policy import write_policy
from reference import draws, dynamics
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, numbered, tensor_game


def drawn(shape: tuple[int, ...], seed: int) -> TensorGame:
    tensor = np.random.default_rng(seed).random((len(shape), *shape))
    return TensorGame(numbered(len(shape)), tuple(map(numbered, shape)), tensor)


def at(form: NormalForm, precision: float) -> Profile:
    solver = QRE(precision=precision)
    state = solver.step(form, solver.init(form, 0), 5000)
    assert solver.finished(state)
    assert solver.figures(form, state)["lambda"] == pytest.approx(precision, rel=1e-9)
    return solver.answers(form, state)["last"]


def assert_quantal(form: TensorGame, profile: Profile, precision: float, within: float = 1e-8) -> None:
    payoffs = dynamics.tensor_payoffs(form.payoffs)(list(profile))
    for own, policy in zip(payoffs, profile, strict=True):
        np.testing.assert_allclose(policy, dynamics.softmax(precision * own), rtol=0, atol=within)


@pytest.mark.parametrize("shape", [(3,), (2, 2), (4, 3), (2, 3, 2), (2, 2, 2, 2)])
@pytest.mark.parametrize("precision", [0.1, 1.0, 10.0, 80.0])
def test_at_a_precision_everybody_answers_by_logit(shape: tuple[int, ...], precision: float) -> None:
    for seed in range(3):
        form = drawn(shape, seed)
        assert_quantal(form, at(form, precision), precision)


@pytest.mark.parametrize("seed", range(5))
def test_every_point_of_the_path_is_a_quantal_response_and_no_arc_leaps(seed: int) -> None:
    form, solver = drawn((3, 3, 3), seed), QRE()
    state = solver.init(form, 0)
    states: list[State] = [state]
    while not solver.finished(state):
        state = solver.step(form, state, 1)
        states.append(state)
        precision = solver.figures(form, state)["lambda"]
        profile = solver.answers(form, state)["last"]
        assert_quantal(form, profile, precision, within=1e-8 * (1 + precision))
        if precision > 0:
            most = max(map(len, form.actions))
            assert deviations(form, profile).nash_gap <= log(most) / precision * (1 + 1e-6)
    for one, next_one in pairwise(states):
        length = float(np.linalg.norm(next_one.point - one.point))
        assert length <= 2.1 * one.arc
    assert deviations(form, profile).nash_gap < 1e-7


def test_matching_pennies_has_a_path_in_closed_form() -> None:
    """Row's p solves log(p / (1 − p)) = λ · gains against q, and so for q: here one equation by bisection."""
    form = parse("{kind: matrix, zero_sum: [[9, -1], [-1, 1]]}", "g").form
    assert isinstance(form, TensorGame)
    precision = 0.7

    def answer(gain: float) -> float:
        return 1 / (1 + exp(-precision * gain))

    def off(p: float) -> float:
        q = answer(-((9 + 1) * p - (1 + 1) * (1 - p)))
        return answer((9 + 1) * q - (1 + 1) * (1 - q)) - p

    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if off(middle) > 0 else (low, middle)
    assert at(form, precision)[0][0] == pytest.approx(low, abs=1e-9)


def test_a_path_may_turn_back_and_its_end_is_an_equilibrium_with_the_polish() -> None:
    turning = 0
    for seed in range(40):
        form, solver = drawn((2, 2, 2), seed), QRE()
        state = solver.init(form, 0)
        precisions = []
        while not solver.finished(state):
            state = solver.step(form, state, 1)
            precisions.append(solver.figures(form, state)["lambda"])
        turning += any(b < a for a, b in pairwise(precisions))
        assert deviations(form, solver.answers(form, state)["last"]).nash_gap < 1e-7
    assert turning > 0


@on_random_games(60)
def test_ties_and_single_actions_end_the_path_too(whole: Whole) -> None:
    form, solver = tensor_game(draws.normal(whole)), QRE()
    state = solver.step(form, solver.init(form, 0), 10_000)
    assert solver.finished(state)
    found = solver.figures(form, state)["lambda"]
    gap = deviations(form, solver.answers(form, state)["last"]).nash_gap
    assert gap <= 1.001 * log(max(2, *map(len, form.actions))) / found


def test_congestion_games_are_solved_by_their_table() -> None:
    form = congestion_game(draws.congestion(draws.seeded("qre", 1)))
    assert isinstance(form, CongestionGame)
    one, other = at(form, 0.5), at(form.tensor(), 0.5)
    for policy, expected in zip(one, other, strict=True):
        np.testing.assert_allclose(policy, expected, rtol=0, atol=1e-9)


def test_records_tell_the_precision_and_polish_makes_the_equilibrium_exact() -> None:
    result = api.solve(load("@matrix/three-player-matching-pennies"), "logit", tol=1e-12)
    assert result.status == "converged"
    precisions = [record.figures["lambda"] for record in result.records]
    assert precisions[0] == 0.0
    assert precisions == sorted(precisions)
    assert all(list(record.figures) == ["lambda"] for record in result.records)


def test_traces_results_and_checkpoints_tell_the_precision(tmp_path: Path) -> None:
    spec, file = load("@matrix/chicken"), tmp_path / "checkpoint.npz"
    result = api.solve(spec, "qre", {"lambda": 0.5}, max_iter=50, answer="last", checkpoint=file)
    assert result.answer is not None
    document = result_document(result)
    assert document["figures"] == {"lambda": pytest.approx(0.5)}
    assert validator_for(result_schema())(result_schema()).is_valid(document)
    assert record_document(result.answer, spec.form)["figures"] == document["figures"]
    assert "lambda        0.5 " in text(document)
    best = read_checkpoint(file).best
    assert best is not None
    assert list(best.record.figures) == ["lambda"]
    without = result_document(api.solve(spec, "inpg", max_iter=2))
    assert "figures" not in without


#: Ochs' game (McKelvey and Palfrey 1995, table II), and the first actions' probabilities at λ = 1, 2, 3.
OCHS = "{kind: matrix, players: [Row, Column], payoffs: [[[1.1141, 0], [0, 1.1141]], [[0, 1.1141], [0.2785, 0]]]}"


@pytest.mark.parametrize(
    ("precision", "row", "column"), [(1.0, 0.586784, 0.451807), (2.0, 0.617522, 0.371982), (3.0, 0.616897, 0.314016)]
)
def test_a_quantal_response_that_was_asked_for_is_the_answer(precision: float, row: float, column: float) -> None:
    result = api.solve(parse(OCHS, "ochs"), "qre", {"lambda": precision})
    assert result.answer is not None
    assert result.status == "converged"
    assert result.algorithm.concept == "quantal"
    assert result.tolerance == 1e-6  # of a probability, whatever the payoffs
    assert not any(record.polished for record in result.records)
    assert [float(policy[0]) for policy in result.answer.answer] == pytest.approx([row, column], abs=1e-6)
    record = result.answer.record
    assert record.gap.value < 1e-9
    assert record.nash_gap > 0.05
    assert (record.measured["quantal_gap"], record.measured["quantal_precision"]) == (record.gap.value, precision)


def test_documents_checkpoints_and_policy_files_tell_the_distance_to_the_response(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, file, policy = parse(OCHS, "ochs"), tmp_path / "checkpoint.npz", tmp_path / "policy.npz"
    result = api.solve(spec, "qre", {"lambda": 2.0}, checkpoint=file)
    document = result_document(result)
    assert result.answer is not None
    assert validator_for(result_schema())(result_schema()).is_valid(document)
    assert (document["concept"], document["quantal_precision"]) == ("quantal", 2.0)
    assert document["quantal_gap"] == result.answer.record.gap.value
    assert document["nash_gap"] == result.answer.record.nash_gap
    assert record_document(result.answer, spec.form)["quantal_gap"] == document["quantal_gap"]
    assert "quantal_gap within the tolerance" in text(document)
    best = read_checkpoint(file).best
    assert best is not None
    assert (best.record.concept, best.record.gap) == ("quantal", result.answer.record.gap)
    write_policy(policy, result, spec)
    assert cli.main(["regret", str(policy), "--format", "json", "--fail-above", "1e-6"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert (judged["concept"], judged["quantal_precision"]) == ("quantal", 2.0)
    assert (judged["quantal_gap"], judged["nash_gap"]) == (document["quantal_gap"], document["nash_gap"])
    (tmp_path / "result.json").write_text(json.dumps(result_document(result, profile=True)))
    (tmp_path / "ochs.yaml").write_text(OCHS)
    assert cli.main(["regret", str(tmp_path / "result.json"), "-g", str(tmp_path / "ochs.yaml")]) == 0
    assert "quantal_gap" in capsys.readouterr().out
    without = result_document(api.solve(spec, "qre"))
    assert (without["concept"], without["quantal_gap"], without["quantal_precision"]) == ("nash", None, None)


def test_no_fractions_are_promised_of_a_quantal_response() -> None:
    with pytest.raises(UsageError, match="logit responses are no fractions"):
        api.solve(parse(OCHS, "ochs"), "qre", {"lambda": 2.0}, exact=True)


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_senseless_precisions_are_refused(value: float) -> None:
    with pytest.raises(UsageError, match="lambda: expected a positive number"):
        configure(QRE, {"lambda": value})


def test_a_game_of_too_many_actions_is_refused_before_anything_is_allocated() -> None:
    form = drawn((MOST_ACTIONS, 1), 0)
    with pytest.raises(UsageError, match="at most 4000"):
        QRE().init(form, 0)
