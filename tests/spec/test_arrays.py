"""Arrays written as nested lists: full rectangles of numbers, each mistake at its own place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from eqsolve.spec import arrays
from eqsolve.spec.arrays import ArrayOrFile
from eqsolve.spec.faults import faults_of
from eqsolve.spec.files import Files

ADAPTER: TypeAdapter[Any] = TypeAdapter(ArrayOrFile)


def faults(value: object, files: Files | None = None) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(value, context=files)
    return [(fault.path, fault.message) for fault in faults_of(caught.value)]


def test_nested_lists_become_a_read_only_array() -> None:
    found = ADAPTER.validate_python([[1, "1/3"], [-0.0, 2.5]])
    np.testing.assert_array_equal(found, [[1, 1 / 3], [0, 2.5]])
    assert found.dtype == np.float64
    assert not found.flags.writeable
    assert not np.signbit(found).any()


def test_every_entry_that_is_no_number_is_reported() -> None:
    assert faults([[1, "x", True], [None, [1], {}]]) == [
        ((0, 1), "expected a number, got 'x'"),
        ((0, 2), "expected a number, got true"),
        ((1, 0), "expected a number, got nothing"),
        ((1, 1), "expected a number, got a list"),
        ((1, 2), "expected a number, got a mapping"),
    ]


def test_ragged_and_shallow_rows_are_reported() -> None:
    assert faults([[[1, 2], [3, 4]], [[1], 5], [[1, 2]], 7]) == [
        ((1, 0), "expected 2 numbers as in the first, got 1"),
        ((1, 1), "expected a list of 2 numbers, got 5"),
        ((2,), "expected 2 rows as in the first, got 1"),
        ((3,), "expected a list of 2 rows, got 7"),
    ]


def test_numbers_that_are_not_finite_or_too_large_are_reported() -> None:
    assert faults([[1.0, float("inf")], [float("nan"), -1e300]]) == [
        ((0, 1), "expected a finite number, got .inf"),
        ((1, 0), "expected a finite number, got .nan"),
        ((1, 1), "the number -1e+300 is beyond ±1e+100"),
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "expected numbers, got an empty list"),
        (3, "expected a list of numbers or the name of a .npy file, got 3"),
        (None, "expected a list of numbers or the name of a .npy file, got nothing"),
        ("u.csv", "expected a list of numbers or the name of a .npy file, got 'u.csv'"),
        ({"a": 1}, "expected a list of numbers or the name of a .npy file, got a mapping"),
        ("u.npy", "the array file 'u.npy' is not at hand here"),
    ],
)
def test_what_is_no_array_is_refused(value: object, message: str) -> None:
    assert faults(value) == [((), message)]


def test_an_empty_row_is_refused_where_it_stands() -> None:
    assert faults([[[]]]) == [((0, 0), "expected numbers, got an empty list")]


def test_of_many_mistakes_one_more_is_reported_than_is_shown() -> None:
    assert len(faults([["x"] * 100] * 100)) == 21
    assert len(faults([[float("inf")] * 100] * 100)) == 21


def test_more_dimensions_than_any_game_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MAX_DIMENSIONS", 3)
    assert faults([[[[1]]]]) == [((), "lists nested 4 deep, at most 3 are accepted")]


def test_a_bad_number_in_a_file_is_named_by_its_index(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.array([[1, 2], [np.nan, np.inf]]))
    assert faults("u.npy", Files(tmp_path)) == [((), "u.npy[1, 0]: expected a finite number, got .nan")]


def test_a_file_becomes_a_read_only_array(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.array([[1, 2], [3, 4]]))
    found = ADAPTER.validate_python("u.npy", context=Files(tmp_path))
    np.testing.assert_array_equal(found, [[1, 2], [3, 4]])
    assert not found.flags.writeable
