"""Matrix games: a payoff for every player at every pure profile; any number of players and actions.

Two players' payoffs come as two matrices, `row` and `column`. Those of any number come as an array, `payoffs`, whose
axis of players is the first or the last (`order` says which), as one tensor per player, or by a shorthand: `zero_sum`
(the row player's matrix; the column player receives its negative), `symmetric` (the row player's; the column player's
is its transpose), `common` (one tensor that all receive). Axes are in player order. The hash is of the game, not of the
way in which it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema

from eqsolve.families.normal.array_order import reading
from eqsolve.spec.arrays import ARRAY_SCHEMA, Written, written
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.files import MAX_ENTRIES
from eqsolve.spec.numbers import ACTION, PLAYER, every, numbered, pairs
from eqsolve.spec.shapes import Actions, check_actions, check_players

if TYPE_CHECKING:
    from eqsolve.forms.base import Array
    from eqsolve.forms.normal.game import TensorGame

#: Ways to write the payoffs; of these a spec has exactly one, or `row` and `column`.
SHAPES = ("payoffs", "zero_sum", "symmetric", "common")


class Table(NamedTuple):
    """Payoffs as all shapes become: [N, A_1, …, A_N], and the players' labels where the shape names them."""

    tensor: Array
    players: tuple[str, ...] | None = None
    #: Of numbers that are not what the shortest decimal of their float64 says: what they are, by the place in the
    #: flattened tensor.
    rationals: Mapping[int, Fraction] = {}
    #: The players whose payoffs are float64 numbers from a file, and just these; others' are what their decimals say.
    floats: frozenset[int] = frozenset()
    #: How an array was read whose shape allows another game, too.
    remark: str | None = None


def payoffs(value: Any, info: ValidationInfo) -> Table:
    """An array, inline or from a file, in the order that the spec says, or a tensor per player."""
    if isinstance(value, dict):
        return _fitting(_by_player(value, info), info)
    found = written(value, info)
    players, actions = info.data.get("players"), info.data.get("actions")
    read = reading(
        found.numbers.shape,
        info.data.get("order"),
        inline=isinstance(value, list),
        players=players,
        actions=actions,
    )
    try:
        table = _fitting(_arranged(found, read.to_first), info)
    except Refusal as refusal:
        raise Refusal(refusal.message, read.hint) from refusal
    return table._replace(remark=read.remark(found.numbers))


def row(value: Any, info: ValidationInfo) -> Written:
    """The row player's matrix, a row for each of their actions."""
    found = _matrix(value, info)
    check_players(2, info)
    check_actions(found.numbers.shape, info)
    return found


def column(value: Any, info: ValidationInfo) -> Written:
    """The column player's matrix, laid out as the row player's."""
    found = row(value, info)
    first = info.data.get("row")
    if first is not None and first.numbers.shape != found.numbers.shape:
        expected, got = ("{} × {}".format(*one.numbers.shape) for one in (first, found))
        hint = "in both matrices a row is an action of the row player"
        raise Refusal(f"expected {expected} numbers as in `row`, got {got}", hint)
    return found


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
    tensor = arrange(found.numbers)
    return Table(tensor, rationals=rationals, floats=frozenset() if found.decimal else frozenset(range(len(tensor))))


def _by_player(value: dict[str, Any], info: ValidationInfo) -> Table:
    """A mapping from players to tensors of one shape, put into player order."""
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
    return _stacked([found[player] for player in players])._replace(players=players)


