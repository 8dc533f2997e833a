"""Profiles in rows of lanes (kernels/sequence.py), as sweeps over sequence forms keep them, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import unfilled


def lane_entries(game: SequenceForm) -> int:
    """How many numbers all rows of lanes are."""
    arrays = game.arrays
    return int(arrays.rows[-1]) * len(arrays.lanes)


def room(game: SequenceForm) -> tuple[Array, Array]:
    """Rows of lanes to work in, whatever they hold: of all players, twice, though one player's may do the second time.

    What is never written to takes no memory.
    """
    size = lane_entries(game)
    return unfilled(size), unfilled(size)


def in_lanes(game: SequenceForm, policy: Array) -> Array:
    """A packed policy in rows of lanes; lanes without a hand are played uniformly, and reached by nobody."""
    arrays, width = game.arrays, len(game.arrays.lanes)
    rows = np.zeros((int(arrays.rows[-1]), width))
    rows[arrays.rows[:-1]] = 1.0
    rows[_action_rows(game)] = np.repeat(1 / arrays.counts, arrays.counts)[:, None]
    flat = rows.reshape(-1)
    flat[arrays.lane] = policy
    return flat


def _action_rows(game: SequenceForm) -> NDArray[np.int64]:
    """The rows of all actions, group after group."""
    arrays = game.arrays
    within = np.arange(arrays.counts.sum()) - np.repeat(arrays.counts.cumsum() - arrays.counts, arrays.counts)
    return np.asarray(np.repeat(arrays.first, arrays.counts) + within)


def packed(game: SequenceForm, rows: Array) -> Array:
    """Entries of a packed profile, the empty sequences' 1; rows brought back to sum 1 from rounding."""
    flat = np.empty(int(game.offsets[-1]))
    for policy, lengths, sums in _policies(game, rows, flat):
        policy /= np.repeat(sums, lengths)
    return flat


def normalised(game: SequenceForm, plans: Array) -> Array:
    """The policy of a sum of plans; uniform where it never arrives."""
    flat = np.empty(int(game.offsets[-1]))
    for policy, lengths, sums in _policies(game, plans, flat):
        never = ~(sums > 0)
        if never.any():
            policy[np.repeat(never, lengths)] = 1.0
            sums[never] = lengths[never]
        policy /= np.repeat(sums, lengths)
    return flat


def _policies(game: SequenceForm, rows: Array, flat: Array) -> Iterator[tuple[Array, NDArray[np.integer[Any]], Array]]:
    """Each player's part of `flat`, modified in place: what `rows` hold; with the lengths and sums of its rows."""
    for i, treeplex in enumerate(game.treeplexes):
        here = slice(int(game.offsets[i]), int(game.offsets[i + 1]))
        flat[here] = rows[game.arrays.lane[here]]
        flat[here.start] = 1.0
        yield (
            flat[here],
            np.concatenate([np.ones(1, np.int32), treeplex.count]),
            np.add.reduceat(flat[here], game.starts(i)),
        )
