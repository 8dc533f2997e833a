"""Regrets in a normal form: the best own action against the others' policies."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.deviations import Deviations


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
