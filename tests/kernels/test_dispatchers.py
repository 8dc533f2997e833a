"""The cache of compiled kernels, and what it survives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Compiles or loads one small kernel, and says which kernels were compiled and whether for keeps.
USE = """
import numpy as np
from eqsolve.kernels import on_compile
compiled = []
on_compile.append(lambda name, kept: compiled.append((name, kept)))
from eqsolve.kernels.rows import matching_rows
x = np.empty(2)
matching_rows(np.array([0, 2]), np.array([1.0, 3.0]), x)
assert x.tolist() == [0.25, 0.75]
print(compiled)
"""


def use(folder: Path) -> str:
    env = {**os.environ, "EQSOLVE_CACHE_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", USE], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_kernel_is_compiled_once_and_then_loaded(tmp_path: Path) -> None:
    assert use(tmp_path) == "[('matching_rows', True)]"
    assert use(tmp_path) == "[]"
    assert [folder.name.partition("-")[0] for folder in tmp_path.iterdir()] == ["kernels"]


@pytest.mark.slow
def test_without_a_place_to_write_kernels_are_compiled_afresh_each_time(tmp_path: Path) -> None:
    """The folder's name is taken by a file."""
    taken = tmp_path / "taken"
    taken.write_text("")
    for _ in range(2):
        assert use(taken) == "[('matching_rows', False)]"


@pytest.mark.parametrize("kind", ["*.nbi", pytest.param("*.nbc", marks=pytest.mark.slow)])
def test_damaged_files_are_compiled_over(tmp_path: Path, kind: str) -> None:
    """The index or the kernel itself, cut in half."""
    use(tmp_path)
    (file,) = tmp_path.rglob(kind)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert use(tmp_path) == "[('matching_rows', True)]"
    assert use(tmp_path) == "[]"


def test_the_host_processs_own_cache_setting_is_left_alone() -> None:
    code = (
        "import numba; numba.config.CACHE_DIR = 'mine'; from eqsolve.kernels.rows import matching_rows;"
        "matching_rows.dispatcher; print(numba.config.CACHE_DIR)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("at", [0.3, 0.5, 0.7])
def test_a_wrong_bit_in_machine_code_is_noticed_before_it_runs(tmp_path: Path, at: float) -> None:
    use(tmp_path)
    (file,) = tmp_path.rglob("*.nbc")
    code = bytearray(file.read_bytes())
    code[int(at * len(code))] ^= 1
    file.write_bytes(bytes(code))
    assert use(tmp_path) == "[('matching_rows', True)]"
    assert use(tmp_path) == "[]"
