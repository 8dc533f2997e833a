"""SAPCFR+: predictive CFR+ that trusts its prediction less, "simple asymmetric predictive CFR+".

Meng et al. 2025, arXiv:2503.12770. What differs from PCFR+: the prediction enters the next policy scaled down,
max(R + r_t / (1 + α), 0), so that a wrong one costs less. α = 2, a third, as recommended there. The average weighs
iteration t by t^γ; γ = 5 here, which was the better choice on most of the games tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights, check_gamma, checked, even


@dataclass(frozen=True)
class SAPCFRPlus(RegretMatcher):
    """How much less the prediction counts, and how the average weighs."""

    alpha: float = field(default=2.0, metadata={"symbol": "α", "help": "the prediction counts 1 / (1 + α)"})
    gamma: float = field(default=5.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})

    def __post_init__(self) -> None:
        super().__post_init__()
        checked("alpha", self.alpha)
        check_gamma(self.gamma)

    def weights(self, t: Array) -> Weights:
        return even(t, lost=0.0, predicted=1 / (1 + self.alpha), gamma=self.gamma)
