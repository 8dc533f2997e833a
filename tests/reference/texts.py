"""Write games as the text of a format, and tell the one mistake of a text with its place."""

from __future__ import annotations

from eqsolve.formats.convert import converted
from eqsolve.spec.formats import named
from eqsolve.spec.load import GameSpec
from reference.specs import problems


def written(game: GameSpec, name: str) -> str:
    """Write `game` in the text format of that name."""
    row = named(name)
    assert row is not None
    text = converted(game, row)
    assert isinstance(text, str)
    return text


def mistake(text: str, origin: str) -> str:
    """Parse `text`, which has one mistake, and return it as `line:column: message`."""
    [found] = problems(text, origin)
    return f"{found.line}:{found.column}: {found.message}"
