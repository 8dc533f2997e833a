"""`eqsolve warmup`: compiles kernels and keeps them, so that no later solve waits."""

from __future__ import annotations

from typing import Annotated

import typer

from eqsolve.cli import completion
from eqsolve.cli.options import Debug, Quiet, algorithm_option
from eqsolve.cli.streams import say
from eqsolve.errors import UsageError, WriteError


def warmup(
    game: Annotated[
        str | None,
        typer.Argument(
            metavar="GAME",
            help="Only what solving this game needs: a file, @family/name or -.",
            autocompletion=completion.games,
        ),
    ] = None,
    algo: Annotated[
        str | None,
        algorithm_option("By this algorithm. Default: by each that fits the game."),
    ] = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compile and cache kernels, all or those for GAME.

    They are kept in the user's cache folder; EQSOLVE_CACHE_DIR names another.

    \b
    eqsolve warmup
    eqsolve warmup @kuhn/two-player --algo cfr+
    """
    if game is None and algo is not None:
        raise UsageError("--algo: needs a GAME", "eqsolve warmup compiles for every algorithm")

    from eqsolve import api
    from eqsolve.cli.compiling import counted
    from eqsolve.kernels.cache import cache_folder, unusable

    with counted(quiet=quiet) as counter:
        api.warmup(game, algo)
    folder = cache_folder()
    if folder is None:
        say(f"compiled {counter.count} kernels, but {unusable()}: each process compiles its own")
        raise typer.Exit(WriteError.exit_code)
    say(f"kernels    {counter.count} compiled now, the others were there\ncache      {folder}")
