"""The folder of compiled kernels: where it is, and whether it may be trusted.

numba notices when the file of a cached kernel changes but not when a helper in another file does; so the folder's name
carries a hash of every file that may hold jitted code or a number that it is compiled with. Kernels are pickles and
machine code: whoever may write to the folder runs code as the user. So it must be the user's own and closed to
everybody else, and nobody else may exchange one of the folders above it; else kernels are compiled afresh in each
process.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
#: What the kernel calls the owner of files that belong to nobody in a container.
_UNKNOWN = 65534


def cache_folder() -> Path | None:
    """Return the folder of compiled kernels, created if need be; None where `unusable()` says why there is none.

    `EQSOLVE_CACHE_DIR` names another place than the user's cache folder.
    """
    return _folder()[0]


def unusable() -> str:
    """Tell in a clause why kernels cannot be kept; empty where they can."""
    return _folder()[1]


@cache
def _folder() -> tuple[Path | None, str]:
    root = os.environ.get("EQSOLVE_CACHE_DIR")
    if not root:
        from platformdirs import user_cache_dir

        root = user_cache_dir("eqsolve", appauthor=False)
    folder = Path(root).absolute() / f"kernels-{_sources_hash()[:16]}"
    try:
        folder.parent.parent.mkdir(parents=True, exist_ok=True)
        for made in (folder.parent, folder):
            made.mkdir(mode=0o700, exist_ok=True)
        if (why := next(_objections(folder), None)) is not None:
            return None, why
        with tempfile.TemporaryFile(dir=folder):
            return folder, ""
    except OSError:
        return None, "no cache folder can be written"


def _objections(folder: Path) -> Iterator[str]:
    """Say why `folder` must not be trusted, most important first; nothing where it may be.

    Folders further up may be writable by a group: many systems give each user a group of their own. Windows has no
    such permissions; there the folder lies in the user's profile.
    """
    if not hasattr(os, "geteuid"):
        return
    me = os.geteuid()
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode):
        yield f"{folder} is a link"
    elif found.st_uid != me:
        yield f"{folder} belongs to another user"
    elif found.st_mode & 0o077:
        yield f"{folder} is open to other users (chmod 700 closes it)"
    for path in dict.fromkeys((*folder.parents, *folder.resolve().parents)):
        above = path.stat()
        others = stat.S_IWOTH | (stat.S_IWGRP if path == folder.parent else 0)
        if above.st_uid not in (me, 0, _UNKNOWN):
            yield f"{path} belongs to another user"
        elif above.st_mode & others and not above.st_mode & stat.S_ISVTX:
            yield f"other users may write to {path} (chmod go-w forbids it)"


def _sources_hash() -> str:
    """Return the SHA-256 of every file of ours that kernels are compiled of, its path, and numba's version."""
    import numba

    digest = sha256(numba.__version__.encode())
    for folder in ("forms", "kernels", "solvers"):
        for file in sorted((_PACKAGE / folder).rglob("*.py")):
            digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
