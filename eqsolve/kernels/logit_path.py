"""The path of logit quantal-response equilibria in a game by tensor, one arc of it at a time.

At precision λ everybody answers by p_i(a) ∝ exp(λ u_i(a, p)) (McKelvey and Palfrey 1995). The unknowns are y = log p
and λ, the equations those of Turocy 2005: of each player Σ_a exp(y_i(a)) = 1, and for all their actions but the first
y_i(a) − y_i(0) = λ (u_i(a) − u_i(0)). They leave a curve. The tangent of the last point, as one equation more, makes
the Jacobian square, also where the path turns back in λ, and the same elimination gives the next tangent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.linear import solve_columns
from eqsolve.kernels.tensor import tensor_derivatives

#: A point is close once Newton's last move, in log probabilities and λ · payoff range, was shorter: it is then off by
#: about the square.
CLOSE_MOVE = 1e-5
#: The corrector is lost after so many moves, or where they do not shrink to this part each.
CORRECTOR_MOVES = 6
CONTRACTION = 0.5
#: A longer first move may lead to another branch.
FARTHEST = 1.0
#: The next arc is this times as long after at most two moves, and this part of it where the corrector was lost.
ARC_GROWTH = 2.0
SHRINK = 0.25
#: The first arc.
FIRST_ARC = 0.1
#: Arcs shorter than this part of λ · payoff range (and of 1) lead no further: a corner, or rounding.
SHORTEST_ARC = 1e-7
#: λ · payoff range beyond which log probabilities lose their digits.
LARGEST_LAMBDA = 1e9


class Scratch(NamedTuple):
    """Work space for n entries of a packed profile: `trial` [n + 1], `x`, `q` [n], `m` [n, n], `a` [n + 1, n + 1],
    `b` [n + 1, 2], `work` twice a player's tensor.
    """

    trial: NDArray[np.float64]
    x: NDArray[np.float64]
    q: NDArray[np.float64]
    m: NDArray[np.float64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    work: NDArray[np.float64]


@jit
def followable(point, arc):
    """Tell whether an arc of that length at a point [n + 1] of the path leads any further."""
    return arc > SHORTEST_ARC * max(1.0, point[-1])


@jit
def scratch(game):
    """Return work space for `follow`."""
    n = game.offsets[-1]
    return Scratch(
        np.empty(n + 1),
        np.empty(n),
        np.empty(n),
        np.empty((n, n)),
        np.empty((n + 1, n + 1)),
        np.empty((n + 1, 2)),
        np.empty(2 * (game.payoffs.size // game.sizes.size)),
    )


@jit
def bordered(game, scale, point, tangent, space):
    """Write the system at `point`, [log probabilities, λ · scale]: `space.a` becomes its matrix, `space.b` minus the
    equations and, as a second column, the unit vector whose solution is the next tangent.
    """
    _, x, q, m, a, b, work = space
    offsets = game.offsets
    n = x.size
    for e in range(n):
        x[e] = np.exp(point[e])
    tensor_derivatives(game, x, q, m, work)
    lam = point[n] / scale
    a[:] = 0.0
    b[:] = 0.0
    for i in range(offsets.size - 1):
        first = offsets[i]
        b[first, 0] = 1.0
        for e in range(first, offsets[i + 1]):
            b[first, 0] -= x[e]
            a[first, e] = x[e]
        for e in range(first + 1, offsets[i + 1]):
            for f in range(n):
                a[e, f] = -lam * x[f] * (m[e, f] - m[first, f])
            a[e, e] = 1.0
            a[e, first] = -1.0
            a[e, n] = -(q[e] - q[first]) / scale
            b[e, 0] = lam * (q[e] - q[first]) - point[e] + point[first]
    for f in range(n + 1):
        a[n, f] = tangent[f]
    b[n, 1] = 1.0


@jit
def follow(game, scale, point, tangent, arc, space):
    """Follow the path for one arc: (the length of the next one, whether this one arrived).

    Where it did, `point` and `tangent` [n + 1] are moved on, else the next arc is shorter. An arc of 0 corrects the
    point itself. `scale` is the payoff range; `space` is modified in place.
    """
    trial, b = space.trial, space.b
    n = point.size - 1
    for f in range(n + 1):
        trial[f] = point[f] + arc * tangent[f]
    before = np.inf
    for move in range(CORRECTOR_MOVES):
        bordered(game, scale, trial, tangent, space)
        solve_columns(space.a, b)
        length = 0.0
        norm = 0.0
        for f in range(n + 1):
            length += b[f, 0] * b[f, 0]
            norm += b[f, 1] * b[f, 1]
            trial[f] += b[f, 0]
        length, norm = np.sqrt(length), np.sqrt(norm)
        if length < CLOSE_MOVE:
            for f in range(n + 1):
                point[f] = trial[f]
                tangent[f] = b[f, 1] / norm
            return arc * (ARC_GROWTH if move < 2 else ARC_GROWTH / move), True
        if not (length < FARTHEST and length < CONTRACTION * before):  # not a number counts as lost
            break
        before = length
    return arc * SHRINK, False
