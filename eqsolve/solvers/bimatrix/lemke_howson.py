"""Lemke and Howson's complementary pivoting: one equilibrium of a two-player game, exact to rounding.

Lemke and Howson 1964 (Journal of the SIAM 12); as tableaux von Stengel 2002 (Handbook of Game Theory 3), section 2.3;
ties lexicographically, section 2.6, so that paths end in degenerate games too. With payoffs scaled to be positive,
mixed actions are points of P = {x ≥ 0 : Bᵀ x ≤ 1} and Q = {y ≥ 0 : A y ≤ 1}. An action's label is had where it is not
played, or is a best reply. From the origin, which has all labels:

1. one label is dropped: its variable enters the tableau of its polytope;
2. the label that this duplicates enters in the other one, and so on;
3. where the dropped label is picked up the point has all labels: normalised, it is an equilibrium.

Paths from some labels are exponentially long while those from others are short, so labels race: three of four
pivots go on with the path of the first label, the fourth to all others in turn, from the origin, each for a number of
pivots that doubles from round to round. Where a path ends, its profile is computed afresh from the basis by
elimination and taken only if nobody's regret exceeds rounding. A step is a block of pivots that touch some two
million numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tableau import FEW_ACTIONS, SOLVED, exchange, extremes, leaving, pivot, power_of_two_above

#: Numbers that the pivots of one step touch.
BLOCK = 2**21
#: Pivots, for each action of both players, that the first label's path has to itself.
HEAD = 8
#: Pivots of a turn: of the first label's path, of the racing label's.
TURNS = (96, 32)
#: The payoffs' least, in units of their range: away from 0, and little enough to lose no digits.
LEAST = 0.5
#: Rows and columns transposed at a time.
TILE = 16

#: What `books` ends with: how the search stands; whose turn it is, and how many pivots are left of it; the label that
#: races and the pivots it may take in this round; labels of this round that ran into rounding; the same of the first.
STANDING, WHOSE, LEFT, RACER, ROUND, FAILED, LOST = range(7)
#: Of each path: the label dropped, the label entering, the polytope it enters, pivots made.
DROPPED, ENTERING, SIDE, MADE = range(4)
#: How the search stands.
FRESH, WALKING, FOUND, NONE = range(4)
#: How a path stands.
ON_ITS_WAY, ARRIVED, STUCK = range(3)


class State(NamedTuple):
    """`profile` float64 [A + B], packed, once it is found; `tables` float64: of both paths, P's [B, A + 1] and Q's
    [A, B + 1]; `books` int64: which variable is where, and how the search stands.
    """

    iteration: int
    profile: NDArray[np.float64]
    tables: NDArray[np.float64]
    books: NDArray[np.int64]


@dataclass(frozen=True)
class LemkeHowson:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("lemke-howson starts at the origin and takes no --start")
        rows, columns = game.actions
        m, n = len(rows), len(columns)
        labels = m + n
        return State(
            0, np.zeros(labels), np.zeros(2 * (2 * m * n + labels)), np.zeros(2 * (4 * labels + 4) + 7, np.int64)
        )

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        return self.advance(game, copied(state), steps)

    def advance(self, game: NormalForm, state: State, steps: int) -> State:
        iteration, profile, tables, books = state
        payoffs, first = game.tensor().payoffs, 0
        if iteration == 0 and steps > 0 and profile.size <= FEW_ACTIONS:
            first = race.interpreted(payoffs, profile, tables, books, 1)
        rest = race(payoffs, profile, tables, books, steps - first) if first < steps and not ended(books) else 0
        return State(iteration + first + rest, profile, tables, books)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"equilibrium": game.unpack(state.profile)} if has_found(state) else {}

    def finished(self, state: State) -> bool:
        return ended(state.books)


def ended(books: NDArray[np.int64]) -> bool:
    """Whether the search is over, with an equilibrium or without."""
    return bool(books[STANDING - 7] >= FOUND)


def has_found(state: State) -> bool:
    """Whether there is an equilibrium in the state."""
    return bool(state.books[STANDING - 7] == FOUND)


def copied(state: State) -> State:
    """The same in arrays of its own."""
    # tables that nothing was written to yet need not be read
    tables = np.zeros(state.tables.size) if state.books[STANDING - 7] == FRESH else state.tables.copy()
    return State(state.iteration, state.profile.copy(), tables, state.books.copy())


@jit
def race(payoffs, profile, tables, books, steps):
    """At most `steps` blocks of pivots; how many were begun. profile, tables and books are modified in place.

    payoffs [2, A, B].
    """
    a, b = payoffs[0], payoffs[1]
    m, n = a.shape
    labels, most = m + n, max(m, n)
    control = books[2 * (4 * labels + 4) :]
    work = np.empty((3, most + 1))
    row, ratios, tied = work[0], work[1], work[2].view(np.int64)
    units = (units_of(a), units_of(b))
    block = max(1, BLOCK // (m * n))
    for taken in range(steps):
        if control[STANDING] >= FOUND:
            return taken
        pivots = block
        if control[STANDING] == FRESH:
            begin(path_in(tables, books, 0, m, n), a, b, units, 0)
            control[STANDING], control[LEFT] = WALKING, HEAD * labels
            control[RACER], control[ROUND] = 0, labels
        while pivots > 0 and control[STANDING] == WALKING:
            if control[LEFT] == 0:
                control[WHOSE] = 1 - control[WHOSE]
                control[LEFT] = TURNS[control[WHOSE]]
            if control[WHOSE] == 0 and control[LOST]:
                control[WHOSE], control[LEFT] = 1, TURNS[1]
            path = path_in(tables, books, control[WHOSE], m, n)
            limit = min(pivots, control[LEFT])
            if control[WHOSE] == 1:
                if control[RACER] == 0:
                    control[RACER] = 1
                    begin(path, a, b, units, 1)
                limit = min(limit, control[ROUND] - path.at[MADE])
            before = path.at[MADE]
            came = walk(path, limit, row, ratios, tied)
            made = path.at[MADE] - before
            pivots -= made
            control[LEFT] -= made
            if came == ARRIVED and profile_of(path, a, b, units, profile):
                control[STANDING] = FOUND
            elif control[WHOSE] == 0:
                control[LOST] += came != ON_ITS_WAY
            elif came != ON_ITS_WAY or path.at[MADE] >= control[ROUND]:
                control[FAILED] += came != ON_ITS_WAY
                next_label(control, labels)
                if control[STANDING] == WALKING:
                    begin(path, a, b, units, control[RACER])
    return steps


@jit
def next_label(control, labels):
    """Let the next label race; after the last one a new round begins, unless all paths ended, and in nothing."""
    control[RACER] += 1
    if control[RACER] < labels:
        return
    if control[FAILED] == labels - 1 and control[LOST]:
        control[STANDING] = NONE
    control[RACER], control[FAILED] = 1, 0
    control[ROUND] *= 2


class Path(NamedTuple):
    """A path: P's table and books, Q's, and where it stands."""

    p: NDArray[np.float64]
    p_rows: NDArray[np.int64]
    p_columns: NDArray[np.int64]
    p_place: NDArray[np.int64]
    q: NDArray[np.float64]
    q_rows: NDArray[np.int64]
    q_columns: NDArray[np.int64]
    q_place: NDArray[np.int64]
    at: NDArray[np.int64]


@jit
def path_in(tables, books, which, m, n):
    """Parts of the flat arrays as a path: 0 is the first label's, 1 that of the one that races."""
    labels, cut = m + n, n * (m + 1)
    half, quarter = 2 * m * n + labels, 4 * labels + 4
    table = tables[which * half : (which + 1) * half]
    own = books[which * quarter : (which + 1) * quarter]
    return Path(
        table[:cut].reshape(n, m + 1),
        own[:n],
        own[n:labels],
        own[labels : 2 * labels],
        table[cut:].reshape(m, n + 1),
        own[2 * labels : 2 * labels + m],
        own[2 * labels + m : 3 * labels],
        own[3 * labels : 4 * labels],
        own[4 * labels :],
    )


