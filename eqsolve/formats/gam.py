"""GameTracer's files (.gam), read and written: http://dags.stanford.edu/Games/gametracer.html, as GAMUT leaves them.

    # comments, before everything else
    number of players
    number of actions of each
    payoffs of player 1, of player 2, …

A player's payoffs follow each other with player 1's action running fastest. There are no names: players and actions
get the default labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from eqsolve.formats.table import (
    MAX_PLAYERS,
    PayoffTable,
    check_sizes,
    counted,
    filled,
    matrix,
    payoffs_to_the_end,
    player_by_player,
)
from eqsolve.formats.tokens import Tokens
from eqsolve.spec.numbers import ACTION, PLAYER, numbered

if TYPE_CHECKING:
    from eqsolve.families.normal.matrix import Matrix


def read(text: str, origin: str) -> Matrix:
    """The game in the text of a .gam file; SpecError with the place of the first mistake."""
    tokens = Tokens(re.sub(r"\A(?:\s*#.*)++", lambda comments: re.sub(r"\S", " ", comments[0]), text), origin)
    at = tokens.at
    n = tokens.integer("the number of players")
    if not 1 <= n <= MAX_PLAYERS:
        tokens.fail(f"expected a number of players, 1 to {MAX_PLAYERS}, found {n}", at=at)
    at = tokens.at
    sizes = counted(tokens, (f"player {i + 1}" for i in range(n)))
    count = check_sizes(tokens, sizes, at)
    values, rationals = payoffs_to_the_end(tokens, count, f"{count // n} of each player")
    order = player_by_player(sizes)
    exact = {int(order[place]): number for place, number in rationals.items()}
    return matrix(
        PayoffTable(
            numbered(PLAYER, n), tuple(numbered(ACTION, size) for size in sizes), filled(sizes, order, values), exact
        ),
        "",
        "",
    )


def write(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """The file, piece by piece; fractions are rounded, since GameTracer knows none."""
    n, *sizes = table.tensor.shape
    yield f"{n}\n\n{' '.join(map(str, sizes))}\n"
    numbers = table.tensor.ravel()[player_by_player(sizes)].tolist()
    own = len(numbers) // n
    for k, number in enumerate(numbers):
        start = "\n" if k % own == 0 else ""
        end = "\n" if (k + 1) % sizes[0] == 0 else " "
        yield start + (str(int(number)) if number.is_integer() and abs(number) < 10**15 else repr(number)) + end
