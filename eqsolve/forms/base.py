"""What every form of game offers, and profiles: one policy array per player.

A policy consists of probability vectors (*rows*), one after another. A normal form has one row per player, shape
`(A_i,)`; a Markov game one per state, shape `(S_i, A_i)`; a sequence form one per information set and a first one for
the empty sequence, all in one array of shape `(Q_i,)`, since rows differ in length.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import ProfileError

Array: TypeAlias = NDArray[np.float64]
Profile: TypeAlias = tuple[Array, ...]
#: Row numbers of large tables.
Indices: TypeAlias = NDArray[np.int32]
Scalar = TypeVar("Scalar", bound=np.generic)

#: A row may miss 1 by this much and is renormalised (and said); by more, it is refused. Decimals may miss it by
#: exactly 1e-6 (three times 0.333333), hence the last factor.
ROW_TOLERANCE = 1e-6 * (1 + 1e-9)
#: The same where the caller says that the numbers are rounded. Beyond it a row is no rounded distribution.
ROUNDED_TOLERANCE = 0.1 * (1 + 1e-9)
#: Payoff sums that vary by less than this fraction of the payoff range count as constant.
CONSTANT_SUM_TOLERANCE = 1e-12
#: Below this a row's distance from 1 is rounding, and the row is left as it is.
ROW_ROUNDING = 1e-12
#: Profiles of more entries are written without labels of rows and actions, which would take more than the numbers.
NAMED = 5_000_000


class ReadOnly:
    """A record that can be pickled, for processes and workers: its arrays arrive read-only, as they must enter kernels.

    What it computed when asked (`cached_property`) stays behind, and is computed again where it is asked for there.
    """

    def __getstate__(self) -> dict[str, Any]:
        kind = type(self)
        return {k: v for k, v in vars(self).items() if not isinstance(getattr(kind, k, None), cached_property)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for value in state.values():
            _close(value)
        vars(self).update(state)


def _close(value: Any) -> None:
    """Close all arrays within `value`, a field of a record, to writing; modified in place."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, tuple):
        for part in value:
            _close(part)


class Parted(tuple[Array, ...]):
    """A profile whose policies, of these `shapes`, are read-only parts of one array, `flat`.

    It need not be joined again: with thousands of players that takes longer than most that is done with a profile.
    """

    flat: Array
    shapes: tuple[tuple[int, ...], ...]

    def __new__(cls, policies: Iterable[Array], flat: Array, shapes: tuple[tuple[int, ...], ...]) -> Self:
        profile = super().__new__(cls, policies)
        profile.flat, profile.shapes = flat, shapes
        return profile

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)  # copied, the policies are parts of nothing


class Checked(NamedTuple):
    """A profile fit to be judged, and what was done to make it so (a sentence each)."""

    profile: Profile
    notes: tuple[str, ...]


