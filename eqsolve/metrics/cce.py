"""The coarse-correlated gap of a run's joint play: how much the best fixed deviation would have gained on average.

Moulin and Vial 1978; Hannan 1957. The play averaged over iterations is a joint distribution, not a profile.
"""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Form
from eqsolve.forms.play import PlaySums


def cce_gap(form: Form, sums: PlaySums) -> float | None:
    """max over players and own actions of (deviation payoff − realised payoff) per iteration; None before any play."""
    if sums.iterations == 0:
        return None
    best = [deviation.max() for deviation in np.split(sums.deviation, form.offsets[1:-1])]
    return float((np.array(best) - sums.realised).max() / sums.iterations)
