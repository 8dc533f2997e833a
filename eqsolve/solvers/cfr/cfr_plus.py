"""CFR+: regrets never fall below zero, and late plans count more.

Tammelin 2014, arXiv:1407.5042; Bowling, Burch, Johanson and Tammelin 2015 (Science), heads-up limit hold'em. What
differs from CFR:

1. R ← max(R + r_t, 0), so that an action that was bad for long is taken up as soon as it becomes good;
2. the average weighs iteration t by t^γ; γ = 1 as published, γ = 2 is often better.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, Weights, check_gamma, even


@dataclass(frozen=True)
class CFRPlus(RegretMatcher):
    """One hyperparameter beside the order of updates: how the average weighs."""

    gamma: float = field(default=1.0, metadata={"symbol": "γ", "help": "the average weighs iteration t by t^γ"})

    def __post_init__(self) -> None:
        super().__post_init__()
        check_gamma(self.gamma)

    def weights(self, t: Array) -> Weights:
        return even(t, lost=0.0, gamma=self.gamma)
