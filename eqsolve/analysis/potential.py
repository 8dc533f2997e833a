"""Whether a game has an exact potential, by cycles of four changes; one that does not close is shown.

Monderer and Shapley 1996, Theorem 2.8: there is a potential iff the changes of the movers' payoffs add to 0 along
every cycle in which i moves from x_i to y_i, then j from x_j to y_j, then i back and j back, all others fixed. In a
Markov game (Leonardos et al. 2021, arXiv:2106.01969) a move is one of whole stationary policies, payoffs are values,
and the sum must be 0 from every start state.

A normal form's cycles of pure actions decide the question, and where its tensor is small all are looked at. Elsewhere
cycles are drawn, even ones of pure policies and odd ones of mixed; finding none that is open proves nothing. Draw n
depends on the seed and n alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.exact_payoffs import MOST_LONG
from eqsolve.forms.mixed import Mixed
from eqsolve.forms.normal.game import COMPUTED_ROUNDING, TensorGame
from eqsolve.metrics.judge import values

#: Differences of values below this fraction of the payoff range, plus this fraction of the values, count as rounding.
OF_RANGE, OF_VALUES = 1e-10, 1e-13
#: Tensor entries that the search for the worst cycle of a normal form reads at most; beyond, cycles through the first
#: action of one of the two players stand for all.
SEARCH, SEARCH_LONG = 3 * 10**8, 10**6
#: Roundings of a sum along a cycle of pure actions, in those of a computed payoff.
CYCLE_ROUNDINGS = 8
#: A cycle is simplified for reading with at most this many further ones.
SIMPLIFICATIONS = 300


@dataclass(frozen=True)
class Cycle:
    """Players `i` and `j` change between two policies each while the others keep to `profile`, as i and j do at first.

    `corners`: the values of (i, j) at (x_i, x_j), (y_i, x_j), (y_i, y_j), (x_i, y_j). `start`: the row that they are
    of, None for the initial distribution. `total`: what the changes sum to, 0 along every cycle of a potential game.
    """

    i: int
    j: int
    profile: Profile
    other_i: Array
    other_j: Array
    start: int | None
    corners: tuple[tuple[float, float], ...]
    total: float

    @property
    def changes(self) -> tuple[float, float, float, float]:
        """What each of the four moves changes for the one who moves."""
        return _changes(self.corners)


@dataclass(frozen=True)
class Search:
    """What the cycles showed. `exhaustive`: none was left out, so that `open_cycle` None proves a potential.

    `cycles` were looked at, the largest |sum| found is `largest`; `open_cycle` has that sum, if it is no rounding.
    `rounded`: payoffs are floats that may be rounded, and all sums are 0 only up to that.
    """

    exhaustive: bool
    cycles: int
    largest: float
    open_cycle: Cycle | None
    rounded: bool = False


def every_cycle(game: TensorGame) -> Search:
    """All cycles of pure actions of a normal form, which decide whether there is a potential; pair by pair of players.

    With D = u_i − u_j and the others fixed, a cycle sums to D(y_i, x_j) + D(x_i, y_j) − D(x_i, x_j) − D(y_i, y_j).
    """
    floats, small = game.payoffs, CYCLE_ROUNDINGS * COMPUTED_ROUNDING * float(np.abs(game.payoffs).max())
    worst, found, cycles = _widest(floats, SEARCH)
    differ = found is not None and worst > small
    exact = None
    if game.formula is not None or (not differ and floats.size <= MOST_LONG):
        exact = game.exact
    if exact is not None:
        total, found, _ = _widest(exact.paid, SEARCH if exact.paid.dtype == np.int64 else SEARCH_LONG)
        from_file = game.meaning is not None and game.meaning.floats
        rounded = bool(total) and not differ and bool(from_file)
        worst = total / exact.denominator
        differ = bool(total) and not rounded
    else:
        rounded = not differ
    if found is None or not differ:
        return Search(True, cycles, float(worst), None, rounded)
    i, j, a, b, ends, others = found
    sizes = floats.shape[1:]
    rest = [k for k in range(len(sizes)) if k not in (i, j)]
    actions = dict(zip(rest, map(int, np.unravel_index(others, [sizes[k] for k in rest])), strict=True)) if rest else {}
    actions |= {i: a, j: ends[0]}
    profile = tuple(np.eye(size)[actions[k]] for k, size in enumerate(sizes))
    cycle = measured(game, i, j, profile, np.eye(sizes[i])[b], np.eye(sizes[j])[ends[1]])
    return Search(True, cycles, float(worst), cycle if exact is None else replace(cycle, total=float(worst)))


#: A cycle of pure actions: players i and j, their actions x_i, y_i and (x_j, y_j), and the others' by number.
Place: TypeAlias = tuple[int, int, int, int, tuple[int, int], int]


def _widest(payoffs: NDArray[Any], most: int) -> tuple[Any, Place | None, int]:
    """Return the largest sum along a cycle of pure actions, where it is, None if all are 0, and how many there are.

    `payoffs` [N, A_1, …, A_N] are floats or integers; `most` of their entries are read, or about as many.
    """
    sizes = payoffs.shape[1:]
    pairs = [(i, j) for i in range(len(sizes)) for j in range(i + 1, len(sizes))]
    joint = payoffs[0].size
    through_first = sum(min(sizes[i], sizes[j]) for i, j in pairs) * joint > most
    worst, found, cycles = payoffs.flat[0] * 0, None, 0
    for i, j in pairs:
        i, j = (i, j) if sizes[i] <= sizes[j] else (j, i)
        difference = np.moveaxis(payoffs[i] - payoffs[j], (i, j), (0, 1)).reshape(sizes[i], sizes[j], -1)
        cycles += difference.shape[2] * (sizes[i] * (sizes[i] - 1) // 2) * (sizes[j] * (sizes[j] - 1) // 2)
        for a in range(1 if through_first else sizes[i] - 1):
            rise = difference[a + 1 :] - difference[a]
            spread = rise.max(axis=1) - rise.min(axis=1)  # [y_i, the others]
            if spread.size and spread.max() > worst:
                worst = spread.max()
                b, others = np.unravel_index(spread.argmax(), spread.shape)
                column = rise[b, :, others]
                found = i, j, a, a + 1 + int(b), (int(column.argmax()), int(column.argmin())), int(others)
    return worst, found, cycles


def drawn_cycles(form: Mixed, seed: int, most: int, seconds: float | None) -> Search:
    """`most` cycles drawn by `seed`, fewer (but 2) if `seconds` are over; the worst one, simplified for reading."""
    deadline = np.inf if seconds is None else monotonic() + seconds
    worst: Cycle | None = None
    largest, count = 0.0, 0
    for cycle in draws(form, seed):
        if count == most or (count >= 2 and monotonic() > deadline):
            break
        count += 1
        if abs(cycle.total) > largest:
            largest = abs(cycle.total)
            worst = cycle
    if worst is None or largest <= 8 * rounding(form, max(map(abs, sum(worst.corners, ())))):
        return Search(False, count, largest, None)
    readable = simplified(form, worst, monotonic() + (seconds or 10.0))
    return Search(False, count, abs(readable.total), readable)


def rounding(form: Mixed, size: float) -> float:
    """How far two values of about this `size` may lie apart that are the same but for rounding."""
    return OF_RANGE * form.payoff_range + OF_VALUES * size


def draws(form: Mixed, seed: int) -> Iterator[Cycle]:
    """Cycles without end; none where fewer than two players have a choice."""
    movers = [k for k, size in enumerate(form.offsets[1:] - form.offsets[:-1]) if size > len(form.starts(k))]
    if len(movers) < 2:
        return
    number = 0
    while True:
        uniforms = np.random.Generator(np.random.Philox(key=seed + (number << 64))).random(
            2 + 2 * int(form.offsets[-1])
        )
        first = int(uniforms[0] * len(movers))
        second = int(uniforms[1] * (len(movers) - 1))
        i, j = movers[first], movers[second + (second >= first)]
        half = (len(uniforms) - 2) // 2
        x, y = (drawn(form, part, number % 2 == 0) for part in (uniforms[2 : 2 + half], uniforms[2 + half :]))
        yield measured(form, i, j, x, y[i], y[j])
        number += 1


def drawn(form: Mixed, uniforms: Array, pure: bool) -> Profile:
    """A profile from one uniform number per entry: rows uniform on the simplex, or pure and each as likely."""
    weights = -np.log1p(-uniforms)
    if form.legal is not None:
        weights = np.where(np.concatenate([mask.reshape(-1) for mask in form.legal]), weights, 0.0)
    starts, lengths = form.row_offsets[:-1], np.diff(form.row_offsets)
    if pure:
        return form.unpack((weights == np.repeat(np.maximum.reduceat(weights, starts), lengths)).astype(np.float64))
    return form.unpack(weights / np.repeat(np.add.reduceat(weights, starts), lengths))


def measured(form: Mixed, i: int, j: int, x: Profile, other_i: Array, other_j: Array) -> Cycle:
    """The cycle from the start state where its sum is largest; where players see no whole states, from the start."""

    def at(changed: dict[int, Array]) -> Array:
        return start_values(form, tuple(changed.get(k, policy) for k, policy in enumerate(x)))[[i, j]]

    four = np.array([at({}), at({i: other_i}), at({i: other_i, j: other_j}), at({j: other_j})])  # [corner, who, start]
    u_i, u_j = four[:, 0], four[:, 1]
    totals = (u_i[1] - u_i[0]) + (u_j[2] - u_j[1]) + (u_i[3] - u_i[2]) + (u_j[0] - u_j[3])
    row = int(np.abs(totals).argmax())
    start = None if not form.row_is or four.shape[2] == 1 else row
    corners = tuple((float(a), float(b)) for a, b in four[:, :, row])
    return Cycle(i, j, x, other_i, other_j, start, corners, sum(_changes(corners)))


def _changes(corners: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return what each of the four moves changes for the one who moves."""
    (a, _), (b, c), (d, e), (f, g), h = *corners, corners[0][1]
    return b - a, e - c, f - d, h - g


