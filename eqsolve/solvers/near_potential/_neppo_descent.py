"""The sweep of near-potential policy optimisation: starts by regret matching+, and descents on random directions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import matching_rows
from eqsolve.kernels.tensor import tensor_backup
from eqsolve.kernels.variates import key_of, variate
from eqsolve.solvers.near_potential._near_potential import ANCHOR, WEIGHTS, allowed, evaluate, smooth_maximum

#: What random numbers are for.
DIRECTIONS, STARTS = 0, 1


class Rules(NamedTuple):
    """The hyperparameters as the sweep takes them; `scale`: the payoff range."""

    family: int
    strength: float
    scale: float
    exact: bool
    ascents: int
    reply_ascents: int
    inner_step: float
    beta: float
    delta: float
    directions: int
    size: float
    cosine: bool
    warm: int
    restart: int


@jit
def parameter_rows(game, family):
    """Return where each simplex of the parameters begins, and where the last ends. A tensor has none."""
    if family == ANCHOR:
        return game.offsets.copy()
    return np.array([0, game.sizes.size if family == WEIGHTS else 0])


@jit
def drawn(rows, seed, n, w):
    """Draw w [p], modified in place: its simplices uniformly, Dirichlet(1, …, 1), or its entries in [−1, 1].

    rows int64 [simplices + 1], which end with 0 where there are none.
    """
    key = key_of(seed, n, STARTS)
    if rows[-1] == 0:
        for e in range(w.size):
            w[e] = 2.0 * variate(key, e) - 1.0
    for r in range(rows.size - 1):
        total = 0.0
        for e in range(rows[r], rows[r + 1]):
            w[e] = -np.log1p(-variate(key, e))
            total += w[e]
        for e in range(rows[r], rows[r + 1]):
            w[e] /= total


@jit
def direction(rows, key, u):
    """Draw u [p], a direction in which the parameters can move, modified in place; return the dimension of their space.

    Uniform on the sphere where ‖u‖ = √2 on simplices, 1 elsewhere; rows int64 [simplices + 1].
    """
    for e in range(u.size):
        u[e] = np.sqrt(-2.0 * np.log1p(-variate(key, 2 * e))) * np.cos(2.0 * np.pi * variate(key, 2 * e + 1))
    dimension = u.size
    for r in range(rows.size - 1):
        if rows[r + 1] > rows[r]:
            mean = u[rows[r] : rows[r + 1]].mean()
            u[rows[r] : rows[r + 1]] -= mean
            dimension -= 1
    square = 0.0
    for e in range(u.size):
        square += u[e] * u[e]
    length = np.sqrt(square if rows[-1] == 0 else 0.5 * square)
    for e in range(u.size):
        u[e] /= length if length > 0.0 else 1.0
    return dimension


@jit
def begin(game, rules, state, work):
    """Make a fresh start at state.parameters: what the state says of them; its arrays are modified in place."""
    evaluate(game, rules, 0, state.parameters, state, work)
    state.matched[:] = rules.scale * state.policies
    state.average[:] = state.policies
    state.least[:] = state.policies
    state.least_regret[0] = state.regrets.max()


@jit
def keep(state):
    """Let the profile become the least if its max regret is."""
    regret = state.regrets.max()
    if regret < state.least_regret[0]:
        state.least_regret[0] = regret
        state.least[:] = state.policies


@jit
def match(game, rules, state, t, work):
    """Make iteration t of regret matching+ with linear averaging, whose average becomes the parameters."""
    rows, x, q = game.offsets, work.moved, work.payoffs
    matching_rows(rows, state.matched, x)
    tensor_backup(game, x, q, work.contraction)
    for i in range(rows.size - 1):
        value = 0.0
        for e in range(rows[i], rows[i + 1]):
            value += x[e] * q[e]
        for e in range(rows[i], rows[i + 1]):
            state.matched[e] = max(state.matched[e] + q[e] - value, 0.0)
            state.average[e] += 2.0 / (2.0 + t) * (x[e] - state.average[e])
    state.parameters[:] = state.average


@jit
def descend(game, rules, state, n, t, length, work):
    """Make descent t of `length` (0: without end), in iteration n of the run; the arrays of `state`, w [p] first, are
    modified in place by the `rules`.
    """
    rows = parameter_rows(game, rules.family)
    w = state.parameters
    gradient, u, probe = np.zeros_like(w), np.empty_like(w), np.empty_like(w)
    for m in range(rules.directions):
        key = key_of(state.seed, n * rules.directions + m, DIRECTIONS)
        dimension = direction(rows, key, u)
        probe[:] = w + rules.delta * u
        evaluate(game, rules, 1, probe, state, work)
        above = smooth_maximum(state.discrepancies, rules.beta)
        probe[:] = w - rules.delta * u
        evaluate(game, rules, 1, probe, state, work)
        below = smooth_maximum(state.discrepancies, rules.beta)
        gradient += dimension / (2.0 * rules.delta * rules.directions) * (above - below) * u
    if rules.cosine:
        square = 0.0
        for e in range(w.size):
            square += gradient[e] * gradient[e]
        norm = np.sqrt(square if rows[-1] == 0 else 0.5 * square)
        eta = 0.5 * rules.size * (1.0 + np.cos(np.pi * t / length)) / (norm if norm > 0.0 else 1.0)
    else:
        eta = rules.size / np.sqrt(t + 1.0)
    w -= eta * gradient
    allowed(rows, w)


@jit
def sweep(game, rules, state, steps, work):
    """Make `steps` iterations; the arrays of the state are modified in place."""
    rows = parameter_rows(game, rules.family)
    for n in range(state.iteration, state.iteration + steps):
        t = n % rules.restart if rules.restart else n
        if t == 0 and n > 0:
            drawn(rows, state.seed, n, state.parameters)
            begin(game, rules, state, work)
        if t < rules.warm:
            match(game, rules, state, t + 1, work)
        else:
            descend(game, rules, state, n, t - rules.warm, rules.restart - rules.warm, work)
        if rules.exact:
            evaluate(game, rules, 1, state.parameters, state, work)
        keep(state)
