"""What each player would gain by deviating from a joint distribution: the gaps by which correlated answers are judged.

The device recommends to player i their action a of the pure profile drawn. Summed over all that they may be told,

    CE:   Σ_a max_{a'} Σ_{profiles with a_i = a} p · (u_i(a', a_-i) − u_i(a, a_-i)),   the best swap of recommendations,
    CCE:  max_{a'} Σ_{profiles} p · (u_i(a', a_-i) − u_i(a)),                          the best action, told nothing.

A distribution is a correlated equilibrium (Aumann 1974) if no swap gains, a coarse one (Moulin and Vial 1978) if no
fixed action does. Computed from the form and the distribution alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import NormalForm


@dataclass(frozen=True)
class JointDeviations:
    """Figures in payoff units, one entry per player in player order.

    `ce_regrets` ≥ 0: gain of the best swap; `cce_regrets`: gain of the best fixed action, at most the former and maybe
    negative; never clipped.
    """

    values: Array
    ce_regrets: Array
    cce_regrets: Array

    @property
    def ce_gap(self) -> float:
        """max over players of the gain of the best swap: the least ε for an ε-correlated equilibrium."""
        return float(self.ce_regrets.max())

    @property
    def cce_gap(self) -> float:
        """max over players of the gain of the best fixed action: the least ε for an ε-coarse correlated equilibrium."""
        return float(self.cce_regrets.max())

    @property
    def welfare(self) -> float:
        """Sum over players of value."""
        return float(self.values.sum())

    def gap(self, concept: Concept) -> float:
        """The gap that judges an answer meant to be a correlated or a coarse correlated equilibrium."""
        return self.cce_gap if concept == Concept.CCE else self.ce_gap


def joint_deviations(game: NormalForm, joint: Joint) -> JointDeviations:
    """Values and gains of `joint`, which must have passed `check_joint`."""
    values, swaps, fixed = [], [], []
    told = np.arange(len(joint.probabilities))
    lowered, taken = game.lowered
    for i, payoffs in enumerate(lowered.against(joint.actions)):
        own = joint.actions[:, i]
        followed = payoffs[told, own]
        gains = np.zeros((payoffs.shape[1], payoffs.shape[1]))
        np.add.at(gains, own, joint.probabilities[:, None] * (payoffs - followed[:, None]))
        values.append(float(taken[i] + joint.probabilities @ followed))
        swaps.append(float(gains.max(axis=1).sum()))
        fixed.append(float(gains.sum(axis=0).max()))
    return JointDeviations(np.array(values), np.array(swaps), np.array(fixed))
