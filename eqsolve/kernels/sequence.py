"""Games in sequence form as kernels take them: rows of lanes, and what a player's sequences pay.

A *row* is W float64 side by side, one a lane, so that a whole decision is a few vector operations. Row 0 of each
player is the empty sequence. A *group* is W information sets or fewer, of one player and with as many actions: its
actions are rows in a row, lane k of them those of its k-th set. To lanes without a set nothing is ever paid, and what
else they hold is never looked at.

In a card game row k of a player is a public sequence of theirs (a place of the public tree and an action there), a lane
one of their hands; what a lane follows stands in the same lane of the row above.

    row 0          1 1 1 .    the empty sequence; lanes are J, Q, K, none
    row 1  check   ½ ½ ½ .    group 0: the first move, above it row 0
    row 2  bet     ½ ½ ½ .
    row 3  fold    ½ ½ ½ .    group 1: when a check was answered by a bet, above it row 1
    row 4  call    ½ ½ ½ .

A *leaf* is a place where the public game ends: everyone's row, a number that scales, and a tensor over the others'
hands and the own lanes: probability of the deal × payoff up to that scale. Few tensors are distinct, so they stay in
the nearest cache, and a leaf is as many multiply-adds as the others have joint hands.

Any other game has up to eight information sets of one depth in a group, each lane with a place above of its own, and a
leaf is a row with one sequence of each other player: what that pays to every lane, one multiply-add. Where sets have
little in common W = 1: a row is a sequence, a leaf a leaf.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numba
import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import entry, fma, load, load_above, splat, spread, store

Array: TypeAlias = NDArray[np.float64]

#: Options that make a function part of its callers: a real call with arrays costs more than the few operations inside.
INLINED: Any = {"forceinline": True, "error_model": "numpy"}
inlined = numba.njit(**INLINED)


class PublicLeaves(NamedTuple):
    """The E ends of a public game that pay somebody, by the row of the player whom they pay.

    Those of row r are numbers starts[r] … starts[r + 1] − 1, `starts` int64 [R + 1]. Each has the rows of the `others`,
    in order, int32 [E, N − 1]; a factor `scale` float64 [E]; and `tensor` int64 [E], the number of its tensor's first
    row in `tensors` float64 [rows · W]: a row for each joint hand of the others, the last player's hand fastest.
    `hands` int64 [N]: how many hands each player has.

    `seats`: one tuple per player where N is 2 or 3, else one in all; each as long as all have hands, or empty where
    their numbers differ. Code is compiled for their lengths.
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    scale: NDArray[np.float64]
    tensor: NDArray[np.int64]
    tensors: NDArray[np.float64]
    hands: NDArray[np.int64]
    seats: tuple[tuple[int, ...], ...]


