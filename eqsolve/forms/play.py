"""What a run's play leaves behind for the judge of coarse correlated equilibria."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class PlaySums(NamedTuple):
    """Sums over the profiles played in iterations 1 … T.

    `deviation` float64, packed like a profile: expected payoff of each own action against the others' play; in a
    sequence form what the game's ends right after each own sequence pay, if the player himself does all for it;
    `realised` float64 [N]: expected payoff of the play itself; `iterations` = T.
    """

    deviation: NDArray[np.float64]
    realised: NDArray[np.float64]
    iterations: int
