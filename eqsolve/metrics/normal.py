"""Regrets in a normal form: the best own action against the others' policies."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Profile
from eqsolve.forms.normal import NormalForm
from eqsolve.metrics.deviations import Deviations


def normal_deviations(game: NormalForm, profile: Profile) -> Deviations:
    """Values, best-response values and regrets of `profile`, in payoff units.

    regret_i = ⟨π_i, max u_i − u_i⟩, the expected shortfall from the best action: exactly 0 where all actions played are
    best, and no difference of two large values.
    """
    payoffs = game.backup(profile)
    values = np.array([policy @ u for policy, u in zip(profile, payoffs, strict=True)])
    regrets = np.array([policy @ (u.max() - u) for policy, u in zip(profile, payoffs, strict=True)])
    return Deviations(values, values + regrets, regrets, float(regrets.max()))
