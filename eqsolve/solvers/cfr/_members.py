"""The members of a portfolio: schedules of alternating predictive CFR+, and how they begin.

A member predicts that the regrets of the next iteration are p times those of this one, and keeps t^α / (t^α + 1) of
its regrets after iteration t. Which of them settle in a general-sum game and which go round in cycles differs from
game to game without a rule that anybody knows; so there are many, and some change p while they gain little.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import uninitialised
from eqsolve.forms.extensive.packing import in_lanes, lane_entries
from eqsolve.kernels.regret_matching import RegretMatching
from eqsolve.solvers.cfr.counterfactual import share, sweep

#: A member's iterations come in blocks; the first is so long, and each ends at this multiple of where the one before
#: did.
FIRST_BLOCK, BLOCK_GROWTH = 32, 1.3
#: Blocks whose ends fit into a machine word.
MOST_BLOCKS = 150
#: While it gains little, a member's prediction factor is multiplied by each of these in turn.
FACTORS = (1.0, 2.0, 0.5)
#: Members from this one on begin with a drawn profile, with regrets of this share of the payoff range.
FIRST_DRAWN, DRAWN_WEIGHT = 8, 0.05


class Schedule(NamedTuple):
    """`prediction`: p; `discount`: α, infinite where all regrets are kept; `changes`: whether p changes."""

    prediction: float
    discount: float
    changes: bool

    def predicted(self, changed: int) -> float:
        """Return the prediction factor after so many changes."""
        return self.prediction * FACTORS[changed % len(FACTORS)]

    def kept(self, t: Array) -> Array:
        """Return the share of regrets that iterations t [iterations] keep."""
        return np.ones(t.size) if self.discount == np.inf else share(t, self.discount)


#: The schedules, in the order in which they join a portfolio.
SCHEDULES = tuple(
    Schedule(p, alpha, k % 2 == 1)
    for k, (p, alpha) in enumerate(
        (
            *((1.0, np.inf), (1.0, 1.5), (2.0, 1.5), (0.5, 1.5), (1.0, 2.3), (2.0, np.inf), (0.5, np.inf), (3.0, 1.5)),
            *((0.8, 1.7), (1.5, 1.5), (1.5, np.inf), (0.7, np.inf), (1.2, 1.5), (0.6, 1.5), (3.0, np.inf), (1.0, 1.2)),
        )
    )
)


class Members(NamedTuple):
    """Of M members, in rows of lanes: the `policy` to be played next and the `regrets`, [M, R · W].

    int64 [M]: iterations `done`, blocks `ended`, `turns` had, and how often the prediction factor was `changed`.
    """

    policy: NDArray[np.float64]
    regrets: NDArray[np.float64]
    done: NDArray[np.int64]
    ended: NDArray[np.int64]
    turns: NDArray[np.int64]
    changed: NDArray[np.int64]


def first_members(game: SequenceForm, count: int, seed: int, start: Profile | None) -> Members:
    """Return the members before their first iterations: at `start`, or some at uniform play and some at drawn profiles.

    The draws depend on the seed alone.
    """
    size = lane_entries(game)
    policy, regrets = (uninitialised(count * size).reshape(count, size) for _ in range(2))
    policy[:] = in_lanes(game, game.pack(game.uniform() if start is None else start))
    regrets[:] = 0.0
    if start is not None:
        regrets[:, game.arrays.lane] = (game.payoff_range or 1.0) * game.pack(start)
    else:
        uniforms = np.random.Generator(np.random.Philox(key=seed)).random((len(SCHEDULES), int(game.offsets[-1])))
        rows = game.row_offsets
        for m in range(FIRST_DRAWN, count):
            exponentials = -np.log1p(-uniforms[m])  # normalised, these are uniform on the simplex
            drawn = exponentials / np.repeat(np.add.reduceat(exponentials, rows[:-1]), np.diff(rows))
            policy[m] = in_lanes(game, drawn)
            regrets[m, game.arrays.lane] = DRAWN_WEIGHT * (game.payoff_range or 1.0) * drawn
    return Members(policy, regrets, *(np.zeros(count, np.int64) for _ in range(4)))


def advance(game: SequenceForm, members: Members, m: int, steps: int, average: Array) -> None:
    """Make `steps` iterations of member m; its rows and `average` [R · W], a sum of plans, are modified in place.

    Iteration t of the member counts t times in the average.
    """
    done, schedule = int(members.done[m]), SCHEDULES[m]
    t = np.arange(done + 1.0, done + steps + 1.0)
    predicted = np.full(steps, schedule.predicted(int(members.changed[m])))
    minimiser = RegretMatching(members.regrets[m], schedule.kept(t), np.zeros(steps), predicted)
    sweep(game, "alternating", minimiser, members.policy[m], average, t)
    members.done[m] += steps


@cache
def block_end(k: int) -> int:
    """Return after how many iterations of a member its block k, counted from 0, ends; 0 for −1."""
    return 0 if k < 0 else max(block_end(k - 1) + 1, int(FIRST_BLOCK * BLOCK_GROWTH**k))
