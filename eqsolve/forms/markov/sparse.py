"""Markov games whose transitions are kept as a list of those that can happen, and games that end after T stages.

A game over a horizon is played at stages t = 0 … T − 1; its states are pairs (t, s), t first, and policies have a row
for each, shape `(T·S, A_i)`. Nothing is solved and no table over pairs of such states exists: values follow stage by
stage from the last. A discount of 1 needs no acyclic graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, frozen, readonly
from eqsolve.forms.markov.game import MarkovGame, stage_potential
from eqsolve.forms.markov.mdp import MDP, TableMDP
from eqsolve.forms.mixed import ROW_TOLERANCE

if TYPE_CHECKING:
    from eqsolve.kernels.sparse import HorizonArrays, SparseMarkovArrays


class Moves(NamedTuple):
    """From state s under joint action a (last player's fastest), cell s·ΠA + a, to state following[m] with
    probability[m], m = first[cell] … first[cell + 1] − 1. int64 [S·ΠA + 1], int64 [M], float64 [M].
    """

    first: NDArray[np.int64]
    following: NDArray[np.int64]
    probability: Array

    @classmethod
    def of(cls, cells: int, cell: NDArray[np.int64], following: NDArray[np.int64], probability: Array) -> Moves:
        """From a list of moves in any order."""
        order = np.lexsort((following, cell))
        first = np.concatenate([[0], np.bincount(cell, minlength=cells).cumsum()])
        return cls(
            readonly(first.astype(np.int64)),
            readonly(following[order].astype(np.int64)),
            readonly(probability[order].astype(np.float64)),
        )

    @classmethod
    def of_table(cls, transitions: Array) -> Moves:
        """The nonzero entries of [S, A_1, …, A_N, S]."""
        table = transitions.reshape(-1, transitions.shape[-1])
        cell, following = np.nonzero(table)
        return cls.of(len(table), cell, following, table[cell, following])

    @property
    def cell(self) -> NDArray[np.int64]:
        """Where each move begins, [M]."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    @property
    def mass(self) -> Array:
        """Σ of probabilities out of each cell; what is missing from 1 ends the game."""
        return np.asarray(np.bincount(self.cell, self.probability, len(self.first) - 1), dtype=np.float64)


class _SparseGame(MarkovGame):
    """What both kinds share: tables of rewards per stage and a list of moves."""

    rewards: Array
    moves: Moves

    @property
    def sizes(self) -> tuple[int, ...]:
        """Actions of each player."""
        return self.rewards.shape[2:]

    @cached_property
    def reward_range(self) -> float:
        """Where transition mass is missing, the 0 after the end counts among the rewards."""
        axes = tuple(range(1, self.rewards.ndim))
        low, high = self.rewards.min(axis=axes), self.rewards.max(axis=axes)
        if (self.moves.mass < 1 - ROW_TOLERANCE).any():
            low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
        return float((high - low).max())

    @cached_property
    def _stage_potential(self) -> Array | None:
        states, joint = self.rewards.shape[1], prod(self.sizes)
        count = np.diff(self.moves.first).reshape(states, joint)
        unmoved = bool((count == count[:, :1]).all())
        for s in range(states if unmoved else 0):
            here = slice(self.moves.first[s * joint], self.moves.first[(s + 1) * joint])
            for part in (self.moves.following[here], self.moves.probability[here]):
                by_action = part.reshape(joint, -1)
                unmoved &= bool((by_action == by_action[0]).all())
        return stage_potential(self.rewards, unmoved, self.reward_range)

    @property
    def has_potential(self) -> bool:
        """Whether it is a team game, or one of potential games whose order nobody moves; no more is looked for."""
        return self._stage_potential is not None

    @cached_property
    def _own(self) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]:
        """Per player the distinct (s, own action, s') as one number each, ascending, and for each move which it is."""
        states, joint = self.rewards.shape[1], prod(self.sizes)
        s, a = np.divmod(self.moves.cell, joint)
        found = []
        for i, size in enumerate(self.sizes):
            action = a // prod(self.sizes[i + 1 :]) % size
            keys, which = np.unique((s * size + action) * states + self.moves.following, return_inverse=True)
            found.append((keys, which.reshape(-1)))
        return tuple(found)

    def _decisions(self, i: int, rows: Profile) -> tuple[Array, Array]:
        """Player i's expected rewards [S, A_i], and the probabilities of their moves `_own`, others playing `rows`."""
        states = self.rewards.shape[1]
        chances = joint_chances([np.ones_like(row) if j == i else row for j, row in enumerate(rows)])
        weighted = (chances * self.rewards[i].reshape(states, -1)).reshape(states, *self.sizes)
        rewards = weighted.sum(axis=tuple(1 + j for j in range(len(rows)) if j != i))
        keys, which = self._own[i]
        moved = chances.reshape(-1)[self.moves.cell] * self.moves.probability
        return rewards, np.asarray(np.bincount(which, moved, len(keys)), dtype=np.float64)

    def _played(self, table: Array, rows: Profile) -> tuple[Array, Array]:
        """Mean [S] of `table` [S, A_1, …, A_N] and probability [M] of each move out of its state under `rows`."""
        chances = joint_chances(rows)
        mean = (chances * table.reshape(chances.shape)).sum(axis=1)
        return mean, chances.reshape(-1)[self.moves.cell] * self.moves.probability

    def _arrays(self) -> tuple[Array, NDArray[np.int64], NDArray[np.int64], Array, NDArray[np.int64]]:
        """What kernels take of both kinds: rewards [N, S, ΠA], the moves, and the numbers of actions."""
        rewards = self.rewards.reshape(*self.rewards.shape[:2], -1)
        return rewards, *self.moves, readonly(np.array(self.sizes, dtype=np.int64))

    @property
    def _scratch(self) -> int:
        return 2 * (prod(self.sizes) // min(self.sizes))


def joint_chances(rows: Sequence[Array]) -> Array:
    """[S, ΠA]: the probability of each joint action, last player's fastest."""
    chances = np.ones((len(rows[0]), 1))
    for row in rows:
        chances = (chances[:, :, None] * row[:, None, :]).reshape(len(row), -1)
    return chances


@dataclass(frozen=True, eq=False)
class SparseMarkovGame(_SparseGame):
    """`rewards` float64 [N, S, A_1, …, A_N], `start` float64 [S]; without end, as with tables."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]
    rewards: Array
    moves: Moves
    discount: float
    start: Array

    def __post_init__(self) -> None:
        for name in ("rewards", "start"):
            object.__setattr__(self, name, frozen([getattr(self, name)])[0])

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        states = len(self.states)
        for i, size in enumerate(self.sizes):
            rewards, probability = self._decisions(i, profile)
            transitions = np.zeros(states * size * states)
            transitions[self._own[i][0]] = probability
            yield TableMDP(rewards, transitions.reshape(states, size, states), self.start)

    def potential(self, profile: Profile) -> float | None:
        """The value of the stage potential from the initial distribution."""
        if self._stage_potential is None:
            return None
        states = len(self.states)
        rewards, moved = self._played(self._stage_potential, profile)
        pairs = self.moves.cell // prod(self.sizes) * states + self.moves.following
        chain = np.bincount(pairs, moved, states * states).reshape(states, states)
        values = np.linalg.solve(np.eye(states) - self.discount * chain, rewards)
        return float(self.start @ values)

    @cached_property
    def arrays(self) -> SparseMarkovArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.sparse import SparseMarkovArrays

        return SparseMarkovArrays(*self._arrays(), self.start, self.offsets, self.discount, self._scratch)


@dataclass(frozen=True, eq=False)
class HorizonGame(_SparseGame):
    """`horizon` stages of the states `stage_states`; `rewards` float64 [N, S, A_1, …, A_N], `initial` float64 [S].

    Its own states are the pairs (t, s), `t=0,s0` first.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    stage_states: tuple[str, ...]
    horizon: int
    rewards: Array
    moves: Moves
    discount: float
    initial: Array
    states: tuple[str, ...] = field(init=False)
    start: Array = field(init=False)

    def __post_init__(self) -> None:
        for name in ("rewards", "initial"):
            object.__setattr__(self, name, frozen([getattr(self, name)])[0])
        start = np.zeros((self.horizon, len(self.initial)))
        start[0] = self.initial
        states = tuple(f"t={t},{s}" for t in range(self.horizon) for s in self.stage_states)
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "start", readonly(start.reshape(-1)))

    @property
    def longest(self) -> int:
        return self.horizon

    @property
    def payoff_range(self) -> float:
        """Range of stage rewards × (1 + γ + … + γ^(T − 1))."""
        return self.reward_range * sum(self.discount**t for t in range(self.horizon))

    def stage(self, profile: Profile, t: int) -> Profile:
        """The rows of stage t."""
        states = len(self.stage_states)
        return tuple(policy[t * states : (t + 1) * states] for policy in profile)

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        for i in range(len(self.sizes)):
            stages = [self._decisions(i, self.stage(profile, t)) for t in range(self.horizon)]
            yield HorizonMDP(
                rewards=np.concatenate([rewards for rewards, _ in stages]),
                keys=self._own[i][0],
                probability=np.stack([probability for _, probability in stages]),
                start=self.start,
                stages=self.horizon,
            )

    def potential(self, profile: Profile) -> float | None:
        """The value of the stage potential from the initial distribution."""
        if self._stage_potential is None:
            return None
        total, weight, here = 0.0, 1.0, self.initial
        joint = prod(self.sizes)
        for t in range(self.horizon):
            rewards, moved = self._played(self._stage_potential, self.stage(profile, t))
            total += weight * float(here @ rewards)
            arrived = np.bincount(self.moves.following, here[self.moves.cell // joint] * moved, len(here))
            here = np.asarray(arrived, dtype=np.float64)
            weight *= self.discount
        return total

    @cached_property
    def arrays(self) -> HorizonArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.sparse import HorizonArrays

        return HorizonArrays(*self._arrays(), self.initial, self.offsets, self.discount, self._scratch, self.horizon)


@dataclass(frozen=True, eq=False)
class HorizonMDP(MDP):
    """Rows (t, s), t first. Moves as numbers `keys` = (s·A + k)·S + s', ascending, int64 [M]; `probability` [T, M]."""

    rewards: Array
    keys: NDArray[np.int64]
    probability: Array
    start: Array
    stages: int
    legal: NDArray[np.bool_] | None = None
    returns: bool = False

    def expect(self, values: Array, back: float = 0.0) -> Array:
        later = values.reshape(self.stages, -1)[1:]
        place, following = np.divmod(self.keys, later.shape[1])
        out = np.zeros((self.stages, self.rewards.size // self.stages))
        if len(place):
            begin = np.flatnonzero(np.diff(place, prepend=-1))
            worth = self.probability[:-1] * later[:, following]
            out[:-1, place[begin]] = np.add.reduceat(worth, begin, axis=1)
        return out.reshape(self.rewards.shape)
