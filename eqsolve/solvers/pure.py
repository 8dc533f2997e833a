"""Every pure equilibrium of a normal form, by enumeration.

A pure profile is a Nash equilibrium if no player has a better own action against the others' actions (Nash 1951).
A step examines one pure profile; profiles are numbered with the last player's action fastest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal import NormalForm, TensorGame

#: Profiles looked at in one go: bounds memory, not results.
BLOCK = 65_536


#: Payoffs that differ by less than this fraction of the payoff range are equal up to rounding.
TIE = 1e-12


class State(NamedTuple):
    """`equilibria` int64: numbers of those found so far; `done`: nothing is left to do; `all`: no profile is left."""

    iteration: int
    equilibria: NDArray[np.int64]
    done: bool
    all: bool


@dataclass(frozen=True)
class Pure:
    """One hyperparameter: when to stop collecting."""

    limit: int = field(default=1000, metadata={"symbol": "m", "help": "stop once this many are found"})

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise UsageError(f"limit: expected a whole number of at least 1, got {self.limit}")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("pure enumerates all pure profiles and takes no --start")
        return State(0, np.empty(0, dtype=np.int64), False, False)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        tensor = game.tensor()
        count = int(np.prod(tensor.payoffs.shape[1:]))
        first, found = state.iteration, [state.equilibria]
        last = min(first + steps, count) if not state.done else first
        while first < last:
            block = np.arange(first, min(first + BLOCK, last))
            stable = block[_stable(tensor, block)]
            room = self.limit - sum(map(len, found))
            if len(stable) >= room:
                found.append(stable[:room])
                last = int(stable[room - 1]) + 1
                return State(last, np.concatenate(found), True, last == count)
            found.append(stable)
            first = int(block[-1]) + 1
        return State(last, np.concatenate(found), state.done or last == count, state.all or last == count)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        found = self.found(game, state._replace(equilibria=state.equilibria[:1]))
        return {"equilibrium": found[0]} if found else {}

    def finished(self, state: State) -> bool:
        return state.done

    def found(self, game: NormalForm, state: State) -> list[Profile]:
        sizes = [len(labels) for labels in game.actions]
        chosen = np.array(np.unravel_index(state.equilibria, sizes)).T
        return [frozen(np.eye(size)[a] for size, a in zip(sizes, actions, strict=True)) for actions in chosen]

    def coverage(self, state: State) -> str:
        if state.all:
            return "every pure equilibrium"
        return f"at least these pure equilibria ({state.iteration} pure profiles examined)"


def _stable(game: TensorGame, profiles: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each pure profile, by number, leaves no player a better own action."""
    sizes = game.payoffs.shape[1:]
    stable = np.ones(len(profiles), dtype=np.bool_)
    stride = 1
    for i in range(len(sizes) - 1, -1, -1):
        payoffs: Array = game.payoffs[i].reshape(-1)
        own = profiles // stride % sizes[i]
        others = profiles - own * stride
        best = payoffs[others]
        for k in range(1, sizes[i]):
            np.maximum(best, payoffs[others + k * stride], out=best)
        stable &= payoffs[profiles] >= best - TIE * game.payoff_range
        stride *= sizes[i]
    return stable
