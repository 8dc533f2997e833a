"""Markov games from tables: a reward for every player and a next state at every state and joint action.

Shapley 1953; Fink 1964. Discounted; transition mass that is missing from 1 ends the game with value 0. A discount
of 1 needs a game that is bound to end: no state may come back, or a `horizon` T is given. Then the game is over after
T stages, and a policy has a row for every stage and state, (0, s) first. Transitions may be given as a list of those
that can happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator

from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE
from eqsolve.spec.arrays import ARRAY_SCHEMA, ArrayOrFile, array
from eqsolve.spec.base import Family
from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, nearest, refuse
from eqsolve.spec.files import MAX_ENTRIES
from eqsolve.spec.numbers import (
    ACTION,
    MAX_LABELS,
    PLAYER,
    STATE,
    Discount,
    Distribution,
    Integer,
    StateLabels,
    every,
    numbered,
    pairs,
)
from eqsolve.spec.shapes import Actions, check_actions, check_players

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eqsolve.forms.base import Array
    from eqsolve.forms.markov.game import DenseMarkovGame
    from eqsolve.forms.markov.sparse import HorizonGame, SparseMarkovGame


class Sparse(NamedTuple):
    """Transitions that can happen: rows [s, a_1, …, a_N, s', p], all other entries of the table being 0."""

    sparse: Array


def transitions(value: Any, info: ValidationInfo) -> Array | Sparse:
    """A table, or `{sparse: rows}`; either inline or the name of a file."""
    if not isinstance(value, dict):
        return array(value, info)
    items = pairs(value, "from `sparse` to rows")
    if strange := [str(key) for key, _ in items if key != "sparse"]:
        refuse(
            Fault((key,), "unknown key", nearest(key, ("sparse",), "known here: sparse"), at_key=True)
            for key in strange
        )
    return Sparse(every(items, lambda rows: array(rows, info))[0])


Transitions: TypeAlias = Annotated[
    Any,
    PlainValidator(transitions),
    WithJsonSchema(
        {
            "anyOf": [
                *ARRAY_SCHEMA["anyOf"],
                {
                    "type": "object",
                    "properties": {"sparse": ARRAY_SCHEMA},
                    "required": ["sparse"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Markov(Family):
    """Rewards and transitions by table; discounted."""

    kind: Literal["markov"] = Field(description="The family.")
    discount: Discount = Field(
        description="Discount factor; 1 needs a horizon, or a game in which no state comes back."
    )
    horizon: Integer | None = Field(
        None, ge=1, description="Number of stages after which the game is over; without it, it may go on for ever."
    )
    states: StateLabels | None = Field(None, description="Labels of the states, or their number.")
    actions: Actions | None = Field(None, description="For each player the labels of the actions, or their number.")
    rewards: ArrayOrFile = Field(description="Rewards [N, S, A_1, …, A_N], inline or the name of a .npy file.")
    transitions: Transitions = Field(
        description="Probabilities of the next state [S, A_1, …, A_N, S], inline or the name of a .npy file; "
        "missing mass ends the game. Or `sparse`: rows [s, a_1, …, a_N, s', p] of those above 0, states and actions "
        "counted from 0, inline or a .npy file."
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
# horizon: 20                       # the game is over after so many stages; a policy has a row per stage and state
# Another way to write `transitions`: a row [state, actions, next state, probability] for each above 0, from 0 on
# transitions: {sparse: [[0, 0, 0, 0, 1], [0, 0, 1, 0, 1/2], [0, 0, 1, 1, 1/2], [1, 1, 1, 1, 1/2]]}
"""

    @field_validator("rewards")
    @classmethod
    def _rewards_fit(cls, rewards: Array, info: ValidationInfo) -> Array:
        if rewards.ndim < 3 or rewards.shape[0] != rewards.ndim - 2:
            raise Refusal(f"expected the shape [N, S, A_1, …, A_N], got {list(rewards.shape)}")
        _check_labels(rewards.shape[1], rewards.shape[2:], info)
        if (rows := (info.data.get("horizon") or 1) * rewards.shape[1]) > MAX_LABELS:
            raise Refusal(f"over this horizon a policy has {rows} rows, more than {MAX_LABELS}")
        return rewards

    @field_validator("transitions")
    @classmethod
    def _transitions_fit(cls, transitions: Array | Sparse, info: ValidationInfo) -> Array | Sparse:
        rewards = info.data.get("rewards")
        states = 0  # unknown
        if isinstance(transitions, Sparse):
            if rewards is not None:
                transitions = Sparse(_sorted(transitions.sparse, rewards.shape[1:], info.data.get("horizon")))
                states = rewards.shape[1]
        else:
            _check_table(transitions, rewards, info)
            states = len(transitions)
        must_end = info.data.get("discount") == 1 and info.data.get("horizon", 0) is None and states > 0
        if must_end and (cycle := _cycle(_edges(transitions, states))):
            labels = info.data.get("states") or numbered(STATE, states)
            raise Refusal(
                f"discount 1 needs a game in which no state comes back: {' → '.join(labels[s] for s in cycle)}",
                "use a discount below 1, or a horizon",
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
            "players": self.players or numbered(PLAYER, n),
            "actions": self.actions or tuple(numbered(ACTION, size) for size in sizes),
            "states": self.states or numbered(STATE, s),
        }

    def canonical(self) -> dict[str, Any]:
        listed = {"sparse": self.transitions.sparse} if isinstance(self.transitions, Sparse) else self.transitions
        return {**super().canonical(), **self._labels(), "transitions": listed}

    def build(self) -> DenseMarkovGame | SparseMarkovGame | HorizonGame:
        """The game with its tables; with a horizon, or if they were listed, with the transitions that can happen."""
        import numpy as np

        from eqsolve.forms.markov.game import DenseMarkovGame
        from eqsolve.forms.markov.sparse import HorizonGame, Moves, SparseMarkovGame

        common = {"rewards": self.rewards, "discount": self.discount}
        labels, start = self._labels(), np.array(self.start)
        if not isinstance(self.transitions, Sparse):
            if self.horizon is None:
                return DenseMarkovGame(**labels, **common, transitions=self.transitions, start=start)
            moves = Moves.of_table(self.transitions)
        else:
            cell, following = _cells(self.transitions.sparse, self.rewards.shape[1:])
            moves = Moves.of(prod(self.rewards.shape[1:]), cell, following, self.transitions.sparse[:, -1])
        if self.horizon is None:
            return SparseMarkovGame(**labels, **common, moves=moves, start=start)
        labels["stage_states"] = labels.pop("states")
        return HorizonGame(**labels, **common, horizon=self.horizon, moves=moves, initial=start)


def _check_table(transitions: Array, rewards: Array | None, info: ValidationInfo) -> None:
    """Refuses a table of another shape than the rewards, and rows that are no probabilities."""
    shape = transitions.shape
    if len(shape) < 3 or shape[0] != shape[-1]:
        raise Refusal(f"expected the shape [S, A_1, …, A_N, S], got {list(shape)}")
    _check_labels(shape[0], shape[1:-1], info)
    if rewards is not None and shape[:-1] != rewards.shape[1:]:
        expected = [*rewards.shape[1:], rewards.shape[1]]
        raise Refusal(f"with these rewards expected the shape {expected}, got {list(shape)}")
    _check_rows(transitions)


def _sorted(rows: Array, shape: Sequence[int], horizon: int | None) -> Array:
    """The rows above 0 of a list of transitions, ascending by their indices; raises what is wrong with the list.

    `shape`: [S, A_1, …, A_N].
    """
    import numpy as np

    states, *sizes = shape
    if rows.ndim != 2 or rows.shape[1] != len(shape) + 2:
        expected = f"rows of {len(shape) + 2} numbers, [s, {', '.join(f'a_{i + 1}' for i in range(len(sizes)))}, s', p]"
        refuse([Fault(("sparse",), f"expected {expected}, got the shape {list(rows.shape)}")])
    if horizon is None and states * states * max(sizes) > MAX_ENTRIES:
        needed = f"{states * states * max(sizes)} numbers"
        hint = "with a horizon it is never written out"
        refuse([Fault(("sparse",), f"a player's decision problem over {states} states has {needed}, too many", hint)])
    limits = np.array([*shape, states])
    index, p = rows[:, :-1], rows[:, -1]
    strange = np.argwhere((index != np.floor(index)) | (index < 0) | (index >= limits))[:ENOUGH_FAULTS]
    faults = [
        Fault(("sparse", m, c), f"expected an index from 0 to {limits[c] - 1}, got {index[m, c]:g}")
        for m, c in strange.tolist()
    ]
    faults += [
        Fault(("sparse", m, len(limits)), f"a probability is negative: {p[m]:g}")
        for m in np.flatnonzero(p < 0)[:ENOUGH_FAULTS].tolist()
    ]
    if faults:
        refuse(faults[:ENOUGH_FAULTS])
    cell, following = _cells(rows, shape)
    order = np.lexsort((following, cell))
    again = np.flatnonzero((np.diff(cell[order]) == 0) & (np.diff(following[order]) == 0))[:ENOUGH_FAULTS]
    faults = [Fault(("sparse", m), "this transition is there twice") for m in np.sort(order[again + 1]).tolist()]
    mass = np.bincount(cell, p)
    last = np.zeros(len(mass), dtype=np.int64)
    last[cell] = np.arange(len(cell))
    faults += [
        Fault(("sparse", int(last[c])), f"the probabilities sum to {mass[c]:.9g}, more than 1")
        for c in np.flatnonzero(mass > 1 + PROBABILITY_TOLERANCE)[:ENOUGH_FAULTS]
    ]
    if faults:
        refuse(faults[:ENOUGH_FAULTS])
    kept = rows[order]
    kept = kept[kept[:, -1] > 0]
    kept.setflags(write=False)
    return np.asarray(kept)


def _cells(rows: Array, shape: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each row (state, joint action) as one number, last player fastest, and the next state."""
    import numpy as np

    index = rows[:, :-1].astype(np.int64)
    return np.ravel_multi_index(tuple(index[:, :-1].T), tuple(shape)).astype(np.int64), index[:, -1]


def _edges(transitions: Array | Sparse, states: int) -> NDArray[np.bool_]:
    """[S, S]: which states can follow which."""
    import numpy as np

    if not isinstance(transitions, Sparse):
        return np.asarray((transitions > 0).reshape(states, -1, states).any(axis=1))
    edges = np.zeros((states, states), dtype=np.bool_)
    edges[transitions.sparse[:, 0].astype(np.int64), transitions.sparse[:, -2].astype(np.int64)] = True
    return edges


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
    negative = np.argwhere(transitions < 0)[:ENOUGH_FAULTS]
    excess = np.argwhere(mass > 1 + PROBABILITY_TOLERANCE)[:ENOUGH_FAULTS]
    faults = [Fault(_index(at), f"a probability is negative: {transitions[tuple(at)]:g}") for at in negative]
    faults += [Fault(_index(at), f"the probabilities sum to {mass[tuple(at)]:.9g}, more than 1") for at in excess]
    if faults:
        refuse(faults)


def _index(at: Array) -> tuple[int, ...]:
    return tuple(int(k) for k in at)


def _cycle(edges: NDArray[np.bool_]) -> list[int] | None:
    """States that lead back to the first of them; None if the graph is acyclic."""
    import numpy as np

    states = len(edges)
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
