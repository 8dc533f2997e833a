"""`eqsolve new`: a commented spec to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eqsolve.cli import completion
from eqsolve.cli.options import Debug
from eqsolve.cli.streams import say
from eqsolve.spec.kinds import FAMILIES


def new(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help=f"The family: {', '.join(FAMILIES)}.", autocompletion=completion.kinds),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to FILE instead of stdout; `-` is stdout.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    debug: Debug = False,
) -> None:
    """Print a commented template of a game, which loads and solves as it is.

    \b
    eqsolve new matrix
    eqsolve new congestion -o roads.yaml
    """
    from eqsolve.errors import UsageError
    from eqsolve.spec.faults import nearest
    from eqsolve.spec.kinds import family, kinds

    try:
        template = getattr(family(kind), "template", None)
    except KeyError:
        known = kinds()
        raise UsageError(f"unknown kind '{kind}'", nearest(kind, known, f"known kinds: {', '.join(known)}")) from None
    if template is None:
        raise UsageError(f"the kind of game '{kind}' has no template")
    if out is None or str(out) == "-":
        say(template)
    else:
        from eqsolve.store.atomic import check_target, write_text

        check_target(out, force=force)
        write_text(out, template)
