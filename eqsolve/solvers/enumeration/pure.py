"""Every pure equilibrium of a normal form, by enumeration.

A pure profile is a Nash equilibrium if no player has a better own action against the others' actions (Nash 1951).
A step examines one pure profile; profiles are numbered with the last player's action fastest. Payoffs are compared as
the numbers that were written or that a formula makes of these, or as the floats that they are; only payoffs of which
neither is known count as equal up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.solvers.protocol import Enumeration

#: Profiles looked at in one go: bounds memory, not results.
PROFILES_AT_ONCE = 65_536


class State(NamedTuple):
    """`equilibria` int64: numbers of those found so far; `done`: nothing is left to do; `all`: no profile is left.

    `rounded`: how many of the equilibria are such only as payoffs that differ by no more than rounding count as equal;
    `floats`: whether payoffs are float64 numbers of a file, which may be rounded.
    """

    iteration: int
    equilibria: NDArray[np.int64]
    done: bool
    all: bool
    rounded: int
    floats: bool


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
        table = game.tensor()
        return State(0, np.empty(0, dtype=np.int64), False, False, 0, table.meaning is not None and not table.is_exact)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        tensor = game.tensor()
        count = int(np.prod(tensor.payoffs.shape[1:]))
        first, found, rounded = state.iteration, [state.equilibria], state.rounded
        last = min(first + steps, count) if not state.done else first
        while first < last:
            block = np.arange(first, min(first + PROFILES_AT_ONCE, last))
            stable, surely = _stable(tensor, block)
            chosen = np.flatnonzero(stable)[: self.limit - sum(map(len, found))]
            found.append(block[chosen])
            rounded += int(np.count_nonzero(~surely[chosen]))
            first = int(block[-1]) + 1
            if sum(map(len, found)) == self.limit:
                last = first = int(found[-1][-1]) + 1
                state = state._replace(done=True)
        ended = last == count
        return state._replace(
            iteration=last,
            equilibria=np.concatenate(found),
            done=state.done or ended,
            all=state.all or ended,
            rounded=rounded,
        )

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        found = _profiles(game, state.equilibria[:1])
        return {"equilibrium": found[0]} if found else {}

    def finished(self, state: State) -> bool:
        return state.done

    def enumeration(self, game: NormalForm, state: State) -> Enumeration:
        return Enumeration(_profiles(game, state.equilibria), _coverage(state), bool(state.all))


def _profiles(game: NormalForm, equilibria: NDArray[np.int64]) -> list[Profile]:
    """Return the pure profiles of these numbers."""
    sizes = [len(labels) for labels in game.actions]
    chosen = np.array(np.unravel_index(equilibria, sizes)).T
    return [frozen(np.eye(size)[a] for size, a in zip(sizes, actions, strict=True)) for actions in chosen]


def _coverage(state: State) -> str:
    """Return in words what the list covers, and what "every" rests on."""
    if not state.all:
        return f"at least these pure equilibria ({state.iteration} pure profiles examined)"
    if state.rounded:
        return f"every pure equilibrium ({state.rounded} of them by payoffs that are equal up to rounding)"
    return "every pure equilibrium" + (", payoffs compared as float64 numbers" if state.floats else "")


def _stable(game: TensorGame, profiles: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each pure profile, by number, leaves no player a better own action, but for rounding, and none at all."""
    sizes = game.payoffs.shape[1:]
    stable, surely = np.ones(len(profiles), dtype=np.bool_), np.ones(len(profiles), dtype=np.bool_)
    stride = 1
    for i in range(len(sizes) - 1, -1, -1):
        payoffs: Array = game.ordered[i].reshape(-1)
        own = profiles // stride % sizes[i]
        others = profiles - own * stride
        best = payoffs[others]
        for k in range(1, sizes[i]):
            np.maximum(best, payoffs[others + k * stride], out=best)
        surely &= payoffs[profiles] == best
        stable &= payoffs[profiles] >= best - game.rounding[i]
        stride *= sizes[i]
    return stable, surely
