"""`eqsolve games`: the catalogue that comes with the package."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from eqsolve.cli.options import Debug, Format, OutputFormat
from eqsolve.cli.streams import say

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def games(context: typer.Context, debug: Debug = False) -> None:
    """List or show the games that come with eqsolve; `eqsolve solve @family/name` solves one.

    \b
    eqsolve games
    eqsolve games show distancing/eight-agents
    eqsolve solve @distancing/eight-agents
    """
    if context.invoked_subcommand is None:
        list_games()


@app.command("list")
def list_games(output_format: OutputFormat = Format.TEXT, debug: Debug = False) -> None:
    """List the games by name.

    \b
    eqsolve games list
    eqsolve games list --format json
    """
    from eqsolve import catalogue

    rows = [{"name": entry.name, "kind": entry.kind, "title": entry.title} for entry in catalogue.entries()]
    if output_format == Format.JSON:
        import json

        say(json.dumps(rows, indent=2))
    else:
        say("\n".join(_table(rows)))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A game of the list, with or without @.")], debug: Debug = False
) -> None:
    """Print the YAML of one game: a start for one of your own.

    \b
    eqsolve games show matrix/chicken > mine.yaml
    """
    from eqsolve import catalogue

    say(catalogue.path(name.removeprefix("@")).read_text(encoding="utf-8"))


def _table(rows: list[dict[str, Any]]) -> list[str]:
    width = max((len(row["name"]) for row in rows), default=0) + 3
    return [f"{'game':<{width}}what it is", *(f"{'@' + row['name']:<{width}}{row['title']}" for row in rows)]
