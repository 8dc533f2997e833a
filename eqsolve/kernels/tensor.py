"""Expected payoffs per own action in a game given by a payoff tensor, the others mixing independently.

Player i's tensor is contracted with one opponent's probabilities after the other, the last axes first; the first
contraction reads every entry once and costs as much as all the later ones together.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit


class TensorArrays(NamedTuple):
    """`payoffs` float64 [N·ΠA] player by player, last player's action fastest; `sizes` int64 [N];
    `offsets` int64 [N + 1]: where each player's policy begins in a packed profile; `scratch`: floats of work space.
    """

    payoffs: NDArray[np.float64]
    sizes: NDArray[np.int64]
    offsets: NDArray[np.int64]
    scratch: int


# Reassociation lets the sum use vector lanes; the order of additions is then fixed at compile time.
@numba.njit(fastmath={"reassoc", "contract"}, error_model="numpy")
def dot(a, b):
    """Σ a·b."""
    total = 0.0
    for k in range(a.size):
        total += a[k] * b[k]
    return total


@jit
def contract(source, target, before, size, after, weights):
    """target[p, q] = Σ_k weights[k] source[p, k, q] for flat arrays of p < before, k < size, q < after.

    `target` is modified in place.
    """
    if after == 1:
        for p in range(before):
            target[p] = dot(source[p * size : (p + 1) * size], weights)
        return
    for p in range(before):
        row = target[p * after : (p + 1) * after]
        row[:] = 0.0
        for k in range(size):
            w = weights[k]
            if w != 0.0:
                base = (p * size + k) * after
                for q in range(after):
                    row[q] += w * source[base + q]


@jit
def deviation_payoffs(payoffs, sizes, policies, starts, i, work, out):
    """out[k] = expected payoff of i's action k. `policies` is flat, player j's row begins at starts[j].

    `payoffs` is i's flat tensor; `work` needs twice its length over its shortest axis. `out`, `work` are modified
    in place.
    """
    players = sizes.size
    length = payoffs.size
    half = work.size // 2
    source = payoffs
    into = 0
    for j in range(players - 1, i, -1):
        length //= sizes[j]
        target = work[into * half : into * half + length]
        contract(source, target, length, sizes[j], 1, policies[starts[j] : starts[j] + sizes[j]])
        source = target
        into = 1 - into
    for j in range(i):
        length //= sizes[j]
        target = work[into * half : into * half + length]
        contract(source, target, 1, sizes[j], length, policies[starts[j] : starts[j] + sizes[j]])
        source = target
        into = 1 - into
    for k in range(sizes[i]):
        out[k] = source[k]


@jit
def tensor_backup(game, x, q, work):
    """q[offsets[i] + k] = expected payoff of i's action k against the others in x. q, work modified in place."""
    entries = game.payoffs.size // game.sizes.size
    for i in range(game.sizes.size):
        payoffs = game.payoffs[i * entries : (i + 1) * entries]
        deviation_payoffs(payoffs, game.sizes, x, game.offsets, i, work, q[game.offsets[i] : game.offsets[i + 1]])
