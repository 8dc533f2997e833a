"""States as tables, and what is refused on the way back."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from eqsolve.errors import StoreError
from eqsolve.solvers.state import flattened, restored


class Inner(NamedTuple):
    """A part of a state."""

    sums: np.ndarray
    plays: int


class Outer(NamedTuple):
    """A state with a list that grows."""

    iteration: int
    weights: np.ndarray
    found: np.ndarray
    done: bool
    scale: float
    inner: Inner


def state(iteration: int = 0, found: tuple[int, ...] = ()) -> Outer:
    return Outer(
        iteration, np.arange(3.0), np.array(found, dtype=np.int64), False, 0.5, Inner(np.ones((2, 2)), iteration)
    )


def test_nested_fields_are_named_by_their_path() -> None:
    assert list(flattened(state())) == ["iteration", "weights", "found", "done", "scale", "inner.sums", "inner.plays"]


def test_a_state_comes_back_equal_and_writable() -> None:
    fields = flattened(state(7, (4, 9)))
    for value in fields.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    back = restored(state(), fields)
    assert isinstance(back, Outer)
    assert (back.iteration, back.done, back.scale, back.inner.plays) == (7, False, 0.5, 7)
    assert back.found.tolist() == [4, 9]
    assert back.weights.flags.writeable
    assert back.weights is not fields["weights"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iteration", None),
        ("iteration", 3.0),
        ("iteration", True),
        ("iteration", np.array(3)),
        ("done", 1),
        ("scale", 1),
        ("weights", None),
        ("weights", 3.0),
        ("weights", np.arange(4.0)),
        ("weights", np.arange(3)),
        ("weights", np.ones((3, 1))),
        ("found", np.array([1.5])),
        ("found", np.ones((1, 1), dtype=np.int64)),
        ("inner.sums", np.ones(4)),
        ("inner.plays", "2"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(StoreError, match=f"'{name}'"):
        restored(state(), {**flattened(state()), name: value})


def test_what_is_missing_is_refused_by_name() -> None:
    fields = flattened(state())
    del fields["inner.sums"]
    with pytest.raises(StoreError, match=r"'inner\.sums'"):
        restored(state(), fields)
