"""One player's decision problem in a Markov game while the others keep to their policies.

Rows are those of the player's policy: the states of the game, or what they see of them where policies are local.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array


class MDP(ABC):
    """`rewards` [S, A]; `start` [S]: the initial distribution; `legal` [S, A] or None: which actions there are."""

    rewards: Array
    start: Array
    legal: NDArray[np.bool_] | None
    #: The number of decisions after which the game is over whatever is played, or back at `start` if it `returns`;
    #: None where the game may go on for ever.
    stages: int | None
    returns: bool

    @abstractmethod
    def expect(self, values: Array, back: float = 0.0) -> Array:
        """[S, A]: expected value of what comes next, given values [S] of the rows and `back` of a return to the start.

        The end of the game is worth 0.
        """


@dataclass(frozen=True, eq=False)
class TableMDP(MDP):
    """`transitions` [S, A, S]; missing mass ends the game. Never `returns`: the table says where to."""

    rewards: Array
    transitions: Array
    start: Array
    legal: NDArray[np.bool_] | None = None
    stages: int | None = None
    returns: bool = False

    def expect(self, values: Array, back: float = 0.0) -> Array:
        return self.transitions @ values
