"""Normal-form games: each player picks one action, once.

`backup(profile)` is the primitive: u_i[A_i], the expected payoff of each action of i while the others keep to the
profile. Two representations: a payoff tensor, and congestion games (Rosenthal 1973), whose tensor would have A^N
entries but whose payoffs depend on loads only.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import MismatchError
from eqsolve.forms.base import Array, Form, Profile, frozen, readonly

if TYPE_CHECKING:
    from eqsolve.forms.exact import Meaning, Whole
    from eqsolve.kernels.congestion import CongestionArrays
    from eqsolve.kernels.tensor import TensorArrays

#: The largest payoff tensor that a method asks for unless told otherwise, in bytes.
TENSOR_BUDGET = 2**30
#: A tensor of this many bytes is written out just to know the exact payoff range.
SMALL_TENSOR = 2**20
#: Rounding of a computed payoff, at most, as a part of the largest: some sixteen operations.
COMPUTED = 2.0**-48
#: Four-cycle sums below this fraction of the payoff range count as rounding.
POTENTIAL_TOLERANCE = 1e-12


class NormalForm(Form):
    """N players, one policy row each, shape `(A_i,)`."""

    name: ClassVar[str] = "normal"
    max_regret_is: ClassVar[str] = "the same as nash_gap: each player decides once"
    discount = 0.0

    @property
    def rows(self) -> tuple[str, ...]:
        return ("",)

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple((len(labels),) for labels in self.actions)

    @property
    def reward_range(self) -> float:
        return self.payoff_range

    @property
    def tensor_bytes(self) -> int:
        """What the payoff tensor [N, A_1, …, A_N] takes, whether it is stored or not."""
        return 8 * len(self.players) * prod(len(labels) for labels in self.actions)

    @property
    def lowered(self) -> tuple[NormalForm, Array]:
        """The game with a number of each player's own, [N], taken from their payoffs, which are large beside it."""
        return self, np.zeros(len(self.players))

    @abstractmethod
    def backup(self, profile: Profile) -> tuple[Array, ...]:
        """u_i[A_i] per player: expected payoff of each own action against the others' policies."""

    def against(self, actions: NDArray[np.int32]) -> tuple[Array, ...]:
        """u_i[K, A_i] per player: payoff of each own action against the others' actions in K pure profiles [K, N]."""
        sizes = [len(labels) for labels in self.actions]
        profiles = (frozen(np.eye(size)[a] for size, a in zip(sizes, chosen, strict=True)) for chosen in actions)
        return tuple(np.array(own) for own in zip(*(self.backup(profile) for profile in profiles), strict=True))

    @abstractmethod
    def tensor(self, budget: int = TENSOR_BUDGET) -> TensorGame:
        """The same game as a payoff tensor; MismatchError where that takes more than `budget` bytes."""


