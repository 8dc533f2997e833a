"""The sweep of all regret matchers in parts: a player's rows are cut into blocks that threads work on at once.

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
from eqsolve.kernels.regret_sweep import add_rows, improve, proceed
from eqsolve.kernels.sequence import pay

threaded = partial(jit, threaded=True)


class Blocks(NamedTuple):
    """`above` int32 [R]: that of SequenceArrays, but above a root's rows is a row of its own behind all of the
    player's, of which there are `spare` int64 [N]. Per player: `tops` int64, the groups of the top and the roots;
    `ranges` int64 [B, 2], first group of a block and the one after its last.
    """

    above: NDArray[np.int32]
    spare: NDArray[np.int64]
    tops: tuple[NDArray[np.int64], ...]
    ranges: tuple[NDArray[np.int64], ...]


@jit
def cut(game, i, most, above):
    """tops and ranges of player i in blocks of at most `most` rows and leaves; their part of `above` is modified in
    place. What is no run of groups with all that follows belongs to the top.
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
def answer_blocks(
    game, above, ranges, part, parts, i, x, worth, policy, regrets, deviation, kept, lost, predicted
):  # fmt: skip
    """Blocks `part`, `part` + `parts` … of player i: what they pay by the plans x is added to `deviation`, unless that
    is None; regrets and policy of one more iteration. `worth` has zeros in its rows of roots; all modified in place.
    """
    lanes, rows, _, _, firsts, counts, leaves, _ = game
    base = rows[i]
    for block in range(part, ranges.shape[0], parts):
        begin, end = ranges[block, 0], ranges[block, 1]
        first, last = firsts[begin], firsts[end - 1] + counts[end - 1]
        pay(first, last, base, i, leaves, lanes, x, worth)
        if deviation is not None:
            add_rows(first, last, base, worth, lanes, deviation)
        improve(begin, end, base, above, firsts, counts, lanes, policy, regrets, worth, kept, lost, predicted)


@threaded
def answer_top(
    game, above, tops, i, x, worth, policy, regrets, deviation, kept, lost, predicted
):  # fmt: skip
    """The same of the top, after all blocks; rows of roots are zeros again, row 0 of `worth` is what it all pays."""
    lanes, rows, _, follows, firsts, counts, leaves, _ = game
    base = rows[i]
    pay(base, base + 1, base, i, leaves, lanes, x, worth)
    if deviation is not None:
        add_rows(base, base + 1, base, worth, lanes, deviation)
    for group in tops:
        first, last = firsts[group], firsts[group] + counts[group]
        if above[first] == follows[first]:
            pay(first, last, base, i, leaves, lanes, x, worth)
            if deviation is not None:
                add_rows(first, last, base, worth, lanes, deviation)
    for group in tops[::-1]:
        first = firsts[group]
        if above[first] != follows[first]:
            root = above[first] - base
            add_above(worth, follows, first, base, load(worth, root, lanes))
            store(worth, root, splat(0.0, lanes))
        else:
            improve(
                group, group + 1, base, follows, firsts, counts, lanes, policy, regrets, worth, kept, lost, predicted
            )


@threaded
def proceed_top(game, above, tops, x, policy, average, weight):
    """The player's plans on the top go on to the policy's, before all blocks; x and average modified in place."""
    for group in tops:
        first = game.first[group]
        if above[first] == game.above[first]:
            proceed(first, first + game.counts[group], game.above, game.lanes, x, policy, average, weight)


@threaded
def proceed_blocks(game, ranges, part, parts, x, policy, average, weight):
    """The same on blocks `part`, `part` + `parts` …"""
    lanes, above, firsts, counts = game.lanes, game.above, game.first, game.counts
    for block in range(part, ranges.shape[0], parts):
        begin, end = ranges[block, 0], ranges[block, 1]
        proceed(firsts[begin], firsts[end - 1] + counts[end - 1], above, lanes, x, policy, average, weight)
