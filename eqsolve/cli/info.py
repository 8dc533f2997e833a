"""`eqsolve info`: what a game is and what solving it would cost, before it is solved."""

from __future__ import annotations

from typing import Annotated

import typer

from eqsolve.cli.options import Debug, Format, GameFile, OutputFormat, Quiet, option, set_threads, whole
from eqsolve.cli.streams import say, width


def info(
    game: GameFile,
    states: Annotated[
        bool,
        typer.Option(
            "--states",
            "--infosets",
            help="Only list the rows of a policy, in order: the states, or each player's information sets.",
        ),
    ] = False,
    cycles: Annotated[
        str | None,
        typer.Option(
            "--cycles",
            metavar="N",
            help="Draw N cycles to test for a potential. Default: 200, or as many as 1 s allows.",
        ),
    ] = None,
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Seed of all random numbers.")] = "0",
    output_format: OutputFormat = Format.TEXT,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show sizes, structure and costs of GAME.

    Which algorithms accept it, with time and memory, measured here and now.

    \b
    eqsolve info @distancing/four-agents
    eqsolve info game.yaml --format json
    eqsolve info game.yaml --states
    """
    number = option("--seed", seed, whole, 0) or 0
    wanted = option("--cycles", cycles, whole, 1)
    set_threads(1)

    from eqsolve.cli.compiling import counted
    from eqsolve.report import json_text
    from eqsolve.report import survey as shown
    from eqsolve.report import survey_document as documents
    from eqsolve.spec.load import load

    spec = load(game)
    if states:
        as_json = output_format == Format.JSON
        say(json_text(documents.rows_document(spec.form)) if as_json else shown.rows_text(spec.form))
        return

    from eqsolve.info import survey

    with counted(quiet=quiet):
        found = survey(spec, seed=number, cycles=wanted)
    if output_format == Format.JSON:
        say(json_text(documents.survey_document(found)))
    else:
        say(shown.survey_text(found, width=width()))
