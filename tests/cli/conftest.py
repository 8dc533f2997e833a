"""A folder with small games, and the command line run in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eqsolve.cli import main

GAMES = {
    # Asymmetric: the column player mixes 2/5, 3/5; value 1/5 to the row player.
    "pennies.yaml": "{kind: matrix, players: [Even, Odd], zero_sum: [[2, -1], [-1, 1]]}",
    "couple.yaml": """
kind: matrix
name: The couple
players: [Row, Column]
actions: [[Opera, Football], [Opera, Football]]
row: [[3, 0], [0, 2]]
column: [[2, 0], [0, 3]]
""",
    "chicken.yaml": "{kind: matrix, row: [[0, -1], [1, -10]], column: [[0, 1], [-1, -10]]}",
    # Multiplicative weights circle here and never come to rest.
    "cycle.yaml": "{kind: matrix, zero_sum: [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]}",
    "kuhn.yaml": "{kind: kuhn}",
    "crowd.yaml": """
kind: distancing
players: 3
weights: {A: 1, B: 2}
penalty: 10
spread_above: 2
safe_at_most: 2
discount: 0.9
start: [0.5, 0.5]
""",
}


@dataclass(frozen=True)
class Run:
    """What a run of the command line left."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, with the games in it; variables that a run sets are taken back."""
    for name, text in GAMES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for library in ("NUMBA", "OMP", "OPENBLAS", "MKL"):
        monkeypatch.setenv(f"{library}_NUM_THREADS", "1")
    return tmp_path


@pytest.fixture
def eqsolve(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Runs the command line in this process: `eqsolve("solve", "pennies.yaml")`; `info` times each method for 5 ms."""
    monkeypatch.setattr("eqsolve.info.TIMED", 0.005)

    def run(*arguments: Any) -> Run:
        capsys.readouterr()
        words = [str(a) for a in arguments]
        monkeypatch.setattr(sys, "argv", ["eqsolve", *words])
        code = main(words)
        shown = capsys.readouterr()
        return Run(code, shown.out, shown.err)

    return run


@pytest.fixture
def policy(eqsolve: Callable[..., Run], folder: Path) -> Path:
    """A policy file of the couple, which holds the text of the game."""
    assert eqsolve("solve", "couple.yaml", "-a", "inpg", "--max-iter", 9, "-o", "policy.npz").code == 0
    return folder / "policy.npz"


def start(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
    """The command line in a process of its own, stdout and stderr as pipes unless `options` say otherwise."""
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    return subprocess.Popen([sys.executable, "-m", "eqsolve", *map(str, arguments)], **streams)


@pytest.fixture
def process() -> Callable[..., Run]:
    """Runs the command line in a process of its own and waits for it."""

    def run(*arguments: Any, **options: Any) -> Run:
        with start(*arguments, **options) as child:
            out, err = child.communicate(timeout=60)
        return Run(child.returncode, out or "", err or "")

    return run


@pytest.fixture
def started() -> Callable[..., subprocess.Popen[str]]:
    """Starts the command line in a process of its own."""
    return start


def in_this_folder(code: str) -> Run:
    """Runs a Python program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, env=os.environ
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def python() -> Callable[[str], Run]:
    """Runs a Python program in a process of its own."""
    return in_this_folder
