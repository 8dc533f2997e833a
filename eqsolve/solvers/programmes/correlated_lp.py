"""Joint distributions by one linear programme: what `ce` and `cce` share. They differ in their incentive constraints.

Variables are the probabilities p of all pure profiles; every incentive constraint says that a deviation of one player
does not gain. What is maximised is linear in p: welfare, a weighted sum of the players' values, or, with one variable
more, the least of their values. Each player's payoffs count from their least, and constraints are scaled by the
payoff range, so that tolerances are relative. HiGHS ends at a vertex: few pure profiles have a probability.
One long step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import NEGLIGIBLE, Entries, Programme, in_thread, maximum
from eqsolve.arithmetic.rational import require_flint
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.exact_payoffs import Chances, ExactPayoffs
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.programmes._correlated_basis import at_basis

#: Entries of a programme that is still taken: HiGHS then needs minutes and some GB, and cannot be interrupted.
MAX_PROGRAMME_ENTRIES = 20_000_000
WELFARE, MAX_MIN = "welfare", "max-min"


class State(NamedTuple):
    """`actions` int32 [K, N] and `probabilities` float64 [K] of the support, empty before the step.

    `solved`: HiGHS proved optimality. `basic_columns`, `basic_rows`: which variables and slacks are basic there.
    """

    iteration: int
    actions: NDArray[np.int32]
    probabilities: NDArray[np.float64]
    solved: bool
    basic_columns: NDArray[np.bool_]
    basic_rows: NDArray[np.bool_]


@dataclass(frozen=True)
class CorrelatedLP(ABC):
    """One hyperparameter: what is maximised."""

    objective: str = field(
        default=WELFARE,
        metadata={
            "symbol": "w",
            "help": "what is maximised: welfare, max-min (the least of the players' values), or weights of the "
            "players' values, such as 1,0,-1/2",
        },
    )
    concept: ClassVar[Concept]

    def __post_init__(self) -> None:
        if self.objective not in (WELFARE, MAX_MIN):
            _numbers(self.objective)

    @abstractmethod
    def extent(self, game: NormalForm) -> int:
        """How many entries the programme's constraints have at most."""

    @abstractmethod
    def incentives(self, player: int, payoffs: Array) -> Entries:
        """A player's constraints, rows counted from 0: Σ p · entry ≥ 0, for their scaled payoffs [A_1, …, A_N]."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError(f"{self.concept} solves one linear programme and takes no --start")
        self._weights(len(game.players))
        return State(
            0,
            np.empty((0, len(game.players)), np.int32),
            np.empty(0),
            False,
            np.empty(0, np.bool_),
            np.empty(0, np.bool_),
        )

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        if (entries := self.extent(game)) > MAX_PROGRAMME_ENTRIES:
            most = f"{MAX_PROGRAMME_ENTRIES} are the most"
            raise UsageError(
                f"{self.concept}: a linear programme of {entries} entries is too large, {most}",
                "the play of regret-matching+ comes near coarse correlated equilibria: its cce_gap says how near",
            )
        table, taken = game.tensor().lowered
        lowered = table.payoffs
        found = in_thread(maximum, self._programme(lowered, taken))
        likely = np.flatnonzero(found.values[: lowered[0].size] > NEGLIGIBLE)
        actions = np.array(np.unravel_index(likely, lowered.shape[1:]), dtype=np.int32).T
        probabilities = found.values[likely]
        probabilities /= probabilities.sum()
        basis = found.basic_columns, found.basic_rows
        return State(1, np.ascontiguousarray(actions), probabilities, found.solved, *basis)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {}

    def joint(self, game: NormalForm, state: State) -> Joint | None:
        return Joint(state.actions, state.probabilities) if state.solved else None

    def require_rationals(self) -> None:
        require_flint()

    def joint_solution(self, game: NormalForm, state: State, exact: ExactPayoffs) -> tuple[Joint, Chances] | None:
        """Return the distribution at the basis where HiGHS ended, and its probabilities in fractions; None if none."""
        basis = state.basic_columns, state.basic_rows
        found = at_basis(exact.paid, basis, self.incentives, least_value=self.objective == MAX_MIN)
        if found is None:
            return None
        actions = np.array(np.unravel_index(found.numbers, exact.paid.shape[1:]), dtype=np.int32).T
        return Joint(actions, np.array([float(p) for p in found.probabilities])), found.probabilities

    def finished(self, state: State) -> bool:
        return state.iteration > 0

    def _weights(self, players: int) -> Array | None:
        """Of the players' values; None for max-min. UsageError where there is not one for each."""
        if self.objective == MAX_MIN:
            return None
        weights = np.ones(players) if self.objective == WELFARE else _numbers(self.objective)
        if len(weights) != players:
            raise UsageError(f"objective: expected {players} weights, one per player, got {len(weights)}")
        return weights

    def _programme(self, payoffs: Array, taken: Array) -> Programme:
        """The whole: incentives of all players, then Σ p = 1, then, for max-min, that no value is below v.

        From the payoffs [N, A_1, …, A_N] numbers of each player's own, `taken` [N], have been taken.
        """
        players, count = len(payoffs), payoffs[0].size
        ranges = np.ptp(payoffs.reshape(players, -1), axis=1)
        blocks = [
            self.incentives(i, payoffs[i] / r)
            for i, r in enumerate(ranges.tolist())
            if r > 0 and payoffs.shape[1 + i] > 1
        ]
        blocks.append(Entries(np.zeros(count, np.int64), np.arange(count), np.ones(count)))
        weights, worth, values = self._weights(players), payoffs.reshape(players, -1), 0
        if weights is None:
            costs, least = np.append(np.zeros(count), 1.0), np.append(np.zeros(count), -np.inf)
            # v counts from the most that it can be; who gets that anyway does not bound it
            most = (taken + worth.max(axis=1)).min()
            bounding = np.flatnonzero(taken + worth.min(axis=1) < most)
            values = len(bounding)
            above = (worth[bounding] + (taken[bounding] - most)[:, None]) / (ranges[bounding].max(initial=0.0) or 1.0)
            if not values:  # the least of the values is constant
                above, values = np.zeros((1, count)), 1
            rows = np.arange(values).repeat(count + 1)
            columns = np.tile(np.arange(count + 1), values)
            blocks.append(Entries(rows, columns, np.column_stack([above, -np.ones(values)]).reshape(-1)))
        else:
            # of a constant that is added to a player's payoffs the best distribution knows nothing
            costs, least = weights @ (worth - worth.min(axis=1, keepdims=True)), np.zeros(count)
            costs -= costs.min()
            costs /= costs.max() or 1.0
        heights = [int(block.rows.max()) + 1 for block in blocks]
        lower = np.zeros(sum(heights))
        total = sum(heights) - 1 - values
        lower[total] = 1.0
        upper = np.where(np.arange(len(lower)) == total, 1.0, np.inf)
        firsts = np.cumsum([0, *heights])
        matrix = Entries(
            np.concatenate([block.rows + first for block, first in zip(blocks, firsts[:-1], strict=True)]),
            np.concatenate([block.columns for block in blocks]),
            np.concatenate([block.values for block in blocks]),
        )
        there = matrix.values != 0
        return Programme(costs, least, lower, upper, Entries(*(part[there] for part in matrix)))


def own_first(player: int, payoffs: Array) -> tuple[Array, NDArray[np.int64]]:
    """A player's payoffs [A_i, others] and the numbers of the pure profiles there, the last player's action fastest."""
    numbers = np.arange(payoffs.size).reshape(payoffs.shape)
    size = payoffs.shape[player]
    return np.moveaxis(payoffs, player, 0).reshape(size, -1), np.moveaxis(numbers, player, 0).reshape(size, -1)


def joint_actions(game: NormalForm) -> int:
    """How many pure profiles there are."""
    return prod(len(labels) for labels in game.actions)


def _numbers(text: str) -> Array:
    """`1,0,-1/2` as weights; UsageError for anything else."""
    try:
        weights = np.array([float(Fraction(part)) for part in text.split(",")])
    except (ValueError, ZeroDivisionError, OverflowError):
        raise UsageError(
            f"objective: expected {WELFARE}, {MAX_MIN} or a weight per player such as 1,0,-1/2, got '{text}'"
        ) from None
    if not weights.any():
        raise UsageError("objective: weights that are all 0 ask for nothing", f"{WELFARE} weighs all players alike")
    return weights
