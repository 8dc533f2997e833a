"""Descent on the larger regret: in every two-player game an approximate equilibrium, in polynomial time.

Tsaknakis and Spirakis 2008 (Internet Mathematics 5): with payoffs scaled to [0, 1] nobody's regret exceeds 0.3393 + δ
at the end. f is the larger of the two regrets. A step at the profile (x, y):

1. the player with the larger regret moves towards their best reply until the regrets are equal (or theirs is zero);
2. the direction (x', y') in which f falls most steeply is found by a linear programme over the best replies to x and y
   (HiGHS); its multipliers are mixtures w, z of these best replies and their weight ρ;
3. where f falls by more than δ the profile moves along it to where f is least; near-best replies count as best ones,
   lest the next one in line end every step soon, until f falls no more, and then only those ten times nearer;
4. else (x, y) is stationary: of it and of the paper's profile, which mixes w with x (or z with y) by how much they
   would gain or lose by it, the better one is the answer, and the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import Entries, Programme, in_thread, maximum
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import NormalForm

#: Actions within this of the best count as best replies, payoffs in [0, 1]: at first, and at the end.
WIDEST, NARROWEST = 1e-2, 1e-7
MAX_BEST_REPLIES = 100
#: A step that lowers f by a smaller fraction is none.
LEAST_GAIN = 1e-6
#: Places along a line at which f is looked at, in each of two rounds.
PLACES = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 64)])


class State(NamedTuple):
    """`x` [A], `y` [B]: the profile; `width`: what counts as a best reply; `settled`: it is the end."""

    iteration: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    width: float
    settled: bool


@dataclass(frozen=True)
class TsaknakisSpirakis:
    """One hyperparameter: when a descent is too slow to go on."""

    delta: float = field(default=1e-4, metadata={"symbol": "δ", "help": "> 0; the least slope, payoffs in [0, 1]"})

    def __post_init__(self) -> None:
        if not 0 < self.delta < 1:
            raise UsageError(f"delta: expected a number between 0 and 1, got {self.delta}")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("tsaknakis-spirakis descends from the uniform profile and takes no --start")
        m, n = map(len, game.actions)
        return State(0, np.full(m, 1 / m), np.full(n, 1 / n), WIDEST, False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.settled:
            return state
        payoffs = game.tensor().payoffs
        r, c = unit_interval(payoffs[0]), unit_interval(payoffs[1])
        x, y, width, settled, taken = state.x, state.y, state.width, False, 0
        while taken < steps and not settled:
            x, y, width, settled = in_thread(descent, r, c, x, y, width, self.delta)
            taken += 1
        return State(state.iteration + taken, x.copy(), y.copy(), width, settled)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return {"last": frozen((state.x, state.y))}

    def finished(self, state: State) -> bool:
        return bool(state.settled)


def unit_interval(payoffs: Array) -> Array:
    """The payoffs scaled to [0, 1]; 0 where they are all alike."""
    spread = np.ptp(payoffs)
    return (payoffs - payoffs.min()) / spread if spread > 0 else np.zeros_like(payoffs)


def regrets(r: Array, c: Array, x: Array, y: Array) -> tuple[float, float]:
    """Both players' regrets at payoffs r, c [A, B]."""
    u, v = r @ y, x @ c
    return float(x @ (u.max() - u)), float(y @ (v.max() - v))


def descent(r: Array, c: Array, x: Array, y: Array, width: float, delta: float) -> tuple[Array, Array, float, bool]:
    """One step from (x, y): the profile after it, what then counts as a best reply, and whether it is the end."""
    x, y = balanced(r, c, x, y)
    f = max(regrets(r, c, x, y))
    slope, to_x, to_y, w, z = steepest(r, c, x, y, width)
    if slope < -delta:
        further = along(r, c, x, y, to_x, to_y)
        if max(regrets(r, c, *further)) < f * (1 - LEAST_GAIN):
            return *further, width, False
    if width > NARROWEST:
        return x, y, max(width / 10, NARROWEST), False
    candidates = [(x, y), mixed(r, c, x, y, w, z)]
    best = min(candidates, key=lambda profile: max(regrets(r, c, *profile)))
    return *best, width, True


