"""PDCFR+: discounted, floored and predictive at once.

Xu, Li, Liu, Fu, Fu, Xing and Cheng 2024 (IJCAI), arXiv:2404.13891, "Minimizing weighted counterfactual regret with
optimistic online mirror descent". Iteration t at every information set:

1. R ← max(R + r_t, 0), then R ← R t^α / (t^α + 1);
2. the next policy is proportional to max(R + r_t, 0);
3. the average weighs iteration t by t^γ.

α = 2.3 and γ = 5 as recommended there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import PREDICTION, RegretMatcher, Weights, check_gamma, checked, share


@dataclass(frozen=True)
class PDCFRPlus(RegretMatcher):
    """Exponents of the two discounts, and how much the prediction counts."""

    alpha: float = field(default=2.3, metadata={"symbol": "α", "help": "regrets keep t^α / (t^α + 1)"})
    gamma: float = field(default=5.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})
    p: float = field(default=1.0, metadata=PREDICTION)

    def __post_init__(self) -> None:
        super().__post_init__()
        checked("alpha", self.alpha, None)
        check_gamma(self.gamma)
        checked("p", self.p)

    def weights(self, t: Array) -> Weights:
        return Weights(share(t, self.alpha), np.zeros(t.size), np.full(t.size, self.p), t**self.gamma)
