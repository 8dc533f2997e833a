"""What every form of game offers, and profiles: one policy array per player, in the shapes that the form gives."""

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

#: Profiles of more entries are written without labels of rows and actions, which would take more than the numbers.
MAX_LABELLED_ENTRIES = 5_000_000


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
    """A game as arrays. Implementations are frozen dataclasses whose arrays are read-only.

    Policies may be arrays of any numbers: gains, flows, parameters. Where they are made of distributions the form is
    `Mixed` (forms/mixed.py). What other rooms do with a form stands in the table `FORMS` (forms/registry.py).
    """

    #: 'normal', 'markov', 'sequence', …: the word by which tables say what they have for a form.
    name: ClassVar[str]
    #: What such a game is called in sentences, with its article.
    in_words: ClassVar[str] = "a game of another form"
    #: Which gains `max_regret` is the largest of, in words that a report can print.
    max_regret_is: ClassVar[str]
    #: What the rows of a policy stand for, in sentences: "state"; empty where a policy is one row, without a label.
    row_is: ClassVar[str] = ""
    #: Rows of a policy before the first in which the player chooses: 1 in a sequence form, for the empty sequence.
    rows_before: ClassVar[int] = 0
    #: What the policies of `neutral` are, in a word.
    neutral_is: ClassVar[str] = "zero"
    #: Whether payoffs come stage by stage.
    staged: ClassVar[bool] = False
    #: What `info` says of each of `counts`; {} is whose they are.
    counted_in_words: ClassVar[Mapping[str, str]] = {}

    players: tuple[str, ...]

    @property
    @abstractmethod
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The array shape of each player's policy."""

    @property
    @abstractmethod
    def scale(self) -> float | None:
        """The range of payoffs, which `--rtol` multiplies; None where it has no bounds, and `--rtol` is refused."""

    @property
    @abstractmethod
    def arrays(self) -> Any:
        """The game as kernels take it: a NamedTuple of flat read-only arrays, one type per representation."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """What tells this game from others of its form, for its hash where no spec tells it."""
        return {"players": self.players, "arrays": tuple(self.arrays)}

    @property
    def has_potential(self) -> bool:
        """Whether this game as a whole is known to have an exact potential."""
        return False

    def potential(self, profile: Profile) -> float | None:
        """The exact potential at `profile`, in payoff units up to a constant; None where none is known."""
        return None

    @property
    def tensor_bytes(self) -> int | None:
        """What a payoff tensor [N, A_1, …, A_N] takes, whether it is stored or not; None where the game has none."""
        return None

    @property
    def counts(self) -> Mapping[str, int | tuple[int, ...]]:
        """How much there is of what makes the game large, by name; a tuple has one entry per player."""
        return {}

    def neutral(self) -> Profile:
        """A profile that prefers nothing, to try things with: zeros."""
        return self.unpack(np.zeros(int(self.offsets[-1])))

    def polished(self, profile: Profile) -> Profile | None:
        """A profile near `profile` that solves exactly what it nearly solves; None where there is no way to one."""
        return None

    def from_starts(self, values: Array) -> Array:
        """Values [N, rows] from every row as values [N, starts] from every place where the game could start."""
        return values

    def gambit_rows(self) -> Sequence[Sequence[int]] | None:
        """Each player's rows in the order of Gambit's lines, counted from the first in which they choose; None where
        Gambit has no such games, ProfileError where the order would take too long to find.
        """
        return None

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each player's policy begins in a packed profile; `[N + 1]`, last = total length."""
        return readonly(np.cumsum([0, *(prod(shape) for shape in self.shapes)], dtype=np.int64))

    @cached_property
    def row_offsets(self) -> NDArray[np.int64]:
        """Where each row begins in a packed profile; `[rows + 1]`, players in order, then their rows."""
        lengths = [shape[-1] for shape in self.shapes for _ in range(prod(shape[:-1]))]
        return readonly(np.cumsum([0, *lengths], dtype=np.int64))

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

    def named_rows(self, player: int, policy: Array) -> Iterator[tuple[str, tuple[str, ...], Array]]:
        """Parts of a policy to be shown: label, labels of its entries, numbers. Without other labels, by position."""
        rows = policy.reshape(-1, policy.shape[-1]) if policy.ndim else policy.reshape(1, 1)
        for number, row in enumerate(rows):
            yield str(number) if policy.ndim > 1 else "", tuple(str(k) for k in range(len(row))), row

    def check(self, policies: Sequence[Any], *, normalise: bool = False) -> Checked:
        """Return `policies` as a profile of this game; raise ProfileError that names the policy at fault.

        `normalise` asks for rows to be divided by their sums, which have none here.
        """
        flat = self._joined(policies)
        if not np.isfinite(flat).all():
            player = int(np.searchsorted(self.offsets, int(np.argmin(np.isfinite(flat))), side="right")) - 1
            raise ProfileError(f"policy of {self.players[player]}: a number is not finite")
        return Checked(self._parted(flat), ())

    def _joined(self, policies: Sequence[Any]) -> Array:
        """`policies`, one per player, as one flat array; ProfileError where one is no array of its shape."""
        if not hasattr(policies, "__len__"):
            raise ProfileError("a profile was expected, one policy per player")
        if len(policies) != len(self.players):
            raise ProfileError(
                f"a profile of {len(self.players)} policies was expected, one per player, found {len(policies)}"
            )
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
