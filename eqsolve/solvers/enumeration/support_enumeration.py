"""Equilibria of a small game by trying all profiles of supports.

Two players: all pairs of supports of equal size (Dickhaut and Kaplan 1991; Algorithm 3.4 of von Stengel 2007). In a
nondegenerate game both players of an equilibrium mix equally many actions. For k = 1, 2, … and every k rows I and k
columns J:

1. solve for y on J that makes all rows of I pay alike, and for x on I that makes all columns of J pay alike;
2. the pair is an equilibrium if all weights are positive and no other action pays more.

Where floats leave a comparison open, the pair is decided in integers (payoffs as they were written).

A mixture found on the way to which more actions are best replies than it mixes shows that the game is degenerate. Every
degenerate game has such a one among those solved for; it may then have equilibria that are not found here. A step looks
at one pair of supports; they are numbered by size, then by bit masks.

More players: supports of any sizes. The equations "all actions of a support pay alike" are multilinear and may have
several solutions; all are found by branch and bound over boxes of probabilities, each proved to be the only one in its
box (Krawczyk 1969), after conditional dominance has ruled out most profiles of supports (Porter, Nudelman and Shoham
2008). Near ties are decided in integers, at irrational solutions by bounds of 512 bits. Where solutions are not
isolated, or such a tie is not told, the list is not called complete. A step looks at one profile of supports, or at the
next 256 boxes of it; they come by total size. Bounds are widened by 1e-13 of the payoff range in place of directed
rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, frozen
from eqsolve.forms.exact_payoffs import Whole, equalising_mixture
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.tolerances import MAY_TIE
from eqsolve.kernels.jit import jit
from eqsolve.solvers.enumeration import _support_profiles as support_profiles
from eqsolve.solvers.enumeration._selection import selected
from eqsolve.solvers.enumeration._supports import following
from eqsolve.solvers.enumeration._vertex_stages import NOT_SEEN, OF_FLOATS, OF_NUMBERS
from eqsolve.solvers.protocol import Enumeration

#: Rounding of weights and payoffs, at most, times the least pivot.
ELIMINATION_ROUNDING = 1e-13
#: Pivots below this, in matrices of numbers between 1 and 2, may be 0: then another pair of supports has the solution.
LEAST_PIVOT = 1e-9
#: Equilibria found in one call of the kernel, at most.
FOUND_PER_CALL = 1024


class State(NamedTuple):
    """Of two players. `rows`, `columns`: bit masks of the supports that come next. `profiles` [K, m + n].

    `degenerate`: seen to be. `ties`: whether they are those of floats, as in _vertex_stages.py.
    """

    iteration: int
    rows: int
    columns: int
    profiles: NDArray[np.float64]
    degenerate: bool
    done: bool
    ties: int


AnyState: TypeAlias = State | support_profiles.State


@dataclass(frozen=True)
class SupportEnumeration:
    """No hyperparameters; which of the equilibria to stand by is the choice of an answer."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> AnyState:
        if start is not None:
            raise UsageError("support-enumeration lists equilibria and takes no --start")
        if len(game.players) != 2:
            return support_profiles.begun(game)
        m, n = (len(labels) for labels in game.actions)
        ties = OF_NUMBERS if game.tensor().is_exact else NOT_SEEN
        state = State(0, 1, 1, np.empty((0, m + n)), False, False, ties)
        _searched(game, state, 0)  # loads the kernel
        return state

    def step(self, game: NormalForm, state: AnyState, steps: int) -> AnyState:
        if isinstance(state, support_profiles.State):
            return support_profiles.continued(game, state, steps)
        end, before = state.iteration + steps, -1
        while not state.done and before < state.iteration < end:
            before = state.iteration
            state = _searched(game, state, end - state.iteration)
        return state

    def is_state(self, game: NormalForm, state: AnyState) -> bool:
        if isinstance(state, support_profiles.State):
            return support_profiles.is_state(game, state)
        m, n = (len(labels) for labels in game.actions)
        if state.done:
            return (state.rows, state.columns) == (0, 0)
        fits = 0 < state.rows < 1 << m and 0 < state.columns < 1 << n
        return fits and state.rows.bit_count() == state.columns.bit_count()

    def answers(self, game: NormalForm, state: AnyState) -> dict[str, Profile]:
        return selected(game, _profiles(game, state))

    def finished(self, state: AnyState) -> bool:
        return support_profiles.ended(state) if isinstance(state, support_profiles.State) else state.done

    def enumeration(self, game: NormalForm, state: AnyState) -> Enumeration:
        if isinstance(state, support_profiles.State):
            complete, coverage = support_profiles.is_complete(state), support_profiles.coverage(state)
        else:
            complete, coverage = state.done and not state.degenerate, _coverage(state)
        return Enumeration(_profiles(game, state), coverage, complete)


def _profiles(game: NormalForm, state: AnyState) -> list[Profile]:
    """Return the profiles that were found."""
    return [frozen(game.unpack(row.copy())) for row in state.profiles]


def _coverage(state: State) -> str:
    """Return in words what the list of a game of two players covers."""
    if state.degenerate:
        return "at least these equilibria (the game is degenerate: vertex-enumeration lists all extreme ones)"
    if not state.done:
        return f"at least these equilibria ({state.iteration} pairs of supports examined)"
    return "every equilibrium" + (", payoffs compared as float64 numbers" if state.ties == OF_FLOATS else "")


