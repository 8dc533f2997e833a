"""Profiles of supports: in which order, which of them no equilibrium can have, and their indifference equations."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.solvers.enumeration._multilinear import System


@jit
def following(mask, size):
    """Return the next larger mask of as many bits among the lowest `size`; 0 where there is none."""
    lowest = mask & -mask
    carried = mask + lowest
    after = carried | ((mask ^ carried) // lowest >> 2)
    return after if after < 1 << size else 0


@jit
def next_sizes(sizes, most):
    """Tell whether there is a vector after sizes [N], which it becomes: of equal sum, in lexicographic order, or the
    first of the next sum. Entries are from 1 to most [N].
    """
    n = sizes.size
    behind = 0
    for i in range(n - 1, -1, -1):
        if sizes[i] < most[i] and behind > 0:
            sizes[i] += 1
            spread_last(sizes, most, i + 1, behind - 1)
            return True
        behind += sizes[i] - 1
    most_behind = 0
    for i in range(n):
        most_behind += most[i] - 1
    if behind == most_behind:
        return False
    spread_last(sizes, most, 0, behind + 1)
    return True


@jit
def spread_last(sizes, most, first, extra):
    """Set the entries of sizes [N] from `first` on to 1 and `extra` more, as much of it as possible at the end.

    most [N]: how large each may be.
    """
    for i in range(sizes.size - 1, first - 1, -1):
        more = min(extra, most[i] - 1)
        sizes[i] = 1 + more
        extra -= more


@jit
def next_supports(masks, most):
    """Tell whether there is a profile of supports after masks [N], which it becomes; most [N].

    most [N] says how many actions each player has.
    """
    n = masks.size
    sizes = np.empty(n, dtype=np.int64)
    for i in range(n):
        sizes[i] = 0
        for a in range(most[i]):
            sizes[i] += masks[i] >> a & 1
    for i in range(n - 1, -1, -1):
        after = following(masks[i], most[i])
        if after != 0:
            masks[i] = after
            return True
        masks[i] = (1 << sizes[i]) - 1
    if not next_sizes(sizes, most):
        return False
    for i in range(n):
        masks[i] = (1 << sizes[i]) - 1
    return True


@jit
def members_of(masks, most):
    """Return the actions of all supports, masks [N], player by player, and where each player's begin [N + 1].

    most [N].
    """
    starts = np.zeros(masks.size + 1, dtype=np.int64)
    members = np.empty(most.sum(), dtype=np.int64)
    count = 0
    for i in range(masks.size):
        for a in range(most[i]):
            if masks[i] >> a & 1:
                members[count] = a
                count += 1
        starts[i + 1] = count
    return members[:count].copy(), starts


@jit
def gain(game, members, starts, i, better, worse, cell):
    """Return what i gains by `better` over `worse` at the opponents' pure profile number `cell` of their supports.

    members int64: the actions of all supports; starts [N + 1]: where each player's begin.
    """
    sizes = game.sizes
    entries = game.payoffs.size // sizes.size
    at, stride, own = i * entries, 1, 0
    for j in range(sizes.size - 1, -1, -1):
        if j == i:
            own = stride
        else:
            k = starts[j + 1] - starts[j]
            at += members[starts[j] + cell % k] * stride
            cell //= k
        stride *= sizes[j]
    return game.payoffs[at + better * own] - game.payoffs[at + worse * own]


@jit
def dominated(game, order, rounding, near, members, starts):
    """Tell whether an action of a support pays less than another at all pure profiles of the opponents' supports, and
    whether at one of them by `near` at most.

    `order` has numbers that compare as the payoffs of `game` do, those of player i if they differ by more than
    rounding[i], [N]. members int64: the actions of all supports; starts [N + 1]: where each player's begin.
    """
    for i in range(game.sizes.size):
        cells = 1
        for j in range(game.sizes.size):
            if j != i:
                cells *= starts[j + 1] - starts[j]
        for s in range(starts[i], starts[i + 1]):
            for b in range(game.sizes[i]):
                if b == members[s]:
                    continue
                cell = 0
                while cell < cells and gain(order, members, starts, i, b, members[s], cell) > rounding[i]:
                    cell += 1
                if cell == cells:
                    close = False
                    for c in range(cells):
                        close = close or gain(game, members, starts, i, b, members[s], c) <= near
                    return True, close
    return False, False


@jit
def is_stable(game, order, rounding, near, members, starts):
    """Tell whether no player gains at a pure profile, of supports of one action, and whether that hangs on a gain or a
    loss of `near` at most. order, rounding [N], members and starts [N + 1] are as in `dominated`.
    """
    stable, close = True, False
    for i in range(game.sizes.size):
        for b in range(game.sizes[i]):
            if b == members[i]:
                continue
            more = gain(game, members, starts, i, b, members[i], 0)
            if more > near:
                return False, False
            close = close or more >= -near
            stable = stable and not gain(order, members, starts, i, b, members[i], 0) > rounding[i]
    return stable, close


@jit
def system_of(game, members, starts):
    """Return the `System` of the supports: equations, then the other pairs of actions of a support, then all others.

    members int64: the actions of all supports; starts [N + 1]: where each player's begin.
    """
    n = game.sizes.size
    sizes, free, cells = starts[1:] - starts[:-1], np.zeros(n + 1, dtype=np.int64), np.ones(n, dtype=np.int64)
    pairs, entries = 0, 0
    for i in range(n):
        free[i + 1] = free[i] + sizes[i] - 1
        for j in range(n):
            if j != i:
                cells[i] *= sizes[j]
        own = sizes[i] * (sizes[i] - 1) // 2 + game.sizes[i] - sizes[i]
        pairs += own
        entries += own * cells[i]
    owner, equal = np.empty(pairs, dtype=np.int64), np.empty(pairs, dtype=np.bool_)
    first, gains = np.zeros(pairs + 1, dtype=np.int64), np.empty(entries)
    p = 0
    for kind in range(3):
        for i in range(n):
            for s in range(starts[i], starts[i + 1] if kind == 1 else starts[i] + 1):
                for b in range(game.sizes[i]):
                    at = starts[i]
                    while at < starts[i + 1] and members[at] != b:
                        at += 1
                    inside = at < starts[i + 1]
                    wanted = (inside and at > s and (kind == 0) == (s == starts[i])) if kind < 2 else not inside
                    if not wanted:
                        continue
                    owner[p], equal[p] = i, inside
                    for cell in range(cells[i]):
                        gains[first[p] + cell] = gain(game, members, starts, i, b, members[s], cell)
                    first[p + 1] = first[p] + cells[i]
                    p += 1
    return System(sizes, starts, free, owner, equal, first, gains)
