"""Optimistic multiplicative weights: this iteration's payoffs also stand in for the next one's.

Rakhlin and Sridharan 2013 (NeurIPS), arXiv:1311.1869, optimistic mirror descent with entropy; for two-player zero-sum
games Daskalakis and Panageas 2019 (ITCS), arXiv:1807.04252. Iteration t = 1, 2, …, all players at once:

1. take the expected payoffs u_t per own action against the present profile x_t, which is what is played;
2. logits += k (2 u_t − u_{t−1}), u_0 = u_1, so that x_{t+1} ∝ x_t exp(k (2 u_t − u_{t−1})).

Multiplicative weights (`inpg`) circle in zero-sum games; here the last iterate converges where the equilibrium is
unique and the step is small, and the average does in all of them. Logits are never clipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import add_swaps, has_swaps, softmax_rows, unit_rows
from eqsolve.solvers.initial import check_init, check_step, draw_logits, init_metadata
from eqsolve.solvers.parameters import SWAPS

#: The default step times the payoff range.
OMWU_STEP = 0.25


class State(NamedTuple):
    """Packed like a profile: `logits`, each row's largest 0; `before`, the payoffs of the iteration before; `average`
    of the profiles played; `plays`, their sums.
    """

    iteration: int
    logits: NDArray[np.float64]
    before: NDArray[np.float64]
    average: NDArray[np.float64]
    plays: PlaySums


@dataclass(frozen=True)
class OMWU:
    """Hyperparameters: the step, where to begin, what is summed."""

    step_size: float | None = field(
        default=None,
        metadata={"name": "step", "symbol": "k", "help": "on payoffs, 1 / payoff units; default 0.25 / payoff range"},
    )
    initial: str = field(default="dirichlet", metadata=init_metadata("x⁰"))
    swaps: bool = field(default=False, metadata=SWAPS)

    def __post_init__(self) -> None:
        check_step(self.step_size)
        check_init(self.initial)

    def adapted(self, game: NormalForm) -> OMWU:
        return replace(self, step_size=self.k(game))

    def k(self, game: NormalForm) -> float:
        """k, in 1 / payoff units."""
        return self.step_size if self.step_size is not None else OMWU_STEP / (game.payoff_range or 1.0)

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is None:
            logits = draw_logits(game, self.initial, seed)
        else:
            with np.errstate(divide="ignore"):  # a zero of the start is a logit of −∞, and stays one
                logits = np.log(game.pack(start))
        average = np.empty_like(logits)
        softmax_rows(game.offsets, logits, average)
        return State(0, logits, np.zeros_like(logits), average, nothing_played(game, self.swaps))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        logits, before, average = state.logits.copy(), state.before.copy(), state.average.copy()
        plays = state.plays.continued(steps)
        sweep(game.arrays, game.offsets, logits, before, average, plays, self.k(game), state.iteration, steps)
        return State(state.iteration + steps, logits, before, average, plays)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        rows, last = game.offsets, np.empty_like(state.logits)
        softmax_rows(rows, state.logits, last)
        return {"last": game.unpack(last), "average": game.unpack(unit_rows(rows, state.average))}


@jit
def sweep(
    game: Any,
    rows: NDArray[np.int64],
    logits: Array,
    before: Array,
    average: Array,
    plays: PlaySums,
    k: float,
    done: int,
    steps: int,
) -> None:
    """Make `steps` iterations after `done` at step k.

    Modified in place are logits, before, average [n] and the arrays of `plays`; rows int64 [N + 1].
    """
    x = np.empty_like(logits)
    q = np.empty_like(logits)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    deviation, realised, swaps = plays.deviation, plays.realised, plays.swaps
    summed = has_swaps(rows, swaps)
    for t in range(done + 1, done + steps + 1):
        softmax_rows(rows, logits, x)
        action_values(game, x, q, v, work)
        if summed:
            add_swaps(rows, x, q, swaps)
        for i in range(rows.size - 1):
            realised[i] += v[i]
            top = -np.inf
            for e in range(rows[i], rows[i + 1]):
                deviation[e] += q[e]
                average[e] += (x[e] - average[e]) / t
                logits[e] += k * (2.0 * q[e] - (before[e] if t > 1 else q[e]))
                before[e] = q[e]
                top = max(top, logits[e])
            for e in range(rows[i], rows[i + 1]):
                logits[e] -= top
