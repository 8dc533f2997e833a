"""Predictive CFR: the next policy takes the regrets of this iteration for those of the next one.

Farina, Kroer and Sandholm 2021 (AAAI), arXiv:2007.14358, predictive regret matching (their algorithm 3) at every
information set. What differs from CFR: the next policy is proportional to max(R + r_t, 0), R holding r_t already.
"""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr._predictive import Predictive
from eqsolve.solvers.cfr.counterfactual import Weights, even


@dataclass(frozen=True)
class PCFR(Predictive):
    """How the average weighs, and how much the prediction counts."""

    def weights(self, t: Array) -> Weights:
        return even(t, predicted=self.p, gamma=self.gamma)
