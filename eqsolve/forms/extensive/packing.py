"""Profiles in rows of lanes (kernels/sequence.py), as sweeps over sequence forms keep them, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import uninitialised


def lane_entries(game: SequenceForm) -> int:
    """Return R · W, how many numbers all rows of lanes are."""
    arrays = game.arrays
    return int(arrays.rows[-1]) * len(arrays.lanes)


def scratch_rows(game: SequenceForm) -> tuple[Array, Array]:
    """Return two uninitialised work arrays [R · W]: `plans`, one row per sequence of every player, and `values`, of
    which a sweep uses as many rows as the player whom it updates has. What is never written to takes no memory.
    """
    size = lane_entries(game)
    return uninitialised(size), uninitialised(size)


def in_lanes(game: SequenceForm, policy: Array) -> Array:
    """Return a packed profile [ΣQ] as rows of lanes [R · W].

    Lanes without an information set hold uniform policies, which nobody reaches.
    """
    arrays, width = game.arrays, len(game.arrays.lanes)
    rows = np.zeros((int(arrays.rows[-1]), width))
    rows[arrays.rows[:-1]] = 1.0
    rows[_action_rows(game)] = np.repeat(1 / arrays.counts, arrays.counts)[:, None]
    flat = rows.reshape(-1)
    flat[arrays.lane] = policy
    return flat


def _action_rows(game: SequenceForm) -> NDArray[np.int64]:
    """Return the rows of all actions, group after group."""
    arrays = game.arrays
    within = np.arange(arrays.counts.sum()) - np.repeat(arrays.counts.cumsum() - arrays.counts, arrays.counts)
    return np.asarray(np.repeat(arrays.first, arrays.counts) + within)


def packed(game: SequenceForm, rows: Array) -> Array:
    """Return rows of lanes [R · W] as a packed profile [ΣQ], each policy divided by its sum: 1, but for rounding."""
    flat = np.empty(int(game.offsets[-1]))
    for policy, lengths, sums in _policies(game, rows, flat):
        policy /= np.repeat(sums, lengths)
    return flat


def normalised(game: SequenceForm, plans: Array) -> Array:
    """Return the packed profile [ΣQ] of a sum of plans [R · W]; uniform where no plan leads to."""
    flat = np.empty(int(game.offsets[-1]))
    for policy, lengths, sums in _policies(game, plans, flat):
        never = ~(sums > 0)
        if never.any():
            policy[np.repeat(never, lengths)] = 1.0
            sums[never] = lengths[never]
        policy /= np.repeat(sums, lengths)
    return flat


def _policies(game: SequenceForm, rows: Array, flat: Array) -> Iterator[tuple[Array, NDArray[np.integer[Any]], Array]]:
    """Copy `rows` [R · W] to `flat` [ΣQ], modified in place; yield each player's part with the lengths and sums of its
    policies, one per information set, the empty sequence's first.
    """
    for i, treeplex in enumerate(game.treeplexes):
        here = slice(int(game.offsets[i]), int(game.offsets[i + 1]))
        flat[here] = rows[game.arrays.lane[here]]
        flat[here.start] = 1.0
        yield (
            flat[here],
            np.concatenate([np.ones(1, np.int32), treeplex.count]),
            np.add.reduceat(flat[here], game.starts(i)),
        )
