"""Normal-form games: each player picks one action, once.

`backup(profile)` is the primitive: u_i[A_i], the expected payoff of each action of i while the others keep to the
profile. Two representations: a payoff tensor, here, and congestion games (forms/normal/congestion.py).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, frozen, readonly
from eqsolve.forms.mixed import Mixed
from eqsolve.forms.potential import exact_potential

if TYPE_CHECKING:
    from eqsolve.forms.exact_payoffs import ExactPayoffs, Meaning, Whole
    from eqsolve.forms.extensive.form import SequenceForm
    from eqsolve.kernels.tensor import TensorArrays

#: The largest payoff tensor that a method asks for unless told otherwise, in bytes.
TENSOR_BUDGET = 2**30
#: Rounding of a computed payoff, at most, as a part of the largest: some sixteen operations.
COMPUTED_ROUNDING = 2.0**-48


class NormalForm(Mixed):
    """N players, one policy row each, shape `(A_i,)`."""

    name: ClassVar[str] = "normal"
    in_words: ClassVar[str] = "a game in normal form"
    max_regret_is: ClassVar[str] = "the same as nash_gap: each player decides once"
    discount = 0.0

    @property
    def rows(self) -> tuple[str, ...]:
        return ("",)

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple((len(labels),) for labels in self.actions)

    @property
    def reward_range(self) -> float:
        return self.payoff_range

    @property
    def tensor_bytes(self) -> int:
        return 8 * len(self.players) * prod(len(labels) for labels in self.actions)

    @property
    def lowered(self) -> tuple[NormalForm, Array]:
        """The game with a number of each player's own, [N], taken from their payoffs, which are large beside it."""
        return self, np.zeros(len(self.players))

    @abstractmethod
    def backup(self, profile: Profile) -> tuple[Array, ...]:
        """u_i[A_i] per player: expected payoff of each own action against the others' policies."""

    def against(self, actions: NDArray[np.int32]) -> tuple[Array, ...]:
        """u_i[K, A_i] per player: payoff of each own action against the others' actions in K pure profiles [K, N]."""
        sizes = [len(labels) for labels in self.actions]
        profiles = (frozen(np.eye(size)[a] for size, a in zip(sizes, chosen, strict=True)) for chosen in actions)
        return tuple(np.array(own) for own in zip(*(self.backup(profile) for profile in profiles), strict=True))

    def gambit_rows(self) -> Sequence[Sequence[int]]:
        return [[0]] * len(self.players)

    def polished(self, profile: Profile) -> Profile | None:
        from eqsolve.kernels.polish import support_polish

        return support_polish(self.backup, profile)

    @abstractmethod
    def tensor(self, budget: int = TENSOR_BUDGET) -> TensorGame:
        """The same game as a payoff tensor; MismatchError where that takes more than `budget` bytes."""


