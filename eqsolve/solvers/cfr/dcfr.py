"""Discounted CFR: early regrets fade, negative ones faster than positive ones.

Brown and Sandholm 2019 (AAAI), arXiv:1809.04040, section 4, DCFR(α, β, γ). What differs from CFR: after iteration t

1. positive regrets are multiplied by t^α / (t^α + 1), negative ones by t^β / (t^β + 1);
2. the average weighs iteration t by t^γ.

α = 3/2, β = 0, γ = 2 as recommended there. β = 0 halves negative regrets in each iteration.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights, check_gamma, checked, share


@dataclass(frozen=True)
class DCFR(RegretMatcher):
    """Exponents of the three discounts."""

    alpha: float = field(default=1.5, metadata={"symbol": "α", "help": "positive regrets keep t^α / (t^α + 1)"})
    beta: float = field(default=0.0, metadata={"symbol": "β", "help": "negative regrets keep t^β / (t^β + 1)"})
    gamma: float = field(default=2.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})

    def __post_init__(self) -> None:
        super().__post_init__()
        checked("alpha", self.alpha, None)
        checked("beta", self.beta, None)
        check_gamma(self.gamma)

    def weights(self, t: Array) -> Weights:
        return Weights(share(t, self.alpha), share(t, self.beta), np.zeros(t.size), t**self.gamma)
