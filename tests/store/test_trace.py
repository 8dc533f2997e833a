"""Traces grow line by line, and are cut back only where they are traces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eqsolve.errors import StoreError, WriteError
from eqsolve.store import TraceWriter


def lines(path: Path) -> list[int]:
    return [json.loads(line)["iteration"] for line in path.read_text().splitlines()]


def trace(path: Path, count: int) -> Path:
    writer = TraceWriter(path)
    for n in range(count):
        writer.write({"iteration": n})
    writer.close()
    return path


def test_each_line_is_there_as_soon_as_it_is_written(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t")
    writer.write({"iteration": 0})
    assert lines(tmp_path / "t") == [0]
    writer.close()


def test_a_resumed_trace_is_cut_back_and_goes_on(tmp_path: Path) -> None:
    path = trace(tmp_path / "t", 5)
    with path.open("a") as file:
        file.write('{"iteration": 5, "ans')  # a kill came here
    writer = TraceWriter(path, keep=3)
    writer.write({"iteration": 30})
    writer.close()
    assert lines(path) == [0, 1, 2, 30]


def test_resuming_without_a_checkpoint_begins_the_trace_again(tmp_path: Path) -> None:
    path = trace(tmp_path / "t", 2)
    TraceWriter(path, keep=0).close()
    assert lines(path) == []
    TraceWriter(tmp_path / "new", keep=7).close()
    assert lines(tmp_path / "new") == []


@pytest.mark.parametrize("text", ["a letter to someone\n", "[1]\n", '{"other": 1}\n', "[" * 5000 + "\n"])
@pytest.mark.parametrize("keep", [0, 1])
def test_a_file_that_is_no_trace_is_left_alone(tmp_path: Path, text: str, keep: int) -> None:
    (tmp_path / "t").write_text(text)
    with pytest.raises(StoreError, match="line 1"):
        TraceWriter(tmp_path / "t", keep)
    assert (tmp_path / "t").read_text() == text


def test_a_trace_shorter_than_the_checkpoint_has_seen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="has 2 records, but the checkpoint had seen 3"):
        TraceWriter(trace(tmp_path / "t", 2), keep=3)


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        TraceWriter(tmp_path / "missing" / "t")