def start_values(form: Mixed, profile: Profile) -> Array:
    """Every player's value from every start state, [N, starts]; from the initial distribution where rows are local."""
    return form.from_starts(values(form, profile))


def simplified(form: Mixed, cycle: Cycle, deadline: float) -> Cycle:
    """A cycle of at least the same |sum| that is easier to read: fewer rows change, fewer are out of the ordinary.

    Rows that do not matter are set alike, halves of all rows first (as in delta debugging, Zeller 1999): in the two
    pairs of policies, then, to the first action, where nothing changes.
    """
    left = SIMPLIFICATIONS
    best = cycle

    def attempt(policies: tuple[Profile, Array, Array]) -> bool:
        nonlocal left, best
        left -= 1
        other = measured(form, best.i, best.j, *policies)
        if abs(other.total) < abs(best.total) * (1 - 1e-12):
            return False
        best = other
        return True

    def alike(who: int, rows: NDArray[np.intp]) -> tuple[Profile, Array, Array] | None:
        """The cycle with i's (0) or j's (1) second policy as their first on these rows."""
        k, others = (best.i, best.j)[who], [best.other_i, best.other_j]
        changed = _with_rows(form, k, others[who], rows, best.profile[k])
        if changed is None:
            return None
        others[who] = changed
        return best.profile, others[0], others[1]

    def ordinary(who: int, rows: NDArray[np.intp]) -> tuple[Profile, Array, Array] | None:
        """The cycle with player `who` at their first action on these rows, as far as they do not change there."""
        second = {best.i: best.other_i, best.j: best.other_j}.get(who)
        x = best.profile[who]
        if second is not None:
            rows = rows[np.logical_and.reduceat((x == second).reshape(-1), form.starts(who))[rows]]
        changed = _with_rows(form, who, x, rows, first[who])
        if changed is None:
            return None
        profile = tuple(changed if k == who else policy for k, policy in enumerate(best.profile))
        others = [
            policy if k != who else _with_rows(form, who, policy, rows, first[who])
            for k, policy in ((best.i, best.other_i), (best.j, best.other_j))
        ]
        return (
            profile,
            best.other_i if others[0] is None else others[0],
            best.other_j if others[1] is None else others[1],
        )

    first = drawn(form, _falling(form), pure=True)
    for change, whose in ((alike, (best.i, best.j)), (ordinary, range(len(form.players)))):
        for who, player in enumerate(whose):
            blocks = [np.arange(len(form.starts(player)))]
            while blocks and left > 0 and monotonic() < deadline:
                rows = blocks.pop()
                policies = change(who, rows)
                if policies is not None and not attempt(policies) and len(rows) > 1:
                    blocks += [rows[len(rows) // 2 :], rows[: len(rows) // 2]]
    return best


def _falling(form: Mixed) -> Array:
    """A number per entry that falls along every row, so that the first legal action has the largest."""
    starts, lengths = form.row_offsets[:-1], np.diff(form.row_offsets)
    place = np.arange(int(form.offsets[-1])) - np.repeat(starts, lengths)
    return np.asarray(1 - (place + 1) / np.repeat(lengths + 2, lengths))


def _with_rows(form: Mixed, player: int, policy: Array, rows: NDArray[np.intp], other: Array) -> Array | None:
    """`policy` with these rows from `other`; None if they are the same already."""
    starts = form.starts(player)
    taken = np.zeros(len(starts), dtype=np.bool_)
    taken[rows] = True
    entries = np.repeat(taken, np.diff(starts, append=policy.size)).reshape(policy.shape)
    changed = np.where(entries, other, policy)
    return None if (changed == policy).all() else changed
