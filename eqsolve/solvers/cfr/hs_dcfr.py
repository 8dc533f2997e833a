"""HS-DCFR: discounted CFR whose exponents follow a schedule over a planned number of iterations.

Zhang, McAleer and Sandholm 2024, arXiv:2404.09097, "Faster game solving via hyperparameter schedules". What differs
from DCFR: with n iterations planned, iteration t uses α = 1 + 3t/n, β = −1 − 2t/n, γ = g − 5t/n; the
average is multiplied by (t / (t + 1))^γ after iteration t. g = 30 as recommended there. Past n the last values hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr._hs_schedules import Scheduled, progress, scheduled_average
from eqsolve.solvers.cfr.counterfactual import Weights, share


@dataclass(frozen=True)
class HSDCFR(Scheduled):
    """What the schedule is made of."""

    def weights(self, t: Array) -> Weights:
        done = progress(t, self.planned)
        average = scheduled_average(t, self.planned, self.gamma)
        return Weights(share(t, 1 + 3 * done), share(t, -1 - 2 * done), np.zeros(t.size), average)
