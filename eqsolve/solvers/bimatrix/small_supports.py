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
from eqsolve.solvers.bimatrix._triples import next_triple, triple

#: Numbers that one step looks at, about.
LOOKED_AT_ONCE = 2**22
#: Stages of the search.
PURE, PAIRS, TRIPLES, FOUND, NONE = range(5)


class Search(NamedTuple):
    """Where the search stands: its stage, and the rows that are looked at next."""

    stage: int
    first: int
    second: int
    third: int


class State(NamedTuple):
    """The search, and `profile` float64 [A + B], packed, zeros until it is found."""

    iteration: int
    search: Search
    profile: NDArray[np.float64]


class Payoffs(NamedTuple):
    """Both players' payoffs, the row player being the one with fewer actions, and what is looked up in them."""

    a: NDArray[np.float64]  # [A, B]: the row player's
    b: NDArray[np.float64]  # [A, B]: the column player's
    tie_a: float  # payoffs of `a` that differ by no more are tied
    tie_b: float
    replies: NDArray[np.int64]  # [B]: the first best row against each column
    tops: NDArray[np.float64]  # [A]: the largest payoff to the column player in each row


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
        return State(0, Search(PURE, 0, 1, 2), np.zeros(len(rows) + len(columns)))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        profile = state.profile.copy()
        a, b = game.tensor().payoffs
        x, y = profile[: len(a)], profile[len(a) :]
        if len(x) > len(y):
            a, b, x, y = readonly(b.T.copy()), readonly(a.T.copy()), y, x
        blocks, after = search(a, b, self.largest, state.search[:], x, y, steps)
        return State(state.iteration + blocks, Search._make(after), profile)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"equilibrium": game.unpack(state.profile)} if has_found(state) else {}

    def finished(self, state: State) -> bool:
        return state.search.stage >= FOUND


def at_triples(state: State) -> State:
    """Return the state from which a search through pairs that found nothing goes on to triples."""
    return state._replace(search=Search(TRIPLES, 0, 1, 2))


def has_found(state: State) -> bool:
    """Tell whether there is an equilibrium in the state."""
    return state.search.stage == FOUND


@jit
def search(a, b, largest, at, x, y, steps):
    """Look at no more than `steps` blocks of supports of up to `largest` actions: (blocks looked at, the new `Search`).

    a, b [A, B]: payoffs of the row player, who has no more actions than the other, and of the column player. `at`: the
    `Search` to go on from. Searches come and go as plain tuples, which numba takes apart in less time. The equilibrium,
    once it is found, is written to x [A] and y [B], modified in place.
    """
    m, n = a.shape
    low, high = extremes(a.reshape(-1))
    tie_a = PAYOFF_ROUNDING * (high - low)
    low, high = extremes(b.reshape(-1))
    tie_b = PAYOFF_ROUNDING * (high - low)
    game = Payoffs(a, b, tie_a, tie_b, best_rows(a), largest_of_rows(b))
    largest = min(largest, m)
    order, hull = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    stage, first, second, third = at
    looked = 0
    while looked < steps:
        looked += 1
        if stage == PURE:
            stage = FOUND if pure(game, x, y) else PAIRS
        elif stage == PAIRS:
            left = 1 + LOOKED_AT_ONCE // n + m
            while left > 0 and stage == PAIRS:
                left -= m  # for the sorting
                order[:] = np.argsort(-b[first])
                while left > 0 and second < m:
                    if pair(game, first, second, order, hull, x, y):
                        stage = FOUND
                        break
                    second += 1
                    left -= 1
                if second == m:
                    first += 1
                    second = first + 1
                    if second == m:
                        stage, first, second, third = TRIPLES, 0, 1, 2
        elif stage == TRIPLES:
            for _ in range(1 + LOOKED_AT_ONCE // (16 * n + 32768)):  # some two thousand triples of columns are tried
                if triple(game, first, second, third, hull, x, y):
                    stage = FOUND
                    break
                first, second, third = next_triple(first, second, third, m)
                if third >= m:
                    stage = NONE
                    break
        if stage < FOUND and stage >= largest:
            stage = NONE
        if stage >= FOUND:
            break
    return looked, (stage, first, second, third)


@jit
def best_rows(a):
    """Return the first best row of a [A, B] against each column, [B]."""
    m, n = a.shape
    best, top = np.zeros(n, dtype=np.int64), a[0].copy()
    for i in range(1, m):
        for j in range(n):
            if a[i, j] > top[j]:
                best[j], top[j] = i, a[i, j]
    return best


@jit
def largest_of_rows(b):
    """Return the largest number of each row of b [A, B], [A]."""
    tops = np.empty(b.shape[0])
    for i in range(b.shape[0]):
        tops[i] = extremes(b[i])[1]
    return tops


@jit
def pure(game, x, y):
    """Tell whether `Payoffs` has a pure equilibrium; the first one is written to x [A] and y [B]."""
    a, b, tie_a, tie_b, replies, tops = game
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            if b[i, j] >= tops[i] - tie_b and a[i, j] >= a[replies[j], j] - tie_a:
                x[i] = 1.0
                y[j] = 1.0
                return True
    return False


@jit
def pair(game, i1, i2, order, hull, x, y):
    """Tell whether rows i1 and i2 of `Payoffs`, both mixed, and two columns are an equilibrium.

    order [B]: the columns, those that pay more in row i1 first. hull int64 [B] is work space, modified in place. The
    equilibrium is written to x [A] and y [B], modified in place.
    """
    a, b, tie_a, tie_b, replies, tops = game
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
