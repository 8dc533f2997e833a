"""`action_values` and `visitation`: one name for every form's kernel, so that a solver's sweep is one text.

numba picks the form's own kernel by the type of `game` when it compiles a sweep. q[e] is the value of taking the
action of entry e of the packed profile x and following x otherwise; v[r] is the value of row r (a player, or a player
and a state). In a normal form these are expected payoffs. d[r] is the discounted expected number of visits of row r
from the initial distribution, Σ_t γ^t P(s_t = s), unnormalised; a normal form visits each of its rows once. The
derivative of a player's value by entry e of row r is d[r] q[e]. `EpisodeArrays` wraps a game: the same from samples.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from eqsolve.kernels.congestion import CongestionArrays, congestion_backup
from eqsolve.kernels.crowding import CrowdingArrays, crowding_action_values, crowding_visitation
from eqsolve.kernels.episodes import EpisodeArrays, estimated_action_values, estimated_visitation
from eqsolve.kernels.jit import jit
from eqsolve.kernels.markov import DenseMarkovArrays, dense_action_values, dense_visitation
from eqsolve.kernels.routing import (
    LocalRoutingArrays,
    RoutingArrays,
    local_action_values,
    local_visitation,
    routing_action_values,
    routing_visitation,
)
from eqsolve.kernels.sparse import (
    HorizonArrays,
    SparseMarkovArrays,
    horizon_action_values,
    horizon_visitation,
    sparse_action_values,
    sparse_visitation,
)
from eqsolve.kernels.tensor import TensorArrays, tensor_backup

Array: TypeAlias = NDArray[np.float64]


def action_values(game: Any, x: Array, q: Array, v: Array, work: Array) -> None:
    """Fill q and v for the packed profile x; `work` holds at least game.scratch floats. Jitted code only."""


def visitation(game: Any, x: Array, d: Array, work: Array) -> None:
    """Fill d for the packed profile x; `work` holds at least game.scratch floats. Jitted code only."""


@jit
def row_values(offsets, x, q, v):
    """Write to v [N] the sums Σ x q over each player's entries.

    x, q [n], player i's from offsets[i] on, offsets [N + 1].
    """
    for i in range(offsets.size - 1):
        total = 0.0
        for e in range(offsets[i], offsets[i + 1]):
            total += x[e] * q[e]
        v[i] = total


@overload(action_values)
def _choose(game, x, q, v, work):
    """Return the code of `action_values` for the type of the game's arrays, None for others; x, q [n], v [N]."""
    arrays = getattr(game, "instance_class", None)
    if arrays is TensorArrays:

        def chosen(game, x, q, v, work):
            tensor_backup(game, x, q, work)
            row_values(game.offsets, x, q, v)

    elif arrays is CongestionArrays:

        def chosen(game, x, q, v, work):
            congestion_backup(game, x, q)
            row_values(game.offsets, x, q, v)

    elif arrays is CrowdingArrays:

        def chosen(game, x, q, v, work):
            crowding_action_values(game, x, q, v)

    elif arrays is DenseMarkovArrays:

        def chosen(game, x, q, v, work):
            dense_action_values(game, x, q, v, work)

    elif arrays is SparseMarkovArrays:

        def chosen(game, x, q, v, work):
            sparse_action_values(game, x, q, v, work)

    elif arrays is HorizonArrays:

        def chosen(game, x, q, v, work):
            horizon_action_values(game, x, q, v, work)

    elif arrays is RoutingArrays:

        def chosen(game, x, q, v, work):
            routing_action_values(game, x, q, v)

    elif arrays is LocalRoutingArrays:

        def chosen(game, x, q, v, work):
            local_action_values(game, x, q, v)

    elif arrays is EpisodeArrays:

        def chosen(game, x, q, v, work):
            estimated_action_values(game, x, q, v)

    else:
        return None
    return chosen


@overload(visitation)
def _choose_visitation(game, x, d, work):
    """Return the code of `visitation` for the type of the game's arrays, None for others; x [n], d [rows]."""
    arrays = getattr(game, "instance_class", None)
    if arrays is TensorArrays or arrays is CongestionArrays:

        def chosen(game, x, d, work):
            d[:] = 1.0

    elif arrays is CrowdingArrays:

        def chosen(game, x, d, work):
            crowding_visitation(game, x, d)

    elif arrays is DenseMarkovArrays:

        def chosen(game, x, d, work):
            dense_visitation(game, x, d)

    elif arrays is SparseMarkovArrays:

        def chosen(game, x, d, work):
            sparse_visitation(game, x, d)

    elif arrays is HorizonArrays:

        def chosen(game, x, d, work):
            horizon_visitation(game, x, d)

    elif arrays is RoutingArrays:

        def chosen(game, x, d, work):
            routing_visitation(game, x, d)

    elif arrays is LocalRoutingArrays:

        def chosen(game, x, d, work):
            local_visitation(game, x, d)

    elif arrays is EpisodeArrays:

        def chosen(game, x, d, work):
            estimated_visitation(game, x, d)

    else:
        return None
    return chosen
