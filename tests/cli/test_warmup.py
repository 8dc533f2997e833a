"""`eqsolve warmup`: afterwards nothing is left to compile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Cli = Callable[..., Any]


def test_after_it_no_run_compiles_anything(eqsolve: Cli, process: Cli) -> None:
    done = eqsolve("warmup")
    assert done.code == 0
    assert os.environ["EQSOLVE_CACHE_DIR"] in done.out
    for game in ("couple.yaml", "crowd.yaml"):
        assert "compiling" not in process("solve", game, "-a", "inpg", "--max-iter", 5).err


def test_where_nothing_can_be_kept_it_says_so_and_runs_go_on(process: Cli) -> None:
    nowhere = os.environ | {"EQSOLVE_CACHE_DIR": "/dev/null/cache"}
    done = process("solve", "couple.yaml", "-a", "inpg", "--max-iter", 5, env=nowhere)
    assert done.code == 0
    first, *later = done.err.splitlines()
    assert first == "compiling kernels (no cache folder can be written: in every process)"
    assert all(line.startswith("compiling kernels: ") for line in later)


def test_of_a_game_and_an_algorithm_only_that_is_compiled(process: Cli, tmp_path: Path) -> None:
    own = os.environ | {"EQSOLVE_CACHE_DIR": str(tmp_path / "cache")}
    assert process("warmup", "kuhn.yaml", "--algo", "mccfr-outcome", "-q", env=own).err == ""
    runs = {
        name: process("solve", "kuhn.yaml", "-a", name, "--max-iter", 2, env=own) for name in ("mccfr-outcome", "cfr")
    }
    assert {name: "compiling" in done.err for name, done in runs.items()} == {"mccfr-outcome": False, "cfr": True}


def test_of_a_game_alone_what_each_algorithm_needs_that_fits(process: Cli, tmp_path: Path) -> None:
    own = os.environ | {"EQSOLVE_CACHE_DIR": str(tmp_path / "cache")}
    done = process("warmup", "crowd.yaml", env=own)
    assert (done.code, str(tmp_path / "cache") in done.out) == (0, True)
    for name in ("inpg", "ipg", "best-response"):
        assert "compiling" not in process("solve", "crowd.yaml", "-a", name, "--max-iter", 2, env=own).err


def test_an_algorithm_without_a_game_and_one_that_does_not_fit_are_refused(eqsolve: Cli) -> None:
    assert (eqsolve("warmup", "--algo", "cfr").code, eqsolve("warmup", "couple.yaml", "--algo", "cfr").code) == (2, 2)
    assert eqsolve("warmup", "nowhere.yaml").code == 3