@dataclass(frozen=True, eq=False)
class TensorGame(NormalForm):
    """`payoffs` float64 [N, A_1, …, A_N]; `meaning`, the numbers that they stand for: None where they were computed."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: Array
    meaning: Meaning | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "payoffs", frozen([self.payoffs])[0])

    def backup(self, profile: Profile) -> tuple[Array, ...]:
        return tuple(self._against(i, profile) for i in range(len(self.players)))

    def _against(self, i: int, profile: Profile) -> Array:
        """i's tensor with every other axis contracted, the last axes first."""
        payoffs = self.payoffs[i]
        for j in range(len(profile) - 1, i, -1):
            payoffs = payoffs @ profile[j]
        for j in range(i):
            payoffs = np.tensordot(profile[j], payoffs, axes=1)
        return np.asarray(payoffs)

    def against(self, actions: NDArray[np.int32]) -> tuple[Array, ...]:
        found = []
        for i, payoffs in enumerate(self.payoffs):
            others = tuple(np.delete(actions, i, axis=1).T)
            # a single player has no others to index by
            found.append(np.broadcast_to(np.moveaxis(payoffs, i, -1)[others], (len(actions), payoffs.shape[i])))
        return tuple(found)

    def tensor(self, budget: int = TENSOR_BUDGET) -> TensorGame:
        return self

    @cached_property
    def payoff_range(self) -> float:
        axes = tuple(range(1, self.payoffs.ndim))
        return float((self.payoffs.max(axis=axes) - self.payoffs.min(axis=axes)).max())

    @cached_property
    def integers(self) -> tuple[Whole, ...]:
        """Each player's payoffs, as what they stand for, in integers of at least 1 (forms/exact.py)."""
        from eqsolve.forms.exact import integers

        return integers(self.payoffs, self.meaning)

    @cached_property
    def ordered(self) -> tuple[Array, ...]:
        """For each player numbers that compare as the payoffs do which the floats stand for (forms/exact.py)."""
        from eqsolve.forms.exact import ordered

        return ordered(self.payoffs, self.meaning)

    @cached_property
    def scaled(self) -> tuple[Array, ...]:
        """Each player's payoffs from 0 to 1, right to rounding whatever is added to all of them."""
        above = [own - own.min() for own in self.lowered[0].payoffs]
        return tuple(readonly(own / (own.max() or 1.0)) for own in above)

    @cached_property
    def lowered(self) -> tuple[TensorGame, Array]:
        from eqsolve.forms.exact import lowered

        payoffs, taken = lowered(self.payoffs, self.meaning)
        return (TensorGame(self.players, self.actions, payoffs) if taken.any() else self), readonly(taken)

    @cached_property
    def rounding(self) -> Array:
        """By how much two payoffs of each player [N] may differ that are equal but for rounding.

        It is 0 where they are numbers as they were written, floats from a file, or integers; where they were computed,
        a few times the precision of float64, COMPUTED, of the largest.
        """
        if self.meaning is not None or self.is_exact:
            return np.zeros(len(self.payoffs))
        return np.asarray(COMPUTED * np.abs(self.payoffs.reshape(len(self.payoffs), -1)).max(axis=1))

    @cached_property
    def is_exact(self) -> bool:
        """Whether all payoffs are numbers as they were written, or integers; else some floats may be rounded."""
        floats = range(len(self.payoffs)) if self.meaning is None else self.meaning.floats
        return all(bool((own % 1 == 0).all()) for own in (self.payoffs[i] for i in floats))

    @cached_property
    def _potential(self) -> Array | None:
        return exact_potential(self.payoffs, self.payoff_range)

    @property
    def has_potential(self) -> bool:
        return self._potential is not None

    def potential(self, profile: Profile) -> float | None:
        value = self._potential
        if value is None:
            return None
        for policy in reversed(profile):
            value = value @ policy
        return float(value)

    @cached_property
    def arrays(self) -> TensorArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.tensor import TensorArrays

        sizes = np.array(self.payoffs.shape[1:], dtype=np.int64)
        flat = self.payoffs.reshape(-1)
        scratch = 2 * (prod(self.payoffs.shape[1:]) // int(sizes.min()))
        return TensorArrays(flat, readonly(sizes), readonly(self.offsets), scratch)


def exact_potential(payoffs: Array, scale: float) -> Array | None:
    """An exact potential [A_1, …, A_N] of the tensor `payoffs`, or None; its mean is that of the players' payoffs.

    (So a team game is its own.) Summed along the path that moves player after player from the first pure profile
    (Monderer and Shapley 1996, Theorem 2.8), then checked against every unilateral difference; `scale` is what
    rounding is measured by.
    """
    players = len(payoffs)
    potential = np.zeros(payoffs.shape[1:])
    for i in range(players):
        # player i moves while the players before them have moved and those after stand at their first action
        before = (slice(None),) * (i + 1)
        moved = payoffs[i][before + (0,) * (players - i - 1)]
        gain = moved - moved[..., :1]
        potential += gain.reshape(gain.shape + (1,) * (players - i - 1))
    for i in range(players):
        off = (payoffs[i] - payoffs[i].take([0], axis=i)) - (potential - potential.take([0], axis=i))
        if np.abs(off).max() > POTENTIAL_TOLERANCE * scale:
            return None
    potential += payoffs.mean() - potential.mean()
    return readonly(potential)


@dataclass(frozen=True, eq=False)
class CongestionGame(NormalForm):
    """Players choose sets of resources and pay, for each, a cost that depends on its total load.

    `weights` int64 [N]: the load a player puts on each resource they use. `costs[r]` float64 [W + 1], W = Σ weights:
    cost at total load l (entry 0 is never paid). `uses[i]` bool [A_i, R]. Payoff = −cost, not scaled by weight.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    weights: NDArray[np.int64]
    costs: Array
    uses: tuple[NDArray[np.bool_], ...]
    resources: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", readonly(np.array(self.weights, dtype=np.int64)))
        object.__setattr__(self, "costs", frozen([np.stack([np.asarray(c, dtype=float) for c in self.costs])])[0])
        object.__setattr__(self, "uses", tuple(readonly(np.array(u, dtype=np.bool_)) for u in self.uses))

    def backup(self, profile: Profile) -> tuple[Array, ...]:
        from eqsolve.kernels.congestion import congestion_backup

        flat = np.empty(int(self.offsets[-1]))
        congestion_backup(self.arrays, self.pack(profile), flat)
        return self.unpack(flat)

    def tensor(self, budget: int = TENSOR_BUDGET) -> TensorGame:
        if self.tensor_bytes > budget:
            raise MismatchError(
                f"the payoff tensor of this game takes {_gib(self.tensor_bytes)}, more than {_gib(budget)}",
                "use an algorithm that does not need the tensor, such as inpg",
            )
        return self._tensor

    @cached_property
    def _tensor(self) -> TensorGame:
        sizes = [len(labels) for labels in self.actions]
        profiles = np.indices(sizes).reshape(len(sizes), -1)
        chosen = [uses[a] for uses, a in zip(self.uses, profiles, strict=True)]
        loads = sum(w * u.astype(np.int64) for w, u in zip(self.weights, chosen, strict=True))
        paid = self.costs[np.arange(len(self.costs)), loads]
        payoffs = np.stack([-(paid * u).sum(axis=1) for u in chosen])
        return TensorGame(self.players, self.actions, payoffs.reshape(len(sizes), *sizes))

    @cached_property
    def payoff_range(self) -> float:
        """Exact where the tensor is small; else an upper bound.

        The bound takes each strategy's costs at the least and the dearest load that each resource can carry: a user of
        weight w sees loads from w to the weight of all who can use the resource.
        """
        if self.tensor_bytes <= SMALL_TENSOR:
            return self._tensor.payoff_range
        game = self.arrays
        sizes = np.diff(game.offsets)
        player = np.repeat(np.arange(len(sizes)), sizes)
        strategy = np.repeat(np.arange(len(player)), np.diff(game.first))
        own = self.weights[player[strategy]]
        able = np.array([w * uses.any(axis=0) for w, uses in zip(self.weights, self.uses, strict=True)]).sum(axis=0)
        low, high = np.zeros(len(strategy)), np.zeros(len(strategy))
        for r, cost in enumerate(self.costs):
            here = game.uses == r
            from_the_end = cost[able[r] :: -1]
            low[here] = np.minimum.accumulate(from_the_end)[able[r] - own[here]]
            high[here] = np.maximum.accumulate(from_the_end)[able[r] - own[here]]
        cheapest = np.bincount(strategy, low, len(player))
        dearest = np.bincount(strategy, high, len(player))
        first = game.offsets[:-1]
        ranges = np.maximum.reduceat(dearest, first) - np.minimum.reduceat(cheapest, first)
        return float(ranges.max())

    @property
    def has_potential(self) -> bool:
        """Rosenthal's holds where all weights are one; weighted games have none in general."""
        return bool((self.weights == 1).all())

    def potential(self, profile: Profile) -> float | None:
        from eqsolve.kernels.congestion import rosenthal_potential

        return float(rosenthal_potential(self.arrays, self.pack(profile))) if self.has_potential else None

    @cached_property
    def arrays(self) -> CongestionArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.congestion import CongestionArrays

        used = np.concatenate(self.uses)
        first = np.concatenate([[0], used.sum(axis=1).cumsum()]).astype(np.int64)
        which = np.nonzero(used)[1].astype(np.int64)
        return CongestionArrays(self.costs, self.weights, readonly(self.offsets), readonly(first), readonly(which), 0)


def _gib(size: int) -> str:
    """A size in GiB; an integer of any length, which a float could not hold."""
    return f"{size / 2**30:.3g} GiB" if size < 2**60 else "more than 10^9 GiB"
