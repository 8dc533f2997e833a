"""Linear CFR: iteration t counts t times, in regrets and in the average.

Brown and Sandholm 2019 (AAAI), arXiv:1809.04040, section 3. To weigh regrets by t is to multiply what has been summed
by t / (t + 1) after iteration t, which changes no policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights


@dataclass(frozen=True)
class LCFR(RegretMatcher):
    """No hyperparameters but the order of updates."""

    def weights(self, t: Array) -> Weights:
        return Weights(t / (t + 1), t / (t + 1), np.zeros(t.size), t)
