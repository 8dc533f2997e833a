"""The path of logit quantal-response equilibria, from uniform play towards a Nash equilibrium.

McKelvey and Palfrey 1995 (Games and Economic Behavior 10); as a method: Turocy 2005 (Games and Economic Behavior 51).
At precision λ ≥ 0, in 1 / payoff units, everybody answers by p_i(a) ∝ exp(λ u_i(a, p)): at λ = 0 uniformly, and as
λ → ∞ the branch that begins there leads, in almost every game, to one Nash equilibrium. An iteration is one arc:

1. predict: a step along the tangent in (log p, λ · payoff range);
2. correct: Newton's method on the equations of Turocy and the plane through the prediction across the tangent;
3. where that comes close in at most two moves, the next arc is twice as long; where it is lost, a quarter, and the
   iteration leaves the point where it was.

It ends at the first point of the branch with the λ asked for, or where log probabilities lose their digits, at
λ · payoff range = 10^9; or where the path cannot be followed any further. At λ a player with A actions regrets at most
log(A) / λ. Asked for a λ, the answer is judged by its distance to the logit responses there; else by its Nash gap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.logit_path import FIRST_ARC, LARGEST_LAMBDA, follow, followable, scratch
from eqsolve.kernels.rows import unit_rows

#: The dense systems have so many unknowns at most: actions of all players, and λ.
MOST_ACTIONS = 4000


class State(NamedTuple):
    """`point` float64 [n + 1]: log probabilities, packed like a profile, and λ · payoff range; `tangent`, of length 1,
    there; `arc`: the next one's length; `ended`: nothing follows.
    """

    iteration: int
    point: NDArray[np.float64]
    tangent: NDArray[np.float64]
    arc: float
    ended: bool


@dataclass(frozen=True)
class QRE:
    """One hyperparameter: where to end."""

    precision: float | None = field(
        default=None,
        metadata={
            "name": "lambda",
            "symbol": "λ",
            "help": "end at the quantal-response equilibrium of this precision, in 1 / payoff units; default: go on",
        },
    )

    def __post_init__(self) -> None:
        if self.precision is not None and not (math.isfinite(self.precision) and self.precision > 0):
            raise UsageError(f"lambda: expected a positive number, got {self.precision}")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("qre begins with uniform play and takes no --start")
        require_dense("qre", game)
        return State(0, *first_point(game), FIRST_ARC, False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        iteration, point, tangent, arc, ended = state
        point, tangent = point.copy(), tangent.copy()
        scale = game.payoff_range or 1.0
        goal = LARGEST_LAMBDA if self.precision is None else self.precision * scale
        begin = (iteration, point, tangent, arc, ended)
        iteration, arc, ended = sweep(game.tensor().arrays, scale, begin, goal, steps)
        return State(iteration, point, tangent, arc, ended)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"last": game.unpack(probabilities(game, state.point))}

    def finished(self, state: State) -> bool:
        return state.ended

    def asked_precision(self, game: NormalForm) -> float | None:
        return self.precision

    def figures(self, game: NormalForm, state: State) -> Mapping[str, float]:
        return {"lambda": float(state.point[-1]) / (game.payoff_range or 1.0)}


def require_dense(name: str, game: NormalForm) -> None:
    """UsageError for a game of more actions than the dense systems are for."""
    actions = int(game.offsets[-1])
    if actions > MOST_ACTIONS:
        raise UsageError(f"{name} solves dense systems in {actions} probabilities; it takes at most {MOST_ACTIONS}")


def first_point(game: NormalForm) -> tuple[Array, Array]:
    """Uniform play at λ = 0, and the tangent there: with λ."""
    tangent = np.zeros(int(game.offsets[-1]) + 1)
    tangent[-1] = 1.0
    return np.append(np.log(game.pack(game.uniform())), 0.0), tangent


def probabilities(game: NormalForm, point: Array) -> Array:
    """The packed profile at a point of the path, rows brought to sum 1 from the corrector's rounding."""
    x = np.exp(point[:-1])
    return np.asarray(unit_rows(game.row_offsets, x))


@jit
def sweep(game: Any, scale: float, state: Any, goal: float, steps: int) -> tuple[int, float, bool]:
    """Follow so many arcs, fewer if the path ends: (arcs so far, length of the next, whether it has ended).

    `state`: the fields of `State` as a plain tuple, its arrays modified in place. `goal` is λ · scale.
    """
    done, point, tangent, arc, ended = state
    space = scratch(game)
    before, direction = np.empty_like(point), np.empty_like(point)
    for t in range(done, done + steps):
        if ended:
            return t, arc, ended
        before[:] = point
        direction[:] = tangent
        arc, arrived = follow(game, scale, point, tangent, arc, space)
        if arrived and point[-1] >= goal:
            # between the points the path crosses the goal: from the chord there, corrected with λ kept as it is
            share = (goal - before[-1]) / (point[-1] - before[-1])
            for f in range(point.size):
                point[f] = before[f] + share * (point[f] - before[f])
                tangent[f] = 0.0
            point[-1] = goal
            tangent[-1] = 1.0
            _, ended = follow(game, scale, point, tangent, 0.0, space)
            if not ended:
                point[:] = before
                tangent[:] = direction
                arc /= 8.0
        ended = ended or not followable(point, arc)
    return done + steps, arc, ended
