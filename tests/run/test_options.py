"""What a run is asked to do: checked in one place, for programs and for the command line."""

from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import CheckpointError, StoreError, UsageError
from eqsolve.run.options import Limits, RunOptions
from eqsolve.store import read_checkpoint

GAME = eqsolve.matrix([[3, 1], [0, 2]], [[2, 1], [0, 3]])


def test_what_nobody_asks_for_has_defaults() -> None:
    made = RunOptions.of()
    assert made == RunOptions(Limits(None, 1e-6, None, 60.0, True))
    assert (made.answer, made.seed, made.measure_every, made.checkpoint_every) == ("best", 0, None, 60.0)
    with pytest.raises(FrozenInstanceError):
        made.seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("seed", -1, "seed: expected a whole number from 0 to 2^64 − 1, got -1"),
        ("seed", 2**64, f"seed: expected a whole number from 0 to 2^64 − 1, got {2**64}"),
        ("measure_every", 0, "measure-every: expected a whole number of at least 1, got 0"),
        ("measure_every", 1.5, "measure-every: expected a whole number, got 1.5"),
        ("threads", 0, "threads: expected a whole number of at least 1, got 0"),
        ("checkpoint_every", -1, "checkpoint-every: expected a finite number of at least 0, got -1"),
        ("max_iter", -1, "max-iter: expected a finite number of at least 0, got -1"),
        ("tol", float("nan"), "tol: expected a finite number of at least 0, got nan"),
    ],
)
def test_a_program_and_its_record_of_options_refuse_the_same(name: str, value: Any, expected: str) -> None:
    with pytest.raises(UsageError) as error:
        RunOptions.of(**{name: value})
    assert error.value.message == expected
    with pytest.raises(UsageError) as error:
        eqsolve.solve(GAME, "replicator", **{name: value})
    assert error.value.message == expected


def test_numbers_are_pythons_own_and_whole_ones_beyond_the_floats_count_as_the_largest() -> None:
    made = RunOptions.of(tol=np.float32(0.5), max_iter=np.int64(7), seed=np.uint8(3), time_limit=10**400)
    assert [type(x) for x in (made.limits.tol, made.limits.max_iter, made.seed)] == [float, int, int]
    assert made.limits.time_limit == sys.float_info.max


def test_a_checkpoint_holds_them_and_the_polish_that_the_method_ended_up_with(tmp_path: Path) -> None:
    file = tmp_path / "c"
    eqsolve.solve(
        GAME, "regret-matching+", max_iter=4, tol=1e-9, seed=5, answer="last", measure_every=2, checkpoint=file
    )
    expected = RunOptions.of(max_iter=4, tol=1e-9, seed=5, answer="last", measure_every=2, polish=True)
    assert read_checkpoint(file).options == expected


def test_a_run_may_be_continued_with_other_limits_and_with_no_other_seed(tmp_path: Path) -> None:
    file = tmp_path / "c"
    eqsolve.solve(GAME, "replicator", max_iter=3, seed=5, checkpoint=file)
    assert eqsolve.solve(GAME, "replicator", max_iter=6, seed=5, checkpoint=file, resume=True).iterations == 6
    with pytest.raises(CheckpointError, match="its seed is 5, this run's is 4"):
        eqsolve.solve(GAME, "replicator", max_iter=9, seed=4, checkpoint=file, resume=True)


def test_a_checkpoint_of_an_older_format_is_refused_by_its_format(tmp_path: Path) -> None:
    file = tmp_path / "c"
    eqsolve.solve(GAME, "replicator", max_iter=3, checkpoint=file)
    with np.load(file) as archive:
        entries = dict(archive)
    entries["meta"] = np.array(str(entries["meta"]).replace("checkpoint/4", "checkpoint/2"))
    with file.open("wb") as stream:
        np.savez(stream, **entries)
    with pytest.raises(StoreError, match=r"format 'eqsolve\.checkpoint/2'; this version of eqsolve reads"):
        read_checkpoint(file)
