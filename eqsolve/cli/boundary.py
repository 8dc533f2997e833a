"""Where every failure becomes a line on stderr and an exit code; the docs hold the table of codes."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from contextlib import suppress

from eqsolve.cli.streams import close_logs, give_up, talk, tolerate_any_text
from eqsolve.cli.waiting import stages_named
from eqsolve.errors import EqsolveError, InputError, SpecError, UsageError, WriteError

BUG = 70
CLOSED_PIPE = 141
#: Ctrl-C before a command installs handlers of its own.
INTERRUPTED = 130
#: A device or a quota is full, a file may not grow, or the device failed.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def guarded(arguments: list[str]) -> int:
    """Runs the command line on these arguments; whatever happens, returns an exit code."""
    debug = "--debug" in arguments
    tolerate_any_text()
    with warnings.catch_warnings():
        if not debug:  # a library's warning is for its callers, not for the user of a command
            warnings.simplefilter("ignore")
        try:
            with stages_named(quiet=not {"-q", "--quiet"}.isdisjoint(arguments)):
                code = _invoke(arguments)
            if sys.stdout is not None:
                sys.stdout.flush()
            return code
        except SystemExit as error:
            return error.code if isinstance(error.code, int) else BUG
        except BaseException as error:
            if debug:
                import traceback

                with suppress(OSError):
                    traceback.print_exc()
            return _explained(error)
        finally:
            close_logs()


def _invoke(arguments: list[str]) -> int:
    import typer

    from eqsolve.cli.app import app
    from eqsolve.cli.completion import VARIABLE, answered

    # Not app(): it would turn a closed pipe, Ctrl-C and our errors into messages and codes of its own.
    command = typer.main.get_command(app)
    if asked := os.environ.get(VARIABLE):
        return answered(command, asked)
    try:
        with command.make_context("eqsolve", arguments or ["--help"]) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except typer.TyperException as error:
        failed = getattr(error, "ctx", None)
        message = error.format_message().rstrip(".").replace("Value error, ", "")
        hint = f"see {failed.command_path if failed is not None else 'eqsolve'} --help"
        raise UsageError(message[:1].lower() + message[1:], hint) from error
    return 0


def _folder_is_gone() -> bool:
    """Whether the process's current folder was removed: every relative path, and many a library, then fails."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _explained(error: BaseException) -> int:
    """Says what went wrong, and returns the exit code for it."""
    if isinstance(error, EqsolveError):
        first, *rest = error.lines() or [type(error).__name__]
        # A spec's problems open with file:line:col, which editors and terminals make a link of.
        talk(first if isinstance(error, SpecError) else f"error: {first}")
        for line in rest:
            talk(line)
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        talk("interrupted")
        return INTERRUPTED
    if isinstance(error, MemoryError):
        talk(f"error: not enough memory for a game of this size{f': {error}' if str(error) else ''}")
        return InputError.exit_code
    if isinstance(error, FileNotFoundError) and error.filename is None and _folder_is_gone():
        talk("error: the current folder does not exist any more, and file names count from it")
        talk("  hint: change to a folder that exists")
        return InputError.exit_code
    if isinstance(error, BrokenPipeError):
        give_up(sys.stdout)
        return CLOSED_PIPE
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        give_up(sys.stdout)
        talk(f"error: cannot write to standard output: {error.strerror}")
        return WriteError.exit_code
    what = " ".join(str(error).split())[:300]
    talk(f"error: this is a bug of eqsolve, not of yours: {type(error).__name__}: {what}")
    talk("  hint: please report it with what the same command prints under --debug")
    return BUG
