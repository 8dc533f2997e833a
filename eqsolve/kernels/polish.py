"""Support polish: an approximate equilibrium turned into an exact one on its own support.

On the support S_i of each player (probabilities above a threshold) all actions must pay alike: u_i(a) = v_i for
a ∈ S_i, Σ_a x_i(a) = 1. Newton's method solves these Σ(|S_i| + 1) equations; payoffs are multilinear, so the column
of the Jacobian for x_j(b) is the payoff against j's pure b minus nothing else. Two players: one linear system.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

Policies = tuple[NDArray[np.float64], ...]

#: Probabilities below these fractions of their row's largest are taken to be off the support, in this order.
OFF_SUPPORT = (0.1, 0.01, 1e-3, 1e-5)
#: The most that one Jacobian may cost, in contractions of one axis of a small tensor: it takes a backup per unknown, a
#: backup N · (N − 1) contractions. All thresholds and steps together then stay below a chunk of the run's loop.
MAX_JACOBIAN_COST = 600
POLISH_STEPS = 8
#: Two players' equations are linear: one step solves them, one more takes off what rounding left.
LINEAR_STEPS = 2
#: Linear equations left this far open, in units of the largest payoff, contradict each other.
CONTRADICTION = 1e-9
#: Steps shorter than this end Newton's method: its error is then their square.
SHORTEST_STEP = 1e-13
#: Regrets below this fraction of the largest payoff are rounding: no other threshold can do better.
NO_REGRET = 1e-15
#: Steps longer than this leave the probabilities for good.
LONGEST_STEP = 1e6


def support_polish(
    backup: Callable[[Policies], Sequence[NDArray[np.float64]]],
    profile: Policies,
    thresholds: Sequence[float] = OFF_SUPPORT,
) -> Policies | None:
    """The solution of the indifference equations on the profile's support: of all thresholds' the one of least regret.

    None where no support has a solution with probabilities ≥ 0. Whether it is an equilibrium is for the judge.
    """
    tried: set[bytes] = set()
    best, least = None, np.inf
    for threshold in thresholds:
        supports = [policy > threshold * policy.max() for policy in profile]
        if _cost(profile, supports) > MAX_JACOBIAN_COST:
            break
        key = b"".join(support.tobytes() for support in supports)
        if key not in tried:
            tried.add(key)
            solution = _indifferent(backup, profile, supports)
            if solution is not None:
                payoffs = backup(solution)
                regret = max(float(u.max() - x @ u) for x, u in zip(solution, payoffs, strict=True))
                if regret < least:
                    best, least = solution, regret
                if regret <= NO_REGRET * max(float(np.abs(u).max()) for u in payoffs):
                    break
    return best


def _cost(profile: Policies, supports: list[NDArray[np.bool_]]) -> float:
    """Contractions for one Jacobian; those of a large tensor count by its size."""
    players = len(profile)
    entries = prod(map(len, profile))
    return sum(int(support.sum()) for support in supports) * players * (players - 1) * (1 + entries / 20_000)


def _indifferent(
    backup: Callable[[Policies], Sequence[NDArray[np.float64]]], profile: Policies, supports: list[NDArray[np.bool_]]
) -> Policies | None:
    """Newton on the support's equations from the profile restricted to it."""
    x = [np.where(s, policy, 0.0) / policy[s].sum() for s, policy in zip(supports, profile, strict=True)]
    chosen = [np.flatnonzero(s) for s in supports]
    sizes = [len(c) for c in chosen]
    at = np.concatenate([[0], np.cumsum(sizes)])
    unknowns = int(at[-1]) + len(x)
    # in units of the payoffs, so that they and the probabilities' sums weigh alike
    scale = max(float(np.abs(own).max()) for own in backup(tuple(x))) or 1.0
    linear = len(x) == 2
    for _ in range(LINEAR_STEPS if linear else POLISH_STEPS):
        payoffs = backup(tuple(x))
        jacobian = np.zeros((unknowns, unknowns))
        residual = np.zeros(unknowns)
        for i, actions in enumerate(chosen):
            own, value = slice(at[i], at[i + 1]), int(at[-1]) + i
            residual[own] = (payoffs[i][actions] - x[i] @ payoffs[i]) / scale
            jacobian[own, value] = -1.0
            jacobian[value, own] = 1.0
        for j, actions in enumerate(chosen):
            for column, b in enumerate(actions):
                against = backup((*x[:j], np.eye(len(x[j]))[b], *x[j + 1 :]))
                for i, rows in enumerate(chosen):
                    if i != j:
                        jacobian[at[i] : at[i + 1], at[j] + column] = against[i][rows] / scale
        try:
            move = np.linalg.lstsq(jacobian, -residual, rcond=1e-13)[0]
        except np.linalg.LinAlgError:
            return None
        if not np.abs(move).max() < LONGEST_STEP:
            return None
        if linear and np.abs(jacobian @ move + residual).max() > CONTRADICTION:
            return None
        for j, actions in enumerate(chosen):
            x[j][actions] += move[at[j] : at[j + 1]]
        if np.abs(move[: at[-1]]).max(initial=0.0) < SHORTEST_STEP:
            break
    if any((policy < -1e-12).any() for policy in x):
        return None
    positive = [np.maximum(policy, 0.0) for policy in x]
    return tuple(policy / policy.sum() for policy in positive)
