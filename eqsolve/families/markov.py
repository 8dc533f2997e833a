"""Markov games from tables: a reward for every player and a next state at every state and joint action.

Shapley 1953; Fink 1964. Discounted; transition mass that is missing from 1 ends the game with value 0. A discount
of 1 needs a game that is bound to end: no state may come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.spec.arrays import ArrayOrFile
from eqsolve.spec.base import Family
from eqsolve.spec.faults import MAX_FAULTS, Fault, Refusal, refuse
from eqsolve.spec.numbers import PROBABILITY_TOLERANCE, CountOrLabels, Discount, Distribution, numbered
from eqsolve.spec.shapes import Actions, check_actions, check_players

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.base import Array
    from eqsolve.forms.markov import DenseMarkovGame


class Markov(Family):
    """Rewards and transitions by table; discounted."""

    kind: Literal["markov"] = Field(description="The family.")
    discount: Discount = Field(description="Discount factor; 1 needs a game in which no state comes back.")
    states: CountOrLabels | None = Field(None, description="Labels of the states, or their number.")
    actions: Actions | None = Field(None, description="For each player the labels of the actions, or their number.")
    rewards: ArrayOrFile = Field(description="Rewards [N, S, A_1, …, A_N], inline or the name of a .npy file.")
    transitions: ArrayOrFile = Field(
        description="Probabilities of the next state [S, A_1, …, A_N, S], inline or the name of a .npy file; "
        "missing mass ends the game."
    )
    start: Distribution = Field(description="Probability of starting in each state.")

    template: ClassVar[str] = """\
kind: markov
players: [Row, Column]              # labels or a number; may be left out
discount: 0.9                       # 1 needs a game in which no state comes back
states: [calm, tense]               # labels or a number; may be left out
actions: [[give, take], [give, take]]
rewards:                            # [player][state][Row's action][Column's action]; or a file: rewards.npy
  - [[[3, 0], [4, 1]], [[1, 0], [2, 0]]]
  - [[[3, 4], [0, 1]], [[1, 2], [0, 0]]]
transitions:                        # [state][Row's action][Column's action][next state]; or a file
  - [[[1, 0], [1/2, 1/2]], [[1/2, 1/2], [0, 1]]]
  - [[[1, 0], [0, 1]], [[0, 1], [0, 1/2]]]      # missing mass ends the game: here after take, take
start: [1, 0]                       # probability of starting in each state
"""

    @field_validator("rewards")
    @classmethod
    def _rewards_fit(cls, rewards: Array, info: ValidationInfo) -> Array:
        if rewards.ndim < 3 or rewards.shape[0] != rewards.ndim - 2:
            raise Refusal(f"expected the shape [N, S, A_1, …, A_N], got {list(rewards.shape)}")
        _check_labels(rewards.shape[1], rewards.shape[2:], info)
        return rewards

    @field_validator("transitions")
    @classmethod
    def _transitions_fit(cls, transitions: Array, info: ValidationInfo) -> Array:
        shape, rewards = transitions.shape, info.data.get("rewards")
        if len(shape) < 3 or shape[0] != shape[-1]:
            raise Refusal(f"expected the shape [S, A_1, …, A_N, S], got {list(shape)}")
        _check_labels(shape[0], shape[1:-1], info)
        if rewards is not None and shape[:-1] != rewards.shape[1:]:
            expected = [*rewards.shape[1:], rewards.shape[1]]
            raise Refusal(f"with these rewards expected the shape {expected}, got {list(shape)}")
        _check_rows(transitions)
        if info.data.get("discount") == 1 and (cycle := _cycle(transitions)):
            labels = info.data.get("states") or numbered(len(transitions))
            raise Refusal(
                f"discount 1 needs a game in which no state comes back: {' → '.join(labels[s] for s in cycle)}",
                "use a discount below 1",
            )
        return transitions

    @field_validator("start")
    @classmethod
    def _start_fits(cls, start: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        rewards = info.data.get("rewards")
        if rewards is not None and len(start) != rewards.shape[1]:
            raise Refusal(f"expected {rewards.shape[1]} probabilities, one per state, got {len(start)}")
        return start

    def _labels(self) -> dict[str, Any]:
        n, s, *sizes = self.rewards.shape
        return {
            "players": self.players or numbered(n),
            "actions": self.actions or tuple(numbered(size) for size in sizes),
            "states": self.states or numbered(s),
        }

    def canonical(self) -> dict[str, Any]:
        return {**super().canonical(), **self._labels()}

    def build(self) -> DenseMarkovGame:
        """The game with its tables."""
        import numpy as np

        from eqsolve.forms.markov import DenseMarkovGame

        return DenseMarkovGame(
            **self._labels(),
            rewards=self.rewards,
            transitions=self.transitions,
            discount=self.discount,
            start=np.array(self.start),
        )


def _check_labels(states: int, sizes: Sequence[int], info: ValidationInfo) -> None:
    """Refuses an array of other states, players or actions than the spec names."""
    named = info.data.get("states")
    if named and len(named) != states:
        raise Refusal(f"there are {len(named)} states, but these are numbers for {states}")
    check_players(len(sizes), info)
    check_actions(sizes, info)


def _check_rows(transitions: Array) -> None:
    """Refuses negative probabilities and rows of more than 1."""
    import numpy as np

    mass = transitions.sum(axis=-1)
    negative = np.argwhere(transitions < 0)[:MAX_FAULTS]
    excess = np.argwhere(mass > 1 + PROBABILITY_TOLERANCE)[:MAX_FAULTS]
    faults = [Fault(_index(at), f"a probability is negative: {transitions[tuple(at)]:g}") for at in negative]
    faults += [Fault(_index(at), f"the probabilities sum to {mass[tuple(at)]:.9g}, more than 1") for at in excess]
    if faults:
        refuse(faults)


def _index(at: Array) -> tuple[int, ...]:
    return tuple(int(k) for k in at)


def _cycle(transitions: Array) -> list[int] | None:
    """States that lead back to the first of them, under some joint actions; None if the graph is acyclic."""
    import numpy as np

    states = len(transitions)
    edges: NDArray[np.bool_] = np.asarray((transitions > 0).reshape(states, -1, states).any(axis=1))
    left: NDArray[np.bool_] = np.ones(states, dtype=np.bool_)
    # States without successors among those left go, until none is left or each has one: then walk until one repeats.
    while left.any():
        ends = np.logical_and(left, ~np.any(edges & left, axis=1))
        if not ends.any():
            break
        left &= ~ends
    if not left.any():
        return None
    walk = [int(np.argmax(left))]
    while True:
        following = int(np.argmax(edges[walk[-1]] & left))
        if following in walk:
            return [*walk[walk.index(following) :], following]
        walk.append(following)
