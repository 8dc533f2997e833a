"""Traces grow line by line, are cut back only where they are traces, and are read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import StoreError, WriteError
from eqsolve.store import TraceWriter, read_trace


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


def profile(p: float) -> dict[str, Any]:
    return {"A": {"s": {"a": p, "b": 1 - p}}, "B": {"s": {"c": 1.0}}}


def test_a_trace_is_read_back_as_arrays(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t")
    for t in (0, 3):
        run = {"work_seconds": t / 2, "check_seconds": 1.0, "load_seconds": 1.0}
        writer.write(
            {"iteration": t, "polished": t > 0, "nash_gap": t, "potential": None, "run": run}
            | {"profile": profile(t / 4)}
        )
    writer.close()
    read = read_trace(tmp_path / "t", profiles=True)
    np.testing.assert_array_equal(read.iterations, [0, 3])
    np.testing.assert_array_equal(read.polished, [False, True])
    np.testing.assert_array_equal(read.figures["nash_gap"], [0, 3])
    np.testing.assert_array_equal(read.figures["potential"], [np.nan, np.nan])
    np.testing.assert_array_equal(read.seconds, [0, 1.5])
    np.testing.assert_array_equal(read.profiles, [[0, 1, 1], [0.75, 0.25, 1]])
    assert read.players == 2
    assert read_trace(tmp_path / "t").profiles is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no JSON"),
        ("[1]", "has no `iteration`"),
        ('{"iteration": 1.5}', "`iteration` is 1.5"),
        ('{"iteration": true}', "`iteration` is true"),
        ('{"iteration": -1}', "`iteration` is -1"),
        ('{"iteration": 0}', "iteration 0 follows iteration 0"),
        ('{"iteration": 1, "nash_gap": "x"}', '`nash_gap` is "x", not a number'),
        ('{"iteration": 1, "nash_gap": true}', "`nash_gap` is true"),
        ('{"iteration": 1, "nash_gap": NaN}', "no JSON"),
        ('{"iteration": 1, "nash_gap": 1e999}', "`nash_gap` is Infinity"),
        ('{"iteration": 1, "nash_gap": ' + "9" * 400 + "}", "not a number"),
        ('{"iteration": 1, "polished": 1}', "`polished` is 1"),
        ('{"iteration": 1, "run": {"work_seconds": 1}}', "`run` is in some records"),
        ('{"iteration": 1, "run": [1]}', "`run.work_seconds` is"),
        (
            '{"iteration": 1, "profile": {"A": {"s": {"a": 1, "c": 0}}, "B": {"s": {"c": 1}}}}',
            "not one of the same game",
        ),
        ('{"iteration": 1, "profile": {"A": {"s": {"a": 1, "b": null}}, "B": {"s": {"c": 1}}}}', "`profile` is null"),
        ('{"iteration": 1, "profile": {"A": {"s": {"a": {"x": {}}}}}}', "`profile` is not a profile"),
        ('{"iteration": 1, "profile": [1]}', "`profile` is not a profile"),
        ('{"iteration": 1}', "not one of the same game"),
        ("[" * 100_000, "no JSON"),
        ("\0\xff", "no JSON"),
    ],
)
def test_a_damaged_line_is_named_with_what_is_wrong(tmp_path: Path, line: str, said: str) -> None:
    first = json.dumps({"iteration": 0, "profile": profile(1.0)})
    (tmp_path / "t").write_bytes(f"{first}\n{line}\n".encode("latin-1"))
    with pytest.raises(StoreError) as refused:
        read_trace(tmp_path / "t", profiles=True)
    assert refused.value.message.startswith(f"{tmp_path / 't'}:2: ")
    assert said in refused.value.message


@pytest.mark.parametrize("part", ['{"iteration": 1, "na', "{", '{"iteration": 1, "nash_gap": 0.'])
def test_a_last_line_that_is_cut_short_is_left_out_and_said(tmp_path: Path, part: str) -> None:
    (tmp_path / "t").write_text('{"iteration": 0, "nash_gap": 2}\n' + part)
    read = read_trace(tmp_path / "t")
    assert read.cut_short
    np.testing.assert_array_equal(read.iterations, [0])
    np.testing.assert_array_equal(read.figures["nash_gap"], [2])
    (tmp_path / "t").write_text('{"iteration": 0}\n{"iteration": 1}')
    whole = read_trace(tmp_path / "t")
    assert not whole.cut_short
    np.testing.assert_array_equal(whole.iterations, [0, 1])


def test_the_same_line_with_an_end_or_before_others_is_damage(tmp_path: Path) -> None:
    for after in ("\n", '\n{"iteration": 2}\n'):
        (tmp_path / "t").write_text('{"iteration": 0}\n{"iteration": 1, "na' + after)
        with pytest.raises(StoreError, match=":2: is not a record of a trace"):
            read_trace(tmp_path / "t")


@pytest.mark.parametrize("text", ["", '{"iterat'])
def test_a_trace_without_a_whole_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "t").write_text(text)
    with pytest.raises(StoreError, match="has no records"):
        read_trace(tmp_path / "t")
