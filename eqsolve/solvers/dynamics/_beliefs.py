"""Answers to the average of the past play in a normal form: what fictitious play and its smooth version share.

Everybody believes that each opponent mixes as they have on average so far. Iteration t = 1, 2, …:

1. everyone's answer to the others' averages: a best one, the first of equally good ones, or the logit answer
   y_i(a) ∝ exp(u_i(a) / τ) at the temperature τ;
2. the average x ← x + (y − x) / (t + 1): the first profile counts as one play.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.kernels.action_values import action_values
from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import add_swaps, has_swaps, softmax_rows, unit_rows


class State(NamedTuple):
    """Packed like a profile: the last `response` and the `average`. `plays` of responses, none of alternating ones."""

    iteration: int
    response: NDArray[np.float64]
    average: NDArray[np.float64]
    plays: PlaySums


def first(game: NormalForm, start: Profile | None, swaps: bool) -> State:
    """The first profile, uniform unless given, as the play so far."""
    profile = game.pack(game.uniform() if start is None else start)
    return State(0, profile, profile.copy(), nothing_played(game, swaps))


def check_swaps(swaps: bool, update: str) -> None:
    """UsageError where swaps are to be summed of a play that there is not."""
    if swaps and update == "alternating":
        raise UsageError("swaps: with update=alternating there is no joint play", "update=simultaneous has one")


def after(game: NormalForm, state: State, steps: int, temperature: float, alternating: bool) -> State:
    """`steps` iterations on; a temperature of 0 stands for best answers."""
    response, average = state.response.copy(), state.average.copy()
    plays, scales = state.plays.continued(0 if alternating else steps), (temperature, alternating)
    sums = (plays.deviation, plays.realised, plays.swaps)
    sweep(game.arrays, game.offsets, response, average, *sums, state.iteration, scales, steps)
    return State(state.iteration + steps, response, average, plays)


def profiles(game: NormalForm, state: State) -> dict[str, Profile]:
    """The average, rows brought back to sum 1 from the rounding of many updates, and the last answers."""
    rows = game.offsets
    return {"average": game.unpack(unit_rows(rows, state.average)), "last": game.unpack(state.response)}


@jit
def respond(rows: NDArray[np.int64], q: Array, temperature: float, i: int, y: Array) -> None:
    """Write to y [n] player i's answer, best or logit, to the payoffs q [n] of their actions; rows int64 [N + 1]."""
    if temperature > 0.0:
        own = np.array([0, rows[i + 1] - rows[i]])
        softmax_rows(own, q[rows[i] : rows[i + 1]] / temperature, y[rows[i] : rows[i + 1]])
        return
    best = rows[i]
    for e in range(rows[i], rows[i + 1]):
        y[e] = 0.0
        if q[e] > q[best]:
            best = e
    y[best] = 1.0


@jit
def sweep(
    game: Any,
    rows: NDArray[np.int64],
    response: Array,
    average: Array,
    deviation: Array,
    realised: Array,
    swaps: Array,
    done: int,
    scales: tuple[float, bool],
    steps: int,
) -> None:
    """Make `steps` iterations after `done`, at (temperature, whether players answer in turn).

    Modified in place are response, average, deviation [n], realised [N] and swaps [Σ A²]; rows int64 [N + 1].
    """
    temperature, alternating = scales
    q = np.empty_like(average)
    v = np.empty(rows.size - 1)
    work = np.empty(game.scratch)
    summed = has_swaps(rows, swaps)
    for t in range(done + 1, done + steps + 1):
        for i in range(rows.size - 1):
            if i == 0 or alternating:
                action_values(game, average, q, v, work)
            respond(rows, q, temperature, i, response)
            if alternating:
                for e in range(rows[i], rows[i + 1]):
                    average[e] += (response[e] - average[e]) / (t + 1)
        if alternating:
            continue
        for e in range(average.size):
            average[e] += (response[e] - average[e]) / (t + 1)
        action_values(game, response, q, v, work)
        if summed:
            add_swaps(rows, response, q, swaps)
        for e in range(average.size):
            deviation[e] += q[e]
        for i in range(rows.size - 1):
            realised[i] += v[i]
