"""Softmax policy gradient: every player ascends the gradient of a payoff in the logits of their policy.

Williams 1992 (Machine Learning 8), without samples; independent learners as in Agarwal, Kakade, Lee and Mahajan 2021
(JMLR 22). Each iteration, all players at once: θ_i(a) ← θ_i(a) + η π_i(a) (q_i(a) − v_i), π_i ∝ exp θ_i, where q_i are
expected payoffs of i's actions: i's own (`objective=own`), or those of the sum of all payoffs (`objective=sum`).

On normal forms these are the policy gradients of which IPPO and MAPPO are clipped, sampled versions: a baseline, not a
way to equilibria. The factor π_i(a) is what natural gradients (`inpg`) do without: close to a corner little moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import softmax_rows
from eqsolve.solvers.initial import check_init, check_step, draw_logits, init_metadata

OBJECTIVES = ("own", "sum")


class State(NamedTuple):
    """`logits` float64, packed like a profile, the largest of each row 0."""

    iteration: int
    logits: NDArray[np.float64]


@dataclass(frozen=True)
class SoftmaxGradient:
    """Hyperparameters."""

    objective: str = field(
        default="own", metadata={"symbol": "J", "help": f"payoff that is ascended: {', '.join(OBJECTIVES)}"}
    )
    step_size: float | None = field(
        default=None,
        metadata={"name": "step", "symbol": "η", "help": "step, 1 / payoff units; default 1 / payoff range"},
    )
    initial: str = field(default="dirichlet", metadata=init_metadata("π⁰"))

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise UsageError(f"objective: expected one of {', '.join(OBJECTIVES)}, got '{self.objective}'")
        check_step(self.step_size)
        check_init(self.initial)

    def adapted(self, game: NormalForm) -> SoftmaxGradient:
        return self if self.step_size is not None else replace(self, step_size=1.0 / (game.payoff_range or 1.0))

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is None:
            return State(0, draw_logits(game, self.initial, seed))
        with np.errstate(divide="ignore"):
            return State(0, np.log(game.pack(start)))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        logits = state.logits.copy()
        played = game.tensor()
        if self.objective == "sum":
            total = np.broadcast_to(played.payoffs.sum(axis=0), played.payoffs.shape)
            played = TensorGame(game.players, game.actions, total)
        eta = self.step_size or 1.0 / (game.payoff_range or 1.0)
        sweep(played.arrays, game.row_offsets, logits, eta, steps)
        return State(state.iteration + steps, logits)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        policies = np.empty_like(state.logits)
        softmax_rows(game.row_offsets, state.logits, policies)
        return {"last": game.unpack(policies)}


@jit
def sweep(game, rows, logits, eta, steps):
    """Make `steps` iterations on the packed logits [n], modified in place; rows int64 [R + 1]."""
    x = np.empty_like(logits)
    q = np.empty_like(logits)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    for _ in range(steps):
        softmax_rows(rows, logits, x)
        action_values(game, x, q, v, work)
        for r in range(rows.size - 1):
            top = -np.inf
            for e in range(rows[r], rows[r + 1]):
                logits[e] += eta * x[e] * (q[e] - v[r])
                top = max(top, logits[e])
            for e in range(rows[r], rows[r + 1]):
                logits[e] -= top
