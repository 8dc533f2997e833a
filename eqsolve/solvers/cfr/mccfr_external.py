"""External-sampling Monte Carlo CFR: chance and the others are drawn, one's own actions are all tried.

Lanctot, Waugh, Zinkevich and Bowling 2009 (NeurIPS), section 3.2. For each player in turn, a walk from the root:

1. chance and everyone else take one action each, drawn by its probability, the same throughout an information set;
   the traverser takes all of theirs;
2. backward: the value of an information set of theirs is the policy's mean of its actions' values, and
   R(a) ← R(a) + v(a) − mean. The others' probabilities are in how often a walk comes there.

In two-player zero-sum games the average's gap falls as 1/√T with high probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.kernels.histories import CHANCE, TERMINAL, choice, deal, first_place, match, outcome
from eqsolve.kernels.jit import jit
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.cfr._monte_carlo import Sampler


@dataclass(frozen=True)
class ExternalSampling(Sampler):
    """External-sampling Monte Carlo CFR; it has no hyperparameters."""

    def visits(self) -> int:
        return 8000

    def sweep(self, game: SequenceForm, seed: np.uint64, regrets: Array, average: Array, done: int, steps: int) -> None:
        sweep(game.histories, seed, regrets, average, done, steps)


class Scratch(NamedTuple):
    """Arrays to work in, of a game with P nodes and at most A actions at one.

    `seen` int32 [P]: the nodes of a walk, breadth first; for each of them `following` int64 [P], where its children
    begin in `seen`, its `values` float64 [P], and `reach` float64 [P], how much the averaged player's own actions count
    where all are tried. `actions` float64 [A]: a policy.
    """

    seen: NDArray[np.int32]
    following: NDArray[np.int64]
    values: Array
    reach: Array
    actions: Array


@jit
def sweep(game, seed, regrets, average, done, steps):
    """Do `steps` iterations after the first `done`; `regrets` and `average` [R · W] are modified in place."""
    players, nodes = game.hands.shape[1], game.player.size
    scratch = Scratch(
        np.empty(nodes, np.int32), np.empty(nodes, np.int64), np.empty(nodes), np.empty(nodes),
        np.empty(max(1, game.children.max())),
    )  # fmt: skip
    for t in range(done, done + steps):
        for i in range(players):
            walk(game, i, key_of(seed, t * players + i, 0), regrets, average, scratch)


@jit
def walk(game, i, key, regrets, average, scratch):
    """Walk once with traverser i, all draws keyed by `key`; `regrets` and `average` [R · W] are modified in place."""
    seen, following, values, reach, actions = scratch
    width, averaged = len(game.lanes), (i + 1) % game.hands.shape[1]
    dealt = deal(game, key)
    seen[0], reach[0], size, m = 0, 1.0, 1, 0
    while m < size:
        node = seen[m]
        player = game.player[node]
        following[m] = size
        if player == TERMINAL:
            values[m] = game.payoffs[game.at[node], dealt, i]
        elif player == CHANCE:
            seen[size], reach[size] = outcome(game, node, dealt, key), reach[m]
            size += 1
        else:
            place, policy = first_place(game, node, dealt), actions[: game.children[node]]
            match(regrets, place, width, policy)
            if player == averaged:
                for k in range(policy.size):
                    average[place + k * width] += reach[m] * policy[k]
            if player == i:
                for k in range(policy.size):
                    seen[size] = game.first[node] + k
                    reach[size] = reach[m] * policy[k] if i == averaged else reach[m]
                    size += 1
            else:
                seen[size], reach[size] = game.first[node] + choice(policy, variate(key, place)), reach[m]
                size += 1
        m += 1
    for m in range(size - 1, -1, -1):
        node, child = seen[m], following[m]
        player = game.player[node]
        if player == i:
            place, policy = first_place(game, node, dealt), actions[: game.children[node]]
            match(regrets, place, width, policy)
            mean = 0.0
            for k in range(policy.size):
                mean += policy[k] * values[child + k]
            values[m] = mean
            for k in range(policy.size):
                regrets[place + k * width] += values[child + k] - mean
        elif player != TERMINAL:
            values[m] = values[child]