def _searched(game: NormalForm, state: State, steps: int) -> State:
    """Up to `steps` pairs of supports further, fewer where many equilibria are found."""
    first, second = (1.0 + own for own in game.tensor().scaled)
    found = np.empty((FOUND_PER_CALL, first.shape[0] + first.shape[1]))
    m, n = first.shape
    looked, count, rows, columns, is_open = search(
        first, np.array(second.T, order="C"), state.rows, state.columns, steps, state.degenerate, found
    )
    listed, ties, degenerate = [state.profiles, found[:count]], state.ties, state.degenerate
    if is_open:
        profile, tied = _decided(game.tensor().integers, int(rows), int(columns))
        if profile is not None:
            listed.append(np.array([profile]))
        looked, degenerate, ties = looked + 1, degenerate or tied, OF_FLOATS if ties == NOT_SEEN else ties
        rows, columns = next_pair(rows, columns, m, n)
    return State(
        state.iteration + int(looked),
        int(rows),
        int(columns),
        np.concatenate(listed),
        degenerate,
        rows == 0,
        ties,
    )


def _decided(integers: Sequence[Whole], rows: int, columns: int) -> tuple[list[float] | None, bool]:
    """Decide a pair of supports in integers: the equilibrium [m + n], None where there is none, and what `search` says
    of degenerate mixtures.
    """
    m, n = integers[0].shape
    own, other = ([k for k in range(size) if mask >> k & 1] for size, mask in ((m, rows), (n, columns)))
    y, y_tied = equalising_mixture(integers[0].tolist(), own, other)
    x, x_tied = equalising_mixture(integers[1].T.tolist(), other, own)
    if x is None or y is None or 0 in [*(x[a] for a in own), *(y[b] for b in other)]:
        return None, x_tied or y_tied
    return [float(p / sum(weights)) for weights in (x, y) for p in weights], x_tied or y_tied


@jit
def next_pair(rows, columns, m, n):
    """Return the pair of supports after this one, of as many actions or of one more; zeros where there is none."""
    after = following(columns, n)
    if after != 0:
        return rows, after
    k = 0
    while columns != 0:
        k += columns & 1
        columns >>= 1
    after = following(rows, m)
    if after == 0:
        if k == min(m, n):
            return 0, 0
        k += 1
        after = (1 << k) - 1
    return after, (1 << k) - 1


@jit
def search(a, b, rows, columns, steps, degenerate, found):
    """Look at pairs of supports from (rows, columns) on.

    Returns how many were looked at, how many equilibria are in `found`, the next pair (0 where there is none), and
    whether floats leave that pair open. Where the game is known to be `degenerate`
    only those are open of which neither half is surely no equilibrium's.

    `a` [m, n], `b` [n, m]: payoffs between 1 and 2, the own action first. `found` is modified in place.
    """
    m, n = a.shape
    most = min(m, n)
    system = np.empty((most, most + 1))
    x, y = np.empty(m), np.empty(n)
    own, other = np.empty(m, dtype=np.int64), np.empty(n, dtype=np.int64)
    count, looked = 0, 0
    while looked < steps and rows != 0 and count < found.shape[0]:
        looked += 1
        k, paired = 0, 0
        for i in range(m):
            if rows >> i & 1:
                own[k] = i
                k += 1
        for j in range(n):
            if columns >> j & 1:
                other[paired] = j
                paired += 1
        y_sound, y_open = mixture(a, own, other, k, system, y)
        x_sound, x_open = mixture(b, other, own, k, system, x)
        if (x_open or y_open) and not (degenerate and (not (x_sound or x_open) or not (y_sound or y_open))):
            return looked - 1, count, rows, columns, True
        if y_sound and x_sound and not (x_open or y_open):
            found[count, :m] = x / x.sum()
            found[count, m:] = y / y.sum()
            count += 1
        rows, columns = next_pair(rows, columns, m, n)
    return looked, count, rows, columns, False


@jit
def mixture(payoffs, replies, support, k, system, weights):
    """Find weights on k actions of a support that give each of k replies the payoff 1.

    Returns (are they positive and is no reply better, do floats leave that open). They do where weights may be 0 or
    other replies as good, as in degenerate games. payoffs [actions, replies]; support, replies int64; system [k, k + 1]
    and weights [actions] are modified in place.
    """
    for p in range(k):
        for q in range(k):
            system[p, q] = payoffs[replies[p], support[q]]
        system[p, k] = 1.0
    least = 1.0
    for c in range(k):
        best = c
        for p in range(c + 1, k):
            if abs(system[p, c]) > abs(system[best, c]):
                best = p
        if abs(system[best, c]) < LEAST_PIVOT:
            return False, True
        least = min(least, abs(system[best, c]))
        for q in range(c, k + 1):
            system[c, q], system[best, q] = system[best, q], system[c, q]
        for p in range(c + 1, k):
            factor = system[p, c] / system[c, c]
            for q in range(c + 1, k + 1):
                system[p, q] -= factor * system[c, q]
    weights[:] = 0.0
    tied, slack = False, max(MAY_TIE, ELIMINATION_ROUNDING / least)
    for c in range(k - 1, -1, -1):
        total = system[c, k]
        for q in range(c + 1, k):
            total -= system[c, q] * weights[support[q]]
        weight = total / system[c, c]
        if weight < -slack:
            return False, False
        tied = tied or weight < slack
        weights[support[c]] = weight
    chosen = 0
    for r in range(payoffs.shape[0]):
        if chosen < k and replies[chosen] == r:
            chosen += 1
            continue
        paid = 0.0
        for q in range(k):
            paid += payoffs[r, support[q]] * weights[support[q]]
        if paid > 1.0 + slack:
            return False, False
        tied = tied or paid > 1.0 - slack
    return True, tied
