"""Regret matching: play in proportion to the regrets that are positive; the average is the answer.

Hart and Mas-Colell 2000 (Econometrica 68), for unconditional regrets, those of having played one action throughout;
the distribution over joint plays then tends to the coarse correlated equilibria (their regrets conditional on what
was played lead to correlated equilibria). Iteration t, all players at once:

1. play x_i ∝ max(R_i, 0) (uniform where no regret is positive) and take its expected payoffs u_i per own action;
2. R_i ← R_i + u_i − ⟨x_i, u_i⟩;
3. the average and the play sums take x, all iterations alike.

Regret matching+ differs in step 2, where it floors regrets at zero, and in weighing late iterations more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.play import PlaySums
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus, State, advanced
from eqsolve.solvers.parameters import SWAPS


@dataclass(frozen=True)
class RegretMatching:
    """One hyperparameter: what is summed."""

    swaps: bool = field(default=False, metadata=SWAPS)

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        return RegretMatchingPlus(swaps=self.swaps).init(game, seed, start)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        return advanced(game, state, steps, floor=-np.inf, gamma=0.0)

    def plays(self, state: State) -> PlaySums:
        return state.plays

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return RegretMatchingPlus().answers(game, state)
