"""A checkpoint comes back exactly as it was, down to types and last digits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import StoreError
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.metrics.correlated import JointDeviations
from eqsolve.metrics.gap import Gap
from eqsolve.run.options import RunOptions
from eqsolve.run.result import Checkpoint, Clocks, Measured, Record, is_joint
from eqsolve.store import read_checkpoint, write_checkpoint
from reference.draws import FUZZ


def checkpoint(state: dict[str, Any], best: bool = True) -> Checkpoint:
    regrets = np.array([0.1, np.inf])
    record = Record(
        iteration=4,
        answer="average",
        polished=True,
        gap=Gap(Concept.NASH, 0.1, np.inf),
        measured={
            "regrets": regrets,
            "max_regret": 0.1 + 0.2,
            "potential": None,
            "cce_gap": float("nan"),
            "ce_gap": 0.7,
        },
        clocks=Clocks(0.1, 0.2, 0.3),
    )
    return Checkpoint(
        state=state,
        best=Measured((np.array([1 / 3, 2 / 3]), np.ones((2, 3)) / 3), record) if best else None,
        records=5,
        clocks=Clocks(1 / 3, 2 / 3, 1e-300),
        game_hash="f" * 64,
        algorithm="inpg",
        parameters={"step": 0.1, "init": "uniform", "eta": None},
        options=RunOptions.of(tol=1, rtol=1e-3, seed=2**63, time_limit=10**400, exact=True),
        start_digest=None,
    )


def shown(record: Record) -> str:
    """A record to the last digit; its figures come in any order."""
    return repr(replace(record, measured=dict(sorted(record.measured.items()))))


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans())


@given(st.dictionaries(st.from_regex(r"[a-z.]{1,9}", fullmatch=True), NUMBERS, max_size=4))
def test_numbers_keep_their_type_and_every_digit(
    tmp_path_factory: pytest.TempPathFactory, state: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("store") / "run.ckpt"
    write_checkpoint(path, checkpoint(state))
    found = read_checkpoint(path).state
    assert {name: (type(x), repr(x)) for name, x in found.items()} == {n: (type(x), repr(x)) for n, x in state.items()}


def test_arrays_keep_type_and_shape_and_can_be_written_to(tmp_path: Path) -> None:
    state: dict[str, Any] = {
        "iteration": 3,
        "found": np.empty(0, dtype=np.int64),
        "plays.sums": np.array([[1.5, -0.0]]),
    }
    write_checkpoint(tmp_path / "c", checkpoint(state))
    found = read_checkpoint(tmp_path / "c").state
    for name in ("found", "plays.sums"):
        assert (found[name].dtype, found[name].tobytes()) == (state[name].dtype, state[name].tobytes())
        found[name][...] = 0


def test_the_best_answer_comes_back_with_its_record(tmp_path: Path) -> None:
    made = checkpoint({"iteration": 1})
    write_checkpoint(tmp_path / "c", made)
    found = read_checkpoint(tmp_path / "c")
    assert isinstance(found.best, Measured)
    assert isinstance(made.best, Measured)
    assert isinstance(found.best.answer, tuple)
    assert isinstance(made.best.answer, tuple)
    for ours, theirs in zip(found.best.answer, made.best.answer, strict=True):
        assert ours.tobytes() == theirs.tobytes()
    assert shown(found.best.record) == shown(made.best.record)
    assert (found.records, found.clocks, found.parameters, found.options) == (
        5,
        made.clocks,
        made.parameters,
        made.options,
    )


def test_so_does_a_joint_distribution(tmp_path: Path) -> None:
    figures = JointDeviations(np.array([1 / 3, 2.0]), np.array([0.1, 0.0]), np.array([0.1, -0.0]))
    record = Record(1, "joint", False, figures.gap(Concept.CCE), figures.figures, Clocks(0.1, 0.2, 0.3))
    best = Measured(Joint(np.array([[0, 2], [1, 1]]), np.array([1 / 3, 2 / 3])), record)
    write_checkpoint(tmp_path / "c", replace(checkpoint({"iteration": 1}), best=best))
    found = read_checkpoint(tmp_path / "c").best
    assert found is not None
    assert is_joint(found)
    assert (found.answer.actions.dtype.name, found.answer.actions.tolist()) == ("int32", [[0, 2], [1, 1]])
    assert found.answer.probabilities.tobytes() == best.answer.probabilities.tobytes()
    assert shown(found.record) == shown(record)


def test_a_run_without_an_answer_yet_has_a_checkpoint_too(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", checkpoint({"iteration": 1}, best=False))
    assert read_checkpoint(tmp_path / "c").best is None


def test_a_file_of_another_kind_or_cut_short_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "c"
    write_checkpoint(path, checkpoint({"iteration": 1}))
    whole = path.read_bytes()
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    np.savez(tmp_path / "policy.npz", meta=np.array('{"format": "eqsolve.policy/1"}'))
    for file in ("other.npz", "policy.npz", "missing"):
        with pytest.raises(StoreError, match=file):
            read_checkpoint(tmp_path / file)
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        with pytest.raises(StoreError):
            read_checkpoint(path)


@pytest.mark.parametrize("joint", [False, True])
def test_whatever_is_altered_is_refused_or_changes_nothing(tmp_path: Path, joint: bool) -> None:
    path = tmp_path / "c"
    made = checkpoint({"iteration": 3, "logits": np.array([0.0, -1.5]), "found": np.array([2, 5]), "done": False})
    if joint:
        figures = JointDeviations(np.array([1.0, 2.0]), np.array([0.1, 0.0]), np.array([0.1, -0.0]))
        record = Record(1, "joint", False, figures.gap(Concept.CE), figures.figures, Clocks())
        best = Measured(Joint(np.array([[0, 1], [1, 1]]), np.array([0.25, 0.75])), record)
        made = replace(made, best=best)
    write_checkpoint(path, made)
    whole, content = path.read_bytes(), repr(read_checkpoint(path))
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(500 * FUZZ):
        data = bytearray(whole)
        for at in rng.integers(len(data), size=rng.integers(1, 4)):
            data[at] = rng.integers(256)
        path.write_bytes(data)
        try:
            assert repr(read_checkpoint(path)) == content  # a date or a byte of padding
        except StoreError:
            refused += 1
    assert refused > 400 * FUZZ


def test_a_figure_that_was_altered_in_the_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c"
    write_checkpoint(path, checkpoint({"iteration": 1}))
    with np.load(path) as archive:
        entries = dict(archive)
    entries["best:regrets"] = np.zeros(2)
    with path.open("wb") as file:
        np.savez(file, **entries)
    with pytest.raises(StoreError, match="altered"):
        read_checkpoint(path)
