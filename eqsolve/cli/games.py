"""`eqsolve games`: the catalogue that comes with the package, and games drawn from distributions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from eqsolve.cli import completion
from eqsolve.cli.options import Debug, Format, OutputFormat, option, whole
from eqsolve.cli.streams import say
from eqsolve.errors import UsageError


class Catalogue(TyperGroup):
    """The commands, and a list of what has the words that are given in place of one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read words that are no command as those of `list`."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(rich_markup_mode=None, cls=Catalogue)


@app.callback(invoke_without_command=True)
def games(context: typer.Context, debug: Debug = False) -> None:
    """List or show the games that come with eqsolve; `eqsolve solve @family/name` solves one.

    \b
    eqsolve games
    eqsolve games poker
    eqsolve games show distancing/eight-agents
    eqsolve solve @distancing/eight-agents
    """
    if context.invoked_subcommand is None:
        list_games()


@app.command("list")
def list_games(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD", help="Only games whose name, kind, title or description has them all."),
    ] = None,
    output_format: OutputFormat = Format.TEXT,
    debug: Debug = False,
) -> None:
    """List the games by name.

    \b
    eqsolve games list
    eqsolve games list poker
    eqsolve games list --format json
    """
    from eqsolve.spec import catalogue

    wanted = [word.lower().removeprefix("@") for word in words or ()]
    rows = [
        {"name": entry.name, "kind": entry.kind, "title": entry.title}
        for entry in catalogue.entries()
        if all(word in " ".join(entry).lower() for word in wanted)
    ]
    if not rows:
        raise UsageError(f"no game has all of the words {' '.join(words or ())}", "eqsolve games lists them")
    if output_format == Format.JSON:
        import json

        say(json.dumps(rows, indent=2))
    else:
        say("\n".join(_table(rows)))


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(help="A game of the list, with or without @.", autocompletion=completion.catalogue_names),
    ],
    debug: Debug = False,
) -> None:
    """Print the YAML of one game: a start for one of your own.

    \b
    eqsolve games show matrix/chicken > mine.yaml
    """
    from eqsolve.spec import catalogue

    say(catalogue.path(name.removeprefix("@")).read_text(encoding="utf-8"))


@app.command()
def sample(
    distribution: Annotated[
        str, typer.Argument(metavar="DISTRIBUTION", help="A spec in which numbers are drawn (.yaml), or - for stdin.")
    ],
    count: Annotated[str, typer.Option("--games", "-n", metavar="N", help="How many games.")] = "1",
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Seed of what is drawn.")] = "0",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write 0001.yaml and on into FOLDER.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FOLDER, if it holds nothing but such files.")] = False,
    debug: Debug = False,
) -> None:
    """Draw games from a distribution.

    The first is printed, or all are written into a folder. A draw stands in the place of a number: uniform(0.3, 0.7),
    normal(0, 1), integers(0, 9), choice(1, 2, 4). Game k of a seed is the same however many are drawn.

    \b
    eqsolve games sample pots.yaml
    eqsolve games sample pots.yaml -n 64 --seed 7 -o pots
    """
    from eqsolve.distributions import distribution as read
    from eqsolve.run.options import seed_of
    from eqsolve.store.folder import check_folder, write_folder

    number, first = option("--games", count, whole, 1), seed_of(option("--seed", seed, whole, 0))
    if out is None and number != 1:
        raise UsageError(f"{number} games do not go to standard output", "-o FOLDER writes them")
    if out is not None:
        check_folder(out, "yaml", force=force)
    games = read(distribution)
    texts = (games.game(first, k).text for k in range(number or 1))
    if out is None:
        say(next(texts))
    else:
        write_folder(out, [text.encode() for text in texts], "yaml", force=force)


def _table(rows: list[dict[str, Any]]) -> list[str]:
    width = max((len(row["name"]) for row in rows), default=0) + 3
    return [f"{'game':<{width}}what it is", *(f"{'@' + row['name']:<{width}}{row['title']}" for row in rows)]
