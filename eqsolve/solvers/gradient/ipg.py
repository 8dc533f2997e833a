"""Independent projected policy gradient: every player ascends their own value, their policy projected onto the simplex.

Leonardos, Overman, Panageas and Piliouras 2022 (ICLR), arXiv:2106.01969, projected gradient ascent on directly
parameterised policies; Zhang, Ren and Li 2021, arXiv:2106.00198, gradient play. Each iteration, all players at once,
in every state s:

1. action values Q_i(s, ·) and the discounted expected number of visits D(s) from the initial distribution, exactly
   or estimated from episodes: their product is the gradient of the player's value by π_i(·|s); in a normal form D = 1;
2. π_i(·|s) ← the distribution over legal actions nearest to π_i(·|s) + η D(s) Q_i(s, ·).

A state that is never visited has no gradient and keeps its policy: the profile may then rest where no equilibrium is,
unless the initial distribution, or a start with positive probabilities, reaches every state that matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.mixed import Mixed
from eqsolve.kernels.action_values import action_values, visitation
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import project_rows, softmax_rows
from eqsolve.solvers.gradient._estimates import EPISODE, ESTIMATOR, SAMPLES, check_estimates, filled, seen
from eqsolve.solvers.initial import check_init, check_step, draw_logits, init_metadata


class State(NamedTuple):
    """`policies` float64, packed like a profile. `seed` is that of episodes."""

    iteration: int
    policies: NDArray[np.float64]
    seed: int


@dataclass(frozen=True)
class IPG:
    """Hyperparameters. INPG's effective step k = η / (1 − γ) is the one to compare with."""

    step_size: float | None = field(
        default=None,
        metadata={
            "name": "step",
            "symbol": "η",
            "help": "step on gradients, 1 / reward units; default (1 − γ) / range of stage rewards, 1 / range at γ = 1",
        },
    )
    initial: str = field(default="dirichlet", metadata=init_metadata("π⁰"))
    estimator: str = field(default="exact", metadata=ESTIMATOR)
    episode: int | None = field(default=None, metadata=EPISODE)
    samples: int | None = field(default=None, metadata=SAMPLES)

    def __post_init__(self) -> None:
        check_step(self.step_size)
        check_init(self.initial)
        check_estimates(self.estimator, self.episode, self.samples)

    def adapted(self, game: Mixed) -> IPG:
        self._seen(game, 0, 0)
        return replace(
            self,
            step_size=self.eta(game),
            episode=filled(self.estimator, self.episode),
            samples=filled(self.estimator, self.samples),
        )

    def eta(self, game: Mixed) -> float:
        """η, in 1 / reward units."""
        if self.step_size is not None:
            return self.step_size
        share = 1 - game.discount if game.discount < 1 else 1.0
        return share / game.reward_range if game.reward_range > 0 else 1.0

    def init(self, game: Mixed, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            return State(0, game.pack(start), seed)
        policies = np.empty(int(game.offsets[-1]))
        softmax_rows(game.row_offsets, draw_logits(game, self.initial, seed), policies)
        return State(0, policies, seed)

    def step(self, game: Mixed, state: State, steps: int) -> State:
        policies = state.policies.copy()
        arrays = self._seen(game, state.seed, state.iteration)
        sweep(arrays, game.row_offsets, _legal(game), policies, self.eta(game), steps)
        return State(state.iteration + steps, policies, state.seed)

    def answers(self, game: Mixed, state: State) -> dict[str, Profile]:
        return {"last": game.unpack(state.policies)}

    def _seen(self, game: Mixed, seed: int, iteration: int) -> Any:
        return seen(game, self.estimator, self.episode, self.samples, seed, iteration)


def _legal(game: Mixed) -> NDArray[np.bool_]:
    """Which entries of a packed profile are actions."""
    if game.legal is None:
        return np.ones(int(game.offsets[-1]), dtype=np.bool_)
    return np.concatenate([mask.ravel() for mask in game.legal])


@jit
def sweep(game: Any, rows: NDArray[np.int64], legal: NDArray[np.bool_], x: Array, eta: float, steps: int) -> None:
    """Make `steps` iterations on the packed profile x [n], modified in place; rows int64 [R + 1], legal bool [n]."""
    q = np.empty_like(x)
    y = np.empty_like(x)
    v = np.empty(rows.size - 1)
    d = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    for _ in range(steps):
        action_values(game, x, q, v, work)
        visitation(game, x, d, work)
        for r in range(rows.size - 1):
            for e in range(rows[r], rows[r + 1]):
                # advantages instead of action values: the projection is the same, and less is lost to rounding
                y[e] = x[e] + eta * d[r] * (q[e] - v[r]) if legal[e] else -np.inf
        project_rows(rows, y, x)
