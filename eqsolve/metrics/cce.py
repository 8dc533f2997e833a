"""The gaps of a run's joint play: how much the best fixed deviation, or the best swap, would have gained on average.

Coarse correlated: Moulin and Vial 1978; Hannan 1957. Correlated: Aumann 1974; the gain of swaps is what Blum and
Mansour 2007 (Journal of Machine Learning Research 8) call swap regret. The play averaged over iterations is a joint
distribution, not a profile.
"""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Form
from eqsolve.forms.play import PlaySums
from eqsolve.metrics.judges import judge_of


def cce_gap(form: Form, sums: PlaySums) -> float | None:
    """max over players and own pure strategies of (deviation − realised payoff) per iteration; None before any play."""
    if sums.iterations == 0:
        return None
    deviations = np.split(sums.deviation, form.offsets[1:-1])
    best = judge_of(form).best_fixed(form, deviations)
    return float((np.array(best) - sums.realised).max() / sums.iterations)


def ce_gap(form: Form, sums: PlaySums) -> float | None:
    """max over players of the gain of the best swap of own actions, per iteration; None where no swaps are summed."""
    if sums.iterations == 0 or sums.swaps.size == 0:
        return None
    first, gains = 0, []
    for size in np.diff(form.offsets).tolist():
        paid = sums.swaps[first : first + size * size].reshape(size, size)
        gains.append((paid.max(axis=1) - paid.diagonal()).sum())
        first += size * size
    return float(max(gains) / sums.iterations)
