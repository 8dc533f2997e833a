"""Records of a run: all of them up to a number, then evenly spaced ones and the last."""

from __future__ import annotations

from typing import Any

import pytest

from eqsolve.run import records
from eqsolve.run.records import Records


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORDS", 8)


def kept(count: int) -> list[Any]:
    made, points = Records(), [object() for _ in range(count)]
    for point in points:
        made.append(point)  # type: ignore[arg-type]  # any object will do
    return [points.index(point) for point in made.all()]


@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_few_records_are_all_kept(count: int) -> None:
    assert kept(count) == list(range(count))


@pytest.mark.parametrize(
    ("count", "numbers"),
    [
        (9, [0, 2, 4, 6, 8]),
        (10, [0, 2, 4, 6, 8, 9]),
        (17, [0, 4, 8, 12, 16]),
        (100, [*range(0, 97, 16), 99]),
    ],
)
def test_of_many_the_first_the_last_and_evenly_spaced_ones_are(count: int, numbers: list[int]) -> None:
    assert kept(count) == numbers


def test_there_are_never_many_more() -> None:
    assert all(len(kept(count)) <= 9 for count in range(0, 2000, 7))
