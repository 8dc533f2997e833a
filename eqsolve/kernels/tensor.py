"""Expected payoffs per own action in a game given by a payoff tensor, the others mixing independently.

Player i's tensor is contracted with one opponent's probabilities after the other, the last axes first; the first
contraction reads every entry once and costs as much as all the later ones together.
"""

from __future__ import annotations

from typing import NamedTuple

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
@jit(fastmath={"reassoc", "contract"})
def dot(a, b):
    """Return Σ a · b over a, b [n]."""
    total = 0.0
    for k in range(a.size):
        total += a[k] * b[k]
    return total


@jit
def contract(source, target, before, size, after, weights):
    """Compute target[p, q] = Σ_k weights[k] source[p, k, q] for flat arrays of p < before, k < size, q < after.

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
    """Write to out [A_i] the expected payoff of each action of player i.

    `policies` is flat, player j's row begins at starts[j], [N], and has sizes[j], [N], entries. `payoffs` [ΠA] is i's
    flat tensor; `work` needs twice its length over its shortest axis, and is modified in place.
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
    """Compute q[offsets[i] + k] = expected payoff of i's action k against the others in x.

    q, work modified in place.
    """
    entries = game.payoffs.size // game.sizes.size
    for i in range(game.sizes.size):
        payoffs = game.payoffs[i * entries : (i + 1) * entries]
        deviation_payoffs(payoffs, game.sizes, x, game.offsets, i, work, q[game.offsets[i] : game.offsets[i + 1]])


@jit
def contract_within(work, source, target, before, size, after, weights, at):
    """Compute work[target + (p, q)] = Σ_k weights[at + k] work[source + (p, k, q)] for p < before, k < size, q < after.

    `work` is modified in place; target = source is allowed, target within the rest of the source is not.
    """
    for p in range(before):
        row = target + p * after
        base = source + p * size * after
        if after == 1:
            total = 0.0
            for k in range(size):
                total += weights[at + k] * work[base + k]
            work[row] = total
            continue
        w = weights[at]
        for q in range(after):
            work[row + q] = w * work[base + q]
        for k in range(1, size):
            w = weights[at + k]
            first = base + k * after
            for q in range(after):
                work[row + q] += w * work[first + q]


@jit
def tensor_derivatives(game, x, q, m, work):
    """Compute q as by `tensor_backup`, and m[e, f], the derivative of q[e] by x[f]; 0 for entries of one player.

    m [n, n] for n entries of a profile; `work` needs twice a player's tensor. q, m, work are modified in place.

    From player i's tensor the last opponents are contracted one by one; what is left before opponent j is, all those
    before j contracted too, what i's actions are worth against each of j's.
    """
    payoffs, sizes, offsets, _ = game
    players = sizes.size
    entries = payoffs.size // players
    m[:] = 0.0
    for i in range(players):
        for e in range(entries):
            work[e] = payoffs[i * entries + e]
        length = entries
        for j in range(players - 1, -1, -1):
            if j == i:
                continue
            source = 0
            left = length
            for k in range(j):
                if k != i:
                    before = sizes[i] if i < k else 1
                    contract_within(work, source, entries, before, sizes[k], left // (before * sizes[k]), x, offsets[k])
                    left //= sizes[k]
                    source = entries
            across, along = (sizes[j], 1) if i < j else (1, sizes[i])
            for a in range(sizes[i]):
                for b in range(sizes[j]):
                    m[offsets[i] + a, offsets[j] + b] = work[source + a * across + b * along]
            after = sizes[i] if i > j else 1
            contract_within(work, 0, 0, length // (sizes[j] * after), sizes[j], after, x, offsets[j])
            length //= sizes[j]
        for a in range(sizes[i]):
            q[offsets[i] + a] = work[a]
