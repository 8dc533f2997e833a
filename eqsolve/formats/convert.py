"""From one format to another: a game is read into its rules, and the rules are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from eqsolve.errors import UsageError
from eqsolve.forms.rules import Rules
from eqsolve.spec.formats import Format
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.reader import MAX_BYTES

if TYPE_CHECKING:
    from eqsolve.spec.load import GameSpec


@runtime_checkable
class Tree(Protocol):
    """A family whose games are trees."""

    def rules(self) -> Rules:
        """The game as plain rules."""


def converted(game: GameSpec, target: Format) -> str:
    """The game as a text of `target`; UsageError where that format cannot say what the game is."""
    model = game.family
    if not isinstance(model, Tree):
        kinds = ", ".join(kind for kind in FAMILIES if hasattr(family(kind), "rules"))
        raise UsageError(
            f"{game.origin}: a game of the kind {game.kind} has no tree to write as {target.name}",
            f"these have one: {kinds}, and .efg files",
        )
    pieces, size = list[str](), 0
    try:
        for piece in target.pieces(model.rules(), game.name, " ".join((model.description or "").split())):
            pieces.append(piece)
            size += len(piece.encode())
            if size > MAX_BYTES:
                raise UsageError(f"as {target.name} larger than {MAX_BYTES // 2**20} MiB, the most that is read")
    except UsageError as error:
        raise UsageError(f"{game.origin}: {error.message}", error.hint) from error
    return "".join(pieces)
