"""Hyperparameter schedules of Zhang, McAleer and Sandholm 2024, arXiv:2404.09097, over n planned iterations."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import lgamma

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.solvers.cfr.counterfactual import RegretMatcher, checked


@dataclass(frozen=True)
class Scheduled(RegretMatcher):
    """What the schedule is made of."""

    planned: int = field(
        default=1000,
        metadata={"symbol": "n", "help": "iterations that the schedule is made for: give the --max-iter of the run"},
    )
    gamma: float = field(
        default=30.0, metadata={"symbol": "g", "help": "the average forgets by (t / (t + 1))^γ, γ = g − 5t/n"}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        checked("planned", self.planned, 1)
        checked("gamma", self.gamma, 5)


def progress(t: Array, planned: int) -> Array:
    """t / n, 1 when the plan is over."""
    return np.minimum(t / planned, 1.0)


def scheduled_average(t: Array, planned: int, gamma: float) -> Array:
    """Weights of iterations t such that those of t + 1 and t are as ((t + 1) / t)^γ, γ = g − 5 min(t/n, 1).

    log w = Σ_{s<t} γ_s log((s + 1)/s), in closed form: Σ_{s<t} s log((s + 1)/s) = t log t − log t!.
    """
    within = np.minimum(t, planned)
    factorial = np.array([lgamma(s + 1) for s in within])
    logarithm = gamma * np.log(t) - 5 / planned * (within * np.log(within) - factorial) - 5 * np.log(t / within)
    return np.asarray(np.exp(logarithm))
