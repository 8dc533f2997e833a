"""The best correlated equilibrium by one linear programme.

Aumann 1974 (Journal of Mathematical Economics 1), 1987 (Econometrica 55); as a linear programme: Gilboa and Zemel 1989
(Games and Economic Behavior 1). Over distributions p of pure profiles, for every player i and own actions a, a' ≠ a:

    Σ_{profiles with a_i = a} p · (u_i(a, a_-i) − u_i(a', a_-i)) ≥ 0,

nobody gains by taking a' where a is recommended.
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
class CE(CorrelatedLP):
    """One hyperparameter: what is maximised."""

    concept: ClassVar[Concept] = Concept.CE

    def extent(self, game: NormalForm) -> int:
        return joint_actions(game) * sum(len(labels) - 1 for labels in game.actions)

    def incentives(self, player: int, payoffs: Array) -> Entries:
        own, numbers = own_first(player, payoffs)
        size, others = own.shape
        lost = own[:, None] - own[None]  # [a, a', others]
        swaps = np.flatnonzero(~np.eye(size, dtype=np.bool_))
        columns = np.broadcast_to(numbers[:, None], lost.shape).reshape(size * size, others)[swaps]
        rows = np.arange(len(swaps)).repeat(others)
        return Entries(rows, columns.reshape(-1), lost.reshape(size * size, others)[swaps].reshape(-1))