@jit
def units_of(payoffs):
    """(the least payoff, the power of 2 not below their range, their range)."""
    low, high = extremes(payoffs.reshape(-1))
    return low, power_of_two_above(high - low), high - low


@jit
def begin(path, a, b, units, label):
    """Put `path` to the origin, `label` about to be dropped."""
    m, n = a.shape
    low, inverse = units[1][0], 1.0 / units[1][1]
    for top in range(0, m, TILE):  # tile by tile: rows of one are columns of the other
        for left in range(0, n, TILE):
            for j in range(left, min(left + TILE, n)):
                for i in range(top, min(top + TILE, m)):
                    path.p[j, i] = (b[i, j] - low) * inverse + LEAST
    path.p[:, m] = 1.0
    low, inverse = units[0][0], 1.0 / units[0][1]
    for i in range(m):
        for j in range(n):
            path.q[i, j] = (a[i, j] - low) * inverse + LEAST
    path.q[:, n] = 1.0
    for i in range(m):
        path.p_columns[i] = i
        path.p_place[i] = i
        path.q_rows[i] = i
        path.q_place[i] = -1 - i
    for j in range(n):
        path.p_rows[j] = m + j
        path.p_place[m + j] = -1 - j
        path.q_columns[j] = m + j
        path.q_place[m + j] = j
    path.at[DROPPED] = label
    path.at[ENTERING] = label
    path.at[SIDE] = label >= m
    path.at[MADE] = 0


