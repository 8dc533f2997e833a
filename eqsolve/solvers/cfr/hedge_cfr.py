"""CFR with Hedge: multiplicative weights at every information set, fed with counterfactual regrets.

Brown, Kroer and Sandholm 2017 (AAAI), "Dynamic thresholding and pruning for regret minimization", run CFR with Hedge
(Freund and Schapire 1997) in place of regret matching; that any regret minimiser may stand there is the theorem of
Zinkevich, Johanson, Bowling and Piccione 2007. Iteration t at every information set:

1. R ← R + r_t, the counterfactual regrets of the plans in play, never cut off at 0;
2. the next policy is proportional to π⁰ exp(η_t R), π⁰ the first one, η_t = η / t^p;
3. the average weighs all plans alike.

With p = 1/2 the regret of T iterations is O(√T) whatever T is, and so in two-player zero-sum games the average's gap
falls as 1/√T; a constant η does so only for the T that it was chosen for. One η serves all information sets, whose
counterfactual regrets are small where chance and the others seldom lead: hence a default far above 1 / payoff range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned
from eqsolve.forms.extensive.packing import lane_entries
from eqsolve.kernels.lanes import entry, fma, load, splat, store
from eqsolve.kernels.regret_sweep import mean_value
from eqsolve.kernels.softmax_policies import respond
from eqsolve.solvers.cfr._logits import first_logits, next_policy
from eqsolve.solvers.cfr.counterfactual import UPDATES, average_and_last, check_update, checked, sweep

#: The default η times the payoff range, chosen on Kuhn and Leduc poker, liar's dice and goofspiel.
HEDGE_STEP = 200.0


class Hedge(NamedTuple):
    """Multiplicative weights as a minimiser of kernels/regret_sweep.py, after `done` iterations.

    `prior`, log π⁰, and `regrets`, modified in place [R · W]; η_t = eta / t^decay.
    """

    prior: Array
    regrets: Array
    eta: float
    decay: float
    done: int

    @staticmethod
    def factors(minimiser, k):
        """Return (η_t,) of iteration t = done + k + 1."""
        return (minimiser.eta / max(1.0, float(minimiser.done + k + 1)) ** minimiser.decay,)

    @staticmethod
    def logit(minimiser, factors, row, lanes):
        """Return log π⁰ + η_t R of row `row`, W lanes."""
        return fma(splat(factors[0], lanes), load(minimiser.regrets, row, lanes), load(minimiser.prior, row, lanes))

    @staticmethod
    def learn(minimiser, factors, group, base, game, values, policy):
        """Do R ← R + r_t, then respond; return the group's value. values [≥ player's rows · W], policy [R · W]."""
        lanes, regrets, first = game.lanes, minimiser.regrets, entry(game.first, group)
        end = first + entry(game.counts, group)
        value = mean_value(first, end, base, lanes, policy, values)
        for row in range(first, end):
            store(regrets, row, load(regrets, row, lanes) + (load(values, row - base, lanes) - value))
        respond(minimiser, factors, group, game, policy)
        return value


class State(NamedTuple):
    """Rows of lanes [R · W]: `prior`, log π⁰; `regrets`; `average`, the sum of plans."""

    iteration: int
    prior: Array
    regrets: Array
    average: Array


@dataclass(frozen=True)
class HedgeCFR:
    """CFR with Hedge. Hyperparameters: the learning rate, in 1 / payoff units, and who answers whom."""

    eta: float | None = field(
        default=None,
        metadata={"symbol": "η", "help": "learning rate, 1 / payoff units; default 200 / payoff range"},
    )
    decay: float = field(default=0.5, metadata={"symbol": "p", "help": "it falls as η / t^p; 0: it stays"})
    update: str = field(
        default="alternating", metadata={"symbol": "u", "help": "who answers whom: alternating, simultaneous"}
    )

    def __post_init__(self) -> None:
        if self.eta is not None and not (np.isfinite(self.eta) and self.eta > 0):
            raise UsageError(f"eta: expected a positive number, got {self.eta:g}")
        checked("decay", self.decay)
        check_update(self.update, UPDATES)

    def adapted(self, game: SequenceForm) -> HedgeCFR:
        return self if self.eta is not None else replace(self, eta=HEDGE_STEP / (game.payoff_range or 1.0))

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        return State(0, first_logits(game, start), np.zeros(lane_entries(game)), np.zeros(lane_entries(game)))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        prior, regrets, average = (aligned(rows) for rows in state[1:])
        minimiser = self._hedge(game, State(state.iteration, prior, regrets, average))
        sweep(game, self.update, minimiser, next_policy(game, minimiser), average, np.ones(steps))
        return State(state.iteration + steps, prior, regrets, average)

    def answers(self, game: SequenceForm, state: State) -> Mapping[str, Profile]:
        def last() -> Array:
            return next_policy(game, self._hedge(game, state))

        return average_and_last(game, state.iteration, state.average, last)

    def _hedge(self, game: SequenceForm, state: State) -> Hedge:
        return Hedge(state.prior, state.regrets, self.adapted(game).eta or 1.0, self.decay, state.iteration)
