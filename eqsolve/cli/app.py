"""The table of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from eqsolve import __version__
from eqsolve.cli import completion
from eqsolve.cli.algos import algos
from eqsolve.cli.compare import compare
from eqsolve.cli.convert import convert
from eqsolve.cli.evaluate import evaluate
from eqsolve.cli.games import app as games
from eqsolve.cli.info import info
from eqsolve.cli.new import new
from eqsolve.cli.options import Debug
from eqsolve.cli.plot import plot
from eqsolve.cli.regret import regret
from eqsolve.cli.schema import schema
from eqsolve.cli.solve import solve
from eqsolve.cli.warmup import warmup

app = typer.Typer(
    name="eqsolve",
    help="Equilibria of games, each answer with a regret measured by code that never saw the solver.",
    epilog="Start with: eqsolve games, then: eqsolve solve @matrix/matching-pennies",
    # Not typer's options for completion, one of which edits files of the user's shell.
    # No markup: importing rich costs more than the help.
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _print_version(context: typer.Context, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:  # which it is while a shell completes a line
        from eqsolve.cli.streams import say

        say(f"eqsolve {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
    show_completion: Annotated[
        completion.Shell | None,
        typer.Option(
            "--show-completion",
            metavar="SHELL",
            help="Print what lets bash, zsh, fish or powershell complete names, and exit.",
            callback=completion.show_script,
            is_eager=True,
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Equilibria of games, each answer with a regret measured by code that never saw the solver."""


app.command()(solve)
app.command()(regret)
app.command()(compare)
app.command(short_help="Compare algorithms over many games.")(evaluate)
app.command()(info)
app.command()(convert)
app.command()(plot)
app.command()(algos)
app.add_typer(games, name="games", short_help="List or show games of the catalogue, or draw games.")
app.command(short_help="Print a template of a game.")(new)
app.command(short_help="Print the JSON Schema of specs.")(schema)
app.command()(warmup)
