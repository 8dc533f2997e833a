"""The command line: one file per command; parse, one library call, print; one boundary for everything that fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs `eqsolve` with these arguments and returns its exit code; without arguments, the process's own, and ends it.

    The command has its process to itself, and keeps standard output for results; a call with arguments leaves the
    descriptors of the host alone.

    Everything is flushed and every file closed by then. Taking the interpreter apart, with the compiler that kernels
    load, would only add a quarter of a second to each run and to the answer to Ctrl-C.
    """
    from eqsolve.cli.boundary import guarded

    if argv is not None:
        return guarded(list(argv))
    from eqsolve.cli.streams import keep_stdout_for_results

    keep_stdout_for_results()
    code = guarded(sys.argv[1:])
    os._exit(code)