def balanced(r: Array, c: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """The profile after the player with the larger regret has moved towards a best reply until the two are equal.

    Their own regret falls linearly with the share that they move, the other's is the largest of linear functions.
    """
    mine, theirs = regrets(r, c, x, y)
    if mine < theirs:
        other, own = balanced(c.T, r.T, y, x)
        return own, other
    reply = np.eye(len(x))[(r @ y).argmax()]
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        mine, theirs = regrets(r, c, (1 - middle) * x + middle * reply, y)
        low, high = (middle, high) if mine > theirs else (low, middle)
    return (1 - low) * x + low * reply, y


def steepest(r: Array, c: Array, x: Array, y: Array, width: float) -> tuple[float, Array, Array, Array, Array]:
    """(slope of f towards (x', y'), x', y', w, z): the steepest descent and the mixtures of best replies against it.

    Minimise V subject to V ≥ (R y')_i − x·R y' − x'·R y + x·R y for every reply i of `replies`, and alike for the
    columns.
    """
    m, n = r.shape
    u, v = r @ y, x @ c
    value, their_value = float(x @ u), float(v @ y)
    rows, columns = replies(u, width), replies(v, width)
    a, b = len(rows), len(columns)
    # variables x' [m], y' [n], V; first the best rows, then the best columns, then both sums
    constraints = np.zeros((a + b + 2, m + n + 1))
    constraints[:a, :m] = u
    constraints[:a, m : m + n] = x @ r - r[rows]
    constraints[a : a + b, :m] = c @ y - c[:, columns].T
    constraints[a : a + b, m : m + n] = v
    constraints[: a + b, m + n] = 1.0
    constraints[a + b, :m] = 1.0
    constraints[a + b + 1, m : m + n] = 1.0
    there = np.nonzero(constraints)
    lower = np.concatenate([np.full(a, value), np.full(b, their_value), np.ones(2)])
    upper = np.concatenate([np.full(a + b, np.inf), np.ones(2)])
    found = maximum(
        Programme(
            costs=np.append(np.zeros(m + n), -1.0),
            least=np.append(np.zeros(m + n), -np.inf),
            lower=lower,
            upper=upper,
            matrix=Entries(there[0], there[1], constraints[there]),
        )
    )
    multipliers = np.abs(found.multipliers)
    w, z = np.zeros(m), np.zeros(n)
    w[rows] = multipliers[:a]
    z[columns] = multipliers[a : a + b]
    slope = float(found.values[-1]) - max(regrets(r, c, x, y)) if found.solved else 0.0
    return (
        slope,
        distribution(found.values[:m], np.arange(m)),
        distribution(found.values[m:-1], np.arange(n)),
        distribution(w, rows),
        distribution(z, columns),
    )


def replies(payoffs: Array, width: float) -> NDArray[np.intp]:
    """The actions within `width` of the best, at most the MAX_BEST_REPLIES best of them: programmes stay small."""
    best = np.argsort(-payoffs, kind="stable")[:MAX_BEST_REPLIES]
    return np.sort(best[payoffs[best] >= payoffs.max() - width])


def distribution(weights: Array, support: NDArray[np.intp]) -> Array:
    """Weights freed from rounding below zero and scaled to sum 1; uniform on `support` where there are none."""
    positive = np.maximum(weights, 0.0)
    if not positive.sum() > 0:
        positive = np.zeros(len(weights))
        positive[support] = 1.0
    return np.asarray(positive / positive.sum())


def along(r: Array, c: Array, x: Array, y: Array, to_x: Array, to_y: Array) -> tuple[Array, Array]:
    """The profile with the least f among places on the way to (x', y'), first all along it, then around the best."""
    u, v, w, z = r @ y, r @ to_y, x @ c, to_x @ c
    mine = np.array([[x @ u, x @ v], [to_x @ u, to_x @ v]])
    theirs = np.array([[w @ y, w @ to_y], [z @ y, z @ to_y]])

    def f(places: Array) -> Array:
        share = np.stack([1 - places, places])
        best, reply = (np.stack([u, v], 1) @ share).max(axis=0), (np.stack([w, z], 1) @ share).max(axis=0)
        value, their_value = (np.einsum("ik,ij,jk->k", share, table, share) for table in (mine, theirs))
        return np.asarray(np.maximum(best - value, reply - their_value))

    places = PLACES
    for _ in range(2):
        k = int(f(places).argmin())
        low, high = places[max(k - 1, 0)], places[min(k + 1, len(places) - 1)]
        places = np.append(np.linspace(low, high, len(PLACES) - 1), places[k])
    e = places[int(f(places).argmin())]
    return (1 - e) * x + e * to_x, (1 - e) * y + e * to_y


def mixed(r: Array, c: Array, x: Array, y: Array, w: Array, z: Array) -> tuple[Array, Array]:
    """The paper's second candidate at a stationary profile (section 4).

    λ: the least that w gains over x against best replies to x; μ: the least that z gains over y against best replies
    to y.
    """
    u, v = r @ y, x @ c
    rows, columns = u >= u.max() - NARROWEST, v >= v.max() - NARROWEST
    lam = max(float(((w - x) @ r)[columns].min()), 0.0)
    mu = max(float((c @ (z - y))[rows].min()), 0.0)
    if lam >= mu:
        share = 1 / (1 + lam - mu)
        return share * w + (1 - share) * x, z
    share = 1 / (1 + mu - lam)
    return w, share * z + (1 - share) * y
