"""What the methods of the CFR family share: state, sweep, answers. Each member's file says what differs.

Zinkevich, Johanson, Bowling and Piccione 2007 (NeurIPS), "Regret minimization in games with incomplete information":
at every information set a regret minimiser of its own is fed with counterfactual regrets; the average of the plans
played, not of the policies, is the answer. Most members match regrets (`RegretMatcher`): they differ in four numbers
per iteration, `Weights`. Others bring a minimiser of their own and share `sweep` and `average_and_last`.

With `update=alternating` a player answers the new plans of those who moved before them in the same iteration, with
`update=simultaneous` the plans that the iteration began with. The average takes the plan that a player had *before*
their update, the uniform one of the first iteration included.

The profile that an iteration begins with is its play. With simultaneous updates sums of it arise by the way;
`update=alternating-summed` is alternating with the same sums, in less than twice the time. What the learners then
bound is their regret against the plans that they answered, which for those who move later are of no such profile: the
coarse-correlated gap of that play is measured, not promised.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned
from eqsolve.forms.extensive.packing import in_lanes, lane_entries, normalised, packed, scratch_rows
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.kernels.regret_matching import RegretMatching
from eqsolve.kernels.regret_sweep import Sums, alternating_sweep, simultaneous_sweep
from eqsolve.solvers.cfr._threaded_sweep import in_threads, threaded_sweep
from eqsolve.solvers.state import Asked

UPDATES = ("alternating", "simultaneous")
SUMMED = "alternating-summed"
#: What predictive members say of the hyperparameter `p`.
PREDICTION = {"symbol": "p", "help": "the last regrets count p times once more: 1 as published, 0 predicts nothing"}
#: Exponents γ above this are refused: t^γ of the billionth iteration would come near the largest float there is.
MOST_GAMMA = 30.0


class Weights(NamedTuple):
    """Four numbers for each iteration, float64 [iterations] each.

    `kept`, `lost` multiply positive and negative regrets after the iteration's are added; `predicted`: how often the
    iteration's regrets count once more in the next policy; `averaged`: the weight of its plan in the average.
    """

    kept: Array
    lost: Array
    predicted: Array
    averaged: Array


class State(NamedTuple):
    """Rows of lanes [R · W]: the `policy` to be played next, `regrets`, and `average`, the weighted sum of plans.

    `plays`: sums over the play; of no iterations with `update=alternating`, which sums none.
    """

    iteration: int
    policy: Array
    regrets: Array
    average: Array
    plays: PlaySums


@dataclass(frozen=True)
class RegretMatcher(ABC):
    """A regret matcher of the family; a subclass tells its `weights`."""

    update: str = field(
        default="alternating",
        metadata={
            "symbol": "u",
            "help": "who answers whom: alternating, simultaneous; alternating-summed sums the joint play, for cce_gap",
        },
    )

    def __post_init__(self) -> None:
        check_update(self.update, (*UPDATES, SUMMED))

    @abstractmethod
    def weights(self, t: Array) -> Weights:
        """Return the weights of iterations t [iterations], counted from 1."""

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
        _, policy, regrets, average, plays = state
        done = state.iteration + steps
        weights = self.weights(np.arange(state.iteration + 1.0, done + 1.0))
        minimiser = RegretMatching(regrets, weights.kept, weights.lost, weights.predicted)
        if self.update == "alternating":
            sweep(game, self.update, minimiser, policy, average, weights.averaged)
            return State(done, policy, regrets, average, plays)
        sums = Sums(np.zeros(len(policy)), plays.realised.copy())
        sums.deviation[game.arrays.lane] = plays.deviation
        sweep(game, self.update, minimiser, policy, average, weights.averaged, sums)
        plays = PlaySums(sums.deviation[game.arrays.lane], sums.realised, plays.iterations + steps)
        return State(done, policy, regrets, average, plays)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: SequenceForm, state: State) -> Mapping[str, Profile]:
        return average_and_last(game, state.iteration, state.average, lambda: state.policy)


def sweep(
    game: SequenceForm,
    update: str,
    minimiser: Any,
    policy: Array,
    average: Array | None,
    weights: Array,
    sums: Sums | None = None,
) -> None:
    """Sweep a minimiser of kernels/regret_sweep.py over the game, once per entry of `weights` [iterations].

    Modified in place: `policy` and `average` (None: no plans are averaged) [R · W], the minimiser's arrays, and `sums`
    (None: not summed), which with alternating updates only `alternating-summed` can fill.
    """
    in_blocks = in_threads(game) and update != SUMMED and not hasattr(minimiser, "prepare")
    if in_blocks and average is not None:
        threaded_sweep(game, minimiser, policy, average, weights, sums, alternating=update != "simultaneous")
    else:
        swept = simultaneous_sweep if update == "simultaneous" else alternating_sweep
        swept(game.arrays, *scratch_rows(game), minimiser, policy, average, weights, sums)


def average_and_last(
    game: SequenceForm, iteration: int, average: Array, last: Callable[[], Array]
) -> Mapping[str, Profile]:
    """Return the answers `average`, of a sum of plans [R · W], and `last`, of the policy [R · W] that `last` returns.

    Each is made when it is asked for. Before the first iteration nothing is averaged, and both are the last.
    """

    def last_profile() -> Profile:
        return game.unpack(packed(game, last()))

    def average_profile() -> Profile:
        return game.unpack(normalised(game, average)) if iteration else last_profile()

    return Asked({"average": average_profile, "last": last_profile})


def check_update(update: str, allowed: tuple[str, ...]) -> None:
    """Raise UsageError unless `update` is one of the `allowed` words."""
    if update not in allowed:
        raise UsageError(f"update: expected one of {', '.join(allowed)}, got '{update}'")


def checked(name: str, value: float, least: float | None = 0.0) -> None:
    """Raise UsageError unless `value` is finite and not below `least`; None: there is no least one."""
    if not math.isfinite(value):
        raise UsageError(f"{name}: expected a finite number, got {value}")
    if least is not None and value < least:
        raise UsageError(f"{name}: expected a number of at least {least:g}, got {value:g}")


def check_gamma(gamma: float) -> None:
    """Raise UsageError unless t^gamma can weigh iteration t."""
    checked("gamma", gamma)
    if gamma > MOST_GAMMA:
        raise UsageError(f"gamma: expected a number of at most {MOST_GAMMA:g}, so that t^γ stays finite, got {gamma:g}")


def even(t: Array, kept: float = 1.0, lost: float = 1.0, predicted: float = 0.0, gamma: float = 0.0) -> Weights:
    """Return weights of iterations t [iterations] that are constant, but for an average that weighs by t^γ."""
    return Weights(np.full(t.size, kept), np.full(t.size, lost), np.full(t.size, predicted), t**gamma)


def share(t: Array, exponent: float | Array) -> Array:
    """Return t^e / (t^e + 1) [iterations], the discount of Brown and Sandholm 2019, without an overflow."""
    return np.asarray(1 / (1 + t**-exponent))