class Form(ReadOnly, ABC):
    """A game as arrays. Implementations are frozen dataclasses whose arrays are read-only."""

    #: 'normal', 'markov' or 'sequence': the word by which the registry says what a solver accepts.
    name: ClassVar[str]
    #: What such a game is called in sentences, with its article.
    in_words: ClassVar[str] = "a game of another form"
    #: Which gains `max_regret` is the largest of, in words that a report can print.
    max_regret_is: ClassVar[str]

    players: tuple[str, ...]
    #: Labels of each player's actions; in a sequence form, of each entry of their policy.
    actions: tuple[tuple[str, ...], ...]
    #: γ; 0 for a normal form, which has no future, and for a sequence form, which counts payoffs at the end.
    discount: float

    @property
    @abstractmethod
    def rows(self) -> tuple[str, ...]:
        """Labels of a policy's rows: the states of a Markov game; `('',)` for a normal form; of all players' policies,
        one after another, for a sequence form.
        """

    @property
    @abstractmethod
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The array shape of each player's policy."""

    @property
    @abstractmethod
    def payoff_range(self) -> float:
        """max over players of (largest − smallest raw payoff); what `--rtol` and relative gaps refer to."""

    @property
    @abstractmethod
    def reward_range(self) -> float:
        """The same for the payoffs of one stage, which step sizes refer to; a normal form has one stage."""

    @property
    @abstractmethod
    def has_potential(self) -> bool:
        """Whether this game as a whole has an exact potential."""

    @abstractmethod
    def potential(self, profile: Profile) -> float | None:
        """The exact potential at `profile`, in payoff units up to a constant; None where the game has none."""

    @property
    @abstractmethod
    def arrays(self) -> Any:
        """The game as kernels take it: a NamedTuple of flat read-only arrays, one type per representation."""

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each player's policy begins in a packed profile; `[N + 1]`, last = total length."""
        return readonly(np.cumsum([0, *(prod(shape) for shape in self.shapes)], dtype=np.int64))

    @cached_property
    def row_offsets(self) -> NDArray[np.int64]:
        """Where each row begins in a packed profile; `[rows + 1]`, players in order, then states."""
        lengths = [shape[-1] for shape in self.shapes for _ in range(prod(shape[:-1]))]
        return readonly(np.cumsum([0, *lengths], dtype=np.int64))

    @property
    def legal(self) -> tuple[NDArray[np.bool_], ...] | None:
        """Which entries of each policy are actions at all; None where all are. Every row has one."""
        return None

    def pack(self, profile: Profile) -> Array:
        """The profile as one flat, writable array: player by player, row by row."""
        if isinstance(profile, Parted) and profile.shapes == self.shapes:
            return profile.flat.copy()
        return np.concatenate(profile if self._alike else [policy.ravel() for policy in profile])

    def unpack(self, flat: Array) -> Profile:
        """The profile that `pack` flattened; policies are read-only parts of one copy."""
        return self._parted(np.array(flat, dtype=np.float64))

    def _parted(self, flat: Array) -> Profile:
        """The policies of a packed profile as read-only parts of it; `flat` itself becomes read-only."""
        flat.setflags(write=False)
        if self._alike:
            return Parted(flat.reshape(len(self.players), -1), flat, self.shapes)
        policies = [flat[part] if len(shape) == 1 else flat[part].reshape(shape) for part, shape in self._parts]
        return Parted(policies, flat, self.shapes)

    @cached_property
    def _alike(self) -> bool:
        """Whether every policy is one vector of the same length: thousands are then split and joined at once."""
        return len(set(self.shapes)) == 1 and len(self.shapes[0]) == 1

    @cached_property
    def _parts(self) -> tuple[tuple[slice, tuple[int, ...]], ...]:
        """Of each player's policy: where it is in a packed profile, and its shape."""
        at = self.offsets.tolist()
        return tuple((slice(at[i], at[i + 1]), shape) for i, shape in enumerate(self.shapes))

    def rows_of(self, player: int) -> tuple[str, ...]:
        """Labels of the rows of one player's policy."""
        return self.rows

    def named_rows(self, player: int, policy: Array) -> Iterator[tuple[str, tuple[str, ...], Array]]:
        """The rows in which a player chooses: label, labels of its actions, probabilities."""
        for label, row in zip(self.rows_of(player), policy.reshape(-1, policy.shape[-1]), strict=True):
            yield label, self.actions[player], row

    @property
    def counts(self) -> Mapping[str, int | tuple[int, ...]]:
        """How much there is of what makes the game large, by name; a tuple has one entry per player."""
        return {}

    def uniform(self) -> Profile:
        """Every legal action with the same probability, everywhere."""
        if self.legal is not None:
            return frozen(mask / mask.sum(axis=-1, keepdims=True) for mask in self.legal)
        lengths = np.diff(self.row_offsets)
        return self.unpack(np.repeat(1 / lengths, lengths))

    def check(self, policies: Sequence[Any], *, normalise: bool = False) -> Checked:
        """Return `policies` as a profile of this game; raise ProfileError that names the policy and row at fault.

        Rows whose sum misses 1 by at most 1e-6, or by at most 0.1 with `normalise`, are divided by it; a note says so.
        """
        if not hasattr(policies, "__len__"):
            raise ProfileError("a profile was expected, one policy per player")
        if len(policies) != len(self.players):
            raise ProfileError(
                f"a profile of {len(self.players)} policies was expected, one per player, found {len(policies)}"
            )
        # all players at once: a game may have thousands
        flat, rows = self._joined(policies), self.row_offsets
        starts = rows[:-1]
        with np.errstate(invalid="ignore"):  # ∞ − ∞: refused below
            sums = np.add.reduceat(flat, starts)
        bad = ~(abs(sums - 1) <= (ROUNDED_TOLERANCE if normalise else ROW_TOLERANCE))
        if not (usable := np.isfinite(flat) & (flat >= 0)).all():
            bad |= ~np.logical_and.reduceat(usable, starts)
        if bad.any():
            number = int(np.argmax(bad))
            row = flat[rows[number] : rows[number + 1]]
            raise ProfileError(f"policy of {self._at(number)}: {_fault(row)}", _remedy(row, normalise))
        if self.legal is not None:
            legal = np.concatenate([mask.ravel() for mask in self.legal])
            absent = np.logical_or.reduceat((flat > 0) & ~legal, starts)
            if absent.any():
                raise ProfileError(
                    f"policy of {self._at(int(np.argmax(absent)))}: probability on an action that is not there"
                )
        notes: list[str] = []
        off = abs(sums - 1) > ROW_ROUNDING
        if off.any():
            divided = flat / np.repeat(np.where(off, sums, 1.0), np.diff(rows))
            first = np.searchsorted(rows, self.offsets)
            for i in np.flatnonzero(np.logical_or.reduceat(off, first[:-1])).tolist():
                here, own = slice(first[i], first[i + 1]), slice(self.offsets[i], self.offsets[i + 1])
                change = float(np.abs(divided[own] - flat[own]).max())
                notes.append(_divided(self.players[i], sums[here][off[here]], change))
            flat = divided
        return Checked(self._parted(flat), tuple(notes))

    def _joined(self, policies: Sequence[Any]) -> Array:
        """`policies`, one per player, as one flat array; ProfileError where one is no array of its shape."""
        if isinstance(policies, Parted) and policies.shapes == self.shapes:
            return policies.flat.copy()
        arrays = []
        for player, raw, shape in zip(self.players, policies, self.shapes, strict=True):
            policy = _as_floats(raw, player)
            if policy.shape != shape:
                raise ProfileError(f"policy of {player}: expected shape {shape}, found {policy.shape}")
            arrays.append(policy)
        return self.pack(tuple(arrays))

    def starts(self, player: int) -> NDArray[np.int64]:
        """Where the rows of a player's policy begin within it."""
        here, end = self.offsets[player : player + 2]
        first, last = np.searchsorted(self.row_offsets, [here, end])
        return np.asarray(self.row_offsets[first:last] - here)

    def _at(self, row: int) -> str:
        """The player of a row of the packed profile and, where their policy has several rows, which one it is."""
        player = int(np.searchsorted(self.offsets, self.row_offsets[row], side="right")) - 1
        first = int(np.searchsorted(self.row_offsets, self.offsets[player]))
        labels, named = self.rows_of(player), self.players[player]
        single = len(labels) == 1 and len(self.shapes[player]) == 1
        return named if single else f"{named}, row {row - first} ({labels[row - first]})"


