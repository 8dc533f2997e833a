"""Profiles in rows of lanes (kernels/sequence.py), as sweeps over sequence forms keep them, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.lanes import aligned
from eqsolve.forms.sequence import SequenceForm


def lane_entries(game: SequenceForm) -> int:
    """How many numbers all rows of lanes are."""
    arrays = game.arrays
    return int(arrays.rows[-1]) * len(arrays.lanes)


def room(game: SequenceForm) -> tuple[Array, Array]:
    """Rows of lanes to work in: of all players, and as many as one has at most."""
    arrays, width = game.arrays, len(game.arrays.lanes)
    return aligned(np.zeros(lane_entries(game))), aligned(np.zeros(int(np.diff(arrays.rows).max()) * width))


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
    flat = rows[game.arrays.lane]
    flat[game.offsets[:-1]] = 1.0
    return np.asarray(flat / _sums(game, flat))


def normalised(game: SequenceForm, plans: Array) -> Array:
    """The policy of a sum of plans; uniform where it never arrives."""
    flat = plans[game.arrays.lane]
    flat[game.offsets[:-1]] = 1.0
    sums = _sums(game, flat)
    reached = sums > 0
    even = np.repeat(1 / np.diff(game.row_offsets), np.diff(game.row_offsets))
    return np.asarray(np.where(reached, flat / np.where(reached, sums, 1.0), even))


def _sums(game: SequenceForm, flat: Array) -> Array:
    """Of each entry's row."""
    rows = game.row_offsets
    return np.repeat(np.add.reduceat(flat, rows[:-1]), np.diff(rows))
