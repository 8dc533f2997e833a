"""The folder of compiled kernels: what it is named by, and which folders are refused."""

from __future__ import annotations

import os
import pickle
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eqsolve.kernels import cache as module

#: Compiles or loads one small kernel; says which kernels were compiled and whether for keeps, and why not.
USE = """
import numpy as np
from eqsolve.kernels import on_compile
from eqsolve.kernels.cache import unusable
from eqsolve.kernels.rows import matching_rows
compiled = []
on_compile.append(lambda name, kept: compiled.append(kept))
x = np.empty(2)
matching_rows(np.array([0, 2]), np.array([1.0, 3.0]), x)
assert x.tolist() == [0.25, 0.75]
print(compiled, unusable())
"""
#: The process takes itself for another user than the one who made the folder.
STRANGER = "import os; os.geteuid = lambda: 4321\n"


def use(root: Path, before: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", before + USE],
        env=os.environ | {"EQSOLVE_CACHE_DIR": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


class Planted:
    """Whoever unpickles it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.mark),)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A place for the folder, closed as a home is, with a planted index of kernels in the folder."""
    tmp_path.chmod(0o700)
    root = tmp_path / "cache"
    assert use(root) == "[True]"
    (index,) = root.rglob("*.nbi")
    index.write_bytes(pickle.dumps(Planted(tmp_path / "mark")))
    return root


def folder_in(root: Path) -> Path:
    (folder,) = root.iterdir()
    return folder


def test_it_is_made_for_its_user_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    before = os.umask(0)
    try:
        use(tmp_path / "new" / "cache")
    finally:
        os.umask(before)
    made = tmp_path / "new" / "cache"
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (made, folder_in(made))] == [0o700, 0o700]


@pytest.mark.slow
def test_a_planted_index_runs_where_the_folder_is_trusted(root: Path, tmp_path: Path) -> None:
    """What the refusals below are for."""
    assert use(root) == "[True]"
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "mode", [0o777, *(pytest.param(mode, marks=pytest.mark.slow) for mode in (0o770, 0o720, 0o702, 0o755))]
)
def test_a_folder_that_is_open_to_others_is_refused(root: Path, tmp_path: Path, mode: int) -> None:
    folder_in(root).chmod(mode)
    assert use(root) == f"[False] {folder_in(root)} is open to other users (chmod 700 closes it)"
    assert not (tmp_path / "mark").exists()


def test_a_folder_of_another_user_is_refused(root: Path, tmp_path: Path) -> None:
    assert use(root, STRANGER) == f"[False] {folder_in(root)} belongs to another user"
    assert not (tmp_path / "mark").exists()


@pytest.mark.slow
def test_a_link_is_refused(root: Path, tmp_path: Path) -> None:
    folder = folder_in(root)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert use(root) == f"[False] {folder} is a link"
    assert not (tmp_path / "mark").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("above", "mode"), [(1, 0o777), (1, 0o770), (2, 0o777)])
def test_it_is_refused_where_others_may_exchange_it(root: Path, tmp_path: Path, above: int, mode: int) -> None:
    """The folder above it, and the one above that: a group may write there, which is often the user's own."""
    opened = folder_in(root).parents[above - 1]
    opened.chmod(mode)
    assert use(root) == f"[False] other users may write to {opened} (chmod go-w forbids it)"
    assert not (tmp_path / "mark").exists()


@pytest.mark.slow
def test_a_folder_in_one_like_tmp_is_taken(root: Path) -> None:
    """Anyone may write there and nobody may exchange what is another's."""
    root.chmod(0o1777)
    assert use(root) == "[True]"


def test_it_is_named_by_all_sources_that_may_hold_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "eqsolve"
    for folder in ("forms", "kernels", "solvers"):
        shutil.copytree(module._PACKAGE / folder, package / folder)
    monkeypatch.setattr(module, "_PACKAGE", package)
    seen = {module._sources_hash()}
    assert module._sources_hash() in seen
    for changed in ("forms/tolerances.py", "kernels/tensor.py", "solvers/gradient/inpg.py"):
        with (package / changed).open("a") as file:
            file.write("\n# another line\n")
        seen.add(module._sources_hash())
    for folder in ("kernels/inner", "kernels/other", "solvers/inner"):
        (package / folder).mkdir()
    for new in ("kernels/new.py", "kernels/inner/new.py", "solvers/inner/new.py"):
        for text in ("", "# a line\n"):
            (package / new).write_text(text)
            seen.add(module._sources_hash())
    for old, moved in (("kernels/new.py", "solvers/new.py"), ("kernels/inner/new.py", "kernels/other/new.py")):
        (package / old).rename(package / moved)
        seen.add(module._sources_hash())
    assert len(seen) == 12
