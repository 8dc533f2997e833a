"""Replies in pure stationary policies of Markov games: the sweep of `best-response` where a game has states.

Action values are those of every representation (`kernels/action_values.py`) at a profile of probabilities 0 and 1.
Player i's reply is policy iteration (Howard 1960; Puterman 1994, section 6.4) from their present policy, the others
fixed: in every state with an action of positive advantage they go over to one, which lowers their value from no state;
where no advantage is left the policy is a best response from every state.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.tolerances import ADVANTAGE_ROUNDING
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit


class Play(NamedTuple):
    """The packed profile `x` [n], its action values `q` [n], the values `v` [R] of rows, and scratch."""

    x: Array
    q: Array
    v: Array
    work: Array


@jit
def policy_sweep(
    game: Any,
    rows: NDArray[np.int64],
    legal: NDArray[np.bool_],
    actions: NDArray[np.int64],
    done: int,
    unasked: int,
    players: int,
    gain: float,
    best: bool,
    steps: int,
) -> tuple[int, int]:
    """Make `steps` replies after the first `done`, fewer if it ends: (replies so far, how many are unasked).

    rows int64 [R + 1], legal bool [n]: where each row of a packed profile begins, which entries are actions. `gain`: in
    units of stage rewards. actions int64 [R], one per row, are modified in place.
    """
    x = np.zeros(legal.size)
    play = Play(x, np.empty(legal.size), np.empty(actions.size), np.empty(game.scratch))
    for r in range(actions.size):
        x[rows[r] + actions[r]] = 1.0
    own = actions.size // players
    for t in range(done, done + steps):
        if unasked == 0:
            return t, unasked
        first = (t % players) * own
        if reply(game, rows, legal, first, first + own, gain, best, actions, play):
            unasked = players
        else:
            unasked -= 1
    return done + steps, unasked


@jit
def reply(
    game: Any,
    rows: NDArray[np.int64],
    legal: NDArray[np.bool_],
    first: int,
    last: int,
    gain: float,
    best: bool,
    actions: NDArray[np.int64],
    play: Play,
) -> bool:
    """Tell whether the player of rows `first` … `last` − 1 went over to something better.

    actions int64 [R] and the arrays of `play` are modified in place; rows int64 [R + 1], legal bool [n].
    """
    x, q, v, work = play
    action_values(game, x, q, v, work)
    moved = False
    while True:
        before = actions[first:last].copy()
        worth = v[first:last].copy()
        if not improve(rows, legal, first, last, gain, best, q, actions):
            return moved
        put(rows, first, last, before, actions, x)
        action_values(game, x, q, v, work)
        # every true improvement raises a value and lowers none; one that does not is rounding, and could go round
        if (v[first:last] - worth).sum() <= 0:
            tried = actions[first:last].copy()
            actions[first:last] = before
            put(rows, first, last, tried, actions, x)
            return moved
        moved = True
        if not best:
            return moved


@jit
def improve(
    rows: NDArray[np.int64],
    legal: NDArray[np.bool_],
    first: int,
    last: int,
    gain: float,
    best: bool,
    q: Array,
    actions: NDArray[np.int64],
) -> bool:
    """Make one step of policy iteration by action values q [n]; tell whether it changed anything.

    actions int64 [R] are modified in place; rows int64 [R + 1], legal bool [n].
    """
    largest = 0.0
    for e in range(rows[first], rows[last]):
        if legal[e]:
            largest = max(largest, abs(q[e]))
    small = max(gain, ADVANTAGE_ROUNDING * largest)
    changed = False
    for r in range(first, last):
        present = rows[r] + actions[r]
        chosen = present
        for e in range(rows[r], rows[r + 1]):
            if legal[e] and q[e] > q[present] + small and (chosen == present or (best and q[e] > q[chosen])):
                chosen = e
        if chosen != present:
            actions[r] = chosen - rows[r]
            changed = True
    return changed


@jit
def put(
    rows: NDArray[np.int64], first: int, last: int, before: NDArray[np.int64], actions: NDArray[np.int64], x: Array
) -> None:
    """Write the present actions into the packed profile x [n], in rows `first` … `last` − 1 where `before` held.

    before, actions int64 [R], rows int64 [R + 1].
    """
    for r in range(first, last):
        x[rows[r] + before[r - first]] = 0.0
        x[rows[r] + actions[r]] = 1.0
