"""The replicator dynamic: an action's share grows by what it pays above the average.

Taylor and Jonker 1978 (Mathematical Biosciences 40), here one population per player:
dx_i(a)/dt = x_i(a) (u_i(a) − ⟨x_i, u_i⟩). An iteration is a step of time h by the classical Runge–Kutta method of
order 4, all players at once; shares that it takes below 0, which small steps never do, become 0, and rows are brought
back to sum 1.

A share of 0 stays 0: faces of the simplices are kept. In two-player zero-sum games an interior orbit circles about an
interior equilibrium for ever while its average over time converges (Hofbauer, Sorin and Viossat 2009); in potential
games the potential rises. Multiplicative weights (`inpg`) are the same dynamic in steps of e^{k u}.
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
REPLICATOR_STEP = 0.25


class State(NamedTuple):
    """Packed like a profile: `shares`; `average` of the shares that iterations began with; `plays`, their sums."""

    iteration: int
    shares: NDArray[np.float64]
    average: NDArray[np.float64]
    plays: PlaySums


@dataclass(frozen=True)
class Replicator:
    """Hyperparameters: the step of time, where to begin, what is summed."""

    step_size: float | None = field(
        default=None,
        metadata={"name": "step", "symbol": "h", "help": "of time, 1 / payoff units; default 0.25 / payoff range"},
    )
    initial: str = field(default="dirichlet", metadata=init_metadata("x⁰"))
    swaps: bool = field(default=False, metadata=SWAPS)

    def __post_init__(self) -> None:
        check_step(self.step_size)
        check_init(self.initial)

    def adapted(self, game: NormalForm) -> Replicator:
        return replace(self, step_size=self.h(game))

    def h(self, game: NormalForm) -> float:
        """h, in 1 / payoff units."""
        return self.step_size if self.step_size is not None else REPLICATOR_STEP / (game.payoff_range or 1.0)

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            shares = game.pack(start)
        else:
            shares = np.empty(int(game.offsets[-1]))
            softmax_rows(game.offsets, draw_logits(game, self.initial, seed), shares)
        return State(0, shares, shares.copy(), nothing_played(game, self.swaps))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        shares, average, plays = state.shares.copy(), state.average.copy(), state.plays.continued(steps)
        sweep(game.arrays, game.offsets, shares, average, plays, self.h(game), state.iteration, steps)
        return State(state.iteration + steps, shares, average, plays)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        rows = game.offsets
        return {"last": game.unpack(state.shares), "average": game.unpack(unit_rows(rows, state.average))}


@jit
def sweep(
    game: Any,
    rows: NDArray[np.int64],
    x: Array,
    average: Array,
    plays: PlaySums,
    h: float,
    done: int,
    steps: int,
) -> None:
    """Make `steps` iterations after `done` at step h.

    Modified in place are x, average [n] and the arrays of `plays`; rows int64 [N + 1].
    """
    at = np.empty_like(x)
    move = np.empty_like(x)
    q = np.empty_like(x)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    deviation, realised, swaps = plays.deviation, plays.realised, plays.swaps
    summed = has_swaps(rows, swaps)
    for t in range(done + 1, done + steps + 1):
        at[:] = x
        move[:] = 0.0
        for stage in range(4):
            action_values(game, at, q, v, work)
            if stage == 0:
                if summed:
                    add_swaps(rows, x, q, swaps)
                for e in range(x.size):
                    deviation[e] += q[e]
                    average[e] += (x[e] - average[e]) / t
            # the slope counts once, twice, twice, once; the next is taken half a step on, half a step on, a step on
            weight = h / 6.0 if stage % 3 == 0 else h / 3.0
            ahead = h if stage == 2 else h / 2.0
            for i in range(rows.size - 1):
                if stage == 0:
                    realised[i] += v[i]
                for e in range(rows[i], rows[i + 1]):
                    slope = at[e] * (q[e] - v[i])
                    move[e] += weight * slope
                    at[e] = x[e] + ahead * slope
        for i in range(rows.size - 1):
            total = 0.0
            for e in range(rows[i], rows[i + 1]):
                x[e] = max(x[e] + move[e], 0.0)
                total += x[e]
            for e in range(rows[i], rows[i + 1]):
                x[e] /= total