def frozen(arrays: Iterable[Any]) -> Profile:
    """Read-only, contiguous float64 copies of `arrays`."""
    return tuple(readonly(np.array(array, dtype=np.float64, order="C")) for array in arrays)


def readonly(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The same array, closed to writing: game arrays always enter kernels so, states never."""
    array.setflags(write=False)
    return array


def _as_floats(raw: Any, player: str) -> Array:
    """`raw` as float64; booleans, strings, objects and ragged lists are refused."""
    try:
        array = np.asarray(raw)
        if array.dtype.kind not in "iuf":
            raise ValueError
        return array.astype(np.float64, copy=False)
    except (ValueError, TypeError, OverflowError) as error:
        raise ProfileError(f"policy of {player}: expected nested lists of numbers, all rows of one length") from error


def _fault(row: Array) -> str:
    """What is wrong with a probability vector, in words."""
    if not np.isfinite(row).all():
        return f"probability {int(np.argmin(np.isfinite(row)))} is {row[~np.isfinite(row)][0]}, not a finite number"
    if (row < 0).any():
        return f"probability {int(np.argmin(row))} is negative: {row.min():g}"
    return f"probabilities sum to {row.sum():.9g}, not 1"


def _remedy(row: Array, normalise: bool) -> str | None:
    """What to try with a row that is refused; None where it is no distribution in any way."""
    if normalise or not np.isfinite(row).all() or (row < 0).any() or abs(row.sum() - 1) > ROUNDED_TOLERANCE:
        return None
    return "if the numbers are rounded, --normalise divides each row by its sum (in Python: normalise=True)"


def _divided(player: str, sums: Array, change: float) -> str:
    """The note on rows that were divided by these `sums`; `change` is that of the probability most affected."""
    if (abs(sums - 1) <= ROW_TOLERANCE).all():
        return f"policy of {player}: {len(sums)} row(s) within 1e-6 of sum 1 were renormalised"
    farthest = float(sums[np.argmax(abs(sums - 1))])
    return (
        f"policy of {player}: {len(sums)} row(s) were divided by their sums, the farthest from 1 being {farthest:.6g}; "
        f"probabilities changed by at most {change:.2g}"
    )
