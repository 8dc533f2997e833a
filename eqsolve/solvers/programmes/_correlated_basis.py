"""The joint distribution at the basis where the linear programme of `ce` or `cce` ended, in rational arithmetic.

Probabilities that are not basic are 0; constraints whose slack is not basic hold with equality. That makes a square
system, which python-flint solves. Whether its solution is an equilibrium is for the judge to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import Entries
from eqsolve.arithmetic.rational import solution
from eqsolve.forms.exact_payoffs import Whole

#: Whether each variable, and the slack of each constraint, is basic.
Basis: TypeAlias = tuple[NDArray[np.bool_], NDArray[np.bool_]]


class Support(NamedTuple):
    """`numbers` [K]: pure profiles, the last player's action fastest; their `probabilities`, above 0, of sum 1."""

    numbers: NDArray[np.int64]
    probabilities: tuple[Fraction, ...]


def at_basis(
    paid: Whole, basis: Basis, incentives: Callable[[int, Any], Entries], *, least_value: bool
) -> Support | None:
    """Solve for the probabilities, payoffs being the integers `paid` [N, A_1, …, A_N]; None where that gives none.

    `incentives` gives a player's constraints; `least_value` says that the programme maximises the least value.
    """
    basic_columns, basic_rows = basis
    columns, rows = np.flatnonzero(basic_columns), np.flatnonzero(~basic_rows)
    if len(columns) != len(rows):
        return None
    row_of, column_of = (np.full(len(held), -1) for held in (basic_rows, basic_columns))
    row_of[rows], column_of[columns] = np.arange(len(rows)), np.arange(len(columns))
    equations, right, first = [dict[int, int]() for _ in rows], [0] * len(rows), 0
    for block, side in _blocks(paid, incentives, least_value):
        height = int(block.rows.max()) + 1
        if first + height > len(row_of) or int(block.columns.max()) >= len(column_of):
            return None  # in rationals there are other constraints than in floats
        here, there = row_of[first + block.rows], column_of[block.columns]
        for r, c, value in zip(here.tolist(), there.tolist(), block.values.tolist(), strict=True):
            if r >= 0 and c >= 0 and value:
                equations[r][c] = int(value)
        for r in row_of[first : first + height].tolist():
            if r >= 0:
                right[r] = side
        first += height
    solved = solution(equations, right) if first == len(row_of) else None
    if solved is None:
        return None
    chances = [(int(k), p) for k, p in zip(columns, solved, strict=True) if k < paid[0].size and p]
    if any(p < 0 for _, p in chances):
        return None
    return Support(np.array([k for k, _ in chances], dtype=np.int64), tuple(p for _, p in chances))


def _blocks(paid: Whole, incentives: Callable[[int, Any], Entries], least_value: bool) -> Iterator[tuple[Entries, int]]:
    """The constraints in the order of the programme in floats, each with its right-hand side."""
    players, count = len(paid), paid[0].size
    for i, payoffs in enumerate(paid):
        if payoffs.shape[i] > 1 and payoffs.max() > payoffs.min():
            yield incentives(i, payoffs), 0
    yield Entries(np.zeros(count, np.int64), np.arange(count), np.ones(count)), 1
    if least_value:
        worth = paid.reshape(players, -1)
        # who gets in any case what the least value can be at most does not bound it
        bounding = worth[worth.min(axis=1) < worth.max(axis=1).min()]
        if not len(bounding):
            bounding = np.zeros((1, count), dtype=object)
        rows, columns = np.arange(len(bounding)).repeat(count + 1), np.tile(np.arange(count + 1), len(bounding))
        values = np.column_stack([bounding, np.full(len(bounding), -1, dtype=object)])
        yield Entries(rows, columns, values.reshape(-1)), 0
