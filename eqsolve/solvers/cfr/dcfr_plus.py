"""DCFR+: discounted regrets that never fall below zero.

Xu, Li, Liu, Fu, Fu, Xing and Cheng 2024 (IJCAI), arXiv:2404.13891, "Minimizing weighted counterfactual regret with
optimistic online mirror descent". What differs from CFR+: after iteration t regrets are multiplied by t^α / (t^α + 1),
and the average weighs by t^γ. α = 3/2 and γ = 4 as recommended there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights, check_gamma, checked, share


@dataclass(frozen=True)
class DCFRPlus(RegretMatcher):
    """Exponents of the two discounts."""

    alpha: float = field(default=1.5, metadata={"symbol": "α", "help": "regrets keep t^α / (t^α + 1)"})
    gamma: float = field(default=4.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})

    def __post_init__(self) -> None:
        super().__post_init__()
        checked("alpha", self.alpha, None)
        check_gamma(self.gamma)

    def weights(self, t: Array) -> Weights:
        return Weights(share(t, self.alpha), np.zeros(t.size), np.zeros(t.size), t**self.gamma)
