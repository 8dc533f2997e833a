"""`eqsolve convert`: a game from one file format to another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from eqsolve.cli.options import Debug, GameFile
from eqsolve.cli.streams import emit, say
from eqsolve.errors import UsageError
from eqsolve.spec.formats import FORMATS, Format, named, of_name, suffixes

#: Formats that games are written in; spreadsheets and single arrays are read alone.
WRITTEN = [row for row in FORMATS if row.trees or row.tables]


def _written_names() -> list[str]:
    return [row.name for row in WRITTEN]


def convert(
    game: GameFile,
    to: Annotated[
        str | None, typer.Argument(metavar="OUT", help="The file to write; its suffix says the format. - is stdout.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="OUT, given as an option.")] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help=f"{', '.join(f'{row.name} ({row.summary})' for row in WRITTEN)}. Default: by OUT's suffix.",
            autocompletion=_written_names,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
    debug: Debug = False,
) -> None:
    """Write GAME in another format.

    Trees (poker, a spec of the kind extensive, an .efg file) go to .yaml and .efg; games in normal form (a payoff
    table, congestion, an .nfg file, a spreadsheet) go to .yaml, .nfg, .gam and .npz, those of two players to .csv and
    .lrs, too. Files are recognised by their content; .xlsx and .npy are read, not written.

    \b
    eqsolve convert @kuhn/two-player kuhn.efg
    eqsolve convert game.nfg game.yaml
    eqsolve convert payoffs.xlsx --to csv
    eqsolve convert game.yaml --to efg > game.efg
    """
    if to is not None and out is not None:
        raise UsageError(f"OUT is named twice: {to} and --out {out}")
    path = out if to is None else Path(to)
    path = None if path is None or str(path) == "-" else path
    row = _format(target, path)
    if path is not None and game != "-" and os.path.realpath(path) == os.path.realpath(game):
        raise UsageError(f"{path}: is GAME itself")

    from eqsolve.formats.convert import converted
    from eqsolve.spec.load import load
    from eqsolve.store.atomic import check_target, write_bytes

    if path is not None:
        check_target(path, force=force)
    written = converted(load(game), row)
    if path is not None:
        write_bytes(path, written.encode() if isinstance(written, str) else written)
    elif isinstance(written, str):
        say(written)
    else:
        emit(written)


def _format(name: str | None, path: Path | None) -> Format:
    """The format asked for: by name, else by the suffix of the file."""
    if name is None and path is None:
        raise UsageError("which format should be printed?", f"--to {' or --to '.join(row.name for row in WRITTEN)}")
    row = of_name(str(path)) if name is None else named(name)
    if row is not None and row not in WRITTEN:
        raise UsageError(f"{row.name}: {row.summary} is read, not written", f"written are {suffixes(WRITTEN)}")
    if row is None and name is not None:
        raise UsageError(f"--to: unknown format '{name}'", f"known: {', '.join(row.name for row in WRITTEN)}")
    if row is None:
        raise UsageError(f"{path}: expected a name that ends in {suffixes(WRITTEN)}", "or say --to FORMAT")
    return row
