"""Fictitious play: best responses to average play, mixed into it; in extensive form to average plans (XFP).

Brown 1951. In normal forms everyone answers the others' average policies, as in _beliefs.py: the best-response dynamic
of Gilboa and Matsui 1991 in steps of 1 / (t + 1). In extensive form Heinrich, Lanctot and Silver 2015 (ICML),
"Fictitious self-play in extensive-form games", algorithm 1. Iteration t = 1, 2, …:

1. everyone's best response to the others' average plans, at all their information sets; of equally good actions the
   first, as where the others never lead;
2. the average plan x ← x + (y − x) / (t + 1), y the response's plan. The first plan counts as one response.

Plans, the probabilities of sequences, are mixed, not policies: so the play is that of the normal form, and in
two-player zero-sum games the average's gap tends to 0 (Robinson 1951), how fast is not known. All respond at once, as
published; with `update=alternating` each answers the averages of those before them as they are already, mostly faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned
from eqsolve.forms.extensive.packing import in_lanes, scratch_rows
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, load, load_above, splat, store, where_positive
from eqsolve.kernels.sequence import inlined, pay, plans
from eqsolve.solvers.cfr.counterfactual import UPDATES, average_and_last, check_update
from eqsolve.solvers.dynamics import _beliefs as beliefs
from eqsolve.solvers.parameters import SWAPS


class State(NamedTuple):
    """Rows of lanes [R · W] (kernels/sequence.py): the last best `response`, pure, and the `average` plan."""

    iteration: int
    response: NDArray[np.float64]
    average: NDArray[np.float64]


@dataclass(frozen=True)
class FictitiousPlay:
    """Hyperparameters: the order of updates, what is summed."""

    update: str = field(
        default="simultaneous", metadata={"symbol": "u", "help": "who answers whom: simultaneous, alternating"}
    )
    swaps: bool = field(default=False, metadata=SWAPS)

    def __post_init__(self) -> None:
        check_update(self.update, UPDATES)
        beliefs.check_swaps(self.swaps, self.update)

    def init(self, game: SequenceForm | NormalForm, seed: int, start: Profile | None = None) -> State | beliefs.State:
        if isinstance(game, NormalForm):
            return beliefs.first(game, start, self.swaps)
        if self.swaps:
            raise UsageError("swaps: they are summed in normal forms, and this is an extensive game")
        first = in_lanes(game, game.pack(game.uniform() if start is None else start))
        average = np.zeros_like(first)
        plans(game.arrays, first, average)
        return State(0, first, average)

    def step(self, game: SequenceForm | NormalForm, state: Any, steps: int) -> State | beliefs.State:
        if isinstance(game, NormalForm):
            return beliefs.after(game, state, steps, 0.0, self.update == "alternating")
        response, average = aligned(state.response), aligned(state.average)
        sweep(game.arrays, *scratch_rows(game), response, average, state.iteration, steps, self.update == "alternating")
        return State(state.iteration + steps, response, average)

    def plays(self, state: Any) -> PlaySums | None:
        return state.plays if isinstance(state, beliefs.State) else None

    def answers(self, game: SequenceForm | NormalForm, state: Any) -> Mapping[str, Profile]:
        if isinstance(game, NormalForm):
            return beliefs.profiles(game, state)
        return average_and_last(game, state.iteration, state.average, lambda: state.response)


@inlined
def _respond(i, game, x, response, values):
    """Write player i's best response to the plans x, the first of equally good actions; modified in place.

    `x`, `response` [R · W]; scratch: `values` [≥ player's rows · W].
    """
    lanes, above, base = game.lanes, game.above, game.rows[i]
    zero = splat(0.0, lanes)
    pay(base, game.rows[i + 1], base, i, game.leaves, lanes, x, values)
    for group in range(game.groups[i + 1] - 1, game.groups[i] - 1, -1):
        first = game.first[group]
        end = first + game.counts[group]
        best = load(values, first - base, lanes)
        for row in range(first + 1, end):
            q = load(values, row - base, lanes)
            best = where_positive(q - best, q, best)
        add_above(values, above, first, base, best)
        unchosen = splat(1.0, lanes)  # 0 once an action is chosen
        for row in range(first, end):
            chosen = where_positive(best - load(values, row - base, lanes), zero, unchosen)
            unchosen = unchosen - chosen
            store(response, row, chosen)


@inlined
def _mix(i, game, response, y, average, share):
    """Move player i's average plan by `share` towards the plan of their response; modified in place.

    `response`, `average` [R · W]; scratch: `y` [R · W].
    """
    lanes, above, s = game.lanes, game.above, splat(share, game.lanes)
    store(y, game.rows[i], splat(1.0, lanes))
    for row in range(game.rows[i] + 1, game.rows[i + 1]):
        plan, before = load_above(y, above, row, lanes) * load(response, row, lanes), load(average, row, lanes)
        store(y, row, plan)
        store(average, row, before + s * (plan - before))


@jit
def sweep(game, y, values, response, average, done, steps, alternating):
    """Do `steps` iterations after the first `done`; `response` and `average` [R · W] are modified in place.

    Scratch: `y` [R · W] for plans, `values` [≥ any player's rows · W].
    """
    for t in range(done + 1, done + steps + 1):
        for i in range(game.rows.size - 1):
            _respond(i, game, average, response, values)
            if alternating:
                _mix(i, game, response, y, average, 1.0 / (t + 1))
        if not alternating:
            for i in range(game.rows.size - 1):
                _mix(i, game, response, y, average, 1.0 / (t + 1))
