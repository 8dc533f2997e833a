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

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import in_lanes, packed, room
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, fma, load, splat, store, where_positive
from eqsolve.kernels.sequence import inlined, pay, plans
from eqsolve.kernels.softmax import softmax
from eqsolve.solvers.cfr.counterfactual import checked

#: The default temperature, in payoff ranges, and what it makes with the default step.
TEMPERATURE, PULL = 0.5, 2.0


class State(NamedTuple):
    """`logits` in rows of lanes (kernels/sequence.py)."""

    iteration: int
    logits: NDArray[np.float64]


@dataclass(frozen=True)
class MMD:
    """Temperature and step of the first iteration, and how fast they fall."""

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
        policy = in_lanes(game, game.pack(game.uniform() if start is None else start))
        with np.errstate(divide="ignore"):  # a zero of the start is a logit of −∞, and stays one
            return State(0, np.log(policy))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        logits, used = state.logits.copy(), self.adapted(game)
        sweep(game.arrays, game.visits, *room(game), logits, used.alpha, used.eta, self.decay, state.iteration, steps)
        return State(state.iteration + steps, logits)

    def answers(self, game: SequenceForm, state: State) -> dict[str, Profile]:
        policy = np.empty_like(state.logits)
        play(game.arrays, state.logits, policy)
        return {"last": game.unpack(packed(game, policy))}


@jit
def play(game, logits, policy):
    """The policy of logits, both in rows of lanes; modified in place."""
    lanes = game.lanes
    policy[:] = logits
    for i in range(game.rows.size - 1):
        store(policy, game.rows[i], splat(1.0, lanes))
    for group in range(game.first.size):
        softmax(game.first[group], game.first[group] + game.counts[group], lanes, policy)


@inlined
def _improve(i, tree, leaves, ends, lanes, x, policy, logits, worth, mass, alpha, eta):
    """Player i's logits after one more iteration against the plans x; modified in place.

    `worth` and `mass`: room for values and probabilities of what follows each row. An information set's probability,
    by chance and the others, is that of all that ends after its first action.
    """
    rows, groups, above, firsts, counts = tree
    base, end = rows[i], rows[i + 1]
    zero, step, kept = splat(0.0, lanes), splat(eta, lanes), splat(1.0 / (1.0 + eta * alpha), lanes)
    pay(base, end, base, i, leaves, lanes, x, worth)
    pay(base, end, base, i, ends, lanes, x, mass)
    for group in range(groups[i + 1] - 1, groups[i] - 1, -1):
        first = firsts[group]
        reached = load(mass, first - base, lanes)
        add_above(mass, above, first, base, reached)
        value = zero
        for row in range(first, first + counts[group]):
            paid = load(worth, row - base, lanes)
            value = fma(load(policy, row, lanes), paid, value)
            q = where_positive(reached, paid / reached, zero)
            store(logits, row, fma(step, q, load(logits, row, lanes)) * kept)
        add_above(worth, above, first, base, value)


@jit
def sweep(game, visits, x, worth, logits, alpha, eta, decay, done, steps):
    """`steps` iterations after the first `done` on logits in rows of lanes, which are modified in place.

    `visits`: the game with 1 paid at every leaf. `x`, `worth`: room to work in, as in kernels/regret_sweep.py.
    """
    lanes, rows, groups, above, firsts, counts, leaves, _ = game
    tree, ends = (rows, groups, above, firsts, counts), visits.leaves
    policy, mass = np.empty_like(logits), np.empty_like(worth)
    for t in range(done + 1, done + steps + 1):
        falling = float(t) ** -decay
        play(game, logits, policy)
        plans(game, policy, x)
        for i in range(rows.size - 1):
            a, eta_t = alpha * falling, eta * falling
            _improve(i, tree, leaves, ends, lanes, x, policy, logits, worth, mass, a, eta_t)
