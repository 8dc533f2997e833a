"""Games in sequence form as kernels take them: rows of lanes, and what a player's sequences pay.

A *row* is W float64 side by side, one a lane. In a card game row k of a player is a public sequence of his (a place
of the public tree and an action there), a lane one of his hands, so that a whole decision is a few vector operations;
lanes without a hand stay 0. In any other game W = 1 and a row is a sequence. Row 0 of each player is the
empty sequence. A *group* is an information set, or those of all hands at one place: its actions are rows in a row.

    row 0          1 1 1 .    the empty sequence; lanes are J, Q, K, none
    row 1  pass    ½ ½ ½ .    group 0: the first move, parent row 0
    row 2  bet     ½ ½ ½ .
    row 3  pass    ½ ½ ½ .    group 1: when a pass was answered by a bet, parent row 1
    row 4  bet     ½ ½ ½ .

A *leaf* is a place where the public game ends: everyone's row, a number that scales, and a tensor over the others'
hands and the own lanes: probability of the deal × payoff up to that scale. Few tensors are distinct, so they stay in
the nearest cache, and a leaf is as many multiply-adds as the others have joint hands.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import entry, fma, load, splat, spread, store

#: Part of its callers: arrays in arguments of a real call cost more than the few operations between.
inlined = numba.njit(forceinline=True, error_model="numpy")


class SequenceArrays(NamedTuple):
    """`lanes`: a tuple of length W. `seats`: one tuple per player where N is 2 or 3, else one in all; each as long as
    all have hands, or empty where their numbers differ. Code is compiled for the lengths of both.
    `rows`, `groups` int64 [N + 1]: where each player's begin, counted through.

    Per group int64 [G]: `parent` row, `first` row, `counts` of actions; parents come first. The leaves of row r are
    starts[r] … starts[r + 1] − 1, int64 [R + 1]: rows of the others int32 [E, N − 1] in order, `scale` float64 [E] and
    `tensor` int64 [E], the first row in `tensors`, flat float64, of one row per joint hand of the others,
    the last of them fastest. `hands` int64 [N]. `lane` int32 [ΣQ]: where the entries of a packed profile lie.
    """

    lanes: tuple[int, ...]
    seats: tuple[tuple[int, ...], ...]
    rows: NDArray[np.int64]
    groups: NDArray[np.int64]
    parent: NDArray[np.int64]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    scale: NDArray[np.float64]
    tensor: NDArray[np.int64]
    tensors: NDArray[np.float64]
    hands: NDArray[np.int64]
    lane: NDArray[np.int32]


@jit
def plans(game, policy, x):
    """Realisation plans x of a policy, both in rows of lanes: products along each player's own sequences.

    `x` is modified in place.
    """
    lanes = game.lanes
    for i in range(game.rows.size - 1):
        store(x, game.rows[i], splat(1.0, lanes))
    for group in range(game.parent.size):
        above = load(x, game.parent[group], lanes)
        first = game.first[group]
        for row in range(first, first + game.counts[group]):
            store(x, row, above * load(policy, row, lanes))


@inlined
def pair_payoffs(begin, end, hands, others, scale, tensor, tensors, x, lanes):
    """Of two players: Σ over leaves `begin` … `end` − 1 of scale · Σ_h x_other(h) tensor(h, ·), lane by lane."""
    width = len(lanes)
    total = splat(0.0, lanes)
    for e in range(begin, end):
        at, t = entry(others, e) * width, entry(tensor, e)
        if width == 1:
            total = fma(spread(scale, e, lanes), spread(x, at, lanes), total)
        else:
            paid = splat(0.0, lanes)
            for h in range(hands):
                paid = fma(spread(x, at + h, lanes), load(tensors, t + h, lanes), paid)
            total = fma(spread(scale, e, lanes), paid, total)
    return total


@inlined
def triple_payoffs(begin, end, hands, more, others, scale, tensor, tensors, x, lanes):
    """The same of three players: the first of the others has `hands`, the second `more`."""
    width = len(lanes)
    total = splat(0.0, lanes)
    for e in range(begin, end):
        at, to, t = entry(others, 2 * e) * width, entry(others, 2 * e + 1) * width, entry(tensor, e)
        if width == 1:
            total = fma(splat(scale[e] * x[at], lanes), spread(x, to, lanes), total)
        else:
            paid = splat(0.0, lanes)
            for h in range(hands):
                part = splat(0.0, lanes)
                for k in range(more):
                    part = fma(spread(x, to + k, lanes), load(tensors, t, lanes), part)
                    t += 1
                paid = fma(spread(x, at + h, lanes), part, paid)
            total = fma(spread(scale, e, lanes), paid, total)
    return total


@inlined
def joint_payoffs(begin, end, i, hands, others, scale, tensor, tensors, x, lanes):
    """The same of one player, or of any number. Nothing is allocated: it would cost the others' callers five times."""
    width = len(lanes)
    total = splat(0.0, lanes)
    joint = 1
    for j in range(hands.size):
        if j != i:
            joint *= hands[j]
    for e in range(begin, end):
        for deal in range(joint):
            weight, rest = scale[e], deal
            for j in range(others.shape[1] - 1, -1, -1):
                size = hands[j if j < i else j + 1]
                weight *= x[others[e, j] * width + rest % size]
                rest //= size
            total = fma(splat(weight, lanes), load(tensors, tensor[e] + deal, lanes), total)
    return total


@inlined
def paid_after(row, i, seats, starts, others, scale, tensor, tensors, hands, lanes, x):
    """What the game's ends right after `row` of player i pay, by the others' plans.

    Arrays come one by one, taken out of their tuple outside the loop over rows: inside, each would be counted up and
    down at every row.
    """
    begin, end, alike = entry(starts, row), entry(starts, row + 1), len(seats[0])
    if len(seats) == 2:
        other = alike if alike > 0 else hands[1 - i]  # of a known length, the loop over hands is unrolled
        paid = pair_payoffs(begin, end, other, others, scale, tensor, tensors, x, lanes)
    elif len(seats) == 3:
        one = alike if alike > 0 else hands[1 if i == 0 else 0]
        other = alike if alike > 0 else hands[1 if i == 2 else 2]
        paid = triple_payoffs(begin, end, one, other, others, scale, tensor, tensors, x, lanes)
    else:
        paid = joint_payoffs(begin, end, i, hands, others, scale, tensor, tensors, x, lanes)
    return paid


@inlined
def pay(begin, end, base, i, seats, leaves, hands, lanes, x, worth):
    """What ends right after each of the rows `begin` … `end` − 1 of player i pays becomes its row of `worth`, where
    rows count from his first, `base`.
    """
    starts, others, scale, tensor, tensors = leaves
    for row in range(begin, end):
        paid = paid_after(row, i, seats, starts, others, scale, tensor, tensors, hands, lanes, x)
        store(worth, row - base, paid)