def _stacked(found: Sequence[Written]) -> Table:
    """One tensor per player, all of one shape."""
    import numpy as np

    size = found[0].numbers.size
    _budget(size * len(found))
    return Table(
        np.stack([one.numbers for one in found]),
        rationals={i * size + place: x for i, one in enumerate(found) for place, x in one.rationals.items()},
        floats=frozenset(i for i, one in enumerate(found) if not one.decimal),
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
Row: TypeAlias = Annotated[Any, PlainValidator(row), WithJsonSchema(ARRAY_SCHEMA)]
Column: TypeAlias = Annotated[Any, PlainValidator(column), WithJsonSchema(ARRAY_SCHEMA)]


class Matrix(Family):
    """A payoff for every player at every pure profile."""

    kind: Literal["matrix"] = Field(description="The family.")
    actions: Actions | None = Field(None, description="For each player the labels of the actions, or their number.")
    row: Row | None = Field(None, description="Two players: the row player's payoffs, a row for each of their actions.")
    column: Column | None = Field(None, description="The column player's payoffs at the same profiles, laid out alike.")
    order: Literal["players-first", "players-last"] | None = Field(
        None,
        description="Where the array `payoffs` has its axis of players: `players-first` is [N, A_1, …, A_N], "
        "`players-last` [A_1, …, A_N, N], for two players rows of [row's, column's] pairs. Left out: `players-last` "
        "where the array is inline and of two players, else `players-first`; a note says so if the shape fits both.",
    )
    payoffs: Payoffs | None = Field(
        None,
        description="An array of numbers in that `order`, inline or the name of a .npy file; or a mapping from players "
        "to tensors [A_1, …, A_N].",
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
row: [[3, 0], [0, 2]]               # the row player's payoffs, a row per own action; numbers may be rationals, 1/3
column: [[2, 0], [0, 3]]            # the column player's at the same profiles
# Instead of `row` and `column` one of:
# zero_sum: [[1, -1], [-1, 1]]      # the row player's matrix; the column player receives its negative
# symmetric: [[3, 0], [5, 1]]       # the row player's matrix; the column player's is its transpose
# common: [[1, 0], [0, 2]]          # all receive the same; any number of players
# payoffs: {Row: [[3, 0], [0, 2]], Column: [[2, 0], [0, 3]]}  # any number of players, a tensor [A_1, …, A_N] each
# An array of all payoffs, with `order: players-last` ([A_1, …, A_N, N]) or `order: players-first` ([N, A_1, …, A_N]):
# payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]               # players last: rows of [row's, column's] pairs
# payoffs: u.npy                                              # a file beside this one
"""

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        pair = [key for key in ("row", "column") if key in data]
        given = [*pair[:1], *(shape for shape in SHAPES if shape in data)]
        one_of = f"`row` and `column`, or exactly one of {', '.join(f'`{shape}`' for shape in SHAPES)}"
        if not given:
            yield Fault((), f"the payoffs are missing: expected {one_of}")
        for extra in given[1:]:
            yield Fault((extra,), f"payoffs given twice: expected {one_of}", at_key=True)
        if len(pair) == 1:
            yield Fault((pair[0],), f"`{'column' if pair == ['row'] else 'row'}` is missing beside it", at_key=True)
        if "order" in data and (given != ["payoffs"] or isinstance(data["payoffs"], dict)):
            yield Fault(("order",), "says how an array under `payoffs` is laid out; here is none", at_key=True)

    @cached_property
    def table(self) -> Table:
        """The payoffs, whichever way they were written."""
        if self.row is not None and self.column is not None:
            return _stacked([self.row, self.column])
        found: Table = next(t for t in (getattr(self, shape) for shape in SHAPES) if t is not None)
        return found

    @property
    def remarks(self) -> tuple[str, ...]:
        return () if self.table.remark is None else (self.table.remark,)

    def _labels(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Players and actions, defaults filled."""
        n, *sizes = self.table.tensor.shape
        players = self.players or self.table.players or numbered(PLAYER, n)
        return players, self.actions or tuple(numbered(ACTION, size) for size in sizes)

    def canonical(self) -> dict[str, Any]:
        players, actions = self._labels()
        return {"kind": self.kind, "players": players, "actions": actions, "payoffs": self.table.tensor}

    def build(self) -> TensorGame:
        """The game with its payoff tensor, and what the numbers in it stand for."""
        from eqsolve.forms.exact_payoffs import Meaning
        from eqsolve.forms.normal.game import TensorGame

        players, actions = self._labels()
        table = self.table
        return TensorGame(players, actions, table.tensor, Meaning(table.rationals, table.floats))
