"""What predictive minimisers have in common: how their average weighs, and how much the prediction counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from eqsolve.solvers.cfr.counterfactual import PREDICTION, RegretMatcher, check_gamma, checked


@dataclass(frozen=True)
class Predictive(RegretMatcher):
    """How the average weighs, and how much the prediction counts."""

    gamma: float = field(default=2.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})
    p: float = field(default=1.0, metadata=PREDICTION)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_gamma(self.gamma)
        checked("p", self.p)
