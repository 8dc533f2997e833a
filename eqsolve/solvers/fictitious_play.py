"""Fictitious play: best responses to average play, mixed into it; in extensive form to average plans (XFP).

Brown 1951. In normal forms everyone answers the others' average policies, as in beliefs.py: the best-response dynamic
of Gilboa and Matsui 1991 in steps of 1 / (t + 1). In extensive form Heinrich, Lanctot and Silver 2015 (ICML),
"Fictitious self-play in extensive-form games", algorithm 1. Iteration t = 1, 2, …:

1. everyone's best response to the others' average plans, at all his information sets; of equally good actions the
   first, as where the others never lead;
2. the average plan x ← x + (y − x) / (t + 1), y the response's plan. The first plan counts as one response.

Plans, the probabilities of sequences, are mixed, not policies: so the play is that of the normal form, and in
two-player zero-sum games the average's gap tends to 0 (Robinson 1951), how fast is not known. All respond at once, as
published; with `update=alternating` each answers the averages of those before him as they are already, mostly faster.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal import NormalForm
from eqsolve.forms.sequence import SequenceForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import load, splat, store, where_positive
from eqsolve.kernels.sequence import inlined, paid_after, plans
from eqsolve.solvers import beliefs
from eqsolve.solvers.counterfactual import UPDATES
from eqsolve.solvers.lanes import in_lanes, normalised, packed


class State(NamedTuple):
    """In rows of lanes (kernels/sequence.py): the last best `response`, pure, and the `average` plan."""

    iteration: int
    response: NDArray[np.float64]
    average: NDArray[np.float64]


@dataclass(frozen=True)
class FictitiousPlay:
    """No hyperparameters but the order of updates."""

    update: str = field(
        default="simultaneous", metadata={"symbol": "u", "help": "who answers whom: simultaneous, alternating"}
    )

    def __post_init__(self) -> None:
        if self.update not in UPDATES:
            raise UsageError(f"update: expected one of {', '.join(UPDATES)}, got '{self.update}'")

    def init(self, game: SequenceForm | NormalForm, seed: int, start: Profile | None = None) -> State | beliefs.State:
        if isinstance(game, NormalForm):
            return beliefs.first(game, start)
        first = in_lanes(game, game.pack(game.uniform() if start is None else start))
        average = np.zeros_like(first)
        plans(game.arrays, first, average)
        return State(0, first, average)

    def step(self, game: SequenceForm | NormalForm, state: Any, steps: int) -> State | beliefs.State:
        if isinstance(game, NormalForm):
            return beliefs.after(game, state, steps, 0.0, self.update == "alternating")
        response, average = state.response.copy(), state.average.copy()
        sweep(game.arrays, response, average, state.iteration, steps, self.update == "alternating")
        return State(state.iteration + steps, response, average)

    def answers(self, game: SequenceForm | NormalForm, state: Any) -> dict[str, Profile]:
        if isinstance(game, NormalForm):
            return beliefs.profiles(game, state)
        last = packed(game, state.response)
        if state.iteration == 0:
            return {"average": game.unpack(last), "last": game.unpack(last)}
        return {"average": game.unpack(normalised(game, state.average)), "last": game.unpack(last)}


@inlined
def _respond(i, seats, tree, leaves, hands, lanes, x, response, ahead):
    """Player i's best response to the plans x; modified in place. `ahead` holds a row of zeros for every row."""
    rows, groups, parents, firsts, counts = tree
    starts, others, scale, tensor, tensors = leaves
    zero, one = splat(0.0, lanes), splat(1.0, lanes)
    for group in range(groups[i + 1] - 1, groups[i] - 1, -1):
        first = firsts[group]
        end = first + counts[group]
        best = zero
        for row in range(first, end):
            q = load(ahead, row, lanes) + paid_after(
                row, i, seats, starts, others, scale, tensor, tensors, hands, lanes, x
            )
            store(ahead, row, q)
            best = q if row == first else where_positive(q - best, q, best)
        above = parents[group]
        store(ahead, above, load(ahead, above, lanes) + best)
        free = one
        for row in range(first, end):
            chosen = where_positive(best - load(ahead, row, lanes), zero, free)
            free = free - chosen
            store(response, row, chosen)
            store(ahead, row, zero)
    store(ahead, rows[i], zero)


@inlined
def _mix(i, tree, lanes, response, y, average, share):
    """Player i's average plan moves towards that of his response by `share`; modified in place. y is scratch."""
    rows, groups, parents, firsts, counts = tree
    s = splat(share, lanes)
    store(y, rows[i], splat(1.0, lanes))
    for group in range(groups[i], groups[i + 1]):
        above, first = load(y, parents[group], lanes), firsts[group]
        for row in range(first, first + counts[group]):
            plan, before = above * load(response, row, lanes), load(average, row, lanes)
            store(y, row, plan)
            store(average, row, before + s * (plan - before))


@jit
def sweep(game, response, average, done, steps, alternating):
    """`steps` iterations after the first `done`; `response` and `average`, rows of lanes, are modified in place."""
    lanes, seats, rows, groups, parents, firsts, counts, starts, others, scale, tensor, tensors, hands, _ = game
    tree, leaves = (rows, groups, parents, firsts, counts), (starts, others, scale, tensor, tensors)
    ahead, y = np.zeros_like(average), np.zeros_like(average)
    for t in range(done + 1, done + steps + 1):
        for i in range(rows.size - 1):
            _respond(i, seats, tree, leaves, hands, lanes, average, response, ahead)
            if alternating:
                _mix(i, tree, lanes, response, y, average, 1.0 / (t + 1))
        if not alternating:
            for i in range(rows.size - 1):
                _mix(i, tree, lanes, response, y, average, 1.0 / (t + 1))
