"""What the regret matchers of the CFR family share: state, sweep, answers. Each member's file says what differs.

Zinkevich, Johanson, Bowling and Piccione 2007 (NeurIPS), "Regret minimization in games with incomplete information":
at every information set a regret matcher of its own is fed with counterfactual regrets; the average of the plans
played, not of the policies, is the answer. The members' differences are four numbers per iteration, `Weights`.

With `update=alternating` a player answers the new plans of those who moved before them in the same iteration, with
`update=simultaneous` the plans that the iteration began with. The average takes the plan that a player had *before*
their update, the uniform one of the first iteration included.

The profile that an iteration begins with is its play. With simultaneous updates sums of it arise by the way;
`update=alternating-summed` is alternating with the same sums, two to three times slower. What the learners then bound
is their regret against the plans that they answered, which for those who move later are of no such profile: the
coarse-correlated gap of that play is measured, not promised.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned
from eqsolve.forms.extensive.packing import in_lanes, lane_entries, normalised, packed, room
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.kernels.regret_sweep import alternating_sweep, simultaneous_sweep
from eqsolve.kernels.summed import summed_sweep
from eqsolve.solvers.cfr._threaded_sweep import in_threads, sweep
from eqsolve.solvers.state import Asked

UPDATES = ("alternating", "simultaneous")
#: Of exponents of t: with more, weights of the billionth iteration come near the largest number there is.
MOST_GAMMA = 30.0
SUMMED = "alternating-summed"


class Weights(NamedTuple):
    """Float64 [iterations]: `kept`, `lost` multiply positive and negative regrets after the iteration's are added;
    `predicted`: how often the iteration's regrets count once more in the next policy; `averaged`: of its plan.
    """

    kept: Array
    lost: Array
    predicted: Array
    averaged: Array


class State(NamedTuple):
    """In rows of lanes (kernels/sequence.py): the `policy` to be played next, `regrets`, the weighted sum of plans.

    `plays`: of no iterations with `update=alternating`, which sums none.
    """

    iteration: int
    policy: NDArray[np.float64]
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]
    plays: PlaySums


@dataclass(frozen=True)
class RegretMatcher(ABC):
    """A member of the family: what a solver is, given `weights`."""

    update: str = field(
        default="alternating",
        metadata={
            "symbol": "u",
            "help": "who answers whom: alternating, simultaneous; alternating-summed sums the joint play, for cce_gap",
        },
    )

    def __post_init__(self) -> None:
        if self.update not in (*UPDATES, SUMMED):
            raise UsageError(f"update: expected one of {', '.join((*UPDATES, SUMMED))}, got '{self.update}'")

    @abstractmethod
    def weights(self, t: Array) -> Weights:
        """Of iterations t, counted from 1."""

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        lanes = lane_entries(game)
        policy = game.pack(game.uniform() if start is None else start)
        regrets = np.zeros(lanes)
        if start is not None:
            regrets[game.arrays.lane] = (game.payoff_range or 1.0) * policy
        return State(0, in_lanes(game, policy), regrets, np.zeros(lanes), nothing_played(game))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        policy, regrets, average = (aligned(rows) for rows in state[1:4])
        return self.advance(game, State(state.iteration, policy, regrets, average, state.plays), steps)

    def advance(self, game: SequenceForm, state: State, steps: int) -> State:
        """The same, the rows of `state` modified in place."""
        _, policy, regrets, average, plays = state
        done = state.iteration + steps
        weights = self.weights(np.arange(state.iteration + 1.0, done + 1.0))
        if self.update == "alternating":
            if in_threads(game):
                sweep(game, policy, regrets, average, *weights)
            else:
                alternating_sweep(game.arrays, *room(game), policy, regrets, average, *weights)
            return State(done, policy, regrets, average, plays)
        deviation, realised = np.zeros(len(policy)), plays.realised.copy()
        deviation[game.arrays.lane] = plays.deviation
        if self.update == SUMMED:
            summed_sweep(game.arrays, *room(game), policy, regrets, average, *weights, deviation, realised)
        elif in_threads(game):
            sweep(game, policy, regrets, average, *weights, (deviation, realised))
        else:
            simultaneous_sweep(game.arrays, *room(game), policy, regrets, average, *weights, deviation, realised)
        plays = PlaySums(deviation[game.arrays.lane], realised, plays.iterations + steps)
        return State(done, policy, regrets, average, plays)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: SequenceForm, state: State) -> Mapping[str, Profile]:
        def last() -> Profile:
            return game.unpack(packed(game, state.policy))

        def average() -> Profile:
            return game.unpack(normalised(game, state.average)) if state.iteration else last()

        return Asked({"average": average, "last": last})


def checked(name: str, value: float, least: float | None = 0.0) -> None:
    """UsageError unless `value` is finite and not below `least`."""
    if not math.isfinite(value):
        raise UsageError(f"{name}: expected a finite number, got {value}")
    if least is not None and value < least:
        raise UsageError(f"{name}: expected a number of at least {least:g}, got {value:g}")


def check_gamma(gamma: float) -> None:
    """UsageError unless t^gamma can weigh iteration t."""
    checked("gamma", gamma)
    if gamma > MOST_GAMMA:
        raise UsageError(f"gamma: expected a number of at most {MOST_GAMMA:g}, so that t^γ stays finite, got {gamma:g}")


def even(t: Array, kept: float = 1.0, lost: float = 1.0, predicted: float = 0.0, gamma: float = 0.0) -> Weights:
    """The same in all iterations, but for an average by t^γ."""
    return Weights(np.full(t.size, kept), np.full(t.size, lost), np.full(t.size, predicted), t**gamma)


def share(t: Array, exponent: float | Array) -> Array:
    """t^e / (t^e + 1), the discount of Brown and Sandholm 2019, without an overflow."""
    return np.asarray(1 / (1 + t**-exponent))
