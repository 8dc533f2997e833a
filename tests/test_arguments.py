"""Wrong arguments of a program are errors of eqsolve with one sentence, and numbers of numpy are numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import ProfileError, SpecError, UsageError

A, B = [[3, 1], [0, 2]], [[2, 1], [0, 3]]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("tol", "x", "tol: expected a finite number of at least 0, got 'x'"),
        ("tol", True, "tol: expected a finite number of at least 0, got True"),
        ("rtol", np.array([1.0, 2.0]), "rtol: expected a finite number of at least 0, got array([1., 2.])"),
        ("time_limit", "1h", "time-limit: expected a finite number of at least 0, got '1h'"),
        ("checkpoint_every", "1s", "checkpoint-every: expected a finite number of at least 0, got '1s'"),
        ("checkpoint", 3, "checkpoint: expected a path, got 3"),
        ("max_iter", 2.5, "max-iter: expected a whole number, got 2.5"),
        ("seed", True, "seed: expected a whole number, got True"),
        ("parameters", "lambda=2", "parameters: expected a mapping from names to values, got 'lambda=2'"),
        ("parameters", {3: 1}, "parameters: expected a mapping from names to values, got {3: 1}"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named(name: str, value: Any, expected: str) -> None:
    with pytest.raises(UsageError) as error:
        eqsolve.solve(eqsolve.matrix(A, B), "qre", **{name: value})
    assert error.value.message == expected


@pytest.mark.parametrize("name", ["seed", "every"])
def test_an_argument_of_iterates_is_named_too(name: str) -> None:
    wrong: dict[str, Any] = {name: "x"}
    with pytest.raises(UsageError, match=f"{name}: expected a whole number, got 'x'"):
        next(eqsolve.iterates(eqsolve.matrix(A, B), "replicator", **wrong))


def test_numbers_of_numpy_are_numbers() -> None:
    game = eqsolve.matrix(A, B)
    plain = eqsolve.solve(game, "replicator", max_iter=3, seed=2, tol=0.0)
    numbers: dict[str, Any] = {"max_iter": np.int64(3), "seed": np.uint8(2), "tol": np.float32(0)}
    found = eqsolve.solve(game, "replicator", **numbers)
    assert found.iterations == 3
    assert found.to_dict() == plain.to_dict()


def test_a_text_names_the_checkpoint(tmp_path: Path) -> None:
    game, file = eqsolve.matrix(A, B), str(tmp_path / "a.ckpt")
    eqsolve.solve(game, "replicator", max_iter=3, checkpoint=file)
    assert eqsolve.solve(game, "replicator", max_iter=5, checkpoint=file, resume=True).iterations == 5


def test_a_policy_file_needs_a_path() -> None:
    with pytest.raises(UsageError, match="path: expected a path, got None"):
        eqsolve.solve(eqsolve.matrix(A, B)).save(None)  # type: ignore[arg-type]


def test_a_result_is_a_profile() -> None:
    game = eqsolve.matrix(A, B)
    found = eqsolve.solve(game)
    assert eqsolve.deviations(game, found).regrets.tolist() == found.to_dict()["regrets"]
    start = eqsolve.solve(game, "replicator", start=found, max_iter=0).profile
    assert start is not None
    assert found.profile is not None
    for mine, theirs in zip(start, found.profile, strict=True):
        assert mine.tolist() == theirs.tolist()


def test_an_array_without_dimensions_is_no_profile() -> None:
    with pytest.raises(ProfileError, match="a profile was expected"):
        eqsolve.deviations(eqsolve.matrix(A, B), np.array(3.0))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (10**400, "expected a number up to ±1e+100, got one of more than 10^399 in size"),
        (-(10**400), "expected a number up to ±1e+100, got one of more than 10^399 in size"),
        (Decimal("1e999999999"), "expected a number from 1e-400 to 1e+100 in size, got 1e+999999999"),
        (Decimal("1e-999999999"), "expected a number from 1e-400 to 1e+100 in size, got 1e-999999999"),
        (Decimal("sNaN"), "expected a finite number, got .nan"),
    ],
    ids=["large", "large and negative", "a large decimal", "a small decimal", "no number"],
)
def test_numbers_beyond_floats_are_refused_by_name(number: Any, expected: str) -> None:
    with pytest.raises(SpecError) as error:
        eqsolve.matrix([[number, 1], [0, 2]], B)
    assert f"A[0][0]: {expected}" in str(error.value)
