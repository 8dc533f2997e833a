"""`eqsolve warmup`: afterwards nothing is left to compile."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

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
    assert done.err.splitlines() == ["compiling kernels (no cache folder can be written: in every process)"]
