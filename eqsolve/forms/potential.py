"""Exact potentials of payoff tensors: one function whose differences are those of whoever moves alone."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Array, readonly

#: Four-cycle sums below this fraction of the payoff range count as rounding.
POTENTIAL_TOLERANCE = 1e-12


def exact_potential(payoffs: Array, scale: float) -> Array | None:
    """An exact potential [A_1, …, A_N] of the tensor `payoffs`, or None; its mean is that of the players' payoffs.

    (So a team game is its own.) Summed along the path that moves player after player from the first pure profile
    (Monderer and Shapley 1996, Theorem 2.8), then checked against every unilateral difference; `scale` is what
    rounding is measured by.
    """
    players = len(payoffs)
    potential = np.zeros(payoffs.shape[1:])
    for i in range(players):
        # player i moves while the players before them have moved and those after stand at their first action
        before = (slice(None),) * (i + 1)
        moved = payoffs[i][before + (0,) * (players - i - 1)]
        gain = moved - moved[..., :1]
        potential += gain.reshape(gain.shape + (1,) * (players - i - 1))
    for i in range(players):
        off = (payoffs[i] - payoffs[i].take([0], axis=i)) - (potential - potential.take([0], axis=i))
        if np.abs(off).max() > POTENTIAL_TOLERANCE * scale:
            return None
    potential += payoffs.mean() - potential.mean()
    return readonly(potential)
