"""The sweep of a regret minimiser in parts: a player's rows are cut into blocks that threads work on at once.

A *block* is a run of whole subtrees of a player's decisions, so that nothing outside of it follows it; what is left
above all blocks is the *top*, the *roots* the groups of blocks that follow rows of the top. Blocks pay, learn and go
on by themselves, each root's value kept in a row of its own, which the top adds where it belongs:

    row 0        the top
    group 0      the top
    groups 1 … 4    block, roots 1 and 4       1 and 4 follow rows of group 0, 2 and 3 rows of group 1
    group 5      the top
    groups 6 … 9    block, root 6

Every row is added up in the same order as in one piece (kernels/regret_sweep.py), so that the bits are the same for
any number of threads.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, load, splat, store
from eqsolve.kernels.regret_sweep import add_rows, factors, improve, update_plans
from eqsolve.kernels.sequence import pay

threaded = partial(jit, threaded=True)


class Blocks(NamedTuple):
    """A game's groups in blocks and a top.

    `above` int32 [R]: that of SequenceArrays, but above a root's rows is a row of its own behind all of the player's,
    of which there are `spare` int64 [N]. Per player: `tops` int64 [T], the groups of the top and the roots; `ranges`
    int64 [B, 2], first group of a block and the one after its last.
    """

    above: NDArray[np.int32]
    spare: NDArray[np.int64]
    tops: tuple[NDArray[np.int64], ...]
    ranges: tuple[NDArray[np.int64], ...]


@jit
def cut(game, i, most, above):
    """Return tops [T], ranges [B, 2] and number of roots of player i, in blocks of at most `most` rows and leaves.

    `above` [R]: that of the game, the player's part modified in place. What is no run of groups with all that follows
    belongs to the top.
    """
    begin, end = game.groups[i], game.groups[i + 1]
    owner = np.full(game.rows[i + 1] - game.rows[i], -1)
    work, members, last = np.zeros(end - begin, np.int64), np.ones(end - begin, np.int64), np.arange(begin, end)
    for group in range(begin, end):
        first = game.first[group]
        after = first + game.counts[group]
        owner[first - game.rows[i] : after - game.rows[i]] = group - begin
        work[group - begin] = after - first + game.leaves.starts[after] - game.leaves.starts[first]
    for k in range(end - begin - 1, -1, -1):
        over = owner[game.above[game.first[begin + k]] - game.rows[i]]
        if over >= 0:
            work[over] += work[k]
            members[over] += members[k]
            last[over] = max(last[over], last[k])
    tops, ranges = np.zeros(end - begin, np.int64), np.zeros((end - begin, 2), np.int64)
    top, blocks, held, spare = 0, 0, 0, game.rows[i + 1]
    group = begin
    while group < end:
        k = group - begin
        tops[top] = group
        top += 1
        after = last[k] + 1
        if work[k] > most or members[k] != after - group:
            group += 1
            continue
        if blocks == 0 or ranges[blocks - 1, 1] != group or held + work[k] > most:
            ranges[blocks, 0] = group
            blocks += 1
            held = 0
        held += work[k]
        ranges[blocks - 1, 1] = after
        above[game.first[group] : game.first[group] + game.counts[group]] = spare
        spare += 1
        group = after
    return tops[:top].copy(), ranges[:blocks].copy(), spare - game.rows[i + 1]


@threaded
def answer_blocks(block_game, ranges, i, k, x, values, minimiser, policy, deviation):
    """Let the groups in some blocks of player i learn in iteration k of the sweep.

    `block_game`: the game with `above` of Blocks; `ranges` [B, 2]; `x` [R · W]: plans. Modified in place: `policy` and
    `deviation` (None: not summed) [R · W], arrays of the minimiser, `values` [(player's rows + roots) · W], which has
    zeros in its rows of roots.
    """
    lanes, rows, _, _, firsts, counts, leaves, _ = block_game
    base = rows[i]
    now = factors(minimiser, k)
    for block in range(ranges.shape[0]):
        begin, end = ranges[block, 0], ranges[block, 1]
        first, last = firsts[begin], firsts[end - 1] + counts[end - 1]
        pay(first, last, base, i, leaves, lanes, x, values)
        if deviation is not None:
            add_rows(first, last, base, values, lanes, deviation)
        improve(begin, end, base, block_game, minimiser, now, values, policy)


@threaded
def answer_top(game, above, tops, i, k, x, values, minimiser, policy, deviation):
    """Let the groups of player i's top learn, after all blocks; row 0 of `values` is then what it all pays.

    `above` [R]: that of Blocks; `tops` [T]; `x` [R · W]: plans. Modified in place: `policy` and `deviation` (None: not
    summed) [R · W], arrays of the minimiser, `values` [(player's rows + roots) · W], whose rows of roots are zeros
    again.
    """
    lanes, rows, _, follows, firsts, counts, leaves, _ = game
    base = rows[i]
    now = factors(minimiser, k)
    pay(base, base + 1, base, i, leaves, lanes, x, values)
    if deviation is not None:
        add_rows(base, base + 1, base, values, lanes, deviation)
    for group in tops:
        first, last = firsts[group], firsts[group] + counts[group]
        if above[first] == follows[first]:
            pay(first, last, base, i, leaves, lanes, x, values)
            if deviation is not None:
                add_rows(first, last, base, values, lanes, deviation)
    for group in tops[::-1]:
        first = firsts[group]
        if above[first] != follows[first]:
            root = above[first] - base
            add_above(values, follows, first, base, load(values, root, lanes))
            store(values, root, splat(0.0, lanes))
        else:
            improve(group, group + 1, base, game, minimiser, now, values, policy)


@threaded
def update_top(game, above, tops, x, policy, average, weight):
    """Add a player's plans on the top to the average, and make them those of the policy; before all blocks.

    `above` [R]: that of Blocks; `tops` [T]; `x`, `policy`, `average` [R · W], x and the average modified in place.
    """
    for group in tops:
        first = game.first[group]
        if above[first] == game.above[first]:
            update_plans(first, first + game.counts[group], game, x, policy, average, weight)


@threaded
def update_blocks(game, ranges, part, parts, x, policy, average, weight):
    """Add the plans on blocks `part`, `part` + `parts` … to the average, and make them those of the policy.

    `ranges` [B, 2]; `x`, `policy`, `average` [R · W], x and the average modified in place.
    """
    for block in range(part, ranges.shape[0], parts):
        begin, end = ranges[block, 0], ranges[block, 1]
        first, last = game.first[begin], game.first[end - 1] + game.counts[end - 1]
        update_plans(first, last, game, x, policy, average, weight)
