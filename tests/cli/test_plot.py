"""`eqsolve plot`, from traces that `eqsolve solve` writes to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eqsolve.cli import plot

Cli = Callable[..., Any]


@pytest.fixture
def traces(eqsolve: Cli, folder: Path) -> list[str]:
    """Three runs of one game, with profiles."""
    names = [f"run-{seed}.jsonl" for seed in range(3)]
    for seed, name in enumerate(names):
        done = eqsolve(
            "solve", "couple.yaml", "-a", "inpg", "--max-iter", 20 + seed, "--seed", seed, "--trace", name,
            "--trace-profiles", "-q",
        )  # fmt: skip
        assert done.code == 0, done.err
    return names


def test_a_figure_per_format_says_what_it_shows(eqsolve: Cli, folder: Path, traces: list[str]) -> None:
    for suffix in ("svg", "pdf", "png"):
        done = eqsolve("plot", traces[0], "-o", f"gap.{suffix}")
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines() == [
            f"figure   gap.{suffix}",
            "shows    nash_gap over iterations, log scale",
            "curve    run-0: one run at its measured points, iterations 0 to 20",
        ]
        assert (folder / f"gap.{suffix}").stat().st_size > 1000


@pytest.mark.parametrize("figure", ["nash_conv", "max_regret", "welfare", "l1"])
def test_other_figures_and_axes(eqsolve: Cli, traces: list[str], figure: str) -> None:
    done = eqsolve("plot", *traces, "-f", figure, "--over", "seconds", "--scale", "log-log", "-o", "f.svg")
    assert done.code == 0, done.err
    assert f"{figure} over seconds, log-log scale" in done.out


def test_one_label_is_one_mean_however_it_is_given(eqsolve: Cli, folder: Path, traces: list[str]) -> None:
    labelled = eqsolve("plot", *traces, *(["--label", "A"] * 3), "-o", "one.svg")
    grouped = eqsolve("plot", "--group", "A=run-*.jsonl", "-o", "two.svg")
    assert "A: mean ± one standard deviation (of the sample) of 3 runs" in labelled.out
    assert "where the shortest run ends; the longest goes on to 22" in grouped.out
    assert (folder / "one.svg").read_bytes() == (folder / "two.svg").read_bytes()
    assert "each of 3 runs" in eqsolve("plot", "-g", "A=run-*.jsonl", "--runs", "-o", "three.svg").out


def test_default_labels_tell_files_of_one_name_apart(eqsolve: Cli, folder: Path, traces: list[str]) -> None:
    (folder / "other").mkdir()
    (folder / "other" / traces[0]).write_bytes((folder / traces[1]).read_bytes())
    done = eqsolve("plot", traces[0], f"other/{traces[0]}", "-o", "f.svg")
    assert [one.split(":")[0].split()[1] for one in done.out.splitlines()[2:]] == [traces[0], f"other/{traces[0]}"]


def test_a_trace_may_come_from_standard_input(process: Cli, folder: Path, traces: list[str]) -> None:
    with (folder / traces[0]).open() as trace:
        done = process("plot", "-", "-o", "f.svg", stdin=trace)
    assert (done.code, done.err) == (0, "")
    assert "curve    standard input: one run" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run-0.jsonl"], ["-o FILE"]),
        (["run-0.jsonl", "-o", "-"], ["standard output"]),
        (["run-0.jsonl", "-o", "f.jpeg"], ["f.jpeg", ".svg, .pdf, .png"]),
        (["run-0.jsonl", "-o", "old.svg"], ["exists", "--force"]),
        (["-o", "f.svg"], ["no trace"]),
        (["run-0.jsonl", "./run-0.jsonl", "-o", "f.svg"], ["named twice"]),
        (["run-0.jsonl", "-l", "A", "-l", "B", "-o", "f.svg"], ["--label", "one per TRACE (1), got 2"]),
        (["run-0.jsonl", "-l", "", "-o", "f.svg"], ["--label"]),
        (["-g", "A", "-o", "f.svg"], ["--group", "NAME=FILES"]),
        (["-g", "A=none-*", "-o", "f.svg"], ["--group A", "none-*"]),
        (["run-0.jsonl", "--size", "5", "-o", "f.svg"], ["--size", "5x3.2"]),
        (["run-0.jsonl", "--size", "5x3mm", "-o", "f.svg"], ["--size", "inches"]),
        (["run-0.jsonl", "--figure", "gap", "-o", "f.svg"], ["run-0.jsonl: has no 'gap'", "nash_gap"]),
        (["run-0.jsonl", "--figure", "cce_gap", "-o", "f.svg"], ["run-0.jsonl", "no cce_gap"]),
        (["old.svg", "--force", "-o", "old.svg"], ["one of the traces"]),
    ],
)
def test_mistakes_in_the_command_are_named_and_nothing_is_written(
    eqsolve: Cli, folder: Path, traces: list[str], arguments: list[str], words: list[str]
) -> None:
    (folder / "old.svg").write_text("old")
    done = eqsolve("plot", *arguments)
    assert done.code == 2, done.err
    assert all(word in done.err for word in words), done.err
    assert done.out == ""
    assert not (folder / "f.svg").exists()
    assert (folder / "old.svg").read_text() == "old"


def test_a_damaged_line_is_named_by_file_and_line(eqsolve: Cli, folder: Path, traces: list[str]) -> None:
    lines = (folder / traces[0]).read_bytes().splitlines(keepends=True)
    (folder / "damaged.jsonl").write_bytes(b"".join([*lines[:2], lines[2][:-10] + b"\n", *lines[3:]]))
    done = eqsolve("plot", traces[1], "damaged.jsonl", "-o", "f.svg")
    assert done.code == 3
    [said] = done.err.splitlines()
    assert said == "error: damaged.jsonl:3: is not a record of a trace: no JSON"
    assert not (folder / "f.svg").exists()
    assert eqsolve("plot", "missing.jsonl", "-o", "f.svg").code == 3


def test_the_line_that_a_run_is_writing_is_left_out_with_a_note(eqsolve: Cli, folder: Path, traces: list[str]) -> None:
    whole = (folder / traces[0]).read_bytes()
    (folder / "live.jsonl").write_bytes(whole[:-10])
    done = eqsolve("plot", "live.jsonl", "-o", "f.svg")
    assert (done.code, done.err) == (0, "")
    assert "iterations 0 to 19" in done.out
    assert done.out.splitlines()[-1] == (
        "note     live.jsonl: its last line is cut short and is left out: its run was killed there, or is writing it"
    )
    assert (folder / "f.svg").exists()


def test_without_matplotlib_one_line_says_how_to_get_it(
    eqsolve: Cli, traces: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = eqsolve("plot", traces[0], "-o", "f.svg")
    assert (done.code, done.err) == (2, "error: drawing needs matplotlib: pip install 'eqsolve[plot]'\n")


@pytest.mark.parametrize(
    ("text", "inches"), [("5x3.2", (5, 3.2)), ("2.54 x 5.08cm", (1, 2)), ("84×60mm", (84 / 25.4, 60 / 25.4))]
)
def test_sizes_have_units(text: str, inches: tuple[float, float]) -> None:
    assert plot._inches(text) == pytest.approx(inches)
