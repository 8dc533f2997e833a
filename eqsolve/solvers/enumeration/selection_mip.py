"""The best equilibrium of a two-player game by one mixed integer programme.

Sandholm, Gilpin and Conitzer 2005 (AAAI), formulation 1: x and y are policies, u_i the players' values, and b_a = 1
says that action a is not played. For every action a of the first player, and for the second alike,

    0 ≤ u_1 − (A y)_a ≤ b_a · (range of payoffs),   x_a ≤ 1 − b_a:

nothing pays more than u_1, and what pays less is not played, so that u_i is what the player receives. The objective is
the sum of the payoffs, the least of them, or the number of actions that are not played; bounds on payoffs are bounds on
u. HiGHS solves it by branch and bound and proves that nothing is better, or that no equilibrium is within the bounds;
one long step, not cut into shorter ones. Payoffs are scaled to [0, 1], so the tolerances are relative to the payoff
range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import Entries, Programme, WholeOptimum, in_thread, whole_maximum
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.polish import support_polish

OBJECTIVES = ("welfare", "min", "support")
#: Probabilities below this are the programme's rounding.
ZERO = 1e-8
#: Of the largest probability of a player: actions with more are in the support on which the answer is made exact; the
#: result counts if no probability moved by more than MOVED, so that it is no other equilibrium.
PLAYED = 1e-6
MOVED = 1e-6


class State(NamedTuple):
    """`profile` [m + n]: the policies; meaningless unless `found`. `proved`: it is best, or there is none."""

    iteration: int
    profile: NDArray[np.float64]
    found: bool
    proved: bool


@dataclass(frozen=True)
class SelectionMIP:
    """What is to be best, and what players must receive at least and at most."""

    objective: str = field(
        default="welfare",
        metadata={"symbol": "f", "help": "welfare (sum of payoffs), min (least payoff) or support (fewest actions)"},
    )
    least: float | str | None = field(
        default=None,
        metadata={
            "symbol": "c",
            "help": "every player's payoff is at least this, in payoff units; or by player, such as Row=3,Column=1/2",
        },
    )
    most: float | str | None = field(
        default=None, metadata={"symbol": "d", "help": "every player's payoff is at most this; or by player"}
    )

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise UsageError(f"objective: expected {', '.join(OBJECTIVES)}; got '{self.objective}'")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("selection-mip solves one programme and takes no --start")
        self._bounds(game)
        return State(0, np.zeros(int(game.offsets[-1])), False, False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        found = in_thread(best, game.tensor().payoffs, self.objective, *self._bounds(game))
        profile = state.profile.copy() if found.values is None else found.values
        return State(1, profile, found.values is not None, found.proved)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        if not state.found:
            return {}
        selected = game.unpack(state.profile)
        exact = support_polish(game.backup, selected, (PLAYED,))
        if exact is not None and np.abs(game.pack(exact) - state.profile).max() <= MOVED:
            return {"selected": frozen(exact)}
        return {"selected": frozen(game.unpack(state.profile.copy()))}

    def finished(self, state: State) -> bool:
        return state.iteration > 0

    def remarks(self, game: NormalForm, state: State) -> Sequence[str]:
        if state.iteration == 0 or state.found:
            return ()
        if not state.proved:
            return ("the integer programme ended without an answer, and without a proof that there is none",)
        wanted = [
            f"{player} {words} {bound:g}"
            for words, bounds in zip(("at least", "at most"), self._bounds(game), strict=True)
            for player, bound in zip(game.players, bounds.tolist(), strict=True)
            if isfinite(bound)
        ]
        return (f"no equilibrium gives {' and '.join(wanted)}",)

    def _bounds(self, game: NormalForm) -> tuple[Array, Array]:
        """What each player must receive at least and at most, [2] each; −∞ and ∞ are no bounds."""
        return by_player("least", self.least, game.players, -np.inf), by_player("most", self.most, game.players, np.inf)


def by_player(name: str, bound: float | str | None, players: Sequence[str], otherwise: float) -> Array:
    """A bound for every player, `3`, or for some by their names, `Row=3,Column=1/2`; UsageError for anything else."""
    given: dict[str, float | str] = {}
    if not isinstance(bound, str) or "=" not in bound:
        given = {} if bound is None else dict.fromkeys(players, bound)
    else:
        for part in bound.split(","):
            player, _, text = part.rpartition("=")
            if player.strip() not in players:
                raise UsageError(f"{name}: there is no player '{player.strip()}', players are {', '.join(players)}")
            if player.strip() in given:
                raise UsageError(f"{name}: expected one bound for '{player.strip()}', got two")
            given[player.strip()] = text
    try:
        found = np.array([float(Fraction(given[player])) if player in given else otherwise for player in players])
    except (ValueError, ZeroDivisionError, OverflowError):
        raise UsageError(f"{name}: expected a number, or some by player, {players[0]}=1/2; got '{bound}'") from None
    return found


def best(payoffs: Array, objective: str, least: Array, most: Array) -> WholeOptimum:
    """The profile [m + n] that is best for payoffs [2, m, n] of those that give every player `least` to `most`."""
    m, n = payoffs.shape[1:]
    low = payoffs.min(axis=(1, 2))
    spread = np.ptp(payoffs, axis=(1, 2))
    spread[spread == 0] = 1.0
    first, second = (payoffs - low[:, None, None]) / spread[:, None, None]
    # variables: x [m], y [n], b [m + n], u [2], and t, at most either player's payoff
    k = m + n
    size = 2 * k + 3
    rows = np.zeros((3 * k + 6, size))
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
        rows[3 * k + 4 + i, 2 * k + i] = 1.0
    upper[3 * k + 4 :] = (most - low) / spread
    costs, floor = np.zeros(size), np.zeros(size)
    floor[2 * k + 2] = -np.inf
    if objective == "welfare":
        costs[2 * k : 2 * k + 2] = spread / unit
    elif objective == "min":
        costs[2 * k + 2] = 1.0
    else:
        costs[k : 2 * k] = 1.0
    floor[2 * k : 2 * k + 2] = np.maximum((least - low) / spread, 0.0)
    there = np.nonzero(rows)
    binary = np.zeros(size, dtype=np.bool_)
    binary[k : 2 * k] = True
    found = whole_maximum(Programme(costs, floor, lower, upper, Entries(there[0], there[1], rows[there])), binary)
    if found.values is None:
        return found
    kept = np.where(found.values[:k] > ZERO, found.values[:k], 0.0)
    return found._replace(values=np.concatenate([kept[:m] / kept[:m].sum(), kept[m:] / kept[m:].sum()]))
