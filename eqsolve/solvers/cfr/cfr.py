"""Counterfactual regret minimisation, as published.

Zinkevich, Johanson, Bowling and Piccione 2007 (NeurIPS). Iteration t at every information set:

1. R ← R + r_t, the counterfactual regrets of the plans in play;
2. the next policy is proportional to max(R, 0);
3. the average weighs all plans alike.

Published with simultaneous updates; alternating ones, the default, are what every implementation uses since. The
regret of T iterations is at most Δ |I| √A √T, and so in two-player zero-sum games the average's gap falls as 1/√T.
"""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights, even


@dataclass(frozen=True)
class CFR(RegretMatcher):
    """No hyperparameters but the order of updates."""

    def weights(self, t: Array) -> Weights:
        return even(t)
