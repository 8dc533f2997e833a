"""Equilibria of a small game by trying all profiles of supports.

Two players: all pairs of supports of equal size (Dickhaut and Kaplan 1991; Algorithm 3.4 of von Stengel 2007). In a
nondegenerate game both players of an equilibrium mix equally many actions. For k = 1, 2, … and every k rows I and k
columns J:

1. solve for y on J that makes all rows of I pay alike, and for x on I that makes all columns of J pay alike;
2. the pair is an equilibrium if all weights are positive and no other action pays more.

A mixture found on the way to which more actions are best replies than it mixes shows that the game is degenerate. Every
degenerate game has such a one among those solved for; it may then have equilibria that are not found here. A step looks
at one pair of supports; they are numbered by size, then by bit masks.

More players: supports of any sizes. The equations "all actions of a support pay alike" are multilinear and may have
several solutions; all are found by branch and bound over boxes of probabilities, each proved to be the only one in its
box (Krawczyk 1969), after conditional dominance has ruled out most profiles of supports (Porter, Nudelman and Shoham
2008). Where solutions are not isolated, or so nearly that floats cannot tell, the list is not called complete. A step
looks at one profile of supports, or at the next 256 boxes of it; they come by total size. Bounds are widened by 1e-13
of the payoff range in place of directed rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, frozen
from eqsolve.forms.normal import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.solvers import support_profiles
from eqsolve.solvers.selection import selected
from eqsolve.solvers.supports import following

#: Payoffs that differ by less than this fraction of the payoff range tie; weights below it are 0.
TIE = 1e-9
#: Pivots below this, in matrices of numbers between 1 and 2, are 0: another pair of supports has the solution.
SINGULAR = 1e-12
#: Equilibria found in one call of the kernel, at most.
ROOM = 1024


class State(NamedTuple):
    """Of two players. `rows`, `columns`: bit masks of the supports that come next. `profiles` [K, m + n].

    `degenerate`: seen to be.
    """

    iteration: int
    rows: int
    columns: int
    profiles: NDArray[np.float64]
    degenerate: bool
    done: bool


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
        state = State(0, 1, 1, np.empty((0, m + n)), False, False)
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

    def answers(self, game: NormalForm, state: AnyState) -> dict[str, Profile]:
        return selected(game, self.found(game, state))

    def finished(self, state: AnyState) -> bool:
        return support_profiles.ended(state) if isinstance(state, support_profiles.State) else state.done

    def found(self, game: NormalForm, state: AnyState) -> list[Profile]:
        return [frozen(game.unpack(row.copy())) for row in state.profiles]

    def coverage(self, state: AnyState) -> str:
        if isinstance(state, support_profiles.State):
            return support_profiles.coverage(state)
        if state.degenerate:
            return "at least these equilibria (the game is degenerate: vertex-enumeration lists all extreme ones)"
        if not state.done:
            return f"at least these equilibria ({state.iteration} pairs of supports examined)"
        return "every equilibrium"


def _searched(game: NormalForm, state: State, steps: int) -> State:
    """Up to `steps` pairs of supports further, fewer where many equilibria are found."""
    first, second = (1.0 + own for own in game.tensor().scaled)
    found = np.empty((ROOM, first.shape[0] + first.shape[1]))
    looked, count, rows, columns, degenerate = search(
        first, np.array(second.T, order="C"), state.rows, state.columns, steps, found
    )
    return State(
        state.iteration + int(looked),
        int(rows),
        int(columns),
        np.concatenate([state.profiles, found[:count]]),
        state.degenerate or bool(degenerate),
        rows == 0,
    )


@jit
def search(a, b, rows, columns, steps, found):
    """From the pair (rows, columns) of supports on: how many were looked at, how many equilibria are in `found`, the
    next pair (0 where there is none), whether a degenerate mixture was seen.

    `a` [m, n], `b` [n, m]: payoffs between 1 and 2, the own action first. `found` is modified in place.
    """
    m, n = a.shape
    most = min(m, n)
    system = np.empty((most, most + 1))
    x, y = np.empty(m), np.empty(n)
    own, other = np.empty(m, dtype=np.int64), np.empty(n, dtype=np.int64)
    count, looked = 0, 0
    degenerate = False
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
        y_sound, y_tied = mixture(a, own, other, k, system, y)
        x_sound, x_tied = mixture(b, other, own, k, system, x)
        degenerate = degenerate or y_tied or x_tied
        if y_sound and x_sound:
            found[count, :m] = x / x.sum()
            found[count, m:] = y / y.sum()
            count += 1
        columns = following(columns, n)
        if columns == 0:
            rows = following(rows, m)
            if rows == 0:
                if k == most:
                    break
                k += 1
                rows = (1 << k) - 1
            columns = (1 << k) - 1
    return looked, count, rows, columns, degenerate


@jit
def mixture(payoffs, replies, support, k, system, weights):
    """Weights on k actions that give each of k replies the payoff 1: (are they positive and is no reply better, does
    such a mixture have fewer actions, or more best replies). `system` and `weights` [actions] are modified in place.
    """
    for p in range(k):
        for q in range(k):
            system[p, q] = payoffs[replies[p], support[q]]
        system[p, k] = 1.0
    for c in range(k):
        best = c
        for p in range(c + 1, k):
            if abs(system[p, c]) > abs(system[best, c]):
                best = p
        if abs(system[best, c]) < SINGULAR:
            return False, False
        for q in range(c, k + 1):
            system[c, q], system[best, q] = system[best, q], system[c, q]
        for p in range(c + 1, k):
            factor = system[p, c] / system[c, c]
            for q in range(c + 1, k + 1):
                system[p, q] -= factor * system[c, q]
    weights[:] = 0.0
    tied = False
    for c in range(k - 1, -1, -1):
        total = system[c, k]
        for q in range(c + 1, k):
            total -= system[c, q] * weights[support[q]]
        weight = total / system[c, c]
        if weight < -TIE:
            return False, False
        if weight < TIE:
            tied = True
            weight = 0.0
        weights[support[c]] = weight
    chosen = 0
    for r in range(payoffs.shape[0]):
        if chosen < k and replies[chosen] == r:
            chosen += 1
            continue
        paid = 0.0
        for q in range(k):
            paid += payoffs[r, support[q]] * weights[support[q]]
        if paid > 1.0 + TIE:
            return False, False
        tied = tied or paid > 1.0 - TIE
    return not (tied and _lacks(weights, support, k)), tied


@jit
def _lacks(weights, support, k):
    """Whether some action of the support has no weight: a smaller support has that mixture."""
    least = 1.0
    for q in range(k):
        least = min(least, weights[support[q]])
    return least == 0.0
