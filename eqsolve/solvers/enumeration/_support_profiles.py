"""Equilibria of a game of any number of players by one profile of supports after another: the sweep of
`support-enumeration` where there are not two.

1. Strictly dominated actions are gone from the start, those that are dominated once they are gone, too.
2. Profiles of supports come by their total size, then by the sizes, then by bit masks. One is passed over if an action
   that is mixed pays less than another at every pure profile of the opponents' supports (conditional dominance: Porter,
   Nudelman and Shoham 2008).
3. On the others the indifference equations are solved in boxes: the first holds all weights; a box is dropped, shrunk,
   cut, or proved to hold exactly one solution, which Newton's method then finds (`support_boxes`).
4. A solution is an equilibrium if no weight is below 0 and no action pays more. At pure profiles payoffs are compared
   as they were written; near ties, and boxes too narrow to be cut, are decided in integers (`support_decisions`).

A step is a profile of supports, or BOXES boxes of it where it needs more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, readonly
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tensor import TensorArrays
from eqsolve.solvers.enumeration import _support_decisions as support_decisions
from eqsolve.solvers.enumeration._exact_points import UNSURE, YES
from eqsolve.solvers.enumeration._multilinear import scratch
from eqsolve.solvers.enumeration._support_boxes import CUT, DEEPEST, ONE, SMALL, examined, halves, improved
from eqsolve.solvers.enumeration._support_decisions import ISOLATED, NEAR, ROUNDED, entered, judged, settle
from eqsolve.solvers.enumeration._supports import dominated, is_stable, members_of, next_supports, system_of
from eqsolve.solvers.enumeration._vertex_stages import NOT_SEEN, OF_FLOATS, OF_NUMBERS

#: Boxes looked at in one step, at most, and equilibria found in one call of the kernel.
BOXES = 256
PROFILES_PER_CALL = 1024


class Tally(NamedTuple):
    """Where `search` stands."""

    depth: int  # boxes left of the profile of supports that comes next, −1 where it is not begun
    looked: int  # profiles of supports done
    listed: int  # equilibria found
    is_open: bool  # whether floats leave the profile of supports at hand open
    close: bool  # whether something near a tie was decided


class State(NamedTuple):
    """`kept` [n]: actions that are not dominated. `supports` [N]: bit masks among these of the profile of supports that
    comes next, 0 where there is none; `boxes` [K, 2 · free coordinates]: what is left of it, none where it is not
    begun. `looked`: profiles of supports so far, of which `unsettled` are undecided. `profiles` [K, n]: equilibria
    found; `sure` int8 [K]: ROUNDED, PROVED or ISOLATED. `ties`: whether they are those of floats (vertex_stages.py).
    """

    iteration: int
    kept: NDArray[np.bool_]
    supports: NDArray[np.int64]
    boxes: Array
    looked: int
    unsettled: int
    profiles: Array
    sure: NDArray[np.int8]
    ties: int


def begun(game: NormalForm) -> State:
    """The state before the first step."""
    table, n = game.tensor(), int(game.offsets[-1])
    one = np.ones(len(game.players), dtype=np.int64)
    ties = OF_NUMBERS if table.is_exact else NOT_SEEN
    nothing, boxes = np.empty((0, n)), np.empty((0, 2 * (n - len(one))))
    state = State(0, undominated(table), one, boxes, 0, 0, nothing, np.zeros(0, np.int8), ties)
    return continued(game, state, 0)  # loads the kernel


def continued(game: NormalForm, state: State, steps: int) -> State:
    """`steps` steps on, fewer if it ends."""
    table, which = game.tensor(), np.flatnonzero(state.kept)
    arrays = reduced(table, state.kept)
    order = arrays._replace(payoffs=readonly(_of(table.ordered, state.kept).reshape(-1)))
    n, free = game.offsets[-1], state.boxes.shape[1]
    supports, end = state.supports.copy(), state.iteration + steps
    boxes = np.empty((len(state.boxes) + DEEPEST * free // 2 + 2, free))
    boxes[: len(state.boxes)] = state.boxes
    tally = Tally(len(state.boxes) or -1, state.looked, len(state.profiles), False, False)
    profiles, sure, made = state.profiles[:, which], state.sure, state.iteration
    ties, unsettled = state.ties, state.unsettled
    while True:
        most_found, more = len(sure) + PROFILES_PER_CALL, PROFILES_PER_CALL + support_decisions.DECISIONS_AT_ONCE
        found = np.concatenate([profiles, np.empty((more, len(which)))])
        known = np.concatenate([sure, np.zeros(more, dtype=np.int8)])
        lists = Lists(supports, boxes, found[:most_found], known[:most_found])
        advanced, tally = search(arrays, Ordered(order, table.rounding), lists, tally, end - made)
        made += advanced
        if tally.is_open:
            settled = settle(_of(table.integers, state.kept), arrays, supports, found, known, tally.listed)
            tally = Tally(-1, tally.looked + 1, settled.listed, False, tally.close or settled.close)
            unsettled += settled.undecided
            made += 1
            if not next_supports(supports, arrays.sizes):
                supports[:] = 0
        profiles, sure = found[: tally.listed], known[: tally.listed]
        if made == end or not supports.any():
            break
    if tally.close and ties == NOT_SEEN:
        ties = OF_FLOATS
    listed = np.zeros((len(profiles), n))
    listed[:, which] = profiles
    rest = boxes[: max(0, tally.depth)].copy()
    return State(made, state.kept, supports, rest, tally.looked, unsettled, listed, sure.copy(), ties)


def is_state(game: NormalForm, state: State) -> bool:
    """Tell whether the actions kept are those of the game, and the supports that come next among them."""
    if not np.array_equal(state.kept, undominated(game.tensor())):
        return False
    most = 1 << np.add.reduceat(state.kept.astype(np.int64), game.offsets[:-1])
    return ended(state) or bool(((state.supports > 0) & (state.supports < most)).all())


def ended(state: State) -> bool:
    """Whether no profile of supports is left."""
    return not state.supports.any()


def is_complete(state: State) -> bool:
    """Tell whether every profile of supports was looked at and decided."""
    return ended(state) and not state.unsettled


def coverage(state: State) -> str:
    """What the list covers, in words."""
    rounded_ones = int(np.count_nonzero(state.sure == ROUNDED))
    these = "at least these equilibria" + (f", {rounded_ones} of them up to rounding" if rounded_ones else "")
    if not ended(state):
        return f"{these} ({state.looked} profiles of supports examined)"
    if state.unsettled:
        undecided = f"{state.unsettled} of {state.looked} profiles of supports"
        return f"{these} (undecided: {undecided}, where solutions may not be isolated or ties not exact)"
    return "every equilibrium" + (", payoffs compared as float64 numbers" if state.ties == OF_FLOATS else "")


def undominated(game: TensorGame) -> NDArray[np.bool_]:
    """Which actions, packed, survive the iterated elimination of those strictly worse than another one."""
    sizes, ordered, rounding = game.payoffs.shape[1:], game.ordered, game.rounding.tolist()
    kept = [np.arange(size) for size in sizes]
    while True:
        before = sum(map(len, kept))
        for i, own in enumerate(ordered):
            table = np.moveaxis(own[np.ix_(*kept)], i, 0).reshape(len(kept[i]), -1)
            better = (table[:, None] > table[None] + rounding[i]).all(axis=2)
            kept[i] = kept[i][~better.any(axis=0)]
        if sum(map(len, kept)) == before:
            break
    found = np.zeros(sum(sizes), dtype=np.bool_)
    for actions, offset in zip(kept, game.offsets, strict=False):
        found[actions + offset] = True
    return found


def reduced(game: TensorGame, kept: NDArray[np.bool_]) -> TensorArrays:
    """The game of the actions kept, each player's payoffs from 0 to 1."""
    payoffs = _of(game.lowered[0].payoffs, kept)
    axes = tuple(range(1, payoffs.ndim))
    payoffs = payoffs - payoffs.min(axis=axes, keepdims=True)
    spread = payoffs.max(axis=axes, keepdims=True)
    payoffs /= np.where(spread > 0, spread, 1.0)
    if kept.all():
        return game.arrays._replace(payoffs=readonly(payoffs.reshape(-1)))
    labels = tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:])
    return TensorGame(game.players, labels, payoffs).arrays


