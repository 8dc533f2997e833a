"""What each command loads: the quick ones nothing heavy, the judge nothing that solves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest

Cli = Callable[..., Any]
HEAVY = ("numba", "scipy", "nashpy", "highspy", "rich", "matplotlib", "flint")


def loaded(python: Cli, *arguments: str) -> set[str]:
    """Names of the modules that a command leaves in sys.modules."""
    program = (
        "import sys\nfrom eqsolve.cli import main\n"
        f"code = main({list(arguments)!r})\n"
        "assert code == 0, code\n"
        "print('\\x00', *sorted(sys.modules))"
    )
    done = python(program)
    assert done.code == 0, done.err
    return set(done.out.partition("\x00")[2].split())


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "--version",
        "algos",
        "algos --format json",
        "games",
        "new matrix",
        "schema",
        "solve --help",
        "plot --help",
    ],
)
def test_commands_that_show_things_load_nothing_heavy(python: Cli, command: str) -> None:
    assert not loaded(python, *command.split()) & {*HEAVY, "numpy"}


def test_the_judge_never_met_the_defendant(python: Cli, eqsolve: Cli) -> None:
    eqsolve("solve", "couple.yaml", "-a", "inpg", "--max-iter", 5, "-o", "policy.npz")
    modules = loaded(python, "regret", "policy.npz")
    assert not {
        name
        for name in modules
        if name.startswith(("eqsolve.solvers", "eqsolve.run.loop", "eqsolve.run.auto", "eqsolve.api"))
    }
    assert not modules & set(HEAVY)


@pytest.mark.parametrize("game", ["pennies.yaml", "pennies.yaml -a zero-sum-simplex", "@matrix/chicken", "couple.yaml"])
def test_a_small_game_of_two_players_is_solved_without_numba(python: Cli, game: str) -> None:
    assert not loaded(python, "solve", *game.split(), "-q") & {"numba", "scipy", "nashpy", "rich"}


def test_help_comes_at_once(process: Cli, folder: Path) -> None:
    """Within a quarter of a second of processor time, whatever else the machine does."""
    process("--help")
    times = []
    for _ in range(5):
        before = getrusage(RUSAGE_CHILDREN)
        assert process("--help").code == 0
        after = getrusage(RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < 0.25, f"{times} on {sys.version}"
