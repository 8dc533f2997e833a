"""Nashpy's support enumeration (Knight and Campbell 2018, Journal of Open Source Software 3): a second opinion.

Another program's code, called as it is, for comparison: what it lists goes through the same judge as everything else.
It has been seen to miss equilibria, so the list is never called complete. One long step, not cut into shorter ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import in_thread
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels import loading
from eqsolve.solvers.enumeration._selection import selected
from eqsolve.solvers.protocol import Enumeration


class State(NamedTuple):
    """`profiles` [K, m + n]: what Nashpy found, in its order."""

    iteration: int
    profiles: NDArray[np.float64]


@dataclass(frozen=True)
class NashpySupport:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("nashpy-support lists equilibria and takes no --start")
        return State(0, np.empty((0, int(game.offsets[-1]))))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        if steps == 0 or state.iteration > 0:
            return state
        return State(1, in_thread(enumerated, game.tensor().payoffs))

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return selected(game, _profiles(game, state))

    def finished(self, state: State) -> bool:
        return state.iteration > 0

    def enumeration(self, game: NormalForm, state: State) -> Enumeration:
        coverage = "at least these equilibria (Nashpy's support enumeration may miss some)"
        return Enumeration(_profiles(game, state), coverage, complete=False)


def _profiles(game: NormalForm, state: State) -> list[Profile]:
    """Return the profiles that were found."""
    return [frozen(game.unpack(row.copy())) for row in state.profiles]


def enumerated(payoffs: Array) -> Array:
    """The profiles [K, m + n] that Nashpy yields for payoffs [2, m, n], rows of sum 1."""
    import warnings

    with loading:
        import nashpy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that a game may be degenerate; the list is never called complete
        pairs = list(nashpy.Game(*payoffs).support_enumeration())
    profiles = [
        np.concatenate([np.maximum(policy, 0) / np.maximum(policy, 0).sum() for policy in pair]) for pair in pairs
    ]
    return np.array(profiles).reshape(len(pairs), sum(payoffs.shape[1:]))
