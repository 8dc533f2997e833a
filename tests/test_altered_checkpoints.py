"""A checkpoint that was altered, its digest made anew, ends its run with one line or with figures that are true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis.structure import structure
from eqsolve.errors import CheckpointError, StoreError
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.metrics.deviations import Deviations, JointDeviations
from eqsolve.metrics.judge import deviations
from eqsolve.run import fit
from eqsolve.run.result import Clocks, Measured, Record
from eqsolve.solvers import SOLVERS
from eqsolve.store import read_checkpoint, write_checkpoint
from reference.draws import FUZZ
from reference.specs import spec

pytestmark = pytest.mark.slow

GAMES = ("general 3x2", "zero-sum 2x3", "three players", "kuhn poker", "distancing")
RUNS = [
    (row.name, game)
    for game in GAMES
    for row in SOLVERS.values()
    if fit.fits(row, spec(game).form, structure(spec(game).form))
]


def altered(state: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """One float of the state, or one of its plain numbers, replaced by a strange one."""
    fields = dict(state)
    floats = [name for name, x in fields.items() if isinstance(x, float) or (_is_floats(x) and x.size > 0)]
    name = floats[rng.integers(len(floats))] if floats else "iteration"
    strange = [np.nan, np.inf, -np.inf, -1.0, 0.0, 1e300, 2.5][rng.integers(7)]
    if name == "iteration":
        fields[name] = -1
    elif isinstance(fields[name], float):
        fields[name] = float(strange)
    else:
        fields[name] = fields[name].copy()
        fields[name].flat[rng.integers(fields[name].size)] = strange
    return fields


def _is_floats(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype == np.float64


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # numpy says what it thinks of NaN; the command line hides it
@pytest.mark.parametrize(("algorithm", "game"), RUNS)
def test_a_run_from_an_altered_state_is_refused_or_measured(algorithm: str, game: str, tmp_path: Path) -> None:
    form, path = spec(game).form, tmp_path / "c"
    api.solve(spec(game), algorithm, max_iter=4, checkpoint=path)
    made = read_checkpoint(path)
    rng = np.random.default_rng(sum(map(ord, algorithm + game)))
    for _ in range(2 * FUZZ):
        write_checkpoint(path, replace(made, state=altered(dict(made.state), rng)))
        try:
            result = api.solve(spec(game), algorithm, max_iter=9, checkpoint=path, resume=True)
        except CheckpointError:
            continue
        if isinstance(result.answer, Measured):
            again = deviations(form, form.check(result.answer.answer).profile)
            assert result.answer.record.nash_gap == again.nash_gap


@pytest.mark.parametrize(
    ("algorithm", "name", "value"),
    [
        ("best-response", "actions", 5),
        ("best-response", "actions", -1),
        ("best-response", "unasked", 3),
        ("support-enumeration", "rows", 8),
        ("support-enumeration", "columns", 3),
        ("support-enumeration", "columns", -1),
        ("vertex-enumeration", "basic", 2**40),
        ("vertex-enumeration", "cobasic", -3),
        ("vertex-enumeration", "progress.height", 10**6),
    ],
)
def test_a_state_that_points_outside_the_game_is_refused(algorithm: str, name: str, value: int, tmp_path: Path) -> None:
    game, path = spec("general 3x2"), tmp_path / "c"
    api.solve(game, algorithm, max_iter=1, checkpoint=path)
    made = read_checkpoint(path)
    state = dict(made.state)
    if isinstance(state[name], np.ndarray):
        state[name].flat[0] = value
    else:
        state[name] = value
    write_checkpoint(path, replace(made, state=state))
    with pytest.raises(CheckpointError, match="points outside the game"):
        api.solve(game, algorithm, max_iter=9, checkpoint=path, resume=True)


def test_an_altered_record_is_not_believed(tmp_path: Path) -> None:
    """The answer's gap is .0625, the record says 0: 'converged' would be said of it."""
    game, path = spec("general 3x2"), tmp_path / "c"
    api.solve(game, "inpg", max_iter=3, checkpoint=path)
    made = read_checkpoint(path)
    assert isinstance(made.best, Measured)
    true = made.best.record
    assert true.nash_gap > 0.01
    zero = Deviations(true.measured["values"], true.measured["values"], np.zeros(2), 0.0)
    record = replace(true, gap=zero.gap, measured=zero.figures)
    write_checkpoint(path, replace(made, best=replace(made.best, record=record)))
    with pytest.raises(CheckpointError, match="says that its answer has the gap 0; it has"):
        api.solve(game, "inpg", tol=1e-6, checkpoint=path, resume=True)


def test_a_figure_that_nobody_measured_is_not_taken_over(tmp_path: Path) -> None:
    game, path = spec("general 3x2"), tmp_path / "c"
    api.solve(game, "inpg", max_iter=3, checkpoint=path)
    made = read_checkpoint(path)
    assert isinstance(made.best, Measured)
    record = replace(made.best.record, measured={**made.best.record.measured, "quantal_gap": 0.0, "welfare": 1e9})
    write_checkpoint(path, replace(made, best=replace(made.best, record=record)))
    result = api.solve(game, "inpg", max_iter=3, checkpoint=path, resume=True)
    assert result.answer is not None
    assert result.answer.record.iteration == made.best.record.iteration
    assert "quantal_gap" not in result.answer.record.measured
    assert result.answer.record.measured["welfare"] < 1e3


def test_an_answer_of_another_kind_is_refused(tmp_path: Path) -> None:
    game, path = spec("general 3x2"), tmp_path / "c"
    api.solve(game, "inpg", max_iter=3, checkpoint=path)
    made = read_checkpoint(path)
    joint = Joint(np.array([[0, 0]], np.int32), np.ones(1))
    figures = JointDeviations(np.zeros(2), np.zeros(2), np.zeros(2))
    record = Record(3, "joint", False, figures.gap(Concept.CE), figures.figures, Clocks())
    write_checkpoint(path, replace(made, best=Measured(joint, record)))
    with pytest.raises(CheckpointError, match="is a joint distribution; this method answers with a profile"):
        api.solve(game, "inpg", max_iter=9, checkpoint=path, resume=True)


def test_arrays_that_are_no_figures_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c"
    api.solve(spec("general 3x2"), "inpg", max_iter=3, checkpoint=path)
    made = read_checkpoint(path)
    assert isinstance(made.best, Measured)
    record = replace(made.best.record, measured={**made.best.record.measured, "cce_gap": np.ones(3)})
    write_checkpoint(path, replace(made, best=replace(made.best, record=record)))
    with pytest.raises(StoreError, match="`cce_gap` is no figure of players"):
        read_checkpoint(path)
