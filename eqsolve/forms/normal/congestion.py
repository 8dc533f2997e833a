"""Congestion games (Rosenthal 1973): payoffs depend on loads only, so that no tensor of A^N entries need be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import MismatchError
from eqsolve.forms.base import Array, Profile, frozen, readonly
from eqsolve.forms.normal.game import TENSOR_BUDGET, NormalForm, TensorGame

if TYPE_CHECKING:
    from fractions import Fraction

    from eqsolve.forms.exact_payoffs import ExactPayoffs
    from eqsolve.kernels.congestion import CongestionArrays

#: A tensor of this many bytes is written out just to know the exact payoff range.
SMALL_TENSOR = 2**20


@dataclass(frozen=True, eq=False)
class CongestionGame(NormalForm):
    """Players choose sets of resources and pay, for each, a cost that depends on its total load.

    `weights` int64 [N]: the load a player puts on each resource they use. `costs[r]` float64 [W + 1], W = Σ weights:
    cost at total load l (entry 0 is never paid). `uses[i]` bool [A_i, R]. Payoff = −cost, not scaled by weight.
    `written(r, l)` is the cost of r at load l exactly, where it is known.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    weights: NDArray[np.int64]
    costs: Array
    uses: tuple[NDArray[np.bool_], ...]
    resources: tuple[str, ...] = field(default=())
    written: Callable[[int, int], Fraction] | None = None

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
        formula = None if self.written is None else self._exactly
        return TensorGame(self.players, self.actions, self._paid(self.costs, self._loads()), formula=formula)

    @cached_property
    def lowered(self) -> tuple[NormalForm, Array]:
        """The small tensor of such a game where payoffs are large beside their range; else the game as it is."""
        if self.written is None or self.tensor_bytes > SMALL_TENSOR:
            return super().lowered
        found, taken = self._tensor.lowered
        return (found if taken.any() else self), taken

    def _loads(self) -> NDArray[np.int64]:
        """The load of each resource at each pure profile, [A_1, …, A_N, R]."""
        size = len(self.players)
        loads = np.zeros((*(len(labels) for labels in self.actions), len(self.costs)), dtype=np.int64)
        for i, (weight, uses) in enumerate(zip(self.weights, self.uses, strict=True)):
            loads += weight * np.expand_dims(uses, tuple(k for k in range(size) if k != i)).astype(np.int64)
        return loads

    def _paid(self, costs: NDArray[Any], loads: NDArray[np.int64]) -> NDArray[Any]:
        """Payoffs [N, A_1, …, A_N] at costs [R, W + 1] of any kind of numbers."""
        size = len(self.players)
        each = costs[np.arange(len(costs)), loads]
        others = [tuple(k for k in range(size) if k != i) for i in range(size)]
        return np.stack(
            [-(each * np.expand_dims(uses, axes)).sum(axis=-1) for uses, axes in zip(self.uses, others, strict=True)]
        )

    def _exactly(self) -> ExactPayoffs | None:
        """The payoffs in integers; None where the costs are not known or would take integers too long for so many."""
        from eqsolve.forms.exact_payoffs import MOST_LONG, tabulated

        if self.written is None:
            return None
        loads = self._loads()
        occurring = [np.unique(own[own > 0]).tolist() for own in np.moveaxis(loads, -1, 0)]
        if sum(map(len, occurring)) > MOST_LONG:
            return None
        table = tabulated(self.written, occurring, self.costs.shape[1])
        if table.paid.dtype == object and self.tensor_bytes > 8 * MOST_LONG:
            return None
        return table._replace(paid=self._paid(table.paid, loads))

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
    def largest_number(self) -> float:
        """The dearest cost: values are sums over loads, most of which may never occur."""
        return float(np.abs(self.costs).max())

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
