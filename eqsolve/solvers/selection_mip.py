"""The best equilibrium of a two-player game by one mixed integer programme.

Sandholm, Gilpin and Conitzer 2005 (AAAI), formulation 1: x and y are policies, u_i the players' values, and b_a = 1
says that action a is not played. For every action a of the first player, and for the second alike,

    0 ≤ u_1 − (A y)_a ≤ b_a · (range of payoffs),   x_a ≤ 1 − b_a:

nothing pays more than u_1, and what pays less is not played. The objective is the sum of the payoffs, the least of
them, or the number of actions that are not played. HiGHS solves it by branch and bound and proves that nothing is
better; one long step, not cut into shorter ones. Payoffs are scaled to [0, 1], so the tolerances are relative to the
payoff range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal import NormalForm
from eqsolve.solvers.highs import Entries, Programme, aside, whole_maximum

OBJECTIVES = ("welfare", "min", "support")
#: Probabilities below this are the programme's rounding.
ZERO = 1e-8


class State(NamedTuple):
    """`profile` [m + n]: the policies; meaningless unless `found`."""

    iteration: int
    profile: NDArray[np.float64]
    found: bool


@dataclass(frozen=True)
class SelectionMIP:
    """What is to be best, and what every player must receive at least."""

    objective: str = field(
        default="welfare",
        metadata={"symbol": "f", "help": "welfare (sum of payoffs), min (least payoff) or support (fewest actions)"},
    )
    least: float | None = field(
        default=None, metadata={"symbol": "c", "help": "every player's payoff is at least this, in payoff units"}
    )

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise UsageError(f"objective: expected {', '.join(OBJECTIVES)}; got '{self.objective}'")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("selection-mip solves one programme and takes no --start")
        return State(0, np.zeros(int(game.offsets[-1])), False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        found = aside(best, game.tensor().payoffs, self.objective, self.least)
        return State(1, state.profile.copy() if found is None else found, found is not None)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"selected": frozen(game.unpack(state.profile.copy()))} if state.found else {}

    def finished(self, state: State) -> bool:
        return state.iteration > 0


def best(payoffs: Array, objective: str, least: float | None) -> Array | None:
    """The profile [m + n] that is best for payoffs [2, m, n]; None where no equilibrium gives everyone `least`."""
    m, n = payoffs.shape[1:]
    low = payoffs.min(axis=(1, 2))
    spread = np.ptp(payoffs, axis=(1, 2))
    spread[spread == 0] = 1.0
    first, second = (payoffs - low[:, None, None]) / spread[:, None, None]
    # variables: x [m], y [n], b [m + n], u [2], and t, at most either player's payoff
    k = m + n
    size = 2 * k + 3
    rows = np.zeros((3 * k + 4, size))
    lower, upper = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    rows[:m, m:k], rows[m:k, :m] = -first, -second.T
    rows[:m, 2 * k] = rows[m:k, 2 * k + 1] = 1.0
    rows[k : 2 * k] = rows[:k]
    rows[k : 2 * k, k : 2 * k] = -np.eye(k)
    lower[:k], upper[k : 2 * k] = 0.0, 0.0
    rows[2 * k : 3 * k, :k] = rows[2 * k : 3 * k, k : 2 * k] = np.eye(k)
    upper[2 * k : 3 * k] = 1.0
    rows[3 * k, :m] = rows[3 * k + 1, m:k] = 1.0
    lower[3 * k : 3 * k + 2] = upper[3 * k : 3 * k + 2] = 1.0
    # in units of the larger range
    unit = spread.max()
    for i in range(2):
        rows[3 * k + 2 + i, [2 * k + i, 2 * k + 2]] = spread[i] / unit, -1.0
        lower[3 * k + 2 + i] = -(low[i] - low.min()) / unit
    costs, floor = np.zeros(size), np.zeros(size)
    floor[2 * k + 2] = -np.inf
    if objective == "welfare":
        costs[2 * k : 2 * k + 2] = spread / unit
    elif objective == "min":
        costs[2 * k + 2] = 1.0
    else:
        costs[k : 2 * k] = 1.0
    if least is not None:
        floor[2 * k : 2 * k + 2] = np.maximum((least - low) / spread, 0.0)
    there = np.nonzero(rows)
    binary = np.zeros(size, dtype=np.bool_)
    binary[k : 2 * k] = True
    found = whole_maximum(Programme(costs, floor, lower, upper, Entries(there[0], there[1], rows[there])), binary)
    if found is None:
        return None
    kept = np.where(found[:k] > ZERO, found[:k], 0.0)
    return np.concatenate([kept[:m] / kept[:m].sum(), kept[m:] / kept[m:].sum()])
