"""The payoffs of a game in normal form as files tell them: what readers make a game of, what writers take.

Files list pure profiles with player 1's action running fastest; arrays here have it slowest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from eqsolve.families.normal.matrix import Matrix, Table
from eqsolve.formats.tokens import END
from eqsolve.formats.tree import rational, written
from eqsolve.spec.arrays import MAX_DIMENSIONS
from eqsolve.spec.files import MAX_ENTRIES
from eqsolve.spec.numbers import MAX_LABELS, sized

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eqsolve.formats.tokens import Tokens
    from eqsolve.forms.base import Array

    Places = NDArray[np.int64]

#: Players of a payoff table: an array has one axis more.
MAX_PLAYERS = MAX_DIMENSIONS - 1
#: Bytes that a payoff takes while it is read: as it was found, its place, and in the tensor.
PER_PAYOFF = 24


class PayoffTable(NamedTuple):
    """`tensor` float64 [N, A_1, …, A_N] with the labels of its axes.

    `rationals` holds what was written as a fraction and is not what the float64 number's shortest decimal says, by
    the place in the flattened tensor.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    tensor: Array
    rationals: Mapping[int, Fraction]

    def texts(self, digits: int) -> Sequence[str]:
        """Every number in the flattened tensor's order, exact: integers, decimals without exponents, fractions.

        What would need more than `digits` digits is the nearest float.
        """
        texts = [decimal(x, digits) for x in self.tensor.ravel().tolist()]
        for place, number in self.rationals.items():
            texts[place] = written(number, digits)
        return texts


def decimal(number: float, digits: int) -> str:
    """An integer or a decimal; a fraction where the decimal would need an exponent."""
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    text = repr(number)
    return written(rational(number), digits) if "e" in text else text


def matrix(table: PayoffTable, title: str, description: str) -> Matrix:
    """The game of a file: that of a spec of the kind `matrix` with the same labels, and so of the same hash."""
    table.tensor.setflags(write=False)
    return Matrix.model_construct(
        kind="matrix",
        name=title,
        description=description,
        players=table.players,
        actions=table.actions,
        payoffs=Table(table.tensor, table.players, table.rationals),
    )


def check_sizes(tokens: Tokens, sizes: Sequence[int], at: int) -> int:
    """How many payoffs there are; SpecError at the character `at` where the memory cannot hold them."""
    from eqsolve import memory

    if len(sizes) > MAX_PLAYERS:
        tokens.fail(f"{len(sizes)} players are more than the {MAX_PLAYERS} that fit", at=at)
    if max(sizes) > MAX_LABELS:
        tokens.fail(f"{max(sizes)} actions of a player are more than the {MAX_LABELS} that fit", at=at)
    count = len(sizes) * prod(sizes)
    available = memory.available()
    if count > (MAX_ENTRIES if available is None else available // PER_PAYOFF):
        tokens.fail(
            f"{sized(count)} payoffs, each {PER_PAYOFF} bytes while it is read, are more than the "
            f"{memory.gib(available or 0)} of memory that are available",
            at=at,
        )
    return count


def counted(tokens: Tokens, players: Iterable[str]) -> list[int]:
    """Read how many actions each of the players, as messages name them, has; SpecError where that is below 1."""
    sizes = []
    for player in players:
        at = tokens.at
        sizes.append(tokens.integer(f"the number of actions of {player}"))
        if sizes[-1] < 1:
            tokens.fail(f"expected a number of actions, at least 1, found {sizes[-1]}", at=at)
    return sizes


def payoffs_to_the_end(tokens: Tokens, count: int, in_all: str) -> tuple[Sequence[float], dict[int, Fraction]]:
    """Read `count` payoffs, floats and those in fractions by their place, and nothing else; `in_all` says how many."""
    values, rationals = tokens.numbers(count, "a payoff")
    if len(values) < count:
        tokens.missing(f"payoff {len(values) + 1} of {count}, {in_all}")
    if tokens.kind != END:
        tokens.fail(f"the table is complete before this, found {tokens.found()}")
    return values, rationals


def tensor_of(sizes: Sequence[int], values: Sequence[float]) -> Array:
    """The tensor [N, A_1, …, A_N] of numbers in that order."""
    import numpy as np

    return np.array(values, dtype=np.float64).reshape(len(sizes), *sizes)


def filled(sizes: Sequence[int], order: Places, values: Sequence[float]) -> Array:
    """The tensor [N, A_1, …, A_N] of numbers in the order of a file."""
    import numpy as np

    flat = np.empty(len(values))
    flat[order] = values
    return flat.reshape(len(sizes), *sizes)


def profile_by_profile(sizes: Sequence[int]) -> Places:
    """For each number of a file that lists every player's payoff at each profile: its place in the flattened tensor."""
    return _places(sizes).T.ravel()


def player_by_player(sizes: Sequence[int]) -> Places:
    """The same for a file that lists all payoffs of player 1, then those of player 2."""
    return _places(sizes).transpose(0, *range(len(sizes), 0, -1)).ravel()


def _places(sizes: Sequence[int]) -> Places:
    import numpy as np

    return np.arange(len(sizes) * prod(sizes)).reshape(len(sizes), *sizes)
