"""Equilibria of a game of any number of players by one profile of supports after another: the sweep of
`support-enumeration` where there are not two.

1. Strictly dominated actions are gone from the start, those that are dominated once they are gone, too.
2. Profiles of supports come by their total size, then by the sizes, then by bit masks. One is passed over if an action
   that is mixed pays less than another at every pure profile of the opponents' supports (conditional dominance: Porter,
   Nudelman and Shoham 2008).
3. On the others the indifference equations are solved in boxes: the first holds all weights; a box is dropped, shrunk,
   cut, or proved to hold exactly one solution, which Newton's method then finds (`support_boxes`).
4. A box too narrow to be cut is undecided, as are those around solutions that are not isolated or not regular. After
   UNDECIDED of them their profile of supports is left; what Newton's method finds from them is listed all the same.

A solution is an equilibrium if no weight is below 0 and no action pays more, up to TIE. A step is a profile of
supports, or BOXES boxes of it where it needs more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.kernels.indifference import nash_gap
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tensor import TensorArrays
from eqsolve.solvers.enumeration._multilinear import scratch
from eqsolve.solvers.enumeration._support_boxes import CUT, DEEPEST, GONE, ONE, SMALL, examined, halves, improved
from eqsolve.solvers.enumeration._supports import dominated, members_of, next_supports, system_of

#: Boxes looked at in one step, at most, and equilibria found in one call of the kernel.
BOXES = 256
ROOM = 1024
#: Undecided boxes of one profile of supports, at most.
UNDECIDED = 32
#: Regrets, in payoff ranges, and weights below this are rounding.
TIE = 1e-12
#: Proved equilibria of the same supports nearer to each other than this are the same. Nearer than that one will do
#: where boxes are undecided; Newton's method ends there some 1e-8 from where it should, and such a weight may be 0.
SAME = 1e-9
ALIKE = 1e-2
BLUR = 1e-6
#: Whether a solution is an equilibrium.
NO, YES, UNSURE = range(3)


class State(NamedTuple):
    """`kept` [n]: actions that are not dominated. `supports` [N]: bit masks among these of the profile of supports that
    comes next, 0 where there is none; `boxes` [K, 2 · free coordinates]: what is left of it, none where it is not
    begun; `undecided`: boxes of it that are. `looked`: profiles of supports so far, of which `unsettled` are undecided.
    `profiles` [K, n]: equilibria found; `sure` [K]: whether each is proved to be the only one in its box.
    """

    iteration: int
    kept: NDArray[np.bool_]
    supports: NDArray[np.int64]
    boxes: Array
    undecided: int
    looked: int
    unsettled: int
    profiles: Array
    sure: NDArray[np.bool_]


def begun(game: NormalForm) -> State:
    """The state before the first step."""
    n, players = int(game.offsets[-1]), len(game.players)
    kept = undominated(game.tensor().payoffs)
    one = np.ones(players, dtype=np.int64)
    state = State(0, kept, one, np.empty((0, 2 * (n - players))), 0, 0, 0, np.empty((0, n)), np.zeros(0, np.bool_))
    return continued(game, state, 0)  # loads the kernel


def continued(game: NormalForm, state: State, steps: int) -> State:
    """`steps` steps on, fewer if it ends."""
    arrays, which = reduced(game, state.kept), np.flatnonzero(state.kept)
    n, free = game.offsets[-1], state.boxes.shape[1]
    supports, end = state.supports.copy(), state.iteration + steps
    boxes = np.empty((len(state.boxes) + DEEPEST * free // 2 + 2, free))
    boxes[: len(state.boxes)] = state.boxes
    tally = np.array([len(state.boxes) or -1, state.undecided, state.looked, state.unsettled, len(state.profiles)])
    profiles, sure, made = state.profiles[:, which], state.sure, state.iteration
    while True:
        found = np.concatenate([profiles, np.empty((ROOM, len(which)))])
        proved = np.concatenate([sure, np.zeros(ROOM, dtype=np.bool_)])
        made += search(arrays, supports, boxes, tally, found, proved, end - made)
        profiles, sure = found[: tally[4]], proved[: tally[4]]
        if made == end or not supports.any():
            break
    listed = np.zeros((len(profiles), n))
    listed[:, which] = profiles
    undecided, looked, unsettled = (int(number) for number in tally[1:4])
    return State(
        int(made),
        state.kept,
        supports,
        boxes[: max(0, tally[0])].copy(),
        undecided,
        looked,
        unsettled,
        listed,
        sure.copy(),
    )


def is_state(game: NormalForm, state: State) -> bool:
    """Tell whether the actions kept are those of the game, and the supports that come next among them."""
    if not np.array_equal(state.kept, undominated(game.tensor().payoffs)):
        return False
    most = 1 << np.add.reduceat(state.kept.astype(np.int64), game.offsets[:-1])
    return ended(state) or bool(((state.supports > 0) & (state.supports < most)).all())


def ended(state: State) -> bool:
    """Whether no profile of supports is left."""
    return not state.supports.any()


def coverage(state: State) -> str:
    """What the list covers, in words."""
    if not ended(state):
        return f"at least these equilibria ({state.looked} profiles of supports examined)"
    if state.unsettled:
        told = f"{state.unsettled} of {state.looked} profiles of supports"
        return f"at least these equilibria (undecided: {told}, where solutions may not be isolated)"
    return "every equilibrium"


def undominated(payoffs: Array) -> NDArray[np.bool_]:
    """Which actions, packed, survive the iterated elimination of those strictly worse than another one."""
    kept = [np.arange(size) for size in payoffs.shape[1:]]
    while True:
        before = sum(map(len, kept))
        for i, own in enumerate(payoffs):
            table = np.moveaxis(own[np.ix_(*kept)], i, 0).reshape(len(kept[i]), -1)
            better = (table[:, None] > table[None]).all(axis=2)
            kept[i] = kept[i][~better.any(axis=0)]
        if sum(map(len, kept)) == before:
            return np.concatenate([np.isin(np.arange(k), own) for k, own in zip(payoffs.shape[1:], kept, strict=True)])


def reduced(game: NormalForm, kept: NDArray[np.bool_]) -> TensorArrays:
    """The game of the actions kept, each player's payoffs from 0 to 1."""
    own = np.ix_(*(np.flatnonzero(part) for part in np.split(kept, game.offsets[1:-1])))
    payoffs = np.stack([worth[own] for worth in game.tensor().payoffs])
    axes = tuple(range(1, payoffs.ndim))
    payoffs -= payoffs.min(axis=axes, keepdims=True)
    spread = payoffs.max(axis=axes, keepdims=True)
    labels = tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:])
    return TensorGame(game.players, labels, payoffs / np.where(spread > 0, spread, 1.0)).arrays


