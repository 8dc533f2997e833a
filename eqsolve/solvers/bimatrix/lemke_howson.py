"""Lemke and Howson's complementary pivoting: one equilibrium of a two-player game, exact to rounding.

Lemke and Howson 1964 (Journal of the SIAM 12); as tableaux von Stengel 2002 (Handbook of Game Theory 3), section 2.3;
ties lexicographically, section 2.6, so that paths end in degenerate games too. With payoffs scaled to be positive,
mixed actions are points of P = {x ≥ 0 : Bᵀ x ≤ 1} and Q = {y ≥ 0 : A y ≤ 1}. A point has an action's label where
the action is not played, or is a best reply. From the origin, which has all labels:

1. one label is dropped: its variable enters the tableau of its polytope;
2. the label that this duplicates enters in the other one, and so on;
3. where the dropped label is picked up the point has all labels: normalised, it is an equilibrium.

Paths from some labels are exponentially long while those from others are short, so labels race: three of four
pivots go on with the path of the first label, the fourth to all others in turn, from the origin, each for a number of
pivots that doubles from round to round. Where a path ends, its profile is computed afresh from the basis by
elimination and accepted only if no player's regret exceeds rounding. A step is a block of pivots that touch about two
million numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tableau import FEW_ACTIONS, is_basis, scaled
from eqsolve.solvers.bimatrix._paths import ARRIVED, ON_ITS_WAY, Walk, begin, path_in, profile_of, walk

#: Numbers that the pivots of one step touch.
PIVOTED_AT_ONCE = 2**21
#: Pivots, for each action of both players, that the first label's path makes before any other path begins.
LEAD = 8
#: Pivots of a turn: of the first label's path, of the racing label's.
TURN_PIVOTS = (96, 32)
#: How the search stands.
NOT_BEGUN, RACING, FOUND, FAILED = range(4)


class Race(NamedTuple):
    """How the labels' race stands."""

    stage: int  # one of the four above
    others_turn: bool  # whose turn it is: the first label's, or the racing label's
    pivots_left: int  # of this turn
    label: int  # the one that races against the first, 0 before any does
    limit: int  # pivots that a racing path may make in this round
    failures: int  # labels of this round whose paths ended without an equilibrium
    first_failed: bool  # the same of the first label's path


class State(NamedTuple):
    """The search: where both paths and their race stand."""

    iteration: int
    profile: NDArray[np.float64]  # [A + B], packed, zeros until it is found
    tables: NDArray[np.float64]  # [2, 2 · A · B + A + B]: of both paths, P's and Q's entries
    variables: NDArray[np.int64]  # [2, 4 · (A + B)]: of both paths, P's and Q's variables
    first: Walk  # of the path of label 0
    other: Walk  # of the label that races against it
    race: Race


@dataclass(frozen=True)
class LemkeHowson:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("lemke-howson starts at the origin and takes no --start")
        m, n = map(len, game.actions)
        tables, variables = np.zeros((2, 2 * m * n + m + n)), np.zeros((2, 4 * (m + n)), np.int64)
        start_of_walk, race = Walk(0, 0, False, 0), Race(NOT_BEGUN, False, 0, 0, 0, 0, False)
        return State(0, np.zeros(m + n), tables, variables, start_of_walk, start_of_walk, race)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or self.finished(state):
            return state
        return self.advance(game, copied(state), steps)

    def advance(self, game: NormalForm, state: State, steps: int) -> State:
        payoffs, few = game.tensor().payoffs, state.profile.size <= FEW_ACTIONS
        if state.iteration == 0 and steps > 0 and few:
            state, steps = after(search.interpreted, payoffs, state, 1), steps - 1
        if steps > 0 and not self.finished(state):
            state = after(search, payoffs, state, steps)
        return state

    def is_state(self, game: NormalForm, state: State) -> bool:
        race, labels = state.race, state.profile.size
        if not (NOT_BEGUN <= race.stage <= FAILED and 0 <= race.label < labels):
            return False
        followed = [0] if race.stage == RACING and not race.first_failed else []
        followed += [1] if race.stage == RACING and race.label > 0 else []
        return all(self._is_path(game, state, which) for which in followed)

    def _is_path(self, game: NormalForm, state: State, which: int) -> bool:
        """Tell whether a path can be followed from where the state says that it stands."""
        m, n = map(len, game.actions)
        at = (state.first, state.other)[which]
        path = path_in.interpreted(state.tables, state.variables, which, m, n)
        within = all(0 <= label < m + n for label in (at.dropped, at.entering))
        bases = is_basis(*path[1:4]) and is_basis(*path[5:8])
        return within and bases and bool((path.q_place if at.in_q else path.p_place)[at.entering] >= 0)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"equilibrium": game.unpack(state.profile)} if has_found(state) else {}

    def finished(self, state: State) -> bool:
        return state.race.stage >= FOUND


