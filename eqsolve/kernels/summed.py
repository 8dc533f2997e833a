"""Alternating sweeps that also sum their play: the profiles that iterations begin with.

A file of its own, so that it is compiled only where it is asked for and the plain sweep carries nothing of it.
"""

from __future__ import annotations

from eqsolve.kernels.jit import jit
from eqsolve.kernels.regret_sweep import alternating_sweep, simultaneous_sweep


@jit
def summed_sweep(
    game, x, worth, policy, regrets, average, kept, lost, predicted, weights, deviation, realised
):  # fmt: skip
    """As `alternating_sweep`; `deviation` and `realised`, of the play, as in `simultaneous_sweep`.

    One simultaneous iteration sums the profile that it begins with; where it leads to is thrown away.
    """
    for t in range(weights.size):
        a, b, p, w = kept[t : t + 1], lost[t : t + 1], predicted[t : t + 1], weights[t : t + 1]
        held = policy.copy(), regrets.copy(), average.copy()
        simultaneous_sweep(game, x, worth, *held, a, b, p, w, deviation, realised)
        alternating_sweep(game, x, worth, policy, regrets, average, a, b, p, w)
