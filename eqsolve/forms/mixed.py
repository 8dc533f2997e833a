"""Forms whose policies consist of probability vectors, *rows*, one after another: all that are played by mixing.

A normal form has one row per player, shape `(A_i,)`; a Markov game one per state, shape `(S_i, A_i)`; a sequence form
one per information set and a first one for the empty sequence, all in one array of shape `(Q_i,)`, since rows differ in
length.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Array, Checked, Form, Profile, frozen

#: A row may miss 1 by this much and is renormalised (and said); by more, it is refused. Decimals may miss it by
#: exactly 1e-6 (three times 0.333333), hence the last factor.
ROW_TOLERANCE = 1e-6 * (1 + 1e-9)
#: The same where the caller says that the numbers are rounded. Beyond it a row is no rounded distribution.
ROUNDED_TOLERANCE = 0.1 * (1 + 1e-9)
#: Payoff sums that vary by less than this fraction of the payoff range count as constant.
CONSTANT_SUM_TOLERANCE = 1e-12
#: Below this a row's distance from 1 is rounding, and the row is left as it is.
ROW_ROUNDING = 1e-12


class Mixed(Form):
    """A form whose policies are rows of probabilities."""

    neutral_is: ClassVar[str] = "uniform"
    #: Whether a player has the same actions in every row.
    same_actions: ClassVar[bool] = True

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
    def payoff_range(self) -> float:
        """max over players of (largest − smallest raw payoff); what `--rtol` and relative gaps refer to."""

    @property
    @abstractmethod
    def reward_range(self) -> float:
        """The same for the payoffs of one stage, which step sizes refer to; a normal form has one stage."""

    @property
    def scale(self) -> float:
        return self.payoff_range

    @property
    def identity(self) -> Mapping[str, Any]:
        return {**super().identity, "actions": self.actions, "discount": self.discount}

    @property
    def largest_number(self) -> float:
        """The largest number that values are sums of, where it may never occur in a value; 0 where all may."""
        return 0.0

    @property
    def row_count(self) -> int:
        """How many `rows` there are, without making their labels."""
        return len(self.rows)

    def neutral(self) -> Profile:
        return self.uniform()

    @property
    def legal(self) -> tuple[NDArray[np.bool_], ...] | None:
        """Which entries of each policy are actions at all; None where all are. Every row has one."""
        return None

    def rows_of(self, player: int) -> tuple[str, ...]:
        """Labels of the rows of one player's policy."""
        return self.rows

    def named_rows(self, player: int, policy: Array) -> Iterator[tuple[str, tuple[str, ...], Array]]:
        """The rows in which a player chooses: label, labels of its actions, probabilities."""
        for label, row in zip(self.rows_of(player), policy.reshape(-1, policy.shape[-1]), strict=True):
            yield label, self.actions[player], row

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

    def _at(self, row: int) -> str:
        """The player of a row of the packed profile and, where their policy has several rows, which one it is."""
        player = int(np.searchsorted(self.offsets, self.row_offsets[row], side="right")) - 1
        first = int(np.searchsorted(self.row_offsets, self.offsets[player]))
        labels, named = self.rows_of(player), self.players[player]
        single = len(labels) == 1 and len(self.shapes[player]) == 1
        return named if single else f"{named}, row {row - first} ({labels[row - first]})"


def action_count(form: Form) -> int:
    """Return how many labels of actions all players have together; 0 where policies are no distributions."""
    return sum(map(len, form.actions)) if isinstance(form, Mixed) else 0


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
