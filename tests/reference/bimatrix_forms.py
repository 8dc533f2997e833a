"""Two-player games as forms, and small ones drawn so that degenerate ones are common."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from reference.draws import Whole
from reference.forms import numbered


def bimatrix(payoffs: Any) -> TensorGame:
    """The game of the two players' payoffs, each [row][column]."""
    table = np.array(payoffs, dtype=np.float64)
    return TensorGame(("Row", "Column"), (numbered(table.shape[1]), numbered(table.shape[2])), table)


def drawn(whole: Whole, most: int = 6) -> TensorGame:
    """Payoffs 0 … reach, often two values only, now and then all alike; some rows and columns twice."""
    rows, columns, reach = whole(1, most), whole(1, most), (0, 1, 2, 2, 9, 999)[whole(0, 5)]
    table = np.array([[[whole(0, reach) for _ in range(columns)] for _ in range(rows)] for _ in range(2)])
    if whole(0, 2) == 0:
        table[:, whole(0, rows - 1)] = table[:, whole(0, rows - 1)]
        table[:, :, whole(0, columns - 1)] = table[:, :, whole(0, columns - 1)]
    return bimatrix(table * 10.0 ** (0, 0, 30, -30)[whole(0, 3)])


def relative_gap(form: TensorGame, profile: Profile) -> float:
    """The Nash gap as the judge measures it, as a fraction of the payoff range; 0 where payoffs are all alike."""
    gap = deviations(form, profile).nash_gap
    return gap / form.payoff_range if form.payoff_range > 0 else gap
