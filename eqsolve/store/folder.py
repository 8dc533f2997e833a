"""Many files at once: a folder of `0001.npz` and on, the equilibria of a list, or of games, `0001.yaml` and on.

All or nothing: the files are written into a new folder beside the target, which then takes its name.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
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


def name(number: int, suffix: str) -> str:
    """Return the name of a file by its number, from 1."""
    return f"{number:04d}.{suffix}"


def check_folder(path: Path, suffix: str = "npz", *, force: bool) -> None:
    """Refuse early: what is there already without `force`, or is no folder of such files, or cannot be beside."""
    try:
        if path.is_symlink() or path.exists():
            if not force:
                raise UsageError(f"{path}: exists already", f"--force replaces a folder of {name(1, suffix)} and on")
            strange = "" if path.is_dir() and not path.is_symlink() else "is no folder"
            for one in () if strange else path.iterdir():
                numbered = re.fullmatch(rf"[0-9]{{4,}}\.{suffix}", one.name)
                strange = strange or ("" if numbered else f"holds {one.name}")
            if strange:
                only = f"only a folder of nothing but {name(1, suffix)} and on is replaced"
                raise WriteError(f"{path}: {strange}; {only}")
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
    most = min(EMBEDDED, TOGETHER // max(1, len(result.equilibria)))
    write_folder(path, (policy_bytes(one, result, spec, run, most=most) for one in result.equilibria), force=force)
    return left_out(path, spec, most)


def write_folder(path: Path, files: Iterable[bytes], suffix: str = "npz", *, force: bool = False) -> None:
    """Write numbered files into the folder `path`, all or none; with `force` in place of a folder of such files."""
    check_folder(path, suffix, force=force)
    new, old = _beside(path, "tmp"), _beside(path, "old")
    held = list[int]()
    try:
        new.mkdir()
        held.append(_locked(new))
        for number, data in enumerate(files, 1):
            write_bytes(new / name(number, suffix), data)
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


def _locked(folder: Path) -> int:
    """Lock a folder, so that no other run takes it for one that was left; return its descriptor."""
    fd = os.open(folder, os.O_RDONLY)
    lock(fd)
    return fd


def _beside(path: Path, ending: str) -> Path:
    """A new name in the folder that `path` is in."""
    return path.parent / f".eqsolve-{secrets.token_hex(6)}.{ending}"
