"""Averages of blocks of iterations: sums of plans of a member's last few blocks and of all, and its best average.

Iteration t of a member counts t times in whatever sum it enters, so that sums of blocks are added as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import uninitialised
from eqsolve.forms.extensive.packing import lane_entries, scratch_rows
from eqsolve.kernels.reply_gains import behaviour_of_plans, reply_gains

#: Averages that are compared when a block ends: of so many blocks, the last ones; 0 stands for all.
MERGED = (1, 2, 4, 0)
#: Sums of single blocks that are kept for that.
KEPT_BLOCKS = 4


class Averages(NamedTuple):
    """Of M members, in rows of lanes: `blocks` [M, KEPT_BLOCKS, R · W], sums of plans, that of the block in progress
    first; `total` [M, R · W], the sum of all blocks that ended; `best` [M, R · W], the policy of the least `gap` [M] so
    far, and `merged` int64 [M], of how many blocks it is the average, 0 for all; `latest` [M], the least gap when the
    last block ended; `before` [M], `gap` when the turn in progress began; `left` [M], what share of its gap the last
    turn left, 1 before the second.
    """

    blocks: NDArray[np.float64]
    total: NDArray[np.float64]
    best: NDArray[np.float64]
    gap: NDArray[np.float64]
    merged: NDArray[np.int64]
    latest: NDArray[np.float64]
    before: NDArray[np.float64]
    left: NDArray[np.float64]


def no_averages(policies: Array) -> Averages:
    """Return the averages before the first iteration, of members that begin at `policies` [M, R · W]."""
    count, size = policies.shape
    return Averages(
        np.zeros((count, KEPT_BLOCKS, size)),
        np.zeros((count, size)),
        policies.copy(),
        np.full(count, np.inf),
        np.zeros(count, np.int64),
        np.full(count, np.inf),
        np.full(count, np.inf),
        np.ones(count),
    )


def largest_gain(game: SequenceForm, policy: Array) -> float:
    """Return the most that a player gains by a best reply to `policy` [R · W]."""
    gains = np.empty(len(game.players))
    reply_gains(game.arrays, *scratch_rows(game), uninitialised(policy.size), policy, gains)
    return float(gains.max())


def end_block(game: SequenceForm, averages: Averages, m: int, ended: int) -> float:
    """Compare the averages of member m, `ended` of whose blocks have ended, and begin a block; modified in place.

    Return what share of the least gap when the block before ended is left.
    """
    blocks, total, before = averages.blocks[m], averages.total[m], float(averages.latest[m])
    total += blocks[0]
    policy, latest = uninitialised(lane_entries(game)), np.inf
    for count in MERGED:
        if count > ended:
            continue
        behaviour_of_plans(game.arrays, blocks[:count].sum(axis=0) if count else total, policy)
        gap = largest_gain(game, policy)
        latest = min(latest, gap)
        if gap < averages.gap[m]:
            averages.best[m], averages.gap[m], averages.merged[m] = policy, gap, count
    averages.latest[m] = latest
    blocks[1:] = blocks[:-1].copy()
    blocks[0] = 0.0
    return latest / before if 0 < before < np.inf else 0.0


def end_turn(averages: Averages, m: int) -> None:
    """Note what share of its gap member m's turn left; modified in place."""
    gap, before = float(averages.gap[m]), float(averages.before[m])
    averages.left[m] = gap / before if 0 < before < np.inf else 1.0
    averages.before[m] = gap
