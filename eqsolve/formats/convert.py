"""From one format to another: a game is read into its rules or its payoff table, and these are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from eqsolve.errors import UsageError
from eqsolve.forms.rules import Rules
from eqsolve.spec import files
from eqsolve.spec.formats import FORMATS, Format
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.reader import MAX_TEXT_BYTES

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable
    from eqsolve.forms.normal.game import NormalForm
    from eqsolve.spec.load import GameSpec


@runtime_checkable
class Tree(Protocol):
    """A family whose games are trees."""

    def rules(self) -> Rules:
        """The game as plain rules."""


def converted(game: GameSpec, target: Format) -> str | bytes:
    """The game as a file of `target`, bytes for an archive; UsageError where that format cannot say what it is."""
    from eqsolve import memory

    # as much again goes into the whole
    available = max(MAX_TEXT_BYTES, (memory.available() or 4 * files.MAX_ARRAY_BYTES) // 4)
    try:
        pieces, size = list[str | bytes](), 0
        for piece in _pieces(game, target):
            pieces.append(piece)
            size += len(piece if isinstance(piece, bytes) else piece.encode())
            limit = files.MAX_ARRAY_BYTES if isinstance(piece, bytes) else available if target.large else MAX_TEXT_BYTES
            if size > limit:
                raise UsageError(f"as {target.name} larger than {limit // 2**20} MiB, the most that is read")
    except UsageError as error:
        raise UsageError(f"{game.origin}: {error.message}", error.hint) from error
    if pieces and isinstance(pieces[0], bytes):
        return b"".join(piece for piece in pieces if isinstance(piece, bytes))
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _pieces(game: GameSpec, target: Format) -> Iterator[str | bytes]:
    """What the writer for this game yields."""
    title, description = game.name, " ".join((game.family.description or "").split())
    if isinstance(game.family, Tree):
        if target.trees is None:
            rows = ", ".join(row.name for row in FORMATS if row.trees)
            raise UsageError(
                f"a game of the kind {game.kind} is a tree, which {target.name} cannot hold", f"these can: {rows}"
            )
        return target.tree_pieces(game.family.rules(), title, description)
    if target.tables is None:
        kinds = ", ".join(kind for kind in FAMILIES if hasattr(family(kind), "rules"))
        raise UsageError(
            f"a game of the kind {game.kind} has no tree to write as {target.name}",
            f"these have one: {kinds}, and .efg files",
        )
    return target.table_pieces(_table(game, target), title, description)


def _table(game: GameSpec, target: Format) -> PayoffTable:
    """The payoffs of a game in normal form."""
    from eqsolve.formats.table import PayoffTable

    form = game.form
    if form.tensor_bytes is None:
        raise UsageError(
            f"a game of the kind {game.kind} has no payoff table to write as {target.name}",
            "games in normal form have one",
        )
    table = cast("NormalForm", form).tensor()  # no other form has a tensor
    if table.formula is not None and table.exact is not None:
        return PayoffTable(table.players, table.actions, *table.exact.nearest())
    exact = table.meaning.rationals if table.meaning else {}
    return PayoffTable(table.players, table.actions, table.payoffs, exact)
