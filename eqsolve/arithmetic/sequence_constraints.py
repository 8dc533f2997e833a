"""Linear constraints on realisation plans and best replies to them, and plans at a basis in rationals.

von Stengel 1996 (Games and Economic Behavior 14). With x the plan of one player, q numbers of another's information
sets, q_∅ among them, and B the payments by pairs of sequences:

    Σ_s B[t, s] x_s + Σ_{I after t} q_I − q_{I(t)} ≥ 0 for every sequence t of the other player,
    x_∅ = 1,  Σ_{s at I} x_s − x_{parent of I} = 0 for every information set I of the one player.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import Entries
from eqsolve.arithmetic.rational import solution
from eqsolve.forms.extensive.treeplex import Treeplex


def extent(one: Treeplex, other: Treeplex) -> tuple[int, int]:
    """Return how many variables (x, q) and constraints (of the other's sequences, of x) there are."""
    return one.sequences + 1 + len(other.parent), other.sequences + 1 + len(one.parent)


def constraints(one: Treeplex, other: Treeplex, own: Any, others: Any, paid: NDArray[Any]) -> Entries:
    """Return the matrix, zeros left out, where leaves at sequences `own` [Z] of the one player and `others` [Z] pay
    `paid` [Z], chance included: float64, or integers of any length.
    """
    x, q = np.arange(one.sequences), one.sequences + np.arange(1 + len(other.parent))
    t, e = np.arange(other.sequences), other.sequences + np.arange(1 + len(one.parent))
    blocks = (
        (others, own, paid),
        (t, q[other.sets], np.full(len(t), -1)),
        (other.parent, q[1:], np.full(len(other.parent), 1)),
        (e[one.sets], x, np.full(len(x), 1)),
        (e[1:], one.parent, np.full(len(one.parent), -1)),
    )
    rows, columns = (np.concatenate([block[k] for block in blocks]).astype(np.int64) for k in (0, 1))
    values = np.concatenate([block[2].astype(paid.dtype) for block in blocks])
    there = values != 0
    return Entries(rows[there], columns[there], values[there])


def square_system(
    matrix: Entries, columns: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[list[dict[int, int]], list[dict[int, int]]]:
    """Return the entries of a matrix of integers at as many `rows` as `columns`: by row, and by column."""
    by_row, by_column = ([dict[int, int]() for _ in rows] for _ in range(2))
    row_of, column_of = (np.full(int(found.max(initial=0)) + 1, -1) for found in (matrix.rows, matrix.columns))
    for place, chosen in ((row_of, rows), (column_of, columns)):
        inside = chosen < len(place)
        place[chosen[inside]] = np.flatnonzero(inside)
    for r, c, value in zip(row_of[matrix.rows], column_of[matrix.columns], matrix.values, strict=True):
        if r >= 0 and c >= 0:
            by_row[r][int(c)] = by_column[c][int(r)] = value
    return by_row, by_column


def plan_at(equations: list[dict[int, int]], right: list[int], held: NDArray[np.int64], size: int) -> Any:
    """Return the plan [size] whose entries `held` solve the equations, 0 elsewhere, as fractions.

    `held`: the numbers of the unknowns; those from `size` on are left out. None where there is no such plan ≥ 0.
    """
    solved = solution(equations, right)
    if solved is None:
        return None
    plan = [Fraction(0)] * size
    for k, value in zip(held[held < size].tolist(), solved, strict=False):
        plan[k] = value
    return plan if min(plan) >= 0 else None


def rational_behaviour(treeplex: Treeplex, plan: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return the policy of a realisation plan [Q] in fractions; uniform where the plan does not come."""
    policy = [Fraction(1)] * len(plan)
    for first, count in zip(treeplex.first.tolist(), treeplex.count.tolist(), strict=True):
        here = slice(first, first + count)
        reached = sum(plan[here])
        policy[here] = [p / reached for p in plan[here]] if reached else [Fraction(1, count)] * count
    return tuple(policy)
