"""HS-PCFR+: predictive CFR+ whose average follows a schedule over a planned number of iterations.

Zhang, McAleer and Sandholm 2024, arXiv:2404.09097, "Faster game solving via hyperparameter schedules". What differs
from PCFR+: with n iterations planned the average is multiplied by (t / (t + 1))^γ after iteration t, γ = g − 5t/n.
g = 30 as recommended there: all but the latest plans are soon forgotten. Past n the last value holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr._hs_schedules import Scheduled, scheduled_average
from eqsolve.solvers.cfr.counterfactual import Weights, even


@dataclass(frozen=True)
class HSPCFRPlus(Scheduled):
    """What the schedule is made of."""

    def weights(self, t: Array) -> Weights:
        weights = even(t, lost=0.0, predicted=1.0)
        return weights._replace(averaged=scheduled_average(t, self.planned, self.gamma))
