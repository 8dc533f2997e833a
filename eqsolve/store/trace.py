"""The trace of a run: JSON Lines, one measured point a line, each written through as it comes.

It is the one file that grows while the run goes on; a line that could not be written whole is taken back. A resumed
run cuts the trace back to what its checkpoint had seen and appends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from eqsolve.errors import StoreError, WriteError
from eqsolve.store.atomic import explain


class TraceWriter:
    """Writes records to `path`: from the start, or, given `keep`, after the first `keep` lines that are there."""

    def __init__(self, path: Path, keep: int | None = None) -> None:
        self.path = path
        resumed = keep is not None and path.exists()
        end = _end_of(path, keep or 0) if resumed else 0
        try:
            # Unbuffered: after a failed write nothing is left that a later close would add.
            self._file = open(path, "r+b" if resumed else "wb", buffering=0)  # noqa: SIM115 — open during the run
            self._file.truncate(end)
            self._file.seek(end)
        except OSError as error:
            raise explain(path, error) from error

    def write(self, record: Mapping[str, Any]) -> None:
        """One line; a WriteError leaves the lines before it whole."""
        rest = memoryview(json.dumps(record, allow_nan=False).encode() + b"\n")
        end = self._file.tell()
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(end)
            raise WriteError(f"{self.path}: cannot write: {error.strerror}; the lines before are whole") from error

    def close(self) -> None:
        """Closes the file; more records are refused."""
        try:
            self._file.close()
        except OSError as error:
            raise explain(self.path, error) from error


def _end_of(path: Path, keep: int) -> int:
    """Where the first `keep` records of a trace end, in bytes; StoreError for fewer lines, or lines of other kinds."""
    end = 0
    try:
        with open(path, "rb") as file:
            for number in range(1, keep + 1):
                line = file.readline()
                if not line.endswith(b"\n"):
                    raise StoreError(f"{path}: has {number - 1} records, but the checkpoint had seen {keep}")
                _require_record(line, path, number)
                end += len(line)
            following = file.readline()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    if following.endswith(b"\n"):  # a line cut short by a kill is no evidence either way
        _require_record(following, path, keep + 1)
    return end


def _require_record(line: bytes, path: Path, number: int) -> None:
    """Nothing but a trace is ever cut: a file named by mistake stays whole."""
    try:
        if "iteration" in json.loads(line):
            return
    except (ValueError, RecursionError, TypeError):
        pass
    raise StoreError(f"{path}: line {number} is not a record of a trace; it was left as it was")
