"""CFR with Hedge: multiplicative weights at every information set, fed with counterfactual regrets.

Brown, Kroer and Sandholm 2017 (AAAI), "Dynamic thresholding and pruning for regret minimization", run CFR with Hedge
(Freund and Schapire 1997) in place of regret matching; that any regret minimiser may stand there is the theorem of
Zinkevich, Johanson, Bowling and Piccione 2007. Iteration t at every information set:

1. R ← R + r_t, the counterfactual regrets of the plans in play, never clipped;
2. the next policy is proportional to π⁰ exp(η_t R), π⁰ the first one, η_t = η / t^p;
3. the average weighs all plans alike.

With p = 1/2 the regret of T iterations is O(√T) whatever T is, and so in two-player zero-sum games the average's gap
falls as 1/√T; a constant η does so only for the T that it was chosen for. One η serves all information sets, whose
counterfactual regrets are small where chance and the others seldom lead: hence a default far above 1 / payoff range.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import in_lanes, lane_entries, normalised, packed, room
from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, fma, load, load_above, splat, store
from eqsolve.kernels.sequence import inlined, pay, plans
from eqsolve.kernels.softmax import softmax
from eqsolve.solvers.cfr.counterfactual import UPDATES, checked

#: The default η times the payoff range, chosen on Kuhn and Leduc poker, liar's dice and goofspiel.
STEP = 200.0


class State(NamedTuple):
    """In rows of lanes (kernels/sequence.py): `prior`, log π⁰; `regrets`; the sum of plans."""

    iteration: int
    prior: NDArray[np.float64]
    regrets: NDArray[np.float64]
    average: NDArray[np.float64]


@dataclass(frozen=True)
class HedgeCFR:
    """The learning rate, in 1 / payoff units, and who answers whom."""

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
        if self.update not in UPDATES:
            raise UsageError(f"update: expected one of {', '.join(UPDATES)}, got '{self.update}'")

    def adapted(self, game: SequenceForm) -> HedgeCFR:
        return self if self.eta is not None else replace(self, eta=STEP / (game.payoff_range or 1.0))

    def init(self, game: SequenceForm, seed: int, start: Profile | None = None) -> State:
        policy = in_lanes(game, game.pack(game.uniform() if start is None else start))
        with np.errstate(divide="ignore"):  # a zero of the start is a logit of −∞, and stays one
            prior = np.log(policy)
        return State(0, prior, np.zeros(lane_entries(game)), np.zeros(lane_entries(game)))

    def step(self, game: SequenceForm, state: State, steps: int) -> State:
        regrets, average = state.regrets.copy(), state.average.copy()
        policy = self._policy(game, state)
        alternating = self.update == "alternating"
        sweep(
            game.arrays, *room(game), state.prior, policy, regrets, average, self._eta(game), self.decay,
            state.iteration, steps, alternating,
        )  # fmt: skip
        return State(state.iteration + steps, state.prior.copy(), regrets, average)

    def answers(self, game: SequenceForm, state: State) -> dict[str, Profile]:
        last = packed(game, self._policy(game, state))
        if state.iteration == 0:
            return {"average": game.unpack(last), "last": game.unpack(last)}
        return {"average": game.unpack(normalised(game, state.average)), "last": game.unpack(last)}

    def _eta(self, game: SequenceForm) -> float:
        return self.adapted(game).eta or 1.0

    def _policy(self, game: SequenceForm, state: State) -> NDArray[np.float64]:
        """What is played in the next iteration, in rows of lanes."""
        policy = np.empty_like(state.prior)
        play(game.arrays, state.prior, state.regrets, self._eta(game), self.decay, state.iteration, policy)
        return policy


@inlined
def _reweigh(first, end, lanes, prior, regrets, eta, policy):
    """The policy of one information set: softmax of prior + η R."""
    e = splat(eta, lanes)
    for row in range(first, end):
        store(policy, row, fma(e, load(regrets, row, lanes), load(prior, row, lanes)))
    softmax(first, end, lanes, policy)


@jit
def play(game, prior, regrets, eta, decay, done, policy):
    """The policy after `done` iterations, in rows of lanes; modified in place."""
    lanes, now = game.lanes, eta / max(1.0, float(done)) ** decay
    for i in range(game.rows.size - 1):
        store(policy, game.rows[i], splat(1.0, lanes))
    for group in range(game.first.size):
        first = game.first[group]
        _reweigh(first, first + game.counts[group], lanes, prior, regrets, now, policy)


@inlined
def _improve(i, tree, leaves, lanes, x, prior, policy, regrets, worth, eta):
    """Player i's regrets and policy after one more iteration against the plans x; both modified in place."""
    rows, groups, above, firsts, counts = tree
    base = rows[i]
    pay(base, rows[i + 1], base, i, leaves, lanes, x, worth)
    for group in range(groups[i + 1] - 1, groups[i] - 1, -1):
        first = firsts[group]
        end = first + counts[group]
        value = splat(0.0, lanes)
        for row in range(first, end):
            value = fma(load(policy, row, lanes), load(worth, row - base, lanes), value)
        add_above(worth, above, first, base, value)
        for row in range(first, end):
            store(regrets, row, load(regrets, row, lanes) + (load(worth, row - base, lanes) - value))
        _reweigh(first, end, lanes, prior, regrets, eta, policy)


@inlined
def _proceed(i, tree, lanes, x, policy, average):
    """Player i's plan enters their average and becomes that of their policy; both modified in place."""
    rows, _, above, _, _ = tree
    for row in range(rows[i] + 1, rows[i + 1]):
        store(average, row, load(average, row, lanes) + load(x, row, lanes))
        store(x, row, load_above(x, above, row, lanes) * load(policy, row, lanes))


@jit
def sweep(game, x, worth, prior, policy, regrets, average, eta, decay, done, steps, alternating):
    """`steps` iterations after the first `done`; `policy`, `regrets`, `average`, rows of lanes, modified in place.

    `x`, `worth`: room to work in, as in kernels/regret_sweep.py.
    """
    lanes, rows, groups, above, firsts, counts, leaves, _ = game
    tree = (rows, groups, above, firsts, counts)
    plans(game, policy, x)
    for t in range(done + 1, done + steps + 1):
        now = eta / float(t) ** decay
        for i in range(rows.size - 1):
            _improve(i, tree, leaves, lanes, x, prior, policy, regrets, worth, now)
            if alternating:
                _proceed(i, tree, lanes, x, policy, average)
        if not alternating:
            for i in range(rows.size - 1):
                _proceed(i, tree, lanes, x, policy, average)