def _of(payoffs: NDArray[Any] | Sequence[NDArray[Any]], kept: NDArray[np.bool_]) -> NDArray[Any]:
    """Every player's payoffs [A_1, …, A_N] of the actions kept."""
    if kept.all():
        return np.asarray(payoffs)
    own = np.ix_(*map(np.flatnonzero, np.split(kept, np.cumsum(payoffs[0].shape)[:-1])))
    return np.stack([worth[own] for worth in payoffs])


class Ordered(NamedTuple):
    """Payoffs in the order of the numbers as they were written, and from which differences on that order is sure."""

    order: TensorArrays
    rounding: NDArray[np.float64]  # [N]


class Lists(NamedTuple):
    """What `search` modifies in place."""

    supports: NDArray[np.int64]  # [N]: bit masks of the profile of supports that comes next, all 0 where none is left
    boxes: NDArray[np.float64]  # [room, 2 · free coordinates]: those of it that are left
    found: NDArray[np.float64]  # [room, n]: the equilibria
    sure: NDArray[np.int8]  # [room]: what is known of each


@jit
def search(game, ordered, lists, tally, steps):
    """Make up to `steps` steps: (how many were made, the new `Tally`).

    It ends before a step in which floats leave the profile of supports open. `Ordered` is as `dominated` takes it.
    """
    order, rounding = ordered
    masks, boxes, found, sure = lists
    most = game.sizes
    n = game.offsets[-1]
    whole, q, work = np.empty(n), np.empty(n), np.empty(game.scratch)
    weights, radius = np.empty(n), np.empty(n)
    lows, highs, around = np.empty(n), np.empty(n), np.empty(n)
    depth, looked, count, _, close = tally
    made, is_open = 0, False
    while made < steps and masks[0] != 0 and count + BOXES <= found.shape[0]:
        made += 1
        members, starts = members_of(masks, most)
        d = members.size - most.size
        if depth < 0:
            gone, nearly = dominated(game, order, rounding, PAYOFF_ROUNDING, members, starts)
            depth, close = 0 if gone else 1, close or nearly
            boxes[0, :d] = 0.0
            boxes[0, d : 2 * d] = 1.0
        x, r = weights[: members.size], radius[: members.size]
        if depth > 0 and d == 0:
            stable, nearly = is_stable(game, order, rounding, PAYOFF_ROUNDING, members, starts)
            close = close or nearly
            if stable:
                x[:] = 1.0
                judged(game, members, starts, x, 0.0, NEAR, whole, q, work)
                count = entered(found, sure, count, whole, ISOLATED)
            depth = 0
        elif depth > 0:
            system = system_of(game, members, starts)
            space = scratch(system)
            low, high, radii = lows[:d], highs[:d], around[:d]
            seen = 0
            while depth > 0 and seen < BOXES and not is_open:
                seen += 1
                depth -= 1
                low[:] = boxes[depth, :d]
                high[:] = boxes[depth, d : 2 * d]
                status = examined(system, low, high, x, r, radii, space)
                if status == CUT:
                    halves(low, high, boxes, depth)
                    depth += 2
                elif status == SMALL:
                    is_open = True
                elif status == ONE:
                    doubt = improved(system, x, r, radii, space)
                    verdict = judged(game, members, starts, x, doubt, NEAR, whole, q, work)
                    is_open = verdict == UNSURE
                    if verdict == YES:
                        count = entered(found, sure, count, whole, ISOLATED)
        if is_open:
            made -= 1
            break
        if depth == 0:
            looked += 1
            depth = -1
            if not next_supports(masks, most):
                masks[:] = 0
    return made, Tally(depth, looked, count, is_open, close)
