"""The three streams: results on stdout, which must arrive; talk on stderr, which must never stop a run."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from eqsolve.errors import WriteError
from eqsolve.printable import printable


def keep_stdout_for_results() -> None:
    """Give `sys.stdout` a descriptor of its own; what else arrives at descriptor 1 of this process goes to stderr.

    Compiled libraries print to descriptor 1 when they see fit, and a result in JSON must be nothing but that.
    """
    # A standard stream may be closed. The next file to be opened, say a policy, would then have its number, and would
    # receive what libraries print.
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is not None:
        results = open(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)  # noqa: SIM115
        sys.stdout = sys.__stdout__ = results  # type: ignore[misc]  # the width of the terminal is asked of this one
    os.dup2(2, 1)


def say(text: str) -> None:
    """Prints a result on stdout and flushes it. BrokenPipeError where the reader left, WriteError where it is full."""
    if sys.stdout is None:
        raise WriteError("standard output is closed: the result has nowhere to go")
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise _gone(error) from error


def emit(data: bytes) -> None:
    """Writes a result that is no text to stdout, as `say` does."""
    if sys.stdout is None:
        raise WriteError("standard output is closed: the result has nowhere to go")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        raise _gone(error) from error


def width() -> int | None:
    """Columns of the terminal that shows stdout; None where it is a file or a pipe, which fold nothing."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def _gone(error: OSError) -> Exception:
    """What to raise where stdout takes no more."""
    give_up(sys.stdout)
    if error.errno in (errno.EPIPE, errno.ESHUTDOWN):
        return BrokenPipeError()
    return WriteError(f"cannot write to standard output: {error.strerror}")


#: The files that get a copy of what is said on stderr: one while a command with --log runs.
_logs: list[TextIO] = []


def open_log(path: Path) -> None:
    """Append what is said on stderr from now on to a file, each line with its time; WriteError where that fails."""
    try:
        _logs.append(open(path, "a", encoding="utf-8", errors="backslashreplace"))  # noqa: SIM115  (until close_logs)
    except OSError as error:
        raise WriteError(f"--log {path}: cannot write: {error.strerror}") from error


def close_logs() -> None:
    """Close the log, if there is one."""
    while _logs:
        with suppress(OSError):
            _logs.pop().close()


def talk(line: str) -> None:
    """Prints a line on stderr, and into the log; where nobody can read it, goes on in silence."""
    write_logs(line)
    clear_status()
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(printable(line) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        give_up(sys.stderr)


def write_logs(line: str) -> None:
    """Write a line into the log alone, if there is one, with its time."""
    for log in _logs:
        with suppress(OSError, ValueError):
            log.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')}  {printable(line)}\n")
            log.flush()


#: To the start of a terminal's line, and clear it.
CLEAR_LINE = "\r\x1b[2K"
#: Whether the terminal shows a line that the next one is to take the place of.
_status = False


def status(line: str) -> bool:
    """Show a line on a terminal until something else is said; False, and nothing shown, where stderr is none."""
    global _status
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    with suppress(OSError, ValueError):
        sys.stderr.write(CLEAR_LINE + printable(line))
        sys.stderr.flush()
        _status = True
    return True


def clear_status() -> None:
    """Take away the line of `status`, if there is one."""
    global _status
    if _status:
        _status = False
        with suppress(OSError, ValueError):
            sys.stderr.write(CLEAR_LINE)
            sys.stderr.flush()


def give_up(stream: TextIO) -> None:
    """Sends what a stream still holds nowhere, so that the interpreter's last flush has nothing to complain of."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def tolerate_any_text() -> None:
    """Lets both output streams show characters that their encoding lacks, as escapes."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # a closed stream is None
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # asked for forgiveness
