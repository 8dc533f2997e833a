"""What is said while kernels are compiled: how many so far, and for how long, never how many there will be."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eqsolve import kernels
from eqsolve.cli import compiling
from eqsolve.cli.compiling import counted
from eqsolve.cli.streams import clear_status, status, talk
from eqsolve.stopwatch import Stopwatch

Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the listener of the test run out: no kernel is compiled here."""
    monkeypatch.setattr(kernels, "on_compile", [])


class Clock(Stopwatch):
    """A stopwatch that shows what it is told to."""

    def running(self) -> float:
        """Return those seconds."""
        return self.seconds


def test_plain_lines_come_at_few_moments(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(kernels, "loading", clock)
    with counted(quiet=False) as counter:
        for tenth in range(1300):
            clock.seconds = 7.0 + tenth / 10
            for listener in kernels.on_compile:
                listener("kernel", True)
    assert counter.count == 1300
    first, *later = capsys.readouterr().err.splitlines()
    assert first.startswith("compiling kernels (once; kept in ")
    assert later == [
        f"compiling kernels: {10 * seconds + 1} so far, {seconds} s" for seconds in (1, 5, 10, 30, 60, 120)
    ]
    assert not kernels.on_compile


def test_quiet_silences_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "MOMENTS", (0.0,))
    with counted(quiet=True) as counter:
        for listener in (*kernels.on_compile, *kernels.on_compile):
            listener("kernel", True)
    assert counter.count == 2
    assert capsys.readouterr().err == ""


class Terminal:
    """Stands in for the stderr of a terminal."""

    def __init__(self) -> None:
        self.shown = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.shown += text

    def flush(self) -> None:
        """Nothing is kept back."""


def test_a_terminal_shows_one_line_that_gives_way_to_whatever_is_said_next(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert status("compiling kernels: 2 so far, 1 s")
    assert status("compiling kernels: 3 so far, 2 s")
    talk("done")
    clear_status()
    clear = "\r\x1b[2K"
    assert terminal.shown == (
        f"{clear}compiling kernels: 2 so far, 1 s{clear}compiling kernels: 3 so far, 2 s{clear}done\n"
    )


@pytest.mark.slow
def test_a_run_counts_what_it_compiles(process: Cli, tmp_path: Path) -> None:
    environment = os.environ | {"EQSOLVE_CACHE_DIR": str(tmp_path / "cache")}
    done = process("solve", "kuhn.yaml", "-a", "mccfr-outcome", "--max-iter", 1, env=environment)
    assert done.code == 0
    first, *later = done.err.splitlines()
    assert first.startswith(f"compiling kernels (once; kept in {tmp_path / 'cache'}")
    assert all(re.fullmatch(r"compiling kernels: \d+ so far, \d+ s", line) for line in later)
