"""Which solutions of indifference conditions are equilibria: by floats, and by integers where these leave it open.

Floats decide where all weights and gains are farther than NEAR from 0. A profile of supports in which some are not, or
with a box too narrow to be cut, is open: it is searched again with conditions from integers (`exact_systems`), and what
is near a tie is decided in integers (`exact_points`). Boxes that are too narrow there too, as around solutions that are
not isolated, are undecided; after UNDECIDED of them the profile of supports is left. What Newton's method finds from
them is listed if it is proved to be an equilibrium, or, counted apart, if it is one up to PAYOFF_ROUNDING.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.exact_payoffs import Whole
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.kernels.indifference import nash_gap
from eqsolve.kernels.jit import jit
from eqsolve.kernels.tensor import TensorArrays
from eqsolve.solvers.enumeration._exact_points import NO, UNSURE, YES, decided, proved_near
from eqsolve.solvers.enumeration._exact_systems import exact_system, rounded
from eqsolve.solvers.enumeration._selection import SAME_POLICIES
from eqsolve.solvers.enumeration._support_boxes import solutions
from eqsolve.solvers.enumeration._supports import members_of

#: Boxes of an open profile of supports that are looked at, and undecided ones of it, at most; solutions kept of it.
MOST_BOXES = 50_000
UNDECIDED = 32
DECISIONS_AT_ONCE = 512
#: Weights and gains, in payoff ranges, nearer to 0 than this are decided in integers, as are those at solutions that
#: are known no better than SHARP.
NEAR = 1e-9
SHARP = 1e-10
#: Proved equilibria of the same supports nearer to each other than SAME_POLICIES are the same. Nearer than ALIKE one
#: will do where boxes are undecided; Newton's method ends there some 1e-8 from where it should, and a weight below
#: BLUR may be 0.
ALIKE = 1e-2
BLUR = 1e-6
#: What is known of an equilibrium in the list: it is one up to rounding; it is one; and the only one in its box.
ROUNDED, PROVED, ISOLATED = range(3)


class Settled(NamedTuple):
    """`undecided`: whether some box is. `close`: whether something nearer to a tie than PAYOFF_ROUNDING was decided.
    `listed`: how many equilibria are in the list.
    """

    undecided: bool
    close: bool
    listed: int


def settle(
    payoffs: Whole, game: TensorArrays, masks: NDArray[np.int64], found: Array, sure: NDArray[np.int8], count: int
) -> Settled:
    """Search a profile of supports, given by bit masks, that floats leave open.

    `payoffs` [N, A_1, …, A_N] are those of `game` in integers; `found` and `sure`, the first `count` equilibria and
    what is known of them, are modified in place. `found` has room for DECISIONS_AT_ONCE more.
    """
    members, starts = members_of(masks, game.sizes)
    system = exact_system(list(payoffs), [members[a:b].tolist() for a, b in pairwise(starts.tolist())])
    if system is None:
        return Settled(False, True, count)
    points, doubts = np.empty((DECISIONS_AT_ONCE, len(members))), np.empty(DECISIONS_AT_ONCE)
    single = np.empty(DECISIONS_AT_ONCE, dtype=np.bool_)
    there, undecided = solutions(rounded(system), MOST_BOXES, UNDECIDED, points, doubts, single)
    close = not (there and single[:there].all())
    whole, q, work = np.empty(found.shape[1]), np.empty(found.shape[1]), np.empty(game.scratch)
    for x, doubt, alone in zip(points[:there], doubts[:there], single[:there], strict=True):
        verdict, level = UNSURE, ROUNDED
        if alone:
            verdict, x = decided(system, x, max(NEAR, 10 * doubt))
            undecided += verdict == UNSURE
            level = ISOLATED if verdict == YES else ROUNDED
        is_close = judged(game, members, starts, x, 0.0, PAYOFF_ROUNDING, whole, q, work) == UNSURE
        close = close or is_close
        if verdict == UNSURE:
            if (np.abs(found[:count] - whole).max(axis=1)[sure[:count] >= PROVED] <= ALIKE).any():
                continue
            proved = proved_near(system, x)
            if proved is not None:
                judged(game, members, starts, proved, 0.0, PAYOFF_ROUNDING, whole, q, work)
                verdict, level = YES, PROVED
            elif x.min() > -PAYOFF_ROUNDING:
                whole[whole <= PAYOFF_ROUNDING] = 0.0
                whole /= np.repeat(np.add.reduceat(whole, game.offsets[:-1]), game.sizes)
                verdict = YES if nash_gap(game, whole, q, work) <= PAYOFF_ROUNDING else NO
        if verdict == YES:
            count = entered(found, sure, count, whole, level)
    return Settled(bool(undecided), close, count)


@jit
def judged(game, members, starts, x, doubt, near, whole, q, work):
    """Return NO or YES, whether the solution x [members] on the supports, known up to `doubt`, is an equilibrium.

    UNSURE where a weight or a gain is no farther than `near` from 0. members int64: the actions of all supports; starts
    [N + 1]: where each player's begin. whole [n], it as a packed profile, q [n] and work are modified in place.
    """
    least = 1.0
    whole[:] = 0.0
    for i in range(game.sizes.size):
        for s in range(starts[i], starts[i + 1]):
            least = min(least, x[s])
            whole[game.offsets[i] + members[s]] = x[s]
    near = max(near, 4 * x.size * doubt)  # gains change by at most 2 per weight
    if least < -near:
        return NO
    gap = nash_gap(game, whole, q, work)
    if gap > near:
        return NO
    if not (least > near and doubt <= SHARP):
        return UNSURE
    for i in range(game.sizes.size):
        own, at = starts[i], game.offsets[i]
        value = q[at + members[own]]
        for a in range(game.sizes[i]):
            if own < starts[i + 1] and members[own] == a:
                own += 1
            elif q[at + a] > value - near:
                return UNSURE
    return YES


@jit
def entered(found, sure, count, whole, level):
    """Enter `whole` [n] among the first `count` equilibria in found [room, n], unless it is there; return how many.

    It is there if it is ISOLATED and one that is, too, has its supports and is nearer than SAME_POLICIES; if it is not,
    and one that is as sure is nearer than ALIKE. It takes the place of less sure ones as near, if ISOLATED only of
    those of its supports. sure int8 [room]: what is known of each.
    """
    place = count
    for k in range(count):
        away = np.abs(found[k] - whole).max()
        if level < ISOLATED and away <= ALIKE:
            if sure[k] >= level:
                return count
            place = min(place, k)
        least = 0.0 if sure[k] == ISOLATED else BLUR
        if level == ISOLATED and away <= ALIKE and ((found[k] > least) == (whole > least)).all():
            if sure[k] < ISOLATED:
                place = min(place, k)
            elif away <= SAME_POLICIES:
                return count
    found[place] = whole
    sure[place] = level
    return max(count, place + 1)