def after(search: Callable[..., Any], payoffs: NDArray[np.float64], state: State, steps: int) -> State:
    """Return the state after `search` has made so many steps; the arrays of `state` are modified in place.

    Records cross the border to compiled code as plain tuples, which takes a third of the time.
    """
    iteration, profile, tables, variables, first, other, race = state
    found = search(payoffs, profile, tables, variables, first[:], other[:], race[:], steps)
    begun, first_after, other_after, race_after = found
    first, other, race = Walk._make(first_after), Walk._make(other_after), Race._make(race_after)
    return State(iteration + begun, profile, tables, variables, first, other, race)


def has_found(state: State) -> bool:
    """Tell whether there is an equilibrium in the state."""
    return state.race.stage == FOUND


def copied(state: State) -> State:
    """Return the state with arrays of its own."""
    # tables that nothing was written to yet need not be read
    iteration, profile, tables, variables, first, other, race = state
    tables = np.zeros(tables.shape) if state.race.stage == NOT_BEGUN else tables.copy()
    return State(iteration, profile.copy(), tables, variables.copy(), first, other, race)


@jit
def search(payoffs, profile, tables, variables, first_walk, other_walk, race, steps):
    """Make at most `steps` blocks of pivots: (blocks begun, the new `Walk` of the first path and of the other, `Race`).

    Both walks and the race come and go as plain tuples. payoffs [2, A, B]. Modified in place are profile [A + B], once
    it is found, tables [2, 2 · A · B + A + B] and variables [2, 4 · (A + B)].
    """
    m, n = payoffs.shape[1:]
    row_payoffs, column_payoffs = scaled(payoffs[0]), scaled(payoffs[1])
    work = np.empty((3, max(m, n) + 1))
    row, ratios, tied = work[0], work[1], work[2].view(np.int64)
    block = max(1, PIVOTED_AT_ONCE // (m * n))
    first, other = Walk(*first_walk), Walk(*other_walk)
    stage, others_turn, pivots_left, label, limit, failures, first_failed = race
    begun = 0
    while begun < steps and stage < FOUND:
        begun += 1
        budget = block
        if stage == NOT_BEGUN:
            first = begin(path_in(tables, variables, 0, m, n), row_payoffs, column_payoffs, 0)
            stage, pivots_left, label, limit = RACING, LEAD * (m + n), 0, m + n
        while budget > 0 and stage == RACING:
            if pivots_left == 0:
                others_turn = not others_turn
                pivots_left = TURN_PIVOTS[int(others_turn)]
            if not others_turn and first_failed:
                others_turn, pivots_left = True, TURN_PIVOTS[1]
            path = path_in(tables, variables, int(others_turn), m, n)
            most = min(budget, pivots_left)
            if others_turn:
                if label == 0:
                    label = 1
                    other = begin(path, row_payoffs, column_payoffs, label)
                before = other.pivots
                status, other = walk(path, other, min(most, limit - before), row, ratios, tied)
                made = other.pivots - before
            else:
                before = first.pivots
                status, first = walk(path, first, most, row, ratios, tied)
                made = first.pivots - before
            budget -= made
            pivots_left -= made
            if status == ARRIVED and profile_of(path, row_payoffs, column_payoffs, profile):
                stage = FOUND
            elif not others_turn:
                first_failed = first_failed or status != ON_ITS_WAY
            elif status != ON_ITS_WAY or other.pivots >= limit:
                failures += int(status != ON_ITS_WAY)
                label += 1
                if label == m + n:  # a new round begins, unless all paths ended, and none in an equilibrium
                    if failures == m + n - 1 and first_failed:
                        stage = FAILED
                    label, failures, limit = 1, 0, 2 * limit
                if stage == RACING:
                    other = begin(path, row_payoffs, column_payoffs, label)
    race_after = (stage, others_turn, pivots_left, label, limit, failures, first_failed)
    return begun, first[:], other[:], race_after  # a slice of a record is a plain tuple
