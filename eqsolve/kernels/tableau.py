"""Condensed simplex tableaux: rows of basic variables, columns of nonbasic ones and, last, the right-hand sides.

A system D v + s = b, s ≥ 0, is the table [D | b]. A pivot exchanges the variable of a row with that of a column, in
place; the columns of basic variables, units all, are never stored. Ties of the ratio test are broken by the
lexicographic rule (Dantzig, Orden and Wolfe 1955): the rows of the basis' inverse are compared, whose columns are those
of the slacks, stored where a slack is nonbasic and units where it is basic. So no basis returns on degenerate tables.

Variables are numbered. `rows` int64 [R], `columns` int64 [C]: which one a row or column belongs to; `place` int64 [R
+ C], by variable: the column of a nonbasic one, −1 − the row of a basic one. Entries are of the order of 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit

#: An entry that is not above this counts as rounding: its row cannot leave.
PIVOT = 1e-10
#: Ratios closer than this are tied.
TIED_RATIOS = 1e-12
#: Policies read off a last tableau solve the game if no regret (of a zero-sum game, their sum) exceeds this fraction of
#: the payoff range; beyond it pivots have lost too many digits, and another path or tableau is tried.
SOLVED = 1e-10
#: With no more actions of all players than these pivots run as plain Python, which takes less time than to load numba.
FEW_ACTIONS = 30
#: The smallest scaled payoff: away from 0, and so little that the others, up to 1 more, lose no digits.
LEAST_PAYOFF = 0.5
LANES = 32
#: Of more numbers than these the extremes are found by lanes.
FEW = 128


class Scaled(NamedTuple):
    """Payoffs [A, B] and how to scale them: (payoff − least) / unit + LEAST_PAYOFF is at least that, at most 1 more."""

    table: NDArray[np.float64]
    least: float
    unit: float  # the least power of 2 that is not below the range
    spread: float  # the range


# Contraction lets a row operation be one multiplication-addition per number.
@jit(fastmath={"contract"})
def pivot(table, r, c, row):
    """Exchange the variables of row r and column c in table [rows, C + 1], modified in place.

    row [C + 1] is work space; it ends as the row r after the pivot.
    """
    width = table.shape[1]
    inverse = 1.0 / table[r, c]
    for k in range(width):
        row[k] = table[r, k] * inverse
    row[c] = inverse
    for i in range(table.shape[0]):
        factor = table[i, c]
        if i != r and factor != 0.0:
            table[i, c] = 0.0
            for k in range(width):
                table[i, k] -= factor * row[k]
    for k in range(width):
        table[r, k] = row[k]


# No ratio is NaN; that said, the minimum and the choices below take no branches, which could not be foreseen.
@jit(fastmath={"nnan", "reassoc"})
def ratios(table, height, c, out):
    """Return the least ratio of right-hand side to entry of column c in the first `height` rows of table [rows, C + 1].

    out [height] is modified in place: the ratios, ∞ where the entry is not positive.
    """
    last = table.shape[1] - 1
    for i in range(height):
        entry = table[i, c]
        ratio = table[i, last] / entry
        out[i] = ratio if entry > PIVOT else np.inf
    least = np.inf
    for i in range(height):
        least = min(least, out[i])
    return least


@jit
def leaving(table, height, place, slack, c, work, tied):
    """Return the row, of the first `height`, with the lexicographically least ratio in column c; −1 if none is above 0.

    table [rows, C + 1], place [height + C]. The slacks are the variables `slack` to `slack` + height − 1. work float64
    [height] and tied int64 [height] are work space, modified in place.
    """
    least = ratios(table, height, c, work)
    if least == np.inf:
        return -1
    bound = max(least, 0.0) * (1.0 + TIED_RATIOS) + TIED_RATIOS
    count = 0
    for i in range(height):
        if work[i] <= bound:
            tied[count] = i
            count += 1
    for s in range(slack, slack + height):
        if count == 1:
            break
        column = place[s]
        least = np.inf
        for t in range(count):
            i = tied[t]
            work[t] = (table[i, column] if column >= 0 else 1.0 * (column == -1 - i)) / table[i, c]
            least = min(least, work[t])
        bound = least + TIED_RATIOS * max(1.0, abs(least))
        kept = 0
        for t in range(count):
            if work[t] <= bound:
                tied[kept] = tied[t]
                kept += 1
        count = kept
    return tied[0]


@jit
def exchange(rows, columns, place, r, c):
    """Exchange the variables of row r and column c in rows [R], columns [C], place [R + C], all modified in place."""
    out, into = rows[r], columns[c]
    rows[r], columns[c] = into, out
    place[into] = -1 - r
    place[out] = c


@jit
def extremes(numbers):
    """Return (least, largest) of numbers [K].

    Long arrays are read by lanes: of a running minimum the compiler makes no vectors.
    """
    low, high, whole = np.inf, -np.inf, 0
    if numbers.size > FEW:
        lows, highs = np.full(LANES, np.inf), np.full(LANES, -np.inf)
        whole = numbers.size - numbers.size % LANES
        for k in range(0, whole, LANES):
            for lane in range(LANES):
                number = numbers[k + lane]
                lows[lane] = min(lows[lane], number)
                highs[lane] = max(highs[lane], number)
        for lane in range(LANES):
            low, high = min(low, lows[lane]), max(high, highs[lane])
    for k in range(whole, numbers.size):
        low, high = min(low, numbers[k]), max(high, numbers[k])
    return low, high


@jit
def power_of_two_above(spread):
    """Return the least power of 2 that is at least `spread`, 1 for 0; dividing by it rounds nothing."""
    if spread <= 0.0:
        return 1.0
    return 2.0 ** np.ceil(np.log2(spread))


@jit
def scaled(table):
    """Return payoffs [A, B] as `Scaled`."""
    low, high = extremes(table.reshape(-1))
    return Scaled(table, low, power_of_two_above(high - low), high - low)


def is_basis(rows: NDArray[np.int64], columns: NDArray[np.int64], place: NDArray[np.int64]) -> bool:
    """Tell whether rows [R], columns [C] and place [R + C] name every variable once, and at the same place."""
    if not np.array_equal(np.sort(np.concatenate([rows, columns])), np.arange(len(place))):
        return False
    basic, nonbasic = -1 - np.arange(len(rows)), np.arange(len(columns))
    return bool((place[rows] == basic).all() and (place[columns] == nonbasic).all())
