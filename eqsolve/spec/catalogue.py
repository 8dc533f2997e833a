"""The games that come with the package, by name: `matrix/chicken` is games/matrix/chicken.yaml.

In a wheel the folder is eqsolve/games; in a checkout, and so in an editable install, it stands beside the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from eqsolve.errors import InputError


class Entry(NamedTuple):
    """A game of the catalogue: how to ask for it, its family, its title, and what its file says of it."""

    name: str
    kind: str
    title: str
    description: str


def folder() -> Path:
    """Where the games are."""
    package = Path(__file__).parents[1]
    return package / "games" if (package / "games").is_dir() else package.parent / "games"


def names() -> list[str]:
    """`family/name` of every game, sorted."""
    return sorted(path.relative_to(folder()).with_suffix("").as_posix() for path in folder().glob("*/*.yaml"))


def path(name: str) -> Path:
    """The file of the game `name`; an unknown name raises InputError with the nearest ones."""
    known = names()
    if name not in known:
        raise InputError(f"@{name}: the catalogue has no such game", _suggestion(name, known))
    return folder() / f"{name}.yaml"


def entries() -> Iterator[Entry]:
    """Every game with what its file says of it; nothing is validated or built."""
    from eqsolve.spec.reader import read

    for name in names():
        value = read(path(name).read_text(encoding="utf-8"), f"@{name}").value
        yield Entry(name, value["kind"], value["name"], value.get("description") or "")


def _suggestion(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    # A name without its family is the likeliest slip.
    spellings = {spelling: full for full in known for spelling in (full, full.split("/")[1])}
    close = dict.fromkeys(spellings[near] for near in get_close_matches(name, spellings, n=2, cutoff=0.8))
    return f"did you mean {' or '.join(f'`@{full}`' for full in close)}?" if close else "`eqsolve games` lists them"
