"""Cuts a large game's rows into blocks for threads (kernels/sweep_blocks.py says what these are)."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import readonly
from eqsolve.kernels.sequence import SequenceArrays
from eqsolve.kernels.sweep_blocks import Blocks, cut

#: About how many blocks a player's rows are cut into, whatever the number of threads.
BLOCKS = 64


def blocks_of(arrays: SequenceArrays) -> Blocks:
    """Cut every player's groups into blocks of at most 1 / BLOCKS of their rows and leaves."""
    above, starts, tops, ranges, spare = arrays.above.copy(), arrays.leaves.starts, [], [], []
    for i in range(len(arrays.rows) - 1):
        begin, end = arrays.rows[i], arrays.rows[i + 1]
        work = int(end - begin + starts[end] - starts[begin])
        top, found, roots = cut(arrays, i, max(1, work // BLOCKS), above)
        tops.append(readonly(top))
        ranges.append(readonly(found))
        spare.append(roots)
    return Blocks(readonly(above), readonly(np.array(spare)), tuple(tops), tuple(ranges))
