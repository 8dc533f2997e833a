"""The sweep of a regret minimiser on a large game, its blocks spread over threads (kernels/sweep_blocks.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import uninitialised
from eqsolve.forms.extensive.packing import scratch_rows
from eqsolve.kernels.regret_sweep import Sums
from eqsolve.kernels.sequence import plans
from eqsolve.kernels.sweep_blocks import answer_blocks, answer_top, update_blocks, update_top
from eqsolve.kernels.threads import at_once, available

#: Numbers in rows, and lanes of leaves, from which threads are worth their calls: some milliseconds an iteration.
LARGE = 2**21


def in_threads(game: SequenceForm) -> bool:
    """Tell whether sweeps are to be spread over threads: in a large game whose lanes have the row above in common."""
    if available() == 1:
        return False
    arrays = game.arrays
    large = (int(arrays.rows[-1]) + len(arrays.leaves.others)) * len(arrays.lanes) >= LARGE
    return large and arrays.above.ndim == 1


def threaded_sweep(
    game: SequenceForm,
    minimiser: Any,
    policy: Array,
    average: Array,
    weights: Array,
    sums: Sums | None,
    *,
    alternating: bool,
) -> None:
    """Do in threads what alternating_sweep or simultaneous_sweep of kernels/regret_sweep.py do, bit for bit.

    `policy`, `average` [R · W], arrays of the minimiser and `sums`, which alternating updates do not fill, are modified
    in place; `weights` [iterations]. The minimiser has no `prepare`.
    """
    arrays, blocks = game.arrays, game.blocks
    block_arrays = arrays._replace(above=blocks.above)
    width = len(arrays.lanes)
    x, _ = scratch_rows(game)
    sizes = np.diff(arrays.rows)
    values = uninitialised(int((sizes + blocks.spare).max()) * width)
    deviation = None if sums is None else sums.deviation
    plans(arrays, policy, x)

    def answer(i: int, k: int) -> None:
        values[sizes[i] * width : (sizes[i] + blocks.spare[i]) * width] = 0.0  # another player's rows may reach there
        rest = (i, k, x, values, minimiser, policy, deviation)
        at_once(lambda part, parts: answer_blocks(block_arrays, blocks.ranges[i][part::parts].copy(), *rest))
        answer_top(arrays, blocks.above, blocks.tops[i], *rest)

    def update(i: int, k: int) -> None:
        rest = (x, policy, average, weights[k])
        update_top(arrays, blocks.above, blocks.tops[i], *rest)
        at_once(lambda part, parts: update_blocks(arrays, blocks.ranges[i], part, parts, *rest))

    players = range(len(game.players))
    for k in range(len(weights)):
        for i in players:
            answer(i, k)
            if alternating:
                update(i, k)
            if sums is not None:
                for lane in range(width):
                    sums.realised[i] += values[lane]
        if not alternating:
            for i in players:
                update(i, k)
