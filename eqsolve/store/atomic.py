"""Whole files: written so that a crash, a full disk or a kill leaves what was there before; read with a limit.

1. a temporary file is opened in the target's own folder (a rename does not cross file systems) and locked,
2. written and synced, 3. renamed over the target, 4. the folder synced, so that the rename survives a power cut.

A temporary file that nobody has locked was left by a run that was killed; the next run with a file there removes it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from eqsolve.errors import StoreError, UsageError, WriteError

#: Larger inputs are refused before they fill the memory.
LARGEST_FILE = 2 << 30
_PIECE = 1 << 20
#: Names of temporary files and folders, and of folders that are being replaced.
TEMPORARY = re.compile(r"\.eqsolve-[0-9a-f]{12}\.(tmp|old)")


def check_target(path: Path, *, force: bool) -> None:
    """Refuses early what would fail after an hour: an existing file without `force`, a folder that takes no file."""
    target = _target(path)
    if target.exists() and not force:
        raise UsageError(f"{path}: exists already", "--force overwrites it")
    with _explained(path):
        fd, temporary = _temporary(target)
        os.close(fd)
        temporary.unlink()
    remove_abandoned(target.parent)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A binary file that becomes `path` when the block ends without an error; WriteError where that fails."""
    target = _target(path)
    with _explained(path):
        fd, temporary = _temporary(target)
        lock = os.dup(fd)  # shares the lock, and holds it until the file has its name
        try:
            with os.fdopen(fd, "wb") as file:
                with suppress(FileNotFoundError):  # what replaces a private file stays private
                    os.fchmod(fd, stat.S_IMODE(target.stat().st_mode))
                yield file
                file.flush()
                os.fsync(fd)
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        finally:
            os.close(lock)
        sync_folder(target.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Replaces `path` by `data`, whole or not at all."""
    with replacing(path) as file:
        file.write(data)


def write_text(path: Path, text: str) -> None:
    """Replaces `path` by `text` in UTF-8, whole or not at all."""
    write_bytes(path, text.encode())


def read_bytes(source: str | Path, limit: int = LARGEST_FILE) -> bytes:
    """All of a file, or of standard input for `-`; StoreError where it is missing, unreadable or too large."""
    try:
        if str(source) == "-":
            return _limited(sys.stdin.buffer, limit) if sys.stdin is not None else b""
        with open(source, "rb") as file:
            if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
                raise ValueError("a device, not a file")
            return _limited(file, limit)
    except (OSError, ValueError) as error:
        raise StoreError(f"{shown(source)}: {_reason(error)}") from error


def _limited(file: BinaryIO, limit: int) -> bytes:
    """All that `file` has, in pieces: asking for the limit at once would ask for that much memory."""
    pieces, size = [], 0
    while piece := file.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise ValueError(f"larger than {limit >> 20} MiB, the largest file read")
    return b"".join(pieces)


def shown(source: str | Path) -> str:
    """The name of an input as messages give it."""
    return "standard input" if str(source) == "-" else str(source)


def explain(path: Path, error: Exception) -> WriteError:
    """The message for a file that could not be written."""
    return WriteError(f"{path}: cannot write: {_reason(error)}; what was there before is intact")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise explain(path, error) from error


def _target(path: Path) -> Path:
    """Where the file really goes: links are followed; devices, pipes and folders are refused."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise WriteError(f"{path}: is a folder")
        if target.exists() and not target.is_file():
            raise WriteError(f"{path}: is not a regular file")
        if not target.parent.is_dir():
            raise WriteError(f"{path}: there is no folder {target.parent}")
    except (OSError, ValueError) as error:
        raise explain(path, error) from error
    return target


def _temporary(target: Path) -> tuple[int, Path]:
    """Create a file beside `target`, locked, with the permissions of any new file; return its descriptor and name."""
    while True:
        # The name does not contain the target's, which may be as long as a name can be.
        temporary = target.parent / f".eqsolve-{secrets.token_hex(6)}.tmp"
        fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
        # between the two calls another run may have taken it for one that was left
        if not lock(fd) or temporary.exists():
            return fd, temporary
        os.close(fd)


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files and folders, and what they replaced, in `folder` that no process has locked."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if TEMPORARY.fullmatch(name):
                with suppress(OSError):  # another user's, or gone already
                    _remove_if_abandoned(folder / name)


def _remove_if_abandoned(temporary: Path) -> None:
    is_folder = stat.S_ISDIR(temporary.lstat().st_mode)
    fd = os.open(temporary, (os.O_RDONLY if is_folder else os.O_RDWR) | getattr(os, "O_NOFOLLOW", 0))
    try:
        if not lock(fd):
            return
        if is_folder:
            shutil.rmtree(temporary)
        else:
            temporary.unlink()
    finally:
        os.close(fd)


def lock(fd: int) -> bool:
    """Lock an open file for this process; False where another has it, or where the system has no such locks."""
    try:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut, where the file system can."""
    # Some file systems cannot sync a folder; the file itself is safe by then.
    with suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _reason(error: Exception) -> str:
    """`No space left on device` rather than `[Errno 28] No space left on device: '…'`."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
