"""Matrix games: a payoff for every player at every pure profile; any number of players and actions.

Payoffs come as rows of [row's, column's] pairs (two players), as [N, A_1, …, A_N], as one tensor per player, or
by a shorthand: `zero_sum` (the row player's matrix; the column player receives its negative), `symmetric` (the row
player's; the column player's is its transpose), `common` (one tensor that all receive). Axes are in player order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema

from eqsolve.spec.arrays import ARRAY_SCHEMA, Written, written
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.files import MAX_ENTRIES
from eqsolve.spec.numbers import every, numbered, pairs
from eqsolve.spec.shapes import Actions, check_actions, check_players

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.exact import ExactPayoffs
    from eqsolve.forms.normal import TensorGame

SHAPES = ("payoffs", "zero_sum", "symmetric", "common")


class Table(NamedTuple):
    """Payoffs as all shapes become: [N, A_1, …, A_N], and the players' labels where the shape names them."""

    tensor: Array
    players: tuple[str, ...] | None = None
    #: Of numbers that are not what the shortest decimal of their float64 says: what they are, by the place in the
    #: flattened tensor.
    rationals: Mapping[int, Fraction] = {}
    #: Whether the others are what that decimal says; else they are the float64 numbers.
    decimal: bool = True


def payoffs(value: Any, info: ValidationInfo) -> Table:
    """Pairs, [N, A_1, …, A_N] inline or from a file, or a tensor per player."""
    if isinstance(value, dict):
        return _fitting(_by_player(value, info), info)
    found = written(value, info)
    shape = found.numbers.shape
    if isinstance(value, list) and len(shape) == 3:
        if shape[2] != 2:
            raise Refusal(
                f"expected rows of [row's, column's] pairs, got lists of {shape[2]} numbers",
                "three players and more: [N, A_1, …, A_N], or a mapping from players to tensors",
            )
        return _fitting(_arranged(found, lambda pairs: pairs.transpose(2, 0, 1)), info)
    if shape[0] != len(shape) - 1:
        if isinstance(value, list) and len(shape) == 2:
            raise Refusal(
                "expected rows of [row's, column's] pairs, got rows of numbers",
                "one matrix for both players goes under `zero_sum`, `symmetric` or `common`",
            )
        raise Refusal(f"expected the shape [N, A_1, …, A_N], got {list(shape)}")
    return _fitting(_arranged(found, lambda tensor: tensor), info)


def zero_sum(value: Any, info: ValidationInfo) -> Table:
    """The row player's matrix; the column player receives its negative."""
    import numpy as np

    return _fitting(_arranged(_matrix(value, info), lambda matrix: np.stack([matrix, 0 - matrix])), info)


def symmetric(value: Any, info: ValidationInfo) -> Table:
    """The row player's square matrix; the column player's is its transpose."""
    import numpy as np

    found = _matrix(value, info)
    rows, columns = found.numbers.shape
    if rows != columns:
        raise Refusal(f"expected a square matrix, got {rows} rows of {columns}")
    return _fitting(_arranged(found, lambda matrix: np.stack([matrix, matrix.T])), info)


def common(value: Any, info: ValidationInfo) -> Table:
    """The tensor [A_1, …, A_N] that every player receives."""
    import numpy as np

    found = written(value, info)
    _budget(found.numbers.size * found.numbers.ndim)
    return _fitting(_arranged(found, lambda tensor: np.stack([tensor] * tensor.ndim)), info)


def _matrix(value: Any, info: ValidationInfo) -> Written:
    found = written(value, info)
    if found.numbers.ndim != 2:
        raise Refusal(f"expected a matrix, rows of numbers, got {found.numbers.ndim} dimension(s)")
    _budget(2 * found.numbers.size)
    return found


def _arranged(found: Written, arrange: Callable[[Any], Any]) -> Table:
    """The table that `arrange` makes of an array by moving numbers or turning their signs, with what they stand for."""
    import numpy as np

    rationals: dict[int, Fraction] = {}
    if found.rationals:
        # places counted from 1, so that a turned sign shows
        sources = arrange(np.arange(1, found.numbers.size + 1).reshape(found.numbers.shape)).ravel()
        rounded = np.flatnonzero(np.isin(np.abs(sources) - 1, list(found.rationals)))
        for place, source in zip(rounded.tolist(), sources[rounded].tolist(), strict=True):
            exact = found.rationals[abs(source) - 1]
            rationals[place] = exact if source > 0 else -exact
    return Table(arrange(found.numbers), rationals=rationals, decimal=found.decimal)


