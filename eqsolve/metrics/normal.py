"""The judge of normal forms: the best own action against the others' policies, or against what a device recommends."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.deviations import Deviations, JointDeviations
from eqsolve.metrics.judges import Judge
from eqsolve.metrics.quantal import distance


def normal_deviations(game: NormalForm, profile: Profile) -> Deviations:
    """Values, best-response values and regrets of `profile`, in payoff units.

    regret_i = ⟨π_i, max u_i − u_i⟩, the expected shortfall from the best action: exactly 0 where all actions played are
    best, and no difference of two large values. What is added to all payoffs of a player does not change it.
    """
    x, first = game.pack(profile), game.offsets[:-1]
    lowered, taken = game.lowered
    u = game.pack(lowered.backup(profile))
    best = np.repeat(np.maximum.reduceat(u, first), np.diff(game.offsets))
    values = taken + np.add.reduceat(x * u, first)
    regrets = np.add.reduceat(x * (best - u), first)
    return Deviations(values, values + regrets, regrets, float(regrets.max()))


def normal_values(game: NormalForm, profile: Profile) -> Array:
    """Every player's value, [N, 1]."""
    return np.array([[policy @ u] for policy, u in zip(profile, game.backup(profile), strict=True)])


def normal_replies(game: NormalForm, profile: Profile) -> Profile:
    """Each player's first best action, as a policy."""
    return frozen(np.eye(len(payoffs))[payoffs.argmax()] for payoffs in game.backup(profile))


def normal_quantal_gap(game: NormalForm, profile: Profile, precision: float) -> float:
    """The largest distance of a player's policy to their logit response."""
    pairs = zip(profile, game.backup(profile), strict=True)
    return max(distance(policy, u, np.zeros(1, np.int64), precision) for policy, u in pairs)


def normal_joint_deviations(game: NormalForm, joint: Joint) -> JointDeviations:
    """Values and gains of `joint`, which must have passed `check_joint`."""
    values, swaps, fixed = [], [], []
    profiles = np.arange(len(joint.probabilities))
    lowered, taken = game.lowered
    for i, payoffs in enumerate(lowered.against(joint.actions)):
        own = joint.actions[:, i]
        followed = payoffs[profiles, own]
        gains = np.zeros((payoffs.shape[1], payoffs.shape[1]))
        np.add.at(gains, own, joint.probabilities[:, None] * (payoffs - followed[:, None]))
        values.append(float(taken[i] + joint.probabilities @ followed))
        swaps.append(float(gains.max(axis=1).sum()))
        fixed.append(float(gains.sum(axis=0).max()))
    return JointDeviations(np.array(values), np.array(swaps), np.array(fixed))


JUDGE = Judge(
    deviations=normal_deviations,
    values=normal_values,
    best_replies=normal_replies,
    quantal_gap=normal_quantal_gap,
    joint=normal_joint_deviations,
)
