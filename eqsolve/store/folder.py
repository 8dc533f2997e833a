"""Many policy files at once: a folder with one per equilibrium, `0001.npz` and on, in the order of the list.

All or nothing: the files are written into a new folder beside the target, which then takes its name.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from eqsolve.errors import UsageError, WriteError
from eqsolve.run.result import Result
from eqsolve.spec.load import GameSpec
from eqsolve.store.atomic import explain, lock, remove_abandoned, sync_folder, write_bytes
from eqsolve.store.policy import EMBEDDED, left_out, policy_bytes

#: The game is inside each file, unless all these copies together would take more bytes than this.
TOGETHER = 100_000_000
_NAME = re.compile(r"[0-9]{4,}\.npz")


def check_folder(path: Path, *, force: bool) -> None:
    """Refuse early: what is there already without `force`, or is no folder of such files, or cannot be beside."""
    try:
        if path.is_symlink() or path.exists():
            if not force:
                raise UsageError(f"{path}: exists already", "--force replaces a folder of policy files")
            strange = "" if path.is_dir() and not path.is_symlink() else "is no folder"
            for one in () if strange else path.iterdir():
                strange = strange or ("" if _NAME.fullmatch(one.name) else f"holds {one.name}")
            if strange:
                raise WriteError(f"{path}: {strange}; only a folder of nothing but 0001.npz and on is replaced")
        beside = _beside(path, "tmp")
        beside.mkdir()
        beside.rmdir()
        remove_abandoned(path.parent)
    except OSError as error:
        raise explain(path, error) from error


def write_all(
    path: Path, result: Result, spec: GameSpec, *, force: bool = False, run: Mapping[str, Any] | None = None
) -> str | None:
    """Write every listed equilibrium of `result` as a policy file in the folder `path`.

    Return a sentence for the user where the game is not inside these files; else None.
    """
    if result.equilibria is None:
        raise UsageError(f"{path}: {result.algorithm.name} lists no equilibria", "-o writes its answer")
    check_folder(path, force=force)
    most = min(EMBEDDED, TOGETHER // max(1, len(result.equilibria)))
    new, old = _beside(path, "tmp"), _beside(path, "old")
    held = list[int]()
    try:
        new.mkdir()
        held.append(_locked(new))
        for number, one in enumerate(result.equilibria, 1):
            write_bytes(new / f"{number:04d}.npz", policy_bytes(one, result, spec, run, most=most))
        if path.exists():
            held.append(_locked(path))
            os.replace(path, old)
        try:
            os.replace(new, path)
        except OSError:
            if old.exists():
                os.replace(old, path)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise explain(path, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        for fd in held:
            os.close(fd)
    with suppress(OSError):
        if old.exists():
            shutil.rmtree(old)
    return left_out(path, spec, most)


def _locked(folder: Path) -> int:
    """Lock a folder, so that no other run takes it for one that was left; return its descriptor."""
    fd = os.open(folder, os.O_RDONLY)
    lock(fd)
    return fd


def _beside(path: Path, ending: str) -> Path:
    """A new name in the folder that `path` is in."""
    return path.parent / f".eqsolve-{secrets.token_hex(6)}.{ending}"
