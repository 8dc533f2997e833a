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
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.extensive import gradients


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
    if isinstance(form, NormalForm):
        pairs = zip(profile, form.backup(profile), strict=True)
        gap = max(_distance(policy, u, np.zeros(1, np.int64), precision) for policy, u in pairs)
    elif isinstance(form, SequenceForm):
        pays, reaches = gradients(form, profile), gradients(form.counted, profile)
        players = zip(form.treeplexes, profile, pays, reaches, strict=True)
        gap = max(_of_sequences(treeplex, policy, u, m, precision) for treeplex, policy, u, m in players)
    else:
        raise TypeError(f"no quantal responses of {type(form).__name__}")
    return QuantalDeviation(precision, gap)


def _distance(policy: Array, payoffs: Array, rows: NDArray[np.integer[Any]], precision: float) -> float:
    """Largest distance to the logit responses; `rows`: where each information set's actions begin."""
    counts = np.diff(rows, append=len(policy))
    with np.errstate(over="ignore"):  # −∞, the logit of an action that is not played
        logits = precision * (payoffs - np.repeat(np.maximum.reduceat(payoffs, rows), counts))
    weights = np.exp(logits)
    response = weights / np.repeat(np.add.reduceat(weights, rows), counts)
    return float(np.abs(policy - response).max())


def _of_sequences(treeplex: Treeplex, policy: Array, paid: Array, mass: Array, precision: float) -> float:
    """The largest distance at any of a player's information sets, from the deepest ones up.

    `paid`, `mass` [Q]: what the leaves right after each sequence pay and how likely they are, by the reach of chance
    and the others; both are modified in place and then hold all that follows.
    """
    gap = 0.0
    for start, end in reversed(treeplex.levels):
        first, count, parent = (part[start:end] for part in (treeplex.first, treeplex.count, treeplex.parent))
        here = slice(int(first[0]), int(first[-1] + count[-1]))
        rows = first - first[0]
        # whichever action follows, one and the same histories lead to the information set
        reached = mass[first]
        known = np.repeat(reached, count)
        q = np.divide(paid[here], known, out=np.zeros(here.stop - here.start), where=known > 0)
        gap = max(gap, _distance(policy[here], q, rows, precision))
        np.add.at(paid, parent, np.add.reduceat(policy[here] * paid[here], rows))
        np.add.at(mass, parent, reached)
    return gap
