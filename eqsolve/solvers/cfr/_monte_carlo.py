"""What both kinds of Monte Carlo CFR share: state, start, answers. Each kind's file says what it draws.

Lanctot, Waugh, Zinkevich and Bowling 2009 (NeurIPS), "Monte Carlo sampling for regret minimization in extensive games":
an iteration looks at a few histories and updates the information sets on them by unbiased estimates of counterfactual
regrets; in the long run the average plan is what that of CFR would be, and an iteration costs what a walk does.

In iteration t each player in turn is the traverser. Everybody's policy is proportional to the positive parts of their
regrets as they are then. Averages are updated on the way, where the player after the traverser moves: by their policy
over the probability that the traverser's own draws let the walk come there. So their plans count alike, in
expectation, with two players; with more, plans count more in iterations in which the third ones play towards them.

Everything is drawn from the seed and the number of the iteration alone, so that a run is the same in one piece or
continued. How much answers differ from seed to seed is for several runs to show: `eqsolve plot` of their traces draws
mean ± standard deviation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import lane_entries, normalised


class State(NamedTuple):
    """`seed`: of all draws; rows of lanes [R · W] (kernels/sequence.py): `regrets`, and `average`, a sum of plans."""

    iteration: int
    seed: int
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]


@dataclass(frozen=True)
class Sampler(ABC):
    """A solver by sampled walks; a subclass says what a walk draws, `sweep`, and what it costs, `visits`."""

    @abstractmethod
    def sweep(self, game: SequenceForm, seed: np.uint64, regrets: Array, average: Array, done: int, steps: int) -> None:
        """Do `steps` iterations after the first `done`; `regrets` and `average` [R · W] are modified in place."""

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        regrets = np.zeros(lane_entries(game))
        if start is not None:
            regrets[game.arrays.lane] = (game.payoff_range or 1.0) * game.pack(start)
        return State(0, seed, regrets, np.zeros(lane_entries(game)))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        regrets, average = state.regrets.copy(), state.average.copy()
        self.sweep(game, np.uint64(state.seed % 2**64), regrets, average, state.iteration, steps)
        return State(state.iteration + steps, state.seed, regrets, average)

    def answers(self, game: SequenceForm, state: State) -> dict[str, Profile]:
        last = normalised(game, np.maximum(state.regrets, 0.0))
        average = normalised(game, state.average) if state.iteration > 0 else last
        return {"average": game.unpack(average), "last": game.unpack(last)}
