"""Files of lrsnash, read and written: https://cgm.cs.mcgill.ca/~avis/C/lrslib/USERGUIDE.html#nash

    m n                 numbers of actions of the row and of the column player
    m rows of n         payoffs of the row player: integers, or rationals 1/3
    m rows of n         payoffs of the column player

There are no names: players and actions get the default labels. Read are decimals, too; written are rationals.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from eqsolve.errors import UsageError
from eqsolve.formats.efg_writer import WRITTEN_DIGITS
from eqsolve.formats.table import PayoffTable, check_sizes, counted, matrix, payoffs_to_the_end, tensor_of
from eqsolve.formats.tokens import Tokens
from eqsolve.spec.numbers import ACTION, PLAYER, numbered

if TYPE_CHECKING:
    from eqsolve.families.normal.matrix import Matrix


def read(text: str, origin: str) -> Matrix:
    """Return the game in a text of lrsnash; SpecError with the place of the first mistake."""
    tokens = Tokens(text, origin)
    at = tokens.at
    sizes = counted(tokens, ("the row player", "the column player"))
    count = check_sizes(tokens, sizes, at)
    values, rationals = payoffs_to_the_end(tokens, count, f"{sizes[0]} rows of {sizes[1]} for each player")
    labels = tuple(numbered(ACTION, size) for size in sizes)
    return matrix(PayoffTable(numbered(PLAYER, 2), labels, tensor_of(sizes, values), rationals), "", "")


def write(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """Yield the file piece by piece; UsageError for another number of players than two."""
    if len(table.players) != 2:
        raise UsageError(f"lrsnash's files are for 2 players, this game has {len(table.players)}", "write it as .nfg")
    rows, columns = table.tensor.shape[1:]
    yield f"{rows} {columns}\n"
    texts = table.texts(WRITTEN_DIGITS)
    for k in range(0, len(texts), columns):
        start = "\n" if k % (rows * columns) == 0 else ""
        yield start + " ".join(str(Fraction(text)) for text in texts[k : k + columns]) + "\n"
