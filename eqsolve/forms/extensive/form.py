"""Extensive games in sequence form: per player a treeplex, and one table of leaves.

von Stengel 1996, "Efficient computation of behavior strategies"; Koller, Megiddo and von Stengel 1994. A player's
*sequence* is their last (information set, action), which with perfect recall stands for all they did before; 0 is the
empty one. A policy is one array of behavioural probabilities, shape `(Q_i,)`: entry 0 is 1, then the actions of one
information set after another. Information sets are ordered by depth (how many of their own come before), then by the
first visit of a depth-first walk, so that parents come first and those of one depth stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from eqsolve.errors import InputError, ProfileError
from eqsolve.forms.base import Array, Profile, readonly
from eqsolve.forms.extensive.treeplex import Integers, Leaves, Treeplex
from eqsolve.forms.mixed import CONSTANT_SUM_TOLERANCE, Mixed
from eqsolve.forms.rules import CHANCE, MAX_LEAVES, TERMINAL

if TYPE_CHECKING:
    from eqsolve.forms.rules import Rules
    from eqsolve.kernels.histories import HistoryArrays
    from eqsolve.kernels.sequence import SequenceArrays
    from eqsolve.kernels.sweep_blocks import Blocks

#: How the empty sequence, a row of its own in every policy, is called.
EMPTY = "the empty sequence"
#: Payoffs that differ by less than this fraction of the payoff range count as equal.
EQUAL_PAYOFFS = 1e-12


@dataclass(frozen=True, eq=False)
class SequenceForm(Mixed):
    """N players' `treeplexes` and the `leaves` where the game ends, one per tuple of sequences.

    `spread`: max over players of largest − smallest payoff at the end of a history; those that merged into one leaf
    may have had different ones. `rules` gives the rules that the form was made from, where they are known.
    """

    name: ClassVar[str] = "sequence"
    in_words: ClassVar[str] = "an extensive game (a tree)"
    row_is: ClassVar[str] = "information set"
    rows_before: ClassVar[int] = 1
    same_actions: ClassVar[bool] = False
    counted_in_words: ClassVar[Mapping[str, str]] = {
        "infosets": "{}: information sets, rows of a policy; --infosets lists them",
        "sequences": "{}: entries of a policy",
        "leaves": "ends of the game; ends that no player can tell apart count once",
    }
    max_regret_is: ClassVar[str] = (
        "largest gain from one information set on, times the probability that chance and the others reach it"
    )
    discount = 0.0

    players: tuple[str, ...]
    treeplexes: tuple[Treeplex, ...]
    leaves: Leaves
    spread: float
    rules: Callable[[], Rules] | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        for array in self.leaves:
            readonly(array)

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:  # type: ignore[override]  # the treeplexes know them
        return tuple(treeplex.actions for treeplex in self.treeplexes)

    @cached_property
    def rows(self) -> tuple[str, ...]:
        return tuple(f"{player}: {row}" for i, player in enumerate(self.players) for row in self.rows_of(i))

    def rows_of(self, player: int) -> tuple[str, ...]:
        return (EMPTY, *self.treeplexes[player].infosets)

    def named_rows(self, player: int, policy: Array) -> Iterator[tuple[str, tuple[str, ...], Array]]:
        treeplex = self.treeplexes[player]
        ends = (treeplex.first + treeplex.count).tolist()
        for label, start, end in zip(treeplex.infosets, treeplex.first.tolist(), ends, strict=True):
            yield label, treeplex.actions[start:end], policy[start:end]

    @property
    def row_count(self) -> int:
        return len(self.row_offsets) - 1

    @property
    def counts(self) -> Mapping[str, int | tuple[int, ...]]:
        return {
            "infosets": tuple(len(treeplex.parent) for treeplex in self.treeplexes),
            "sequences": tuple(treeplex.sequences for treeplex in self.treeplexes),
            "leaves": self.size,
        }

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.leaves.chance)

    @property
    def paid(self) -> Array:
        """[N, ·] what the players receive at the ends of the game, each possible outcome at least once."""
        return self.leaves.payoffs

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple((treeplex.sequences,) for treeplex in self.treeplexes)

    @cached_property
    def row_offsets(self) -> Integers:
        """The empty sequence's row, then one per information set, of one player after another."""
        lengths = [part for treeplex in self.treeplexes for part in (np.ones(1, np.int64), treeplex.count)]
        return readonly(np.concatenate([np.zeros(1, np.int64), np.concatenate(lengths).cumsum()]))

    def uniform(self) -> Profile:
        lengths = (np.concatenate([np.ones(1, np.int32), treeplex.count]) for treeplex in self.treeplexes)
        return tuple(readonly(np.repeat(1 / count, count)) for count in lengths)

    def starts(self, player: int) -> Integers:
        return np.concatenate([np.zeros(1, np.int64), self.treeplexes[player].first])

    def gambit_rows(self) -> list[list[int]]:
        """Each player's information sets in the order in which a depth-first walk of the tree meets them.

        ProfileError where the rules are not known, or the walk would take too long.
        """
        if self.size > MAX_LEAVES:
            raise ProfileError(
                f"the game has {self.size} leaves, too many to find the order of Gambit's information sets"
            )
        if (rules := self.told_by()) is None:
            raise ProfileError("the order of Gambit's information sets is not known for this game")
        numbers = [{label: k for k, label in enumerate(treeplex.infosets)} for treeplex in self.treeplexes]
        order: list[dict[int, None]] = [{} for _ in self.players]
        left = sum(map(len, numbers))
        stack = [rules.root()]
        while stack and left:
            state = stack.pop()
            turn = rules.turn(state)
            if turn == TERMINAL:
                continue
            if turn == CHANCE:
                count = len(rules.chances(state))
            else:
                infoset = numbers[turn][rules.infoset(state)]
                left -= infoset not in order[turn]
                order[turn][infoset] = None
                count = len(rules.actions(state))
            stack += [rules.after(state, k) for k in range(count - 1, -1, -1)]
        return [list(own) for own in order]

    def told_by(self) -> Rules | None:
        """The rules that tell the game; None where they are not known."""
        return None if self.rules is None else self.rules()

    @property
    def payoff_range(self) -> float:
        return self.spread

    @property
    def reward_range(self) -> float:
        return self.spread

    @cached_property
    def has_potential(self) -> bool:
        """Whether all receive the same at every leaf. Other potentials are not looked for."""
        payoffs = self.paid
        return bool(np.abs(payoffs - payoffs[0]).max(initial=0.0) <= EQUAL_PAYOFFS * self.spread)

    @cached_property
    def constant_sum(self) -> bool:
        """Whether the payoffs of all players sum to the same at every leaf, but for rounding."""
        sums = self.paid.sum(axis=0)
        return bool(np.ptp(sums) <= CONSTANT_SUM_TOLERANCE * self.spread)

    def potential(self, profile: Profile) -> float | None:
        if not self.has_potential:
            return None
        return float(self.leaves.payoffs[0] @ (self.leaves.chance * np.prod(self.reaches(profile), axis=0)))

    def reaches(self, profile: Profile) -> list[Array]:
        """[Z] per player: the probability that their own actions allow the leaf."""
        plans = (treeplex.plan(policy) for treeplex, policy in zip(self.treeplexes, profile, strict=True))
        return [plan[own] for plan, own in zip(plans, self.leaves.sequences, strict=True)]

    @cached_property
    def arrays(self) -> SequenceArrays:
        """The game as kernels take it."""
        from eqsolve.forms.extensive.layout.side_by_side import single_arrays

        return single_arrays(self.treeplexes, self.leaves)

    @cached_property
    def blocks(self) -> Blocks:
        """Its rows cut into blocks that threads work on at once."""
        from eqsolve.forms.extensive.layout.thread_blocks import blocks_of

        return blocks_of(self.arrays)

    @cached_property
    def counted(self) -> SequenceForm:
        """The same game with 1 paid to everyone at every leaf: expected payoffs of it are probabilities."""
        return replace(self, leaves=self.leaves._replace(payoffs=np.ones_like(self.leaves.payoffs)))

    @cached_property
    def visits(self) -> SequenceArrays:
        """`counted` as kernels take it."""
        return self.counted.arrays

    @cached_property
    def histories(self) -> HistoryArrays:
        """The game as those take it who walk single histories; InputError where its rules are not known."""
        from eqsolve.forms.extensive.layout.history_trees import walked_histories

        if self.rules is None:
            raise InputError("this game is known by its sequence form alone, which has no histories to walk")
        return walked_histories(self.rules(), self.treeplexes, self.arrays)