class SingleLeaves(NamedTuple):
    """The E leaves of a game without hands that pay somebody, by the row of the player whom they pay.

    Those of row r are numbers starts[r] … starts[r + 1] − 1, `starts` int64 [R + 1]. Each has the places of the
    sequences of the `others` among the entries of all rows, int32 [E, N − 1]; and `paid` int32 [E], the number of a row
    of `payments` float64 [rows · W]: chance · payoff, lane by lane.
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    paid: NDArray[np.int32]
    payments: NDArray[np.float64]


class SequenceArrays(NamedTuple):
    """A game in sequence form: N players, R rows of W lanes, G groups.

    `lanes`: a tuple of length W, for which code is compiled. `rows`, `groups` int64 [N + 1]: where each player's begin,
    counted through. `above` int32: the row above each row [R] or, where lanes go their own ways, the place above each
    entry [R, W], among the entries of all rows; parents come first. Per group int64 [G]: its `first` row and how many
    actions it has, `counts`. `lane` int32 [ΣQ]: the place of each entry of a packed profile among those of all rows.
    """

    lanes: tuple[int, ...]
    rows: NDArray[np.int64]
    groups: NDArray[np.int64]
    above: NDArray[np.int32]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    leaves: PublicLeaves | SingleLeaves
    lane: NDArray[np.int32]


@jit
def plans(game, policy, x):
    """Write into x the realisation plans of a policy: products along each player's own sequences.

    `policy` and `x`, modified in place: rows of lanes [R · W].
    """
    lanes, rows, above = game.lanes, game.rows, game.above
    for i in range(rows.size - 1):
        store(x, rows[i], splat(1.0, lanes))
        for row in range(rows[i] + 1, rows[i + 1]):
            store(x, row, load_above(x, above, row, lanes) * load(policy, row, lanes))


def pay(begin: int, end: int, base: int, i: int, leaves: Any, lanes: Any, x: Array, values: Array) -> None:
    """Write into `values` what ends right after each of the rows `begin` … `end` − 1 of player i pays them.

    `x` [R · W]: everyone's plans, of which the others' count; `values` [≥ player's rows · W], modified in place, begins
    with row `base`. The type of `leaves` picks the code. Jitted code only.
    """


@overload(pay, jit_options=INLINED)
def _pay(begin, end, base, i, leaves, lanes, x, values):
    """Return the code of `pay` for the type of `leaves`; x [R · W], values [· W]."""
    if leaves.instance_class is SingleLeaves:
        return _pay_single
    return (_pay_two, _pay_three)[len(leaves[-1]) - 2] if len(leaves[-1]) > 1 else _pay_many


def _pay_single(begin, end, base, i, leaves, lanes, x, values):
    """Pay leaves of SingleLeaves: Σ over leaves of Π x_other · payment, lane by lane. x [R · W], values [· W]."""
    starts, others, paid, payments = leaves
    many = others.shape[1]
    for row in range(begin, end):
        total = splat(0.0, lanes)
        if many == 1:
            for e in range(entry(starts, row), entry(starts, row + 1)):
                total = fma(spread(x, entry(others, e), lanes), load(payments, entry(paid, e), lanes), total)
        else:
            for e in range(entry(starts, row), entry(starts, row + 1)):
                reach = 1.0
                for j in range(e * many, (e + 1) * many):
                    reach *= x[entry(others, j)]
                total = fma(splat(reach, lanes), load(payments, entry(paid, e), lanes), total)
        store(values, row - base, total)


def _pay_two(begin, end, base, i, leaves, lanes, x, values):
    """Pay ends of a public game of two players: Σ over ends of scale · Σ_h x_other(h) tensor(h, ·), lane by lane.

    x [R · W], values [· W].
    """
    starts, others, scale, tensor, tensors, hands, seats = leaves
    width, alike = len(lanes), len(seats[0])
    many = alike if alike > 0 else hands[1 - i]  # of a known length, the loop over hands is unrolled
    for row in range(begin, end):
        total = splat(0.0, lanes)
        for e in range(entry(starts, row), entry(starts, row + 1)):
            at, t, paid = entry(others, e) * width, entry(tensor, e), splat(0.0, lanes)
            for h in range(many):
                paid = fma(spread(x, at + h, lanes), load(tensors, t + h, lanes), paid)
            total = fma(spread(scale, e, lanes), paid, total)
        store(values, row - base, total)


def _pay_three(begin, end, base, i, leaves, lanes, x, values):
    """Pay ends of a public game of three players: Σ over ends of scale · Σ_hk x(h) x'(k) tensor(h, k, ·), lane by lane.

    x [R · W], values [· W]; h and k are hands of the two others.
    """
    starts, others, scale, tensor, tensors, hands, seats = leaves
    width, alike = len(lanes), len(seats[0])
    many = alike if alike > 0 else hands[1 if i == 0 else 0]
    more = alike if alike > 0 else hands[1 if i == 2 else 2]
    for row in range(begin, end):
        total = splat(0.0, lanes)
        for e in range(entry(starts, row), entry(starts, row + 1)):
            at, to, t = entry(others, 2 * e) * width, entry(others, 2 * e + 1) * width, entry(tensor, e)
            paid = splat(0.0, lanes)
            for h in range(many):
                part = splat(0.0, lanes)
                for k in range(more):
                    part = fma(spread(x, to + k, lanes), load(tensors, t, lanes), part)
                    t += 1
                paid = fma(spread(x, at + h, lanes), part, paid)
            total = fma(spread(scale, e, lanes), paid, total)
        store(values, row - base, total)


def _pay_many(begin, end, base, i, leaves, lanes, x, values):
    """Pay ends of a public game of one player or of four and more: hands of the last two others go round inside those
    of the rest. x [R · W], values [· W].

    Nothing is allocated: it would cost callers a factor of five.
    """
    starts, others, scale, tensor, tensors, hands, _ = leaves
    width, n, m = len(lanes), hands.size, others.shape[1]
    last = n - 1 if i < n - 1 else n - 2
    before = last - 1 if i != last - 1 else last - 2
    outer = 1
    for j in range(before):
        if j != i:
            outer *= hands[j]
    for row in range(begin, end):
        total = splat(0.0, lanes)
        for e in range(entry(starts, row), entry(starts, row + 1)):
            t = entry(tensor, e)
            if m == 0:
                total = fma(spread(scale, e, lanes), load(tensors, t, lanes), total)
                continue
            at, to = entry(others, m * e + m - 2) * width, entry(others, m * e + m - 1) * width
            for deal in range(outer):
                weight, rest = scale[e], deal
                for j in range(m - 3, -1, -1):
                    size = hands[j if j < i else j + 1]
                    weight *= x[others[e, j] * width + rest % size]
                    rest //= size
                paid = splat(0.0, lanes)
                for h in range(hands[before]):
                    part = splat(0.0, lanes)
                    for k in range(hands[last]):
                        part = fma(spread(x, to + k, lanes), load(tensors, t, lanes), part)
                        t += 1
                    paid = fma(spread(x, at + h, lanes), part, paid)
                total = fma(splat(weight, lanes), paid, total)
        store(values, row - base, total)
