"""The fixture by which benchmarks write what they measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tables import RESULTS, Value, add_row, circumstances

Record = Callable[..., None]


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Return a function that writes a row to results/, in the file of the benchmark: `test_NAME.py` has `NAME.json`.

    `record(table, row, values, unit="s", first="game")`; `values` by column are medians in the unit (floats), counts
    (ints), words, or None for what was not measured. The module's PACKAGES, {peer: package}, are told with their
    versions.
    """
    if hasattr(request.config, "workerinput"):
        pytest.fail("benchmarks are timed alone, in one process: add -n 0")
    file = RESULTS / f"{Path(str(request.path)).stem.removeprefix('test_')}.json"
    peers: Mapping[str, str] = getattr(request.module, "PACKAGES", {})

    def write(table: str, row: str, values: Mapping[str, Value], *, unit: str = "s", first: str = "game") -> None:
        add_row(file, {"benchmark": f"tests/benchmarks/{request.path.name}", **where}, table, first, unit, row, values)

    where: dict[str, Any] = circumstances(peers)
    return write
