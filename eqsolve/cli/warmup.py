"""`eqsolve warmup`: compiles every kernel and keeps them, so that no later solve waits."""

from __future__ import annotations

import typer

from eqsolve.cli.options import Debug, Quiet
from eqsolve.cli.streams import say, talk
from eqsolve.errors import WriteError


def warmup(quiet: Quiet = False, debug: Debug = False) -> None:
    """Compile and cache all kernels.

    They are kept in the user's cache folder; EQSOLVE_CACHE_DIR names another.

    \b
    eqsolve warmup
    """
    from eqsolve import api
    from eqsolve.kernels import on_compile
    from eqsolve.kernels.cache import cache_folder, unusable

    compiled: list[str] = []

    def heard(kernel: str, kept: bool) -> None:
        compiled.append(kernel)
        if not quiet:
            talk(f"compiling {kernel}")

    on_compile.append(heard)
    try:
        api.warmup()
    finally:
        on_compile.remove(heard)
    folder = cache_folder()
    if folder is None:
        say(f"compiled {len(compiled)} kernels, but {unusable()}: each process compiles its own")
        raise typer.Exit(WriteError.exit_code)
    say(f"kernels    {len(compiled)} compiled now, the others were there\ncache      {folder}")
