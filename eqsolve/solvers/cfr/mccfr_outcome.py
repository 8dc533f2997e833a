"""Outcome-sampling Monte Carlo CFR: one history an iteration and player, nothing else is looked at.

Lanctot, Waugh, Zinkevich and Bowling 2009 (NeurIPS), section 3.1. For each player in turn, one history z is drawn:

1. chance and everyone else by their probabilities; the traverser explores: by ε / |A| + (1 − ε) σ(a);
2. at each information set I of theirs on the way, where they took a, with w = u(z) · σ(from Ia to z) / q(z), q the
   traverser's probabilities of drawing: R(a) ← R(a) + (1 − σ(a)) w, and of the other actions R(b) ← R(b) − σ(a) w.

The others' and chance's probabilities cancel: they are drawn by them. Estimates are unbiased and vary much; the average
plan, weighed by 1/q (stochastically weighted averaging), does too. In two-player zero-sum games the average's gap
falls as 1/√T with high probability, slowly. ε = 0.6 as published.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.kernels.histories import CHANCE, TERMINAL, choice, deal, first_place, match, outcome
from eqsolve.kernels.jit import jit
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.cfr._monte_carlo import Sampler


@dataclass(frozen=True)
class OutcomeSampling(Sampler):
    """Outcome-sampling Monte Carlo CFR. Hyperparameter: how much the traverser explores."""

    epsilon: float = field(
        default=0.6, metadata={"symbol": "ε", "help": "probability of a uniform action where the traverser draws one"}
    )

    def __post_init__(self) -> None:
        if not 0 < self.epsilon <= 1:
            raise UsageError(f"epsilon: expected a number above 0 and at most 1, got {self.epsilon:g}")

    def visits(self) -> int:
        return 4000

    def sweep(self, game: SequenceForm, seed: np.uint64, regrets: Array, average: Array, done: int, steps: int) -> None:
        sweep(game.histories, seed, self.epsilon, regrets, average, done, steps)


@jit
def sweep(game, seed, epsilon, regrets, average, done, steps):
    """Do `steps` iterations after the first `done`; `regrets` and `average` [R · W] are modified in place."""
    players, most = game.hands.shape[1], game.player.size
    nodes, chosen = np.empty(most, np.int32), np.empty(most, np.int64)
    actions = np.empty(max(1, game.children.max()))
    for t in range(done, done + steps):
        for i in range(players):
            walk(game, i, key_of(seed, t * players + i, 0), epsilon, regrets, average, nodes, chosen, actions)


@jit
def walk(game, i, key, epsilon, regrets, average, nodes, chosen, actions):
    """Draw one history with traverser i and learn from it; `regrets` and `average` [R · W] are modified in place.

    Scratch, for a game of P nodes with at most A actions at one: the traverser's `nodes` int32 [P] on the way, what
    they have `chosen` there int64 [P], a policy `actions` float64 [A].
    """
    width, averaged = len(game.lanes), (i + 1) % game.hands.shape[1]
    dealt = deal(game, key)
    node, size, weight, drawn = 0, 0, 1.0, 1.0
    while game.player[node] != TERMINAL:
        player = game.player[node]
        if player == CHANCE:
            node = outcome(game, node, dealt, key)
            continue
        place, policy = first_place(game, node, dealt), actions[: game.children[node]]
        match(regrets, place, width, policy)
        if player == averaged:
            for k in range(policy.size):
                average[place + k * width] += weight / drawn * policy[k]
        if player == i:
            u = variate(key, place)
            if u < epsilon:  # the rest of u is uniform again
                k = min(int(u / epsilon * policy.size), policy.size - 1)
            else:
                k = choice(policy, (u - epsilon) / (1.0 - epsilon))
            nodes[size], chosen[size] = node, k
            size += 1
            drawn *= epsilon / policy.size + (1.0 - epsilon) * policy[k]
            if i == averaged:
                weight *= policy[k]
        else:
            k = choice(policy, variate(key, place))
        node = game.first[node] + k
    worth = game.payoffs[game.at[node], dealt, i] / drawn
    for m in range(size - 1, -1, -1):
        place, policy = first_place(game, nodes[m], dealt), actions[: game.children[nodes[m]]]
        match(regrets, place, width, policy)
        taken = policy[chosen[m]]
        for k in range(policy.size):
            regrets[place + k * width] -= taken * worth
        regrets[place + chosen[m] * width] += worth
        worth *= taken
