"""The coarse-correlated gap of a run's joint play: how much the best fixed deviation would have gained on average.

Moulin and Vial 1978; Hannan 1957. The play averaged over iterations is a joint distribution, not a profile.
"""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Form
from eqsolve.forms.play import PlaySums
from eqsolve.forms.sequence import SequenceForm
from eqsolve.metrics.sequence import best_plan


def cce_gap(form: Form, sums: PlaySums) -> float | None:
    """max over players and own pure strategies of (deviation − realised payoff) per iteration; None before any play."""
    if sums.iterations == 0:
        return None
    deviations = np.split(sums.deviation, form.offsets[1:-1])
    if isinstance(form, SequenceForm):
        best = [best_plan(tree, payoffs) for tree, payoffs in zip(form.treeplexes, deviations, strict=True)]
    else:
        best = [payoffs.max() for payoffs in deviations]
    return float((np.array(best) - sums.realised).max() / sums.iterations)
