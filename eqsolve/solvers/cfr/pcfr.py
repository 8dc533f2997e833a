"""Predictive CFR: the next policy takes the regrets of this iteration for those of the next one.

Farina, Kroer and Sandholm 2021 (AAAI), arXiv:2007.14358, predictive regret matching (their algorithm 3) at every
information set. What differs from CFR: the next policy is proportional to max(R + r_t, 0), R holding r_t already.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import PREDICTION, RegretMatcher, Weights, check_gamma, checked, even


@dataclass(frozen=True)
class PCFR(RegretMatcher):
    """How the average weighs, and how much the prediction counts."""

    gamma: float = field(default=2.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})
    p: float = field(default=1.0, metadata=PREDICTION)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_gamma(self.gamma)
        checked("p", self.p)

    def weights(self, t: Array) -> Weights:
        return even(t, predicted=self.p, gamma=self.gamma)
