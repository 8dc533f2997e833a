"""What a run's play leaves behind for the judge of correlated and coarse correlated equilibria."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, readonly

#: Sums of swaps that still fit, 1 GiB.
MAX_SWAPS = 2**27
NONE = readonly(np.zeros(0))


class PlaySums(NamedTuple):
    """Sums over the profiles played in iterations 1 … T.

    `deviation` float64, packed like a profile: expected payoff of each own action against the others' play; in a
    sequence form what the game's ends right after each own sequence pay, if the player does all for it;
    `realised` float64 [N]: expected payoff of the play itself; `iterations` = T. `swaps` float64, player after player
    [A_i, A_i], in normal forms and where it was asked for, else empty: the probability of action a times the expected
    payoff of b.
    """

    deviation: NDArray[np.float64]
    realised: NDArray[np.float64]
    iterations: int
    swaps: NDArray[np.float64] = NONE

    def continued(self, steps: int) -> PlaySums:
        """Return copies of these sums, to which `steps` iterations are to be added."""
        return PlaySums(self.deviation.copy(), self.realised.copy(), self.iterations + steps, self.swaps.copy())


def nothing_played(form: Form, swaps: bool = False) -> PlaySums:
    """Sums before the first iteration; UsageError where those of swaps do not fit."""
    count = sum(size * size for size in np.diff(form.offsets).tolist()) if swaps else 0
    if count > MAX_SWAPS:
        raise UsageError(f"swaps: {count} sums are too many, {MAX_SWAPS} are the most")
    return PlaySums(np.zeros(int(form.offsets[-1])), np.zeros(len(form.players)), 0, np.zeros(count))
