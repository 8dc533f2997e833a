"""Equilibria of two-player games in which each player mixes at most three actions, smallest supports first.

Games drawn at random mostly have one, however large they are (Bárány, Vempala and Vetta 2007, Random Structures and
Algorithms 31; Porter, Nudelman and Shoham 2008, Games and Economic Behavior 63). The search goes

1. through all pure profiles;
2. through pairs of rows. The mixtures of two rows to which two columns are best replies are the edges of the upper
   right hull of the points (B[i, k], B[i', k]): one walk down the columns sorted by B[i, ·] (Graham 1972), which
   takes note of the few only that exceed all earlier ones in B[i', ·]. For each edge the mixture of its columns that
   leaves the row player indifferent is tested against all rows, first the best reply to a column, up to the first
   that is better;
3. through triples of rows. Only columns that no other one dominates in all three can be best replies; all triples of
   these are solved and tested.

Of the two players, the one with fewer actions is the row player here. Where an equilibrium is degenerate (more best
replies than actions mixed) it may be passed over, so that a search without success proves nothing. Steps 2 and 3 are
cut into blocks that look at some four million numbers; the first block is step 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, readonly
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tableau import extremes

#: Numbers that one step looks at, about.
BLOCK = 2**22

#: What `at` holds: the stage, and the rows that come next.
STAGE, FIRST, SECOND, THIRD = range(4)
PURE, PAIRS, TRIPLES, FOUND, NONE = range(5)


class State(NamedTuple):
    """`at` int64 [4]: stage of the search and the next rows; `profile` float64 [A + B], packed, once it is found."""

    iteration: int
    at: NDArray[np.int64]
    profile: NDArray[np.float64]


@dataclass(frozen=True)
class SmallSupports:
    """One hyperparameter: the largest support."""

    largest: int = field(default=3, metadata={"symbol": "k", "help": "1, 2 or 3 actions a player"})

    def __post_init__(self) -> None:
        if self.largest not in (1, 2, 3):
            raise UsageError(f"largest: expected 1, 2 or 3, got {self.largest}")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("small-supports enumerates supports and takes no --start")
        rows, columns = game.actions
        return State(0, np.array([PURE, 0, 1, 2]), np.zeros(len(rows) + len(columns)))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        after = State(state.iteration, state.at.copy(), state.profile.copy())
        a, b = game.tensor().payoffs
        x, y = after.profile[: len(a)], after.profile[len(a) :]
        if len(x) > len(y):
            a, b, x, y = readonly(b.T.copy()), readonly(a.T.copy()), y, x
        return after._replace(iteration=state.iteration + search(a, b, self.largest, after.at, x, y, steps))

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"equilibrium": game.unpack(state.profile)} if has_found(state) else {}

    def finished(self, state: State) -> bool:
        return bool(state.at[STAGE] >= FOUND)


def at_triples(state: State) -> State:
    """The state from which a search through pairs that found nothing goes on to triples."""
    return state._replace(at=np.array([TRIPLES, 0, 1, 2]))


def has_found(state: State) -> bool:
    """Whether there is an equilibrium in the state."""
    return bool(state.at[STAGE] == FOUND)


@jit
def search(a, b, largest, at, x, y, steps):
    """At most `steps` blocks; how many were begun. at, x [A] and y [B] are modified in place.

    a, b [A, B]: the payoffs of the row player, whose actions are no more than the other's, and of the column player.
    """
    m, n = a.shape
    low, high = extremes(a.reshape(-1))
    tie_a = PAYOFF_ROUNDING * (high - low)
    low, high = extremes(b.reshape(-1))
    tie_b = PAYOFF_ROUNDING * (high - low)
    largest = min(largest, m)
    replies, tops = best_rows(a), largest_of_rows(b)
    order, hull = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for taken in range(steps):
        if at[STAGE] == PURE:
            at[STAGE] = FOUND if pure(a, b, tie_a, tie_b, replies, tops, x, y) else PAIRS
        elif at[STAGE] == PAIRS:
            left = 1 + BLOCK // n + m
            while left > 0 and at[STAGE] == PAIRS:
                left -= m  # for the sorting
                order[:] = np.argsort(-b[at[FIRST]])
                while left > 0 and at[SECOND] < m:
                    if pair(a, b, tie_a, tie_b, at[FIRST], at[SECOND], replies, tops, order, hull, x, y):
                        at[STAGE] = FOUND
                        break
                    at[SECOND] += 1
                    left -= 1
                if at[SECOND] == m:
                    at[FIRST] += 1
                    at[SECOND] = at[FIRST] + 1
                    if at[SECOND] == m:
                        at[STAGE], at[FIRST], at[SECOND], at[THIRD] = TRIPLES, 0, 1, 2
        elif at[STAGE] == TRIPLES:
            for _ in range(1 + BLOCK // (16 * n + 32768)):  # some two thousand triples of columns are tried
                if triple(a, b, tie_a, tie_b, at[FIRST : THIRD + 1], hull, x, y):
                    at[STAGE] = FOUND
                    break
                if not next_triple(at[FIRST : THIRD + 1], m):
                    at[STAGE] = NONE
                    break
        if at[STAGE] < FOUND and at[STAGE] >= largest:
            at[STAGE] = NONE
        if at[STAGE] >= FOUND:
            return taken + 1
    return steps


@jit
def best_rows(a):
    """[B]: the first best row against each column."""
    m, n = a.shape
    best, top = np.zeros(n, dtype=np.int64), a[0].copy()
    for i in range(1, m):
        for j in range(n):
            if a[i, j] > top[j]:
                best[j], top[j] = i, a[i, j]
    return best


@jit
def largest_of_rows(b):
    """[A]: the largest number of each row."""
    tops = np.empty(b.shape[0])
    for i in range(b.shape[0]):
        tops[i] = extremes(b[i])[1]
    return tops


@jit
def pure(a, b, tie_a, tie_b, replies, tops, x, y):
    """Whether there is a pure equilibrium; the first one is put into x and y."""
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            if b[i, j] >= tops[i] - tie_b and a[i, j] >= a[replies[j], j] - tie_a:
                x[i] = 1.0
                y[j] = 1.0
                return True
    return False


@jit
def pair(a, b, tie_a, tie_b, i1, i2, replies, tops, order, hull, x, y):
    """Whether rows i1 and i2, both mixed, and two columns are an equilibrium; it is put into x and y.

    `order` [B]: the columns, those that pay more in row i1 first. `hull` [B]: work space.
    """
    p, q = b[i1], b[i2]
    corners, top, wanted = 0, -np.inf, tops[i2]
    for t in range(order.size):
        k = order[t]
        if q[k] <= top:
            continue
        top = q[k]
        while corners > 0 and p[hull[corners - 1]] <= p[k]:
            corners -= 1
        while corners > 1:
            before, last = hull[corners - 2], hull[corners - 1]
            if (p[before] - p[k]) * (q[last] - q[before]) > (p[before] - p[last]) * (q[k] - q[before]):
                break
            corners -= 1
        hull[corners] = k
        corners += 1
        if top >= wanted:
            break
    for t in range(corners - 1):
        j1, j2 = hull[t], hull[t + 1]
        here, there = a[i1, j1] - a[i2, j1], a[i2, j2] - a[i1, j2]
        fall, rise = p[j1] - p[j2], q[j2] - q[j1]
        if here * there <= 0.0 or abs(here + there) <= tie_a or fall <= tie_b or rise <= tie_b:
            continue
        s = there / (here + there)
        level = s * a[i1, j1] + (1.0 - s) * a[i1, j2] + tie_a
        if s * a[replies[j1], j1] + (1.0 - s) * a[replies[j1], j2] > level:
            continue
        better = False
        for i in range(a.shape[0]):
            if s * a[i, j1] + (1.0 - s) * a[i, j2] > level:
                better = True
                break
        if not better:
            u = rise / (fall + rise)
            x[i1], x[i2] = u, 1.0 - u
            y[j1], y[j2] = s, 1.0 - s
            return True
    return False


@jit
def next_triple(rows, m):
    """The next of the triples of m rows, in place, the last row fastest; whether there is one."""
    rows[2] += 1
    if rows[2] == m:
        rows[1] += 1
        rows[2] = rows[1] + 1
        if rows[2] == m:
            rows[0] += 1
            rows[1] = rows[0] + 1
            rows[2] = rows[1] + 1
    return rows[2] < m


@jit
def triple(a, b, tie_a, tie_b, rows, front, x, y):
    """Whether these three rows, all mixed, and three columns are an equilibrium; it is put into x and y.

    front [B]: work space for the columns that none dominates.
    """
    r0, r1, r2 = rows
    p, q, r = b[r0], b[r1], b[r2]
    count = undominated(p, q, r, front)
    for i in range(count):
        c0 = front[i]
        for j in range(i + 1, count):
            c1 = front[j]
            for k in range(j + 1, count):
                c2 = front[k]
                u, v, w = equalising(
                    p[c0] - p[c1], q[c0] - q[c1], r[c0] - r[c1], p[c0] - p[c2], q[c0] - q[c2], r[c0] - r[c2]
                )
                if u < 0.0:
                    continue
                level = u * p[c0] + v * q[c0] + w * r[c0] + tie_b
                better = False
                for t in range(count):
                    f = front[t]
                    if u * p[f] + v * q[f] + w * r[f] > level:
                        better = True
                        break
                if better:
                    continue
                e, f, g = equalising(
                    a[r0, c0] - a[r1, c0], a[r0, c1] - a[r1, c1], a[r0, c2] - a[r1, c2],
                    a[r0, c0] - a[r2, c0], a[r0, c1] - a[r2, c1], a[r0, c2] - a[r2, c2],
                )  # fmt: skip
                if e < 0.0:
                    continue
                level = e * a[r0, c0] + f * a[r0, c1] + g * a[r0, c2] + tie_a
                for t in range(a.shape[0]):
                    if e * a[t, c0] + f * a[t, c1] + g * a[t, c2] > level:
                        better = True
                        break
                if not better:
                    x[r0], x[r1], x[r2] = u, v, w
                    y[c0], y[c1], y[c2] = e, f, g
                    return True
    return False


@jit
def undominated(p, q, r, front):
    """How many columns k have no other at least as good in p, q and r; `front`, modified in place, begins with them."""
    count = 0
    for k in range(p.size):
        kept, dominated = 0, False
        for t in range(count):
            f = front[t]
            if p[f] >= p[k] and q[f] >= q[k] and r[f] >= r[k]:
                dominated = True
                break
        if dominated:
            continue
        for t in range(count):
            f = front[t]
            if p[f] > p[k] or q[f] > q[k] or r[f] > r[k]:
                front[kept] = f
                kept += 1
        front[kept] = k
        count = kept + 1
    return count


@jit
def equalising(d0, d1, d2, e0, e1, e2):
    """The positive weights, sum 1, that are orthogonal to d and e; −1 where there are none."""
    u = d1 * e2 - d2 * e1
    v = d2 * e0 - d0 * e2
    w = d0 * e1 - d1 * e0
    total = u + v + w
    u, v, w = u / total, v / total, w / total
    if u > 0.0 and v > 0.0 and w > 0.0 and u < np.inf and v < np.inf and w < np.inf:
        return u, v, w
    return -1.0, -1.0, -1.0
