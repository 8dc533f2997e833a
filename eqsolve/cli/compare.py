"""`eqsolve compare`: profiles of one game against each other. Nothing that solves games is imported here."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer

from eqsolve.cli.options import Debug, Format, GameOfProfiles, Normalise, OutputFormat
from eqsolve.cli.streams import say
from eqsolve.errors import UsageError

#: More profiles make more pairs than anybody reads.
MAX_PROFILES = 50


def compare(
    profiles: Annotated[
        list[str],
        typer.Argument(metavar="PROFILE", help="Two or more profiles: files as regret reads them, - for stdin."),
    ],
    game: GameOfProfiles = None,
    normalise: Normalise = False,
    output_format: OutputFormat = Format.TEXT,
    debug: Debug = False,
) -> None:
    """Compare profiles of one game.

    Head to head, in every seat: the value of a player who plays one profile while all others play the other; each one's
    own Nash gap; and how far the policies are apart (total variation, row by row).

    \b
    eqsolve compare first.npz second.npz
    eqsolve compare mine.json theirs.json --game @kuhn/two-player --format json
    """
    if [*profiles, game].count("-") > 1:
        raise UsageError("only one input can be standard input")

    from eqsolve.metrics.comparison import compared
    from eqsolve.metrics.judge import deviations
    from eqsolve.profiles.files import read_profiles
    from eqsolve.report import json_text
    from eqsolve.report.comparison import comparison_document, comparison_text
    from eqsolve.run.result import Game
    from eqsolve.spec.load import load

    files = [read_profiles(source) for source in profiles]
    count = sum(len(file.entries) for file in files)
    if not 2 <= count <= MAX_PROFILES:
        raise UsageError(f"expected 2 to {MAX_PROFILES} profiles to compare, found {count}")
    if game is not None:
        spec = load(game)
    else:
        # the first file that holds its game, else the first, which says what is missing
        k = next((k for k, file in enumerate(files) if file.archive is not None), 0)
        spec = files[k].game(beside=Path() if profiles[k] == "-" else Path(profiles[k]).parent)
    named, notes = [], list[str]()
    for file in files:
        file.require(spec)
        for entry in file.entries:
            name = f"{file.origin}: {entry.name}" if len(file.entries) > 1 else file.origin
            given = file.profile(spec.form, entry, normalise=normalise)
            named.append((name, given.profile))
            notes += [f"{name}: {note}" for note in given.notes]
        notes += [f"{file.origin}: {note}" for note in file.notes]
    pairs = {(i, j): compared(spec.form, named[i][1], named[j][1]) for i, j in combinations(range(len(named)), 2)}
    document = comparison_document(
        Game(spec.form, spec.kind, spec.name, spec.hash),
        [(name, deviations(spec.form, profile)) for name, profile in named],
        pairs,
        notes,
    )
    say(json_text(document) if output_format == Format.JSON else comparison_text(document))
