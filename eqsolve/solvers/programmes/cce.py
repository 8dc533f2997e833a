"""The best coarse correlated equilibrium by one linear programme.

Moulin and Vial 1978 (International Journal of Game Theory 7); Hannan 1957. Over distributions p of pure profiles, for
every player i and own action a':

    Σ_{profiles} p · (u_i(a) − u_i(a', a_-i)) ≥ 0,

nobody gains by an action of their own, chosen before they are told anything. A correlated equilibrium is one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eqsolve.arithmetic.linear_programmes import Entries
from eqsolve.forms.base import Array
from eqsolve.forms.concept import Concept
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.programmes.correlated_lp import CorrelatedLP, joint_actions, own_first


@dataclass(frozen=True)
class CCE(CorrelatedLP):
    """One hyperparameter: what is maximised."""

    concept: ClassVar[Concept] = Concept.CCE

    def extent(self, game: NormalForm) -> int:
        return joint_actions(game) * sum(len(labels) for labels in game.actions)

    def incentives(self, player: int, payoffs: Array) -> Entries:
        own, numbers = own_first(player, payoffs)
        size = len(own)
        lost = own[None] - own[:, None]  # [a', a, others]
        rows = np.arange(size).repeat(own.size)
        return Entries(rows, np.tile(numbers.reshape(-1), size), lost.reshape(-1))