@jit
def walk(path, pivots, row, ratios, tied):
    """Follow `path`, modified in place, for at most so many pivots; how it then stands. The others: work space."""
    n, m = path.p.shape[0], path.q.shape[0]
    p, p_rows, p_columns, p_place = path.p, path.p_rows, path.p_columns, path.p_place
    q, q_rows, q_columns, q_place = path.q, path.q_rows, path.q_columns, path.q_place
    at = path.at
    entering = at[ENTERING]
    for _ in range(pivots):
        if at[SIDE] == 0:
            c = p_place[entering]
            r = leaving(p, n, p_place, m, c, ratios, tied)
            if r < 0:
                return STUCK
            pivot(p, r, c, row)
            exchange(p_rows, p_columns, p_place, r, c)
            entering = p_columns[c]
        else:
            c = q_place[entering]
            r = leaving(q, m, q_place, 0, c, ratios, tied)
            if r < 0:
                return STUCK
            pivot(q, r, c, row)
            exchange(q_rows, q_columns, q_place, r, c)
            entering = q_columns[c]
        at[SIDE] = 1 - at[SIDE]
        at[MADE] += 1
        at[ENTERING] = entering
        if entering == at[DROPPED]:
            return ARRIVED
    return ON_ITS_WAY


@jit
def profile_of(path, a, b, units, profile):
    """Whether the basis where `path` ended gives an equilibrium; path and profile are modified in place."""
    m = a.shape[0]
    x, y = profile[:m], profile[m:]
    mixed_x = vertex(b.T, units[1], path.p.reshape(-1), path.p_rows, path.p_columns, 0, m, x)
    mixed_y = vertex(a, units[0], path.q.reshape(-1), path.q_rows, path.q_columns, m, 0, y)
    return gains(a, x, y, mixed_y) <= SOLVED * units[0][2] and gains(b.T, y, x, mixed_x) <= SOLVED * units[1][2]


@jit
def vertex(payoffs, units, table, rows, columns, first, slack, weights):
    """The mixture [K] that is basic, computed afresh, and its actions: payoffs [R, K] of the rows that bind are alike.

    Variables are numbered from `first`, slacks from `slack`. `weights` is modified in place; so are the table and the
    books, which nobody needs any more.
    """
    size = 0
    for variable in rows:
        if first <= variable < first + weights.size:
            rows[size] = variable - first
            size += 1
    basic, count = rows[:size], 0
    for variable in columns:
        if slack <= variable < slack + payoffs.shape[0]:
            columns[count] = variable - slack
            count += 1
    low, inverse = units[0], 1.0 / units[1]
    system, ones = table[: size * size].reshape(size, size), table[size * size : size * (size + 1)].reshape(size, 1)
    for t in range(size):
        ones[t, 0] = 1.0
        for k in range(size):
            system[t, k] = (payoffs[columns[t], basic[k]] - low) * inverse + LEAST
    solve_columns(system, ones)
    weights[:] = 0.0
    total = 0.0
    for k in range(size):
        weights[basic[k]] = max(ones[k, 0], 0.0)
        total += weights[basic[k]]
    for k in range(size):
        weights[basic[k]] /= total
    return basic


@jit
def gains(payoffs, own, other, played):
    """What the best action gains over `own` [R] against `other` [K], 0 where not `played`; NaN where they are none."""
    best, value = -np.inf, 0.0
    for i in range(own.size):
        worth = 0.0
        for k in played:
            worth += payoffs[i, k] * other[k]
        best = max(best, worth)
        value += own[i] * worth
    return best - value
