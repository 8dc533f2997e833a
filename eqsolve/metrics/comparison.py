"""Two profiles of one game against each other: values head to head in every seat, and how far their policies differ.

Head to head in seat i, one profile's policy of player i meets the other profile's policies of all others. Averaged over
the seats that is the score of one against the other, which is meant for games whose seats are alike, or are taken in
turns. The distance of two policies is taken row by row (a row is a state, an information set, or the only one) as total
variation, ½ Σ |p − q|: 0 where they are alike, 1 where they never do the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import MismatchError
from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.mixed import Mixed
from eqsolve.metrics.judge import deviations


@dataclass(frozen=True)
class Distances:
    """Of each player [N]: the `largest` total variation over the rows, the number of the `row` with it, the `mean`.

    Rows are counted within the player's policy; every row counts alike, whether play reaches it or not.
    """

    largest: Array
    row: NDArray[np.int64]
    mean: Array


@dataclass(frozen=True)
class Comparison:
    """Values head to head and distances of two profiles.

    `first_in_seat` [N, N]: all players' values where player i (a row) plays the first profile and all others the
    second; `second_in_seat`: the other way round.
    """

    first_in_seat: Array
    second_in_seat: Array
    distances: Distances

    @property
    def first_mean(self) -> float:
        """The mean over seats of what the first profile's policy gets among the second's."""
        return float(self.first_in_seat.diagonal().mean())

    @property
    def second_mean(self) -> float:
        """The mean over seats of what the second profile's policy gets among the first's."""
        return float(self.second_in_seat.diagonal().mean())


def compared(form: Form, first: Profile, second: Profile) -> Comparison:
    """Return values head to head, in payoff units from the start, and distances. Both must have passed form.check.

    MismatchError where policies are no distributions.
    """
    if not isinstance(form, Mixed):
        raise MismatchError(f"policies of {form.in_words} are no distributions, between which distances are taken")
    return Comparison(_in_seats(form, first, second), _in_seats(form, second, first), distances(form, first, second))


def _in_seats(form: Form, one: Profile, others: Profile) -> Array:
    """[N, N]: the values of all players where player i plays `one` and everybody else `others`."""
    seats = range(len(form.players))
    if len(seats) == 1:
        return deviations(form, one).values[None]
    return np.array([deviations(form, (*others[:i], one[i], *others[i + 1 :])).values for i in seats])


def distances(form: Mixed, first: Profile, second: Profile) -> Distances:
    """Return how far two profiles are apart, player by player."""
    largest, rows, means = [], [], []
    for i, (p, q) in enumerate(zip(first, second, strict=True)):
        apart = np.add.reduceat(np.abs(p - q).reshape(-1), form.starts(i)) / 2
        apart = apart[form.rows_before :]  # the empty sequence is no choice
        rows.append(int(apart.argmax()) if apart.size else 0)
        largest.append(float(apart.max(initial=0.0)))
        means.append(float(apart.mean()) if apart.size else 0.0)
    return Distances(np.array(largest), np.array(rows, dtype=np.int64), np.array(means))