@dataclass(frozen=True, eq=False)
class TensorGame(NormalForm):
    """`payoffs` float64 [N, A_1, …, A_N]; `meaning`, the numbers that they stand for: None where they were computed.

    `formula` computes them once more, exactly, where somebody asks; None (or what it returns) where that is not known.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: Array
    meaning: Meaning | None = None
    formula: Callable[[], ExactPayoffs | None] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "payoffs", frozen([self.payoffs])[0])

    def backup(self, profile: Profile) -> tuple[Array, ...]:
        return tuple(self._against(i, profile) for i in range(len(self.players)))

    def _against(self, i: int, profile: Profile) -> Array:
        """i's tensor with every other axis contracted, the last axes first."""
        payoffs = self.payoffs[i]
        for j in range(len(profile) - 1, i, -1):
            payoffs = payoffs @ profile[j]
        for j in range(i):
            payoffs = np.tensordot(profile[j], payoffs, axes=1)
        return np.asarray(payoffs)

    def against(self, actions: NDArray[np.int32]) -> tuple[Array, ...]:
        found = []
        for i, payoffs in enumerate(self.payoffs):
            others = tuple(np.delete(actions, i, axis=1).T)
            # a single player has no others to index by
            found.append(np.broadcast_to(np.moveaxis(payoffs, i, -1)[others], (len(actions), payoffs.shape[i])))
        return tuple(found)

    def tensor(self, budget: int = TENSOR_BUDGET) -> TensorGame:
        return self

    @cached_property
    def payoff_range(self) -> float:
        payoffs = self.lowered[0].payoffs
        axes = tuple(range(1, payoffs.ndim))
        return float((payoffs.max(axis=axes) - payoffs.min(axis=axes)).max())

    @cached_property
    def exact(self) -> ExactPayoffs | None:
        """The payoffs that the floats stand for, in integers; None where floats were computed and may be rounded."""
        from eqsolve.forms.exact_payoffs import exact_payoffs

        if self.formula is not None:
            return self.formula()
        known = self.meaning is not None or bool((self.payoffs % 1 == 0).all())
        return exact_payoffs(self.payoffs, self.meaning) if known else None

    @cached_property
    def integers(self) -> tuple[Whole, ...]:
        """Each player's payoffs, as what they stand for, in integers of at least 1.

        Computed floats count as the simplest fractions that they round, if all of a player's round such.
        """
        from eqsolve.forms.exact_payoffs import exact_payoffs, guessed, integers

        return integers(self.exact or exact_payoffs(self.payoffs, guessed(self.payoffs)))

    @cached_property
    def ordered(self) -> tuple[Array, ...]:
        """For each player numbers that compare as do the payoffs for which the floats stand (exact_payoffs.py)."""
        from eqsolve.forms.exact_payoffs import comparable, ordered

        if self.formula is not None and self.exact is not None:
            return comparable(self.exact)
        return ordered(self.payoffs, self.meaning)

    @cached_property
    def scaled(self) -> tuple[Array, ...]:
        """Each player's payoffs from 0 to 1, right to rounding whatever is added to all of them."""
        above = [own - own.min() for own in self.lowered[0].payoffs]
        return tuple(readonly(own / (own.max() or 1.0)) for own in above)

    @cached_property
    def lowered(self) -> tuple[TensorGame, Array]:
        from eqsolve.forms.exact_payoffs import lowered

        payoffs, taken = lowered(self.payoffs, lambda: self.exact)
        return (TensorGame(self.players, self.actions, payoffs) if taken.any() else self), readonly(taken)

    @cached_property
    def rounding(self) -> Array:
        """By how much two payoffs of each player [N] may differ that are equal but for rounding.

        It is 0 where they are numbers as they were written, or by a formula of such, floats from a file, or integers;
        where they were computed, a few times the precision of float64, COMPUTED_ROUNDING, of the largest.
        """
        if self.meaning is not None or self.is_exact:
            return np.zeros(len(self.payoffs))
        return np.asarray(COMPUTED_ROUNDING * np.abs(self.payoffs.reshape(len(self.payoffs), -1)).max(axis=1))

    @cached_property
    def is_exact(self) -> bool:
        """Whether all payoffs are known as they were written, or integers; else some floats may be rounded."""
        if self.formula is not None and self.exact is not None:
            return True
        floats = range(len(self.payoffs)) if self.meaning is None else self.meaning.floats
        return all(bool((own % 1 == 0).all()) for own in (self.payoffs[i] for i in floats))

    @cached_property
    def tree(self) -> SequenceForm:
        """The game as a tree: each player moves once and knows nothing; payoffs are `lowered` by a number each."""
        from eqsolve.forms.extensive.simultaneous import simultaneous

        return simultaneous(self.players, self.actions, self.lowered[0].payoffs)

    @cached_property
    def _potential(self) -> Array | None:
        return exact_potential(self.payoffs, self.payoff_range)

    @property
    def has_potential(self) -> bool:
        return self._potential is not None

    def potential(self, profile: Profile) -> float | None:
        value = self._potential
        if value is None:
            return None
        for policy in reversed(profile):
            value = value @ policy
        return float(value)

    @cached_property
    def arrays(self) -> TensorArrays:
        """The game as kernels take it."""
        from eqsolve.kernels.tensor import TensorArrays

        sizes = np.array(self.payoffs.shape[1:], dtype=np.int64)
        flat = self.payoffs.reshape(-1)
        scratch = 2 * (prod(self.payoffs.shape[1:]) // int(sizes.min()))
        return TensorArrays(flat, readonly(sizes), readonly(self.offsets), scratch)
