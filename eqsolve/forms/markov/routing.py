"""Routing games: n players move in lockstep from a source through L layers of W vertices to a sink.

Between layers every vertex leads to every next one; a player on an edge that m players take receives 1/m. The last
edge is forced. Fox et al. 2022, arXiv:2110.10614, section 5. Two kinds of policies: full ones see where everyone
stands, 1 + L·W^n rows; local ones see the own vertex, 1 + L·W rows. Only the latter make a potential game for n > 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, readonly
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.markov.mdp import MDP, TableMDP

if TYPE_CHECKING:
    from eqsolve.kernels.routing import LocalRoutingArrays, RoutingArrays


@dataclass(frozen=True, eq=False)
class LayeredMDP(MDP):
    """A player's problem in a routing game with full policies; `packed` holds the others' policies."""

    game: RoutingArrays
    player: int
    packed: Array
    rewards: Array
    start: Array
    legal: NDArray[np.bool_]
    stages: int
    returns: bool

    def expect(self, values: Array, back: float = 0.0) -> Array:
        from eqsolve.kernels.routing import routing_expect

        out = np.empty(self.rewards.shape)
        routing_expect(self.game, self.packed, self.player, values[None], back, out[None])
        return out


@dataclass(frozen=True, eq=False)
class _Routing(MarkovGame):
    """What both kinds share. `final_edge`: the forced last edge pays too; `continuing`: it leads back to the source."""

    players: tuple[str, ...]
    layers: int
    width: int
    final_edge: bool = True
    continuing: bool = False
    discount: float = 1.0
    actions: tuple[tuple[str, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        vertices = tuple(str(k) for k in range(self.width))
        object.__setattr__(self, "actions", (vertices,) * len(self.players))

    @property
    def start(self) -> Array:  # type: ignore[override]  # the source, always
        at_source = np.zeros(len(self.rows))
        at_source[0] = 1.0
        return readonly(at_source)

    @property
    def reward_range(self) -> float:
        return 1.0 - (1 / len(self.players) if self.final_edge else 0.0)

    @property
    def longest(self) -> int:
        return self.layers + self.final_edge

    @cached_property
    def legal(self) -> tuple[NDArray[np.bool_], ...]:
        """On the forced last edge there is one action, 0."""
        mask = np.ones((len(self.rows), self.width), dtype=np.bool_)
        mask[len(self.rows) - (len(self.rows) - 1) // self.layers :, 1:] = False
        return (readonly(mask),) * len(self.players)

    def _common(self) -> dict[str, Any]:
        nodes, weights = np.polynomial.legendre.leggauss((len(self.players) + 1) // 2)
        return {
            "players": len(self.players),
            "layers": self.layers,
            "width": self.width,
            "nodes": readonly(0.5 * (nodes + 1)),
            "weights": readonly(0.5 * weights),
            "final": float(self.final_edge),
            "discount": float(self.discount),
            "returns": int(self.continuing),
            "scratch": 0,
        }


@dataclass(frozen=True, eq=False)
class RoutingGame(_Routing):
    """Full policies, shape `(1 + L·W^n, W)`: source, then layer 1's configurations, player 0's digit first, …"""

    @cached_property
    def states(self) -> tuple[str, ...]:  # type: ignore[override]  # made from the sizes
        n = len(self.players)
        places = ["-".join(map(str, c)) for c in np.ndindex(*(self.width,) * n)]
        return ("source", *(f"layer {layer}: {c}" for layer in range(1, self.layers + 1) for c in places))

    @property
    def has_potential(self) -> bool:
        """Two players on an edge get the same, and so do two apart: a team. More players have none."""
        return len(self.players) <= 2

    def potential(self, profile: Profile) -> float | None:
        if not self.has_potential:
            return None
        from eqsolve.kernels.routing import routing_action_values

        flat = self.pack(profile)
        q, v = np.empty_like(flat), np.empty(len(self.players) * len(self.rows))
        routing_action_values(self.arrays, flat, q, v)
        return float(v[0])

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        from eqsolve.kernels.routing import routing_rewards

        packed = self.pack(profile)
        rewards = np.empty((len(self.players), len(self.rows), self.width))
        routing_rewards(self.arrays, packed, rewards)
        for i in range(len(self.players)):
            yield LayeredMDP(
                self.arrays,
                i,
                packed,
                rewards[i],
                self.start,
                self.legal[i],
                self.layers + 1,
                self.continuing,
            )

    @cached_property
    def arrays(self) -> RoutingArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.routing import RoutingArrays

        return RoutingArrays(**self._common())


@dataclass(frozen=True, eq=False)
class LocalRoutingGame(_Routing):
    """Local policies, shape `(1 + L·W, W)`: source, then layer 1's vertices, …"""

    local: ClassVar[bool] = True

    @cached_property
    def states(self) -> tuple[str, ...]:  # type: ignore[override]  # made from the sizes
        vertices = (f"layer {layer}: {v}" for layer in range(1, self.layers + 1) for v in range(self.width))
        return ("source", *vertices)

    @property
    def has_potential(self) -> bool:
        """What the others do does not depend on where one goes: Rosenthal's potential, edge by edge."""
        return True

    def potential(self, profile: Profile) -> float | None:
        from eqsolve.kernels.routing import local_potential

        return float(local_potential(self.arrays, self.pack(profile)))

    def mdps(self, profile: Profile) -> Iterator[MDP]:
        from eqsolve.kernels.routing import local_rewards

        rows = len(self.rows)
        rewards = np.empty((len(self.players), rows, self.width))
        local_rewards(self.arrays, self.pack(profile), rewards)
        transitions = np.zeros((rows, self.width, rows))
        for layer in range(self.layers):
            here = [0] if layer == 0 else range(1 + (layer - 1) * self.width, 1 + layer * self.width)
            for k in range(self.width):
                transitions[here, k, 1 + layer * self.width + k] = 1.0
        stages: int | None = self.layers + 1
        if self.continuing:
            transitions[rows - self.width :, 0, 0] = 1.0
            stages = None
        for i in range(len(self.players)):
            yield TableMDP(rewards[i], transitions, self.start, self.legal[i], stages)

    @cached_property
    def arrays(self) -> LocalRoutingArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.routing import LocalRoutingArrays

        return LocalRoutingArrays(**self._common())