def _by_player(value: dict[str, Any], info: ValidationInfo) -> Table:
    """A mapping from players to tensors of one shape, put into player order."""
    import numpy as np

    items = pairs(value, "from players to tensors")
    keys = tuple(str(key) for key, _ in items)
    players = info.data.get("players") or keys
    if strange := [key for key in keys if key not in players]:
        refuse(Fault((key,), "no such player", nearest(key, players), at_key=True) for key in strange)
    if absent := [player for player in players if player not in keys]:
        raise Refusal(f"the payoffs of {describe(absent[0])} are missing")
    found = dict(zip(keys, every(items, lambda item: written(item, info)), strict=True))
    tensors = {key: one.numbers for key, one in found.items()}
    shape = tensors[keys[0]].shape
    if len(shape) != len(keys):
        raise Refusal(
            f"expected one tensor [A_1, …, A_N] per player: with {len(keys)} players, {len(keys)} dimensions, "
            f"got {len(shape)}"
        )
    if other := [key for key in keys if tensors[key].shape != shape]:
        refuse(
            Fault((key,), f"expected the shape {list(shape)} as for {keys[0]}, got {list(tensors[key].shape)}")
            for key in other
        )
    _budget(tensors[keys[0]].size * len(keys))
    size = tensors[keys[0]].size
    return Table(
        np.stack([tensors[player] for player in players]),
        players,
        {i * size + place: x for i, player in enumerate(players) for place, x in found[player].rationals.items()},
        any(one.decimal for one in found.values()),
    )


def _fitting(table: Table, info: ValidationInfo) -> Table:
    """`table`, if it has as many players and actions as the spec says elsewhere."""
    check_players(table.tensor.shape[0], info)
    check_actions(table.tensor.shape[1:], info)
    return table


def _budget(size: int) -> None:
    if size > MAX_ENTRIES:
        raise Refusal(f"{size} payoffs are more than the {MAX_ENTRIES} that fit")


_BY_PLAYER = {"type": "object", "additionalProperties": ARRAY_SCHEMA}
Payoffs: TypeAlias = Annotated[
    Any, PlainValidator(payoffs), WithJsonSchema({"anyOf": [*ARRAY_SCHEMA["anyOf"], _BY_PLAYER]})
]
ZeroSum: TypeAlias = Annotated[Any, PlainValidator(zero_sum), WithJsonSchema(ARRAY_SCHEMA)]
Symmetric: TypeAlias = Annotated[Any, PlainValidator(symmetric), WithJsonSchema(ARRAY_SCHEMA)]
Common: TypeAlias = Annotated[Any, PlainValidator(common), WithJsonSchema(ARRAY_SCHEMA)]


class Matrix(Family):
    """A payoff for every player at every pure profile."""

    kind: Literal["matrix"] = Field(description="The family.")
    actions: Actions | None = Field(None, description="For each player the labels of the actions, or their number.")
    payoffs: Payoffs | None = Field(
        None,
        description="Two players: rows of [row's, column's] pairs. Any number: [N, A_1, …, A_N], or a mapping from "
        "players to tensors [A_1, …, A_N]. Inline, or the name of a .npy file of shape [N, A_1, …, A_N].",
    )
    zero_sum: ZeroSum | None = Field(
        None, description="The row player's matrix; the column player receives its negative."
    )
    symmetric: Symmetric | None = Field(
        None, description="The row player's square matrix; the column player's is its transpose."
    )
    common: Common | None = Field(None, description="The tensor [A_1, …, A_N] that every player receives.")

    template: ClassVar[str] = """\
kind: matrix
players: [Row, Column]              # labels, or a number
actions:                            # for each player: labels, or a number; may be left out
  - [Opera, Football]
  - [Opera, Football]
payoffs:                            # two players: rows of [row's, column's] pairs; numbers may be rationals, 1/3
  - [[3, 2], [0, 0]]
  - [[0, 0], [2, 3]]
# Instead of `payoffs` one of:
# zero_sum: [[1, -1], [-1, 1]]      # the row player's matrix; the column player receives its negative
# symmetric: [[3, 0], [5, 1]]       # the row player's matrix; the column player's is its transpose
# common: [[1, 0], [0, 2]]          # all receive the same; any number of players
# Other ways to write `payoffs`:
# payoffs: u.npy                    # a file beside this one, shape [N, A_1, …, A_N]
# payoffs: {Row: [[3, 0], [0, 2]], Column: [[2, 0], [0, 3]]}
"""

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        given = [shape for shape in SHAPES if shape in data]
        one_of = f"exactly one of {', '.join(f'`{shape}`' for shape in SHAPES)}"
        if not given:
            yield Fault((), f"the payoffs are missing: expected {one_of}")
        for extra in given[1:]:
            yield Fault((extra,), f"payoffs given twice: expected {one_of}", at_key=True)

    @property
    def table(self) -> Table:
        """The payoffs, whichever way they were written."""
        found: Table = next(t for t in (getattr(self, shape) for shape in SHAPES) if t is not None)
        return found

    def _labels(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Players and actions, defaults filled."""
        n, *sizes = self.table.tensor.shape
        players = self.players or self.table.players or numbered(n)
        return players, self.actions or tuple(numbered(size) for size in sizes)

    def canonical(self) -> dict[str, Any]:
        players, actions = self._labels()
        return {"kind": self.kind, "players": players, "actions": actions, "payoffs": self.table.tensor}

    def build(self) -> TensorGame:
        """The game with its payoff tensor."""
        from eqsolve.forms.normal import TensorGame

        players, actions = self._labels()
        return TensorGame(players, actions, self.table.tensor)

    def exact_payoffs(self) -> ExactPayoffs:
        """The payoffs as they are written, in integers."""
        from eqsolve.forms.exact import exact_payoffs

        return exact_payoffs(self.table.tensor, self.table.rationals if self.table.decimal else None)
