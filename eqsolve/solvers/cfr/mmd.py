"""Magnetic mirror descent: every information set moves towards its better actions and back to the uniform policy.

Sokota, D'Orazio, Kolter, Loizou, Lanctot, Mitliagkas, Brown and Kroer 2023 (ICLR), arXiv:2206.05825, as in their
tabular experiments: behavioural policies, action values, a uniform magnet. Iteration t, everywhere at once:

1. q(I, a): the expected payoff after a at I, *given* that I is reached, all playing their present policies;
2. π'(I, a) ∝ (π(I, a) exp(η_t q(I, a)))^(1 / (1 + η_t α_t)), the step from π of length η_t that maximises q minus α_t
   times the divergence from uniform minus 1 / η_t times that from π.

With `decay=0.5`, their schedule for Nash equilibria, α_t = α / √t and η_t = η / √t, and the last iterate is the answer:
its gap falls, as far as experiments tell; nothing is proved. With `decay=0` and η well below α it tends to the agent
quantal response equilibrium of temperature α (McKelvey and Palfrey 1998), π(I, a) ∝ exp(q(I, a) / α), and is judged by
its distance to that.

Their α and η were 1 and 1 in Kuhn poker, 5 and 1 in Leduc poker, 1 and 2 in liar's dice. The defaults, half the payoff
range and 2 / α, are those for liar's dice: cautious ones, as with less α the iterates may go round. Where chance and
the others do not lead, q counts as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned, uninitialised
from eqsolve.forms.extensive.packing import packed
from eqsolve.kernels.lanes import add_above, entry, fma, load, splat, store, where_positive
from eqsolve.kernels.regret_sweep import mean_value
from eqsolve.kernels.sequence import PublicLeaves, SingleLeaves, pay
from eqsolve.kernels.softmax_policies import respond
from eqsolve.solvers.cfr._logits import first_logits, next_policy
from eqsolve.solvers.cfr.counterfactual import checked, sweep
from eqsolve.solvers.state import Asked

#: The default temperature, in payoff ranges, and what it makes with the default step.
TEMPERATURE, PULL = 0.5, 2.0


class MirrorDescent(NamedTuple):
    """Magnetic mirror descent as a minimiser of kernels/regret_sweep.py, after `done` iterations.

    `logits` [R · W], modified in place; `ends`: the game's leaves, each paying 1; scratch: `reach` [R · W], of each row
    the probability by chance and the others that the game ends after it; α_t = alpha / t^decay, η_t = eta / t^decay.
    """

    logits: Array
    ends: PublicLeaves | SingleLeaves
    reach: Array
    alpha: float
    eta: float
    decay: float
    done: int

    @staticmethod
    def factors(minimiser, k):
        """Return (η_t, 1 / (1 + η_t α_t)) of iteration t = done + k + 1."""
        falling = max(1.0, float(minimiser.done + k + 1)) ** -minimiser.decay
        alpha, eta = minimiser.alpha * falling, minimiser.eta * falling
        return eta, 1.0 / (1.0 + eta * alpha)

    @staticmethod
    def logit(minimiser, factors, row, lanes):
        """Return the logits of row `row`, W lanes."""
        return load(minimiser.logits, row, lanes)

    @staticmethod
    def prepare(minimiser, game, i, x):
        """Write into `reach` how likely the game ends right after each of player i's rows; x [R · W]: plans."""
        base = game.rows[i]
        pay(base, game.rows[i + 1], base, i, minimiser.ends, game.lanes, x, minimiser.reach)

    @staticmethod
    def learn(minimiser, factors, group, base, game, values, policy):
        """Do the step of 2., then respond; return the group's value. values [≥ player's rows · W], policy [R · W].

        A group's probability, by chance and the others, is that of all that ends after its first action.
        """
        lanes, logits, first = game.lanes, minimiser.logits, entry(game.first, group)
        end = first + entry(game.counts, group)
        zero, eta, kept = splat(0.0, lanes), splat(factors[0], lanes), splat(factors[1], lanes)
        reached = load(minimiser.reach, first - base, lanes)
        add_above(minimiser.reach, game.above, first, base, reached)
        value = mean_value(first, end, base, lanes, policy, values)
        for row in range(first, end):
            q = where_positive(reached, load(values, row - base, lanes) / reached, zero)
            store(logits, row, fma(eta, q, load(logits, row, lanes)) * kept)
        respond(minimiser, factors, group, game, policy)
        return value


class State(NamedTuple):
    """`logits` in rows of lanes [R · W]."""

    iteration: int
    logits: Array


@dataclass(frozen=True)
class MMD:
    """Magnetic mirror descent. Hyperparameters: temperature and step of the first iteration, and how fast they fall."""

    alpha: float | None = field(
        default=None, metadata={"symbol": "α", "help": "temperature, payoff units; default payoff range / 2"}
    )
    eta: float | None = field(default=None, metadata={"symbol": "η", "help": "step, 1 / payoff units; default 2 / α"})
    decay: float = field(
        default=0.5, metadata={"symbol": "p", "help": "both fall as 1 / t^p; 0: they stay, for quantal responses"}
    )

    def __post_init__(self) -> None:
        for name, value in (("alpha", self.alpha), ("eta", self.eta)):
            if value is not None and not (np.isfinite(value) and value > 0):
                raise UsageError(f"{name}: expected a positive number, got {value:g}")
        checked("decay", self.decay)

    def adapted(self, game: SequenceForm) -> MMD:
        alpha = self.alpha if self.alpha is not None else TEMPERATURE * (game.payoff_range or 1.0)
        return replace(self, alpha=alpha, eta=self.eta if self.eta is not None else PULL / alpha)

    def asked_precision(self, game: SequenceForm) -> float | None:
        return 1.0 / float(self.adapted(game).alpha or 1.0) if self.decay == 0 else None

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        return State(0, first_logits(game, start))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        state = State(state.iteration, aligned(state.logits))
        minimiser = self._descent(game, state)
        sweep(game, "simultaneous", minimiser, next_policy(game, minimiser), None, np.ones(steps))
        return State(state.iteration + steps, state.logits)

    def answers(self, game: SequenceForm, state: State) -> Mapping[str, Profile]:
        return Asked({"last": lambda: game.unpack(packed(game, next_policy(game, self._descent(game, state))))})

    def _descent(self, game: SequenceForm, state: State) -> MirrorDescent:
        used = self.adapted(game)
        reach = uninitialised(state.logits.size)
        return MirrorDescent(
            state.logits, game.visits.leaves, reach, used.alpha or 1.0, used.eta or 1.0, self.decay, state.iteration
        )
