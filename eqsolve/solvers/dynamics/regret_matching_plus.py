"""Regret matching+: play in proportion to regrets that are floored at zero; the average is the answer.

Tammelin, Burch, Johanson and Bowling 2015 (IJCAI), algorithm of section 3; regret matching itself: Hart and
Mas-Colell 2000. Iteration t, all players at once:

1. play x_i ∝ Q_i (uniform where no regret is positive) and take its expected payoffs u_i per own action;
2. Q_i ← max(Q_i + u_i − ⟨x_i, u_i⟩, 0);
3. the average takes x with weight Γ(t + γ) / Γ(t), about t^γ (γ = 1: t, as published); play sums with weight 1.

In two-player zero-sum games the average's Nash gap falls as 1/√t at least; elsewhere what converges is the play:
its coarse-correlated gap tends to 0, and the average's Nash gap need not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import add_swaps, has_swaps, matching_rows, unit_rows
from eqsolve.solvers.parameters import SWAPS


class State(NamedTuple):
    """All arrays packed like a profile: `regrets`; `average`, the normalised weighted sum of plays; `plays`."""

    iteration: int
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]
    plays: PlaySums


@dataclass(frozen=True)
class RegretMatchingPlus:
    """Hyperparameters: how the average weighs iteration t, what is summed."""

    gamma: float = field(default=1.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by about t^γ"})
    swaps: bool = field(default=False, metadata=SWAPS)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.gamma) and self.gamma >= 0):
            raise UsageError(f"gamma: expected a number of at least 0, got {self.gamma}")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        total = int(game.offsets[-1])
        regrets = np.zeros(total)
        average = game.pack(game.uniform())
        if start is not None:
            average = game.pack(start)
            regrets = (game.payoff_range or 1.0) * average
        return State(0, regrets, average, nothing_played(game, self.swaps))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        return advanced(game, state, steps, floor=0.0, gamma=self.gamma)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        last = np.empty_like(state.regrets)
        matching_rows(game.offsets, state.regrets, last)
        return {"average": game.unpack(unit_rows(game.offsets, state.average)), "last": game.unpack(last)}


def advanced(game: NormalForm, state: State, steps: int, floor: float, gamma: float) -> State:
    """`steps` iterations on, regrets floored at `floor`."""
    regrets, average, plays = state.regrets.copy(), state.average.copy(), state.plays.continued(steps)
    sweep(game.arrays, game.offsets, regrets, average, plays, state.iteration, floor, gamma, steps)
    return State(state.iteration + steps, regrets, average, plays)


@jit
def sweep(
    game: Any,
    rows: NDArray[np.int64],
    regrets: Array,
    average: Array,
    plays: PlaySums,
    done: int,
    floor: float,
    gamma: float,
    steps: int,
) -> None:
    """Make `steps` iterations after `done`.

    Modified in place are regrets, average [n] and the arrays of `plays`; rows int64 [N + 1]. The average moves
    by the newest play's share of all weight, w_t / Σ_{s ≤ t} w_s = (γ + 1) / (γ + t).
    """
    x = np.empty_like(regrets)
    q = np.empty_like(regrets)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    deviation, realised, swaps = plays.deviation, plays.realised, plays.swaps
    summed = has_swaps(rows, swaps)
    for t in range(done + 1, done + steps + 1):
        matching_rows(rows, regrets, x)
        action_values(game, x, q, v, work)
        if summed:
            add_swaps(rows, x, q, swaps)
        share = (gamma + 1.0) / (gamma + t)
        for i in range(rows.size - 1):
            realised[i] += v[i]
            for e in range(rows[i], rows[i + 1]):
                regrets[e] = max(regrets[e] + q[e] - v[i], floor)
                deviation[e] += q[e]
                average[e] += share * (x[e] - average[e])
