"""How far a profile is from logit quantal responses: the gap by which answers of regularised methods are judged.

At precision λ > 0, in 1 / payoff units, a profile π is a logit quantal-response equilibrium if every policy is the
logit response to the profile itself (McKelvey and Palfrey 1995; at each information set, their agent form of 1998):

    π_i(I, a) = exp(λ q_i(I, a)) / Σ_b exp(λ q_i(I, b)).

In a normal form q_i(a) is player i's expected payoff of a. In a sequence form q_i(I, a) is what player i expects after
a at I, *given* that I is reached, everybody playing π elsewhere; where chance and the others never lead to I, q counts
as 0. The gap is the largest |π_i(I, a) − response| over players, information sets and actions: a difference of
probabilities, from 0 to 1. Computed from the form and the profile alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.metrics.judges import judge_of


@dataclass(frozen=True)
class QuantalDeviation:
    """`gap`: largest distance between a probability and its logit response at `precision`, in 1 / payoff units."""

    precision: float
    gap: float


def quantal_deviation(form: Form, profile: Profile, precision: float) -> QuantalDeviation:
    """Judge `profile`, which must have passed form.check; TypeError for a form without quantal responses here.

    A precision beyond the floats counts as their largest: then best replies answer.
    """
    precision = min(precision, sys.float_info.max)
    gap = judge_of(form).quantal_gap
    if gap is None:
        raise TypeError(f"no quantal responses of {type(form).__name__}")
    return QuantalDeviation(precision, gap(form, profile, precision))


def distance(policy: Array, payoffs: Array, rows: NDArray[np.integer[Any]], precision: float) -> float:
    """Largest distance to the logit responses; `rows`: where each information set's actions begin."""
    counts = np.diff(rows, append=len(policy))
    with np.errstate(over="ignore"):  # −∞, the logit of an action that is not played
        logits = precision * (payoffs - np.repeat(np.maximum.reduceat(payoffs, rows), counts))
    weights = np.exp(logits)
    response = weights / np.repeat(np.add.reduceat(weights, rows), counts)
    return float(np.abs(policy - response).max())
