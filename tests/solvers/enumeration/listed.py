"""What the enumeration of supports lists, and what an action gains on given supports."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration import _support_profiles as support_profiles
from reference.forms import numbered

ALL = "every equilibrium"


def listed(payoffs: Array, chunk: int = 10**6) -> tuple[list[Array], str]:
    """The packed profiles found in a game [N, A_1, …, A_N], in order, and what the method says that they are."""
    form = TensorGame(numbered(len(payoffs)), tuple(map(numbered, payoffs.shape[1:])), payoffs)
    state = support_profiles.begun(form)
    while not support_profiles.ended(state):
        state = support_profiles.continued(form, state, chunk)
    for row in state.profiles:
        assert deviations(form, form.check(form.unpack(row)).profile).nash_gap <= 1e-12 * form.payoff_range
    return list(state.profiles), support_profiles.coverage(state)


def normal(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=(len(shape), *shape))


def near(profile: Array, others: list[Array]) -> bool:
    return any(np.abs(profile - other).max() < 1e-8 for other in others)


def gains(payoffs: Array, supports: tuple[tuple[int, ...], ...], x: list[Array]) -> Array:
    """What each action of a support pays more than the first; x [K, A_i] per player: [K, equations]."""
    columns = []
    for i, own in enumerate(supports):
        worth = payoffs[i][None]
        for j in reversed(range(len(x))):
            if j != i:
                axis = np.expand_dims(x[j], tuple(k for k in range(1, worth.ndim) if k != j + 1))
                worth = (worth * axis).sum(axis=j + 1, keepdims=True)
        worth = worth.reshape(len(worth), -1)
        columns += [worth[:, a] - worth[:, own[0]] for a in own[1:]]
    return np.stack(columns, axis=1) if columns else np.empty((len(x[0]), 0))


def slopes(payoffs: Array, supports: tuple[tuple[int, ...], ...], x: list[Array]) -> Array:
    """Derivatives of these by the weights of all but the first actions: gains are linear in each player's weights."""
    here, columns = gains(payoffs, supports, x), []
    for j, own in enumerate(supports):
        for b in own[1:]:
            moved = [policy.copy() for policy in x]
            moved[j][:, b] += 1
            moved[j][:, own[0]] -= 1
            columns.append(gains(payoffs, supports, moved) - here)
    return np.stack(columns, axis=2) if columns else here[:, :, None]