@jit
def search(game, masks, boxes, tally, found, sure, steps):
    """Up to `steps` steps; how many were made.

    Modified in place are: `masks` [N], the profile of supports that comes next, all 0 where none is left; `boxes`
    [room, 2 · free coordinates], those of it that are left; `tally`: how many these are (−1: it is not begun), how many
    boxes of it are undecided, how many profiles of supports are done, how many of these undecided, how many equilibria
    are in `found`. So are `found` and, whether an equilibrium is proved to be the only one in its box, `sure`.
    """
    most = game.sizes
    n = game.offsets[-1]
    whole, q, work = np.empty(n), np.empty(n), np.empty(game.scratch)
    weights, radius = np.empty(n), np.empty(n)
    lows, highs, around = np.empty(n), np.empty(n), np.empty(n)
    depth, undecided, looked, unsettled, count = tally
    made = 0
    while made < steps and masks[0] != 0 and count + BOXES <= found.shape[0]:
        made += 1
        members, starts = members_of(masks, most)
        d = members.size - most.size
        if depth < 0:
            depth, undecided = 0 if dominated(game, members, starts) else 1, 0
            boxes[0, :d] = 0.0
            boxes[0, d : 2 * d] = 1.0
        x, r = weights[: members.size], radius[: members.size]
        if depth > 0 and d == 0:
            x[:] = 1.0
            if judged(game, members, starts, x, 0.0, whole, q, work) == YES:
                count = entered(found, sure, count, whole, True)
            depth = 0
        elif depth > 0:
            system = system_of(game, members, starts)
            space = scratch(system)
            low, high, radii = lows[:d], highs[:d], around[:d]
            seen = 0
            while depth > 0 and seen < BOXES and undecided < UNDECIDED:
                seen += 1
                depth -= 1
                low[:] = boxes[depth, :d]
                high[:] = boxes[depth, d : 2 * d]
                status = examined(system, low, high, x, r, radii, space)
                if status == CUT:
                    halves(low, high, boxes, depth)
                    depth += 2
                elif status != GONE:
                    doubt = improved(system, x, r, radii, space)
                    verdict = judged(game, members, starts, x, doubt, whole, q, work)
                    undecided += status == SMALL or verdict == UNSURE
                    if verdict == YES:
                        count = entered(found, sure, count, whole, status == ONE)
        if depth == 0 or undecided >= UNDECIDED:
            looked += 1
            unsettled += undecided > 0
            depth, undecided = -1, 0
            if not next_supports(masks, most):
                masks[:] = 0
    tally[0], tally[1], tally[2], tally[3], tally[4] = depth, undecided, looked, unsettled, count
    return made


@jit
def judged(game, members, starts, x, doubt, whole, q, work):
    """NO or YES, whether the solution x on the supports, known up to `doubt`, is an equilibrium, or UNSURE.

    `whole`, it as a packed profile, q and work are modified in place.
    """
    least = 0.0
    whole[:] = 0.0
    for i in range(game.sizes.size):
        total = 0.0
        for s in range(starts[i], starts[i + 1]):
            least = min(least, x[s])
            weight = x[s] if x[s] > TIE else 0.0
            whole[game.offsets[i] + members[s]] = weight
            total += weight
        whole[game.offsets[i] : game.offsets[i + 1]] /= total
    if not least > -TIE:
        return UNSURE if least > -doubt else NO
    gap = nash_gap(game, whole, q, work)
    if not gap <= TIE:
        return UNSURE if gap <= 2 * game.sizes.size * doubt else NO  # gains change by at most 2 per weight and player
    return YES


@jit
def entered(found, sure, count, whole, proved):
    """Enter `whole` among the first `count` equilibria in `found`, unless it is there: how many they are then.

    It is there if it is `proved` and one that is, too, has the same supports and is nearer than SAME; if it is not
    proved, and one is nearer than ALIKE. One that is not proved gives way to a proved one of the same supports as near.
    """
    place = count
    for k in range(count):
        away = np.abs(found[k] - whole).max()
        if not proved and away <= ALIKE:
            return count
        least = 0.0 if sure[k] else BLUR
        if proved and away <= ALIKE and ((found[k] > least) == (whole > least)).all():
            if not sure[k]:
                place = min(place, k)
            elif away <= SAME:
                return count
    found[place] = whole
    sure[place] = proved
    return max(count, place + 1)
