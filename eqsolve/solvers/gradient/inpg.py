"""Independent natural policy gradient with softmax policies = multiplicative weights on advantages.

Fox, McAleer, Overman and Panageas 2022, arXiv:2110.10614, equation (3) and Remark 2; in a normal form this is
multiplicative weights (Hedge, Freund and Schapire 1999). Each iteration, all players at once, in every state s:

1. action values Q_i(s, ·) and values V_i(s) of the current profile, exactly or estimated from episodes;
2. logits_i(s, ·) += k (Q_i(s, ·) − V_i(s)), so that π_i' ∝ π_i exp(k A_i); effective step k = η / (1 − γ).

The step may shrink: k_t = k / (1 + t)^p in iteration t = 0, 1, … . Exponents 1/2 < p ≤ 1 meet the conditions of
stochastic approximation (Robbins and Monro 1951; in potential games Cohen, Héliou and Mertikopoulos 2017); p = 1/2
is Hedge's rate for an unknown horizon.

Logits are kept and never clipped: a probability that underflows comes back when its action becomes good again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.mixed import Mixed
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import softmax_rows
from eqsolve.solvers.gradient._estimates import EPISODE, ESTIMATOR, SAMPLES, check_estimates, filled, seen
from eqsolve.solvers.initial import check_init, draw_logits, init_metadata


class State(NamedTuple):
    """`logits` float64, packed like a profile; each row's largest is 0. `seed` is that of episodes."""

    iteration: int
    logits: NDArray[np.float64]
    seed: int


@dataclass(frozen=True)
class INPG:
    """Hyperparameters; `step` and `eta` are two units for one thing."""

    step_size: float | None = field(
        default=None,
        metadata={
            "name": "step",
            "symbol": "k",
            "help": "effective step on advantages, 1 / reward units; default 1 / range of stage rewards",
        },
    )
    eta: float | None = field(
        default=None, metadata={"symbol": "η", "help": "the paper's step, k = η / (1 − γ); k = η at γ = 1"}
    )
    decay: float = field(
        default=0.0, metadata={"symbol": "p", "help": "steps shrink as k / (1 + t)^p in iteration t; 0: they do not"}
    )
    initial: str = field(default="dirichlet", metadata=init_metadata("π⁰"))
    estimator: str = field(default="exact", metadata=ESTIMATOR)
    episode: int | None = field(default=None, metadata=EPISODE)
    samples: int | None = field(default=None, metadata=SAMPLES)

    def __post_init__(self) -> None:
        if self.step_size is not None and self.eta is not None:
            raise UsageError("step and eta are two units for one thing: give one of them")
        for name, value in (("step", self.step_size), ("eta", self.eta)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise UsageError(f"{name}: expected a positive number, got {value}")
        if not (math.isfinite(self.decay) and self.decay >= 0):
            raise UsageError(f"decay: expected a number of at least 0, got {self.decay}")
        check_init(self.initial)
        check_estimates(self.estimator, self.episode, self.samples)

    def adapted(self, game: Mixed) -> INPG:
        self._seen(game, 0, 0)
        chosen = replace(
            self, episode=filled(self.estimator, self.episode), samples=filled(self.estimator, self.samples)
        )
        return chosen if self.eta is not None else replace(chosen, step_size=self.effective_step(game))

    def effective_step(self, game: Mixed) -> float:
        """k, the first iteration's, in 1 / reward units."""
        if self.step_size is not None:
            return self.step_size
        if self.eta is not None:
            return self.eta / (1 - game.discount) if game.discount < 1 else self.eta
        return 1 / game.reward_range if game.reward_range > 0 else 1.0

    def init(self, game: Mixed, seed: int, start: Profile | None = None) -> State:
        if start is None:
            return State(0, draw_logits(game, self.initial, seed), seed)
        with np.errstate(divide="ignore"):  # a zero of the start is a logit of −∞, and stays one
            return State(0, np.log(game.pack(start)), seed)

    def step(self, game: Mixed, state: State, steps: int) -> State:
        logits = state.logits.copy()
        arrays, k = self._seen(game, state.seed, state.iteration), self.effective_step(game)
        sweep(arrays, game.row_offsets, logits, k, self.decay, state.iteration, steps)
        return State(state.iteration + steps, logits, state.seed)

    def answers(self, game: Mixed, state: State) -> dict[str, Profile]:
        profile = np.empty_like(state.logits)
        softmax_rows(game.row_offsets, state.logits, profile)
        return {"last": game.unpack(profile)}

    def _seen(self, game: Mixed, seed: int, iteration: int) -> Any:
        return seen(game, self.estimator, self.episode, self.samples, seed, iteration)


@jit
def sweep(game: Any, rows: NDArray[np.int64], logits: Array, k: float, decay: float, done: int, steps: int) -> None:
    """Make `steps` iterations after the first `done` on packed logits [n], modified in place; rows int64 [R + 1]."""
    x = np.empty_like(logits)
    q = np.empty_like(logits)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    for t in range(done, done + steps):
        step = k / (1.0 + t) ** decay
        softmax_rows(rows, logits, x)
        action_values(game, x, q, v, work)
        for r in range(rows.size - 1):
            top = -np.inf
            for e in range(rows[r], rows[r + 1]):
                logits[e] += step * (q[e] - v[r])
                top = max(top, logits[e])
            for e in range(rows[r], rows[r + 1]):
                logits[e] -= top
