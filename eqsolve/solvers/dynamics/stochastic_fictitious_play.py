"""Stochastic fictitious play: logit answers to the average of the past play.

Fudenberg and Kreps 1993 (Games and Economic Behavior 5); Fudenberg and Levine 1998; Hofbauer and Sandholm 2002
(Econometrica 70). Everybody answers the others' averages by y_i(a) ∝ exp(u_i(a) / τ), as in _beliefs.py; the expected
play counts, nothing is drawn. In two-player zero-sum and in potential games the average converges to the quantal
responses of precision 1 / τ, by the distance to which it is judged: a Nash gap of about τ remains. In Shapley's game
it circles while τ is small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums
from eqsolve.solvers.cfr.counterfactual import UPDATES, check_update
from eqsolve.solvers.dynamics import _beliefs as beliefs
from eqsolve.solvers.dynamics._beliefs import State
from eqsolve.solvers.parameters import SWAPS

#: The default temperature, in payoff ranges.
CHOICE_TEMPERATURE = 0.1


@dataclass(frozen=True)
class StochasticFictitiousPlay:
    """Hyperparameters: the temperature, the order of updates, what is summed."""

    temperature: float | None = field(
        default=None, metadata={"symbol": "τ", "help": "of logit answers, in payoff units; default 0.1 × payoff range"}
    )
    update: str = field(
        default="simultaneous", metadata={"symbol": "u", "help": "who answers whom: simultaneous, alternating"}
    )
    swaps: bool = field(default=False, metadata=SWAPS)

    def __post_init__(self) -> None:
        if self.temperature is not None and not (math.isfinite(self.temperature) and self.temperature > 0):
            raise UsageError(f"temperature: expected a positive number, got {self.temperature}")
        check_update(self.update, UPDATES)
        beliefs.check_swaps(self.swaps, self.update)

    def adapted(self, game: NormalForm) -> StochasticFictitiousPlay:
        return replace(self, temperature=self.tau(game))

    def tau(self, game: NormalForm) -> float:
        """Return τ, in payoff units."""
        return self.temperature if self.temperature is not None else CHOICE_TEMPERATURE * (game.payoff_range or 1.0)

    def asked_precision(self, game: NormalForm) -> float:
        return 1.0 / self.tau(game)

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        return beliefs.first(game, start, self.swaps)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        return beliefs.after(game, state, steps, self.tau(game), self.update == "alternating")

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return beliefs.profiles(game, state)
