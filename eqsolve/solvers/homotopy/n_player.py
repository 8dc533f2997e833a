"""One equilibrium of a general game of any number of players: a portfolio of methods that fail in different games.

1. pure: the first pure equilibrium, by enumeration (definition, Nash 1951);
2. regret matching+ (Tammelin et al. 2015) for 4 × 64 iterations, its average polished after each 64;
3. the path of quantal responses (Turocy 2005, Games and Economic Behavior 51), an arc an iteration: once its regret is
   below a tenth of the payoff range, its point is polished whenever its support changes or λ has grown fourfold;
4. where the path ends without one, regret matching+ goes on, 64 iterations at a time, polished after 8, 16, 32, … such.

To polish is to take the probabilities above a threshold for the support and to solve the indifference equations there
by Newton's method. Whatever comes up, the profile of least regret is kept as the candidate; it ends where that regret
is rounding, below 1e-12 of the payoff range. No part draws anything at random.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.kernels.indifference import indifferent, nash_gap
from eqsolve.kernels.jit import jit
from eqsolve.kernels.logit_path import FIRST_ARC, LARGEST_LAMBDA, follow, followable, scratch
from eqsolve.solvers.dynamics.regret_matching_plus import sweep as match
from eqsolve.solvers.homotopy.qre import first_point, require_dense

#: Rounds of regret matching+ before the path, and iterations of each.
ROUNDS_BEFORE_PATH = 4
ROUND_LENGTH = 64
#: Probabilities above these fractions of their row's largest are the support: of an average, of a point of the path.
OF_AVERAGES = (0.1, 0.01, 1e-3)
OF_POINTS = 0.01
#: A point of the path is polished from this regret on, in payoff ranges, and anew when λ has grown by the factor.
COARSE = 0.1
GROWN = 4.0

POLISHES = "true: equilibria are solved for on the supports of averages and of the path; false: these count as they are"


class State(NamedTuple):
    """Profiles are packed. `candidate` and its Nash `gap`; `regrets` and `average` of regret matching+ after `rounds`;
    `point`, `tangent` and `arc` of the path as in qre.py, arc 0 once it has ended; `support` and `tried`: where the
    last point was polished, and its λ · payoff range; `found`: the gap is rounding.
    """

    iteration: int
    candidate: NDArray[np.float64]
    gap: float
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]
    rounds: int
    point: NDArray[np.float64]
    tangent: NDArray[np.float64]
    arc: float
    support: NDArray[np.bool_]
    tried: float
    found: bool


class Arrays(NamedTuple):
    """The arrays of a state, in its order."""

    candidate: NDArray[np.float64]
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]
    point: NDArray[np.float64]
    tangent: NDArray[np.float64]
    support: NDArray[np.bool_]


#: The numbers of a state, in its order: iteration, gap, rounds, arc, tried, found.
Numbers: TypeAlias = tuple[int, float, int, float, float, bool]


@dataclass(frozen=True)
class NPlayer:
    """Without `polish` the candidates are pure profiles, averages and points of the path as they are."""

    polish: bool = field(default=True, metadata={"symbol": "-", "help": POLISHES})

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("n-player begins with uniform play and takes no --start")
        require_dense("n-player", game)
        uniform = game.pack(game.uniform())
        nothing = np.zeros(uniform.size)
        point, tangent = first_point(game)
        nowhere = np.zeros(uniform.size, dtype=np.bool_)
        return State(0, uniform, np.inf, nothing, uniform.copy(), 0, point, tangent, FIRST_ARC, nowhere, 0.0, False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        n, candidate, gap, regrets, average, rounds, point, tangent, arc, support, tried, found = state
        arrays = Arrays(candidate.copy(), regrets.copy(), average.copy(), point.copy(), tangent.copy(), support.copy())
        numbers = (n, gap, rounds, arc, tried, found)
        numbers = sweep(game.tensor().arrays, game.payoff_range or 1.0, arrays[:], numbers, steps, self.polish)
        n, gap, rounds, arc, tried, found = numbers
        candidate, regrets, average, point, tangent, support = arrays
        return State(n, candidate, gap, regrets, average, rounds, point, tangent, arc, support, tried, found)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"candidate": game.unpack(state.candidate)}

    def finished(self, state: State) -> bool:
        return state.found


@jit
def sweep(game: Any, scale: float, arrays: Any, numbers: Numbers, steps: int, polish: bool) -> Numbers:
    """Make `steps` steps, fewer if it ends; return the new numbers of the state.

    `arrays`, a plain tuple of the fields of `Arrays`, are modified in place. `polish`: whether indifference equations
    are solved on supports.
    """
    done, gap, rounds, arc, tried, found = numbers
    candidate, regrets, average, point, tangent, support = arrays
    space = scratch(game)
    x, work = np.empty_like(average), np.empty(game.scratch)
    own = np.empty_like(support)
    sums = PlaySums(np.empty_like(average), np.empty(game.sizes.size), 0, np.empty(0))
    for t in range(done, done + steps):
        if found:
            return t, gap, rounds, arc, tried, found
        if t == 0:
            x[:] = candidate
            first_pure(game, PAYOFF_ROUNDING * scale, x)
            gap = better(game, x, candidate, gap, space.q, work)
        elif t <= ROUNDS_BEFORE_PATH or arc == 0.0:
            match(game, game.offsets, regrets, average, sums, rounds * ROUND_LENGTH, 0.0, 1.0, ROUND_LENGTH)
            rounds += 1
            x[:] = average
            gap = better(game, x, candidate, gap, space.q, work)
            if polish and (rounds <= ROUNDS_BEFORE_PATH or rounds & (rounds - 1) == 0):
                for threshold in OF_AVERAGES:
                    x[:] = average
                    above(game.offsets, x, threshold, own)
                    if indifferent(game, scale, own, x, space.q, space.m, space.work):
                        gap = better(game, x, candidate, gap, space.q, work)
        else:
            arc, arrived = follow(game, scale, point, tangent, arc, space)
            if not (followable(point, arc) and point[-1] < LARGEST_LAMBDA):
                arc = 0.0
            if arrived:
                x[:] = np.exp(point[:-1])
                if nash_gap(game, x, space.q, work) < COARSE * scale:
                    gap = better(game, x, candidate, gap, space.q, work)
                    above(game.offsets, x, OF_POINTS, own)
                    if polish and (point[-1] > GROWN * tried or not np.array_equal(own, support)):
                        support[:] = own
                        tried = point[-1]
                        if indifferent(game, scale, own, x, space.q, space.m, space.work):
                            gap = better(game, x, candidate, gap, space.q, work)
        found = gap <= PAYOFF_ROUNDING * scale
    return done + steps, gap, rounds, arc, tried, found


@jit
def first_pure(game: Any, tie: float, x: Array) -> None:
    """Let x [n] become the first pure profile from which nobody gains more than `tie`; where there is none it stays."""
    entries = game.payoffs.size // game.sizes.size
    for joint in range(entries):
        stable = True
        stride = entries
        for i in range(game.sizes.size):
            size = game.sizes[i]
            stride //= size
            here = i * entries + joint
            first = here - joint // stride % size * stride
            for k in range(size):
                if game.payoffs[first + k * stride] > game.payoffs[here] + tie:
                    stable = False
                    break
            if not stable:
                break
        if stable:
            x[:] = 0.0
            stride = entries
            for i in range(game.sizes.size):
                stride //= game.sizes[i]
                x[game.offsets[i] + joint // stride % game.sizes[i]] = 1.0
            return


@jit
def above(offsets: NDArray[np.int64], x: Array, threshold: float, support: NDArray[np.bool_]) -> None:
    """Write to support [n] which entries of x [n] are above a fraction of their row's largest; offsets [N + 1]."""
    for i in range(offsets.size - 1):
        least = threshold * x[offsets[i] : offsets[i + 1]].max()
        for e in range(offsets[i], offsets[i + 1]):
            support[e] = x[e] > least


@jit
def better(game: Any, x: Array, candidate: Array, gap: float, q: Array, work: Array) -> float:
    """Return the smaller of `gap` and that of x [n], rows brought to sum 1; x becomes the candidate if it is its own.

    x, candidate [n], q [n] and the kernel's `work` are modified in place.
    """
    for i in range(game.sizes.size):
        x[game.offsets[i] : game.offsets[i + 1]] /= x[game.offsets[i] : game.offsets[i + 1]].sum()
    its: float = nash_gap(game, x, q, work)
    if not its < gap:
        return gap
    candidate[:] = x
    return its
