"""Markov games: a state, a simultaneous choice, a reward each, a next state; discounted, from an initial distribution.

`mdps(profile)` is the primitive: for each player the decision problem they face while the others keep to the profile.
Policies are stationary, shape `(S, A_i)`. Missing transition mass ends the game with value 0; a discount of 1 needs
an acyclic graph. Two representations: tables, and counting (no table over joint actions ever).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, frozen, readonly
from eqsolve.forms.markov.mdp import MDP, TableMDP
from eqsolve.forms.mixed import ROW_TOLERANCE, Mixed
from eqsolve.forms.potential import exact_potential

if TYPE_CHECKING:
    from eqsolve.kernels.crowding import CrowdingArrays
    from eqsolve.kernels.markov import DenseMarkovArrays


class MarkovGame(Mixed):
    """N players, one policy row per state, shape `(S, A_i)`."""

    name: ClassVar[str] = "markov"
    in_words: ClassVar[str] = "a Markov game"
    row_is: ClassVar[str] = "state"
    staged: ClassVar[bool] = True
    max_regret_is: ClassVar[str] = "largest regret of a player over all states as the start"
    states: tuple[str, ...]
    #: Initial distribution μ, [S].
    start: Array
    #: Whether a row is what one player sees of the state; the game then cannot start "in a row".
    local: ClassVar[bool] = False

    @property
    def rows(self) -> tuple[str, ...]:
        return self.states

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple((len(self.rows), len(labels)) for labels in self.actions)

    @property
    def longest(self) -> int:
        """No path has more decisions at γ = 1."""
        return len(self.states)

    @property
    def payoff_range(self) -> float:
        """Range of stage rewards / (1 − γ), or × the longest path at γ = 1."""
        return self.reward_range * (self.longest if self.discount == 1 else 1 / (1 - self.discount))

    def from_starts(self, values: Array) -> Array:
        """The values where what a player sees of the state is no place to start from: from the start alone."""
        return values @ self.start[:, None] if self.local else values

    @abstractmethod
    def mdps(self, profile: Profile) -> Iterator[MDP]:
        """Player after player, their decision problem while the others keep to `profile`; one held at a time."""


@dataclass(frozen=True, eq=False)
class DenseMarkovGame(MarkovGame):
    """`rewards` float64 [N, S, A_1, …, A_N], `transitions` float64 [S, A_1, …, A_N, S], `start` float64 [S]."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]
    rewards: Array
    transitions: Array
    discount: float
    start: Array

    def __post_init__(self) -> None:
        for name in ("rewards", "transitions", "start"):
            object.__setattr__(self, name, frozen([getattr(self, name)])[0])

    @cached_property
    def reward_range(self) -> float:
        """Where transition mass is missing, the 0 after the end counts among the rewards."""
        axes = tuple(range(1, self.rewards.ndim))
        low, high = self.rewards.min(axis=axes), self.rewards.max(axis=axes)
        if (self.transitions.sum(axis=-1) < 1 - ROW_TOLERANCE).any():
            low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
        return float((high - low).max())

    @cached_property
    def unmoved(self) -> bool:
        """Whether no action moves the state: then each state's own game can be solved alone."""
        moves = self.transitions.reshape(len(self.states), -1, len(self.states))
        return bool((moves == moves[:, :1]).all())

    @cached_property
    def _stage_potential(self) -> Array | None:
        return stage_potential(self.rewards, self.unmoved, self.reward_range)

    @property
    def has_potential(self) -> bool:
        """Whether it is a team game, or one of potential games whose order nobody moves; no more is looked for."""
        return self._stage_potential is not None

    def potential(self, profile: Profile) -> float | None:
        """The value of φ from the initial distribution when all play `profile`."""
        if self._stage_potential is None:
            return None
        rewards, chain = self._stage_potential, self.transitions
        for j in range(len(self.players) - 1, -1, -1):
            rewards, chain = _mix(rewards, profile[j], 1 + j), _mix(chain, profile[j], 1 + j)
        values = np.linalg.solve(np.eye(len(self.states)) - self.discount * chain, rewards)
        return float(self.start @ values)

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        for i in range(len(self.players)):
            rewards, transitions = self.rewards[i], self.transitions
            for j in range(len(self.players) - 1, -1, -1):
                if j != i:
                    rewards = _mix(rewards, profile[j], 1 + j)
                    transitions = _mix(transitions, profile[j], 1 + j)
            yield TableMDP(rewards, transitions, self.start)

    @cached_property
    def arrays(self) -> DenseMarkovArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.markov import DenseMarkovArrays

        sizes = np.array(self.rewards.shape[2:], dtype=np.int64)
        joint, states = prod(self.rewards.shape[2:]), len(self.states)
        return DenseMarkovArrays(
            self.rewards.reshape(len(self.players), states, joint),
            self.transitions.reshape(states, joint, states),
            self.start,
            readonly(sizes),
            readonly(self.offsets),
            self.discount,
            2 * (joint // int(sizes.min())),
        )


@dataclass(frozen=True, eq=False)
class CrowdingGame(MarkovGame):
    """Every player picks one of m facilities; only the fullest one's load moves the state.

    In state s a player at facility k receives slope[s, k] · load_k + offset[s]; the next state is below[s] if the
    largest load is at most threshold[s], else above[s]. `slope` float64 [S, m], `offset` float64 [S], `threshold`,
    `below`, `above` int64 [S].
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]
    slope: Array
    offset: Array
    threshold: NDArray[np.int64]
    below: NDArray[np.int64]
    above: NDArray[np.int64]
    discount: float
    start: Array

    def __post_init__(self) -> None:
        for name in ("slope", "offset", "start"):
            object.__setattr__(self, name, frozen([getattr(self, name)])[0])
        for name in ("threshold", "below", "above"):
            object.__setattr__(self, name, readonly(np.array(getattr(self, name), dtype=np.int64)))

    @cached_property
    def reward_range(self) -> float:
        players, m = len(self.players), self.slope.shape[1]
        loads = np.array([1 if m > 1 else players, players])
        extremes = self.slope[:, :, None] * loads + self.offset[:, None, None]
        return float(extremes.max() - extremes.min())

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        from eqsolve.kernels.crowding import crowding_mdps

        players, states, m = len(self.players), len(self.states), self.slope.shape[1]
        rewards, within = np.empty((states, players, m)), np.empty((states, players, m))
        crowding_mdps(self.arrays, self.pack(profile), rewards, within)
        here = np.arange(states)
        for i in range(players):
            transitions = np.zeros((states, m, states))
            transitions[here, :, self.below] += within[:, i]
            transitions[here, :, self.above] += 1 - within[:, i]
            yield TableMDP(rewards[:, i].copy(), transitions, self.start)

    @cached_property
    def arrays(self) -> CrowdingArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.crowding import CrowdingArrays

        return CrowdingArrays(
            self.slope,
            self.offset,
            self.threshold,
            self.below,
            self.above,
            self.start,
            readonly(self.offsets),
            self.discount,
            0,
        )


def stage_potential(rewards: Array, unmoved: bool, scale: float) -> Array | None:
    """φ [S, A_1, …, A_N] whose expected discounted sum is an exact potential of the whole game, where seen at once.

    That is the common reward of a team; or, where nobody moves the state (`unmoved`: how likely a state is to come at
    a stage does not depend on the policies), an exact potential of every state's own game. `rewards` [N, S, A_1, …].
    """
    if (rewards == rewards[0]).all():
        return np.asarray(rewards[0])
    found = [exact_potential(rewards[:, s], scale) for s in range(rewards.shape[1] if unmoved else 0)]
    potentials = [potential for potential in found if potential is not None]
    return np.stack(potentials) if potentials and len(potentials) == len(found) else None


def _mix(table: Array, policy: Array, axis: int) -> Array:
    """Σ_k policy[s, k] table[s, …, k, …]: one player's axis contracted, state by state (axis 0)."""
    moved = np.moveaxis(table, axis, 1)
    return np.asarray(np.einsum("sk,sk...->s...", policy, moved))
