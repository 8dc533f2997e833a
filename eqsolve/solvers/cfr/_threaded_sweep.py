"""The sweep of the regret matchers on a large game, its blocks spread over threads (kernels/sweep_blocks.py)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import unfilled
from eqsolve.forms.extensive.packing import room
from eqsolve.kernels.sequence import plans
from eqsolve.kernels.sweep_blocks import answer_blocks, answer_top, proceed_blocks, proceed_top
from eqsolve.kernels.threads import at_once, available

#: Numbers in rows, and lanes of leaves, from which threads are worth their calls: some milliseconds an iteration.
LARGE = 2**21


def in_threads(game: SequenceForm) -> bool:
    """Whether sweeps are to be spread over threads: in a large game whose lanes have the row above in common."""
    if available() == 1:
        return False
    arrays = game.arrays
    large = (int(arrays.rows[-1]) + len(arrays.leaves.others)) * len(arrays.lanes) >= LARGE
    return large and arrays.above.ndim == 1


def sweep(
    game: SequenceForm,
    policy: Array,
    regrets: Array,
    average: Array,
    kept: Array,
    lost: Array,
    predicted: Array,
    weights: Array,
    sums: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> None:
    """alternating_sweep of kernels/regret_sweep.py or, with `sums` = (deviation, realised), simultaneous_sweep."""
    arrays, blocks = game.arrays, game.blocks
    width = len(arrays.lanes)
    x, _ = room(game)
    sizes = np.diff(arrays.rows)
    worth = unfilled(int((sizes + blocks.spare).max()) * width)
    deviation = None if sums is None else sums[0]
    plans(arrays, policy, x)

    def answer(i: int, t: int) -> None:
        worth[sizes[i] * width : (sizes[i] + blocks.spare[i]) * width] = 0.0  # another player's rows may reach there
        rest = (i, x, worth, policy, regrets, deviation, kept[t], lost[t], predicted[t])
        at_once(lambda part, parts: answer_blocks(arrays, blocks.above, blocks.ranges[i], part, parts, *rest))
        answer_top(arrays, blocks.above, blocks.tops[i], *rest)

    def proceed(i: int, t: int) -> None:
        rest = (x, policy, average, weights[t])
        proceed_top(arrays, blocks.above, blocks.tops[i], *rest)
        at_once(lambda part, parts: proceed_blocks(arrays, blocks.ranges[i], part, parts, *rest))

    players = range(len(game.players))
    for t in range(len(weights)):
        for i in players:
            answer(i, t)
            if sums is None:
                proceed(i, t)
            else:
                for lane in range(width):
                    sums[1][i] += worth[lane]
        if sums is not None:
            for i in players:
                proceed(i, t)
