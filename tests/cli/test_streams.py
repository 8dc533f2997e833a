"""Standard output is the result and nothing else, told by file descriptor: libraries print past `sys.stdout`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eqsolve.api import WARMUP_GAMES
from eqsolve.cli import main
from eqsolve.run import fit
from eqsolve.solvers import SOLVERS
from eqsolve.spec.load import parse

Cli = Callable[..., Any]


def first_game(name: str) -> str:
    """The first game of the warm-up that an algorithm accepts."""
    return next(text for text in WARMUP_GAMES if SOLVERS[name] in fit.fitting(parse(text, "warmup").form))


def document(process: Cli, *arguments: str) -> Any:
    """The one JSON document that a command leaves at descriptor 1 of its own process, with nothing beside it."""
    done = process(*arguments, "--format", "json")
    assert done.code in (0, 4), done.err
    assert done.out.startswith("{")
    return json.loads(done.out)


#: One algorithm of each room; the others are tests of the slow tier.
FAST = ("inpg", "regret-matching+", "cfr+", "lemke-howson", "vertex-enumeration", "zero-sum-lp", "qre", "neppo")
NAMES = [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in SOLVERS]


@pytest.mark.parametrize("name", NAMES)
def test_every_algorithm_leaves_one_document_and_no_word_on_stderr(process: Cli, folder: Path, name: str) -> None:
    (folder / "game.yaml").write_text(first_game(name))
    done = process("solve", "game.yaml", "--algo", name, "--max-iter", "3", "--format", "json", "--quiet")
    assert (done.code in (0, 4), done.err) == (True, "")
    assert json.loads(done.out)["algorithm"]["name"] == name


@pytest.mark.parametrize(
    "game", ["pennies", *(pytest.param(name, marks=pytest.mark.slow) for name in ("couple", "kuhn", "crowd"))]
)
def test_information_and_verdicts_are_one_document_each(process: Cli, game: str) -> None:
    assert "structure" in document(process, "info", f"{game}.yaml")
    assert document(process, "solve", f"{game}.yaml", "--max-iter", "3", "-o", "policy.npz")["status"]
    assert document(process, "regret", "policy.npz")["regrets"]


def test_calls_of_a_notebook_print_nothing(python: Cli) -> None:
    """HiGHS by way of solvers and of the judge, which looks for mixtures that dominate."""
    done = python("""
from eqsolve import api, info
from eqsolve.analysis.dominance import dominance
from eqsolve.spec.load import parse

zero_sum = parse("{kind: matrix, zero_sum: [[2, -1], [-1, 1]]}", "zero-sum")
rows = parse("{kind: matrix, payoffs: [[[4, 0], [0, 1]], [[0, 2], [4, 0]], [[1, 0], [1, 0]]]}", "three rows")
for algo in ("zero-sum-lp", "sequence-lp"):
    game = zero_sum if algo == "zero-sum-lp" else parse("{kind: kuhn}", "kuhn")
    assert api.solve(game, algo).status == "converged"
for algo in ("ce", "cce", "selection-mip", "tsaknakis-spirakis", "support-enumeration"):
    assert api.solve(rows, algo).judged is not None
assert dominance(rows.form)[1].survivors[0] == (0, 1)
info.TIMED = 0.005
info.survey(rows)
""")
    assert (done.code, done.out, done.err) == (0, "", "")


#: A command in a process of its own, in which HiGHS has a library's worst habit.
LOUD = """
import os, sys
from eqsolve.arithmetic import highs
quiet = highs.silent_highs
def loud():
    os.write(1, b"a banner\\n")
    return quiet()
highs.silent_highs = loud
sys.argv[1:] = ["solve", "pennies.yaml", "--format", "json"]
from eqsolve.cli import main
main()
"""


def test_what_a_library_prints_in_a_command_goes_to_stderr(python: Cli) -> None:
    done = python(LOUD)
    assert done.code == 0
    assert json.loads(done.out)["status"] == "converged"
    assert "a banner\n" in done.err


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)], ids=str)
def test_it_lands_in_no_file_when_streams_are_closed(folder: Path, closed: tuple[int, ...]) -> None:
    """A file opened by a process without descriptor 1 would have that number."""

    def close() -> None:
        for number in closed:
            os.close(number)

    command = [sys.executable, "-c", LOUD.replace('"--format"', '"-o", "policy.npz", "--format"')]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=close)
    assert done.returncode == (74 if 1 in closed else 0)
    assert json.loads(done.stdout)["status"] == "converged" if 1 not in closed else not done.stdout
    assert b"a banner" not in (folder / "policy.npz").read_bytes()
    assert main(["regret", "policy.npz"]) == 0
