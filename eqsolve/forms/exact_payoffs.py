"""Games in rational arithmetic: the leaves of a sequence form, walked anew from the game's rules, or a payoff tensor.

Chances come as fractions and payoffs as fractions or float64 numbers, which stand for exactly what they are, or for the
decimals that were written. All is brought to one denominator, so that everything after this is arithmetic of integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import InputError
from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.mixed import ROW_ROUNDING
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules

#: Python's integers, of any length.
Whole: TypeAlias = NDArray[np.object_]
#: The probabilities of the pure profiles of a joint distribution.
Chances: TypeAlias = tuple[Fraction, ...]
#: One policy per player, laid out as in the form's profiles.
Policies: TypeAlias = tuple[tuple[Fraction, ...], ...]


#: Decimals of up to so many digits are told apart by float64.
SHORT_DECIMAL = 15
#: More payoffs than this are not computed in integers longer than 64 bits, or in fractions: some seconds.
MOST_LONG = 2**20
#: Payoffs larger than their range by more than this lose a hexadecimal digit of their differences.
FAR_FROM_ZERO = 16.0
#: Computed payoffs that are the float64 nearest to a fraction of at most this denominator are taken for it.
LARGEST_DENOMINATOR = 10_000
#: Largest denominator of the simple fractions that are tried for weights which equations leave free.
SIMPLE_DENOMINATOR = 1000


class ExactLeaves(NamedTuple):
    """`sequences` int32 [N, Z] as the form numbers them, each column once; integers over one `denominator`:

    `chance` [Z], the leaf's probability if all play towards it, and `paid` [N, Z], that times what each receives.
    """

    sequences: NDArray[np.int32]
    chance: Whole
    paid: Whole
    denominator: int


class ExactPayoffs(NamedTuple):
    """`paid` [N, A_1, …, A_N], integers over one `denominator`."""

    paid: Whole
    denominator: int

    def fractions(self) -> Whole:
        """Return the payoffs [N, A_1, …, A_N] as fractions."""
        found = np.empty(self.paid.size, dtype=object)
        found[:] = [Fraction(p, self.denominator) for p in self.paid.reshape(-1).tolist()]
        return found.reshape(self.paid.shape)

    def nearest(self) -> tuple[Array, dict[int, Fraction]]:
        """Return the nearest float64 numbers [N, A_1, …, A_N], and payoffs which their shortest decimals do not say.

        These are by the place in the flattened tensor.
        """
        exact = self.fractions().reshape(-1).tolist()
        floats = [float(x) for x in exact]
        others = {k: x for k, (x, y) in enumerate(zip(exact, floats, strict=True)) if Fraction(repr(y)) != x}
        return np.array(floats).reshape(self.paid.shape), others


class Meaning(NamedTuple):
    """What the float64 payoffs [N, A_1, …, A_N] of a game stand for: the numbers as they were written.

    `rationals` has the number by its place in the flattened tensor, where it is not what the shortest decimal of the
    float64 says. The payoffs of the players in `floats` were float64 numbers from the start, and are just these.
    """

    rationals: Mapping[int, Fraction] = {}
    floats: frozenset[int] = frozenset()


def exact_payoffs(payoffs: Array, meaning: Meaning | None = None) -> ExactPayoffs:
    """Return the payoffs [N, A_1, …, A_N] in integers: as what they stand for, else as the float64 numbers they are."""
    meaning = meaning or Meaning(floats=frozenset(range(len(payoffs))))
    if not meaning.rationals and (short := _short(payoffs, 0 if meaning.floats else SHORT_DECIMAL)) is not None:
        return short
    ratios = list[tuple[int, int]]()
    for i, own in enumerate(payoffs):
        numbers = own.reshape(-1).tolist()
        if i in meaning.floats:
            ratios += (x.as_integer_ratio() for x in numbers)
        else:
            ratios += (Decimal(repr(x)).as_integer_ratio() for x in numbers)
    for place, exact in meaning.rationals.items():
        ratios[place] = exact.as_integer_ratio()
    return _over_one_denominator(ratios, payoffs.shape)


def _short(payoffs: Array, places: int) -> ExactPayoffs | None:
    """Return payoffs that have few decimals, `places` at most, in integers; None where some have more.

    A float64 number is the nearest to no more than one decimal of up to 15 digits, which then is its shortest.
    """
    for digits in range(places + 1):
        whole = np.rint(payoffs * 10.0**digits)
        if np.abs(whole).max() >= 10.0**SHORT_DECIMAL:
            return None
        if (whole / 10.0**digits == payoffs).all():
            return ExactPayoffs(whole.astype(np.int64).astype(object), 10**digits)
    return None


def in_integers(numbers: Whole) -> ExactPayoffs:
    """Return payoffs [N, A_1, …, A_N], which are fractions, integers or floats that are exact, as integers."""
    return _over_one_denominator([Fraction(x).as_integer_ratio() for x in numbers.reshape(-1).tolist()], numbers.shape)


def _over_one_denominator(ratios: Sequence[tuple[int, int]], shape: tuple[int, ...]) -> ExactPayoffs:
    denominator = lcm(*{q for _, q in ratios})
    paid = np.empty(len(ratios), dtype=object)
    paid[:] = [p * (denominator // q) for p, q in ratios]
    return ExactPayoffs(paid.reshape(shape), denominator)


def tabulated(written: Callable[[int, int], Fraction], loads: Sequence[Sequence[int]], most: int) -> ExactPayoffs:
    """Return costs [R, W + 1] of each resource at the `loads` that occur, in integers; elsewhere they are 0.

    `written(r, l)` is the cost of resource r at load l; `most` − 1 is W. The integers are int64 where the sum of one
    cost of every resource is a float64 number, too.
    """
    table = np.zeros((len(loads), most), dtype=object)
    for r, occurring in enumerate(loads):
        table[r, list(occurring)] = [written(r, load) for load in occurring]
    costs = in_integers(table)
    short = len(loads) * abs(costs.paid).max() <= 2**53
    return costs._replace(paid=costs.paid.astype(np.int64)) if short else costs


def integers(exact: ExactPayoffs) -> tuple[Whole, ...]:
    """Return every player's payoffs [A_1, …, A_N] in integers, the least 1, by a map that increases and is affine."""
    found = list[Whole]()
    for own in exact.paid.astype(object):
        above = own - own.min()
        found.append(above // (gcd(*above.reshape(-1).tolist()) or 1) + 1)
    return tuple(found)


def comparable(exact: ExactPayoffs) -> tuple[Array, ...]:
    """Return for each player floats [A_1, …, A_N] that compare as the payoffs do: these in integers, or their ranks."""
    if exact.paid.dtype == np.int64:
        return tuple(exact.paid.astype(np.float64))
    return tuple(
        np.unique(own, return_inverse=True)[1].reshape(own.shape).astype(np.float64)
        for own in exact.paid.astype(object)
    )


def ordered(payoffs: Array, meaning: Meaning | None) -> tuple[Array, ...]:
    """Return for each player numbers [A_1, …, A_N] that compare as the payoffs do for which the floats stand.

    Rounding never turns an order around, and two decimals of up to 15 digits never become the same float. So these
    are the floats themselves, but where numbers in `meaning` share one: there they are the ranks of the payoffs.
    """
    size = payoffs[0].size
    found = list[Array](payoffs)
    rationals = meaning.rationals if meaning else {}
    for i in {place // size for place in rationals}:
        floats = payoffs[i].reshape(-1)
        exact = {place - i * size: number for place, number in rationals.items() if place // size == i}
        values, where = np.unique(floats, return_inverse=True)
        behind = np.zeros(size, dtype=np.int64)
        for value in np.unique(where[list(exact)]):
            alike = np.flatnonzero(where == value)
            others = (
                Fraction(values[value]) if meaning and i in meaning.floats else Fraction(repr(float(values[value])))
            )
            numbers = [exact.get(place, others) for place in alike.tolist()]
            ranks = {number: rank for rank, number in enumerate(sorted(set(numbers)))}
            behind[alike] = [ranks[number] for number in numbers]
        found[i] = (where.reshape(-1) * (int(behind.max()) + 1) + behind).astype(np.float64).reshape(payoffs[i].shape)
    return tuple(found)


def lowered(payoffs: Array, tell: Callable[[], ExactPayoffs | None]) -> tuple[Array, Array]:
    """Return payoffs [N, A_1, …, A_N] from which a number of each player's own is taken, and these numbers [N].

    It is the least payoff where payoffs are large beside their range, so that floats have lost digits of differences:
    those of what was written, which `tell` knows, are then right to rounding. Else it is 0.
    """
    axes = tuple(range(1, payoffs.ndim))
    low, high = payoffs.min(axis=axes), payoffs.max(axis=axes)
    far = np.maximum(-low, high) > FAR_FROM_ZERO * (high - low)
    if not far.any():
        return payoffs, np.zeros(len(payoffs))
    taken = np.where(far, low, 0.0)
    found = payoffs - taken.reshape(-1, *(1 for _ in axes))
    if (whole := tell()) is not None:
        for i in np.flatnonzero(far):
            found[i] = ((whole.paid[i] - whole.paid[i].min()) / whole.denominator).astype(np.float64)
    return found, taken


def equalising_mixture(
    payoffs: list[list[int]], replies: list[int], support: list[int]
) -> tuple[list[Fraction] | None, bool]:
    """Return weights [actions] on `support` to which each of as many `replies` pays 1 and none pays more, in integers.

    None where there are no such weights, or not one choice of them alone. The second is whether some weight of the
    support is 0 or another reply pays 1, too. `payoffs` [replies, actions] are positive. (Elimination: Bareiss 1968.)
    """
    rows, det = [[*(payoffs[r][s] for s in support), 1] for r in replies], 1
    for c in range(len(rows)):
        pivot = next((r for r in range(c, len(rows)) if rows[r][c]), None)
        if pivot is None:
            return None, False
        rows[c], rows[pivot] = rows[pivot], rows[c]
        own = rows[c]
        for r, row in enumerate(rows):
            if r != c:
                factor = row[c]
                rows[r] = [(own[c] * a - factor * b) // det for a, b in zip(row, own, strict=True)]
        det = own[c]
    weights = [Fraction(0)] * len(payoffs[0])
    for s, row in zip(support, rows, strict=True):
        weights[s] = Fraction(row[-1], det)
    paid = [sum(payoffs[r][s] * weights[s] for s in support) for r in range(len(payoffs)) if r not in replies]
    if min(weights) < 0 or max(paid, default=0) > 1:
        return None, False
    return weights, 1 in paid or any(weights[s] == 0 for s in support)


def guessed(payoffs: Array) -> Meaning:
    """Take each player's payoffs for fractions of small denominators if all are roundings of such, else for floats."""
    rationals = dict[int, Fraction]()
    for i, own in enumerate(payoffs):
        numbers = own.reshape(-1).tolist()
        simple = [Fraction(x).limit_denominator(LARGEST_DENOMINATOR) for x in numbers]
        if all(float(exact) == x for exact, x in zip(simple, numbers, strict=True)):
            rationals |= enumerate(simple, i * len(numbers))
    return Meaning(rationals, frozenset(range(len(payoffs))))


def completed(starts: Sequence[int], entries: Sequence[Fraction | float]) -> tuple[Fraction, ...]:
    """Return a policy as fractions whose rows, which begin at `starts`, sum to exactly 1.

    Floats are rounded: what that took from a row, or gave it, the likeliest of its floats makes good. Fractions are
    meant exactly: a row of these alone, or one that misses 1 by more than rounding, is divided by its sum.
    """
    exact = [Fraction(p) for p in entries]
    for start, end in zip(starts, [*starts[1:], len(exact)], strict=True):
        total = sum(exact[start:end], Fraction(0))
        if total == 1:
            continue
        rounded = [k for k in range(start, end) if isinstance(entries[k], float)]
        likeliest = max(rounded, key=lambda k: exact[k], default=start)
        if rounded and abs(total - 1) <= ROW_ROUNDING and exact[likeliest] + 1 - total >= 0:
            exact[likeliest] += 1 - total
        else:
            exact[start:end] = [p / total for p in exact[start:end]]
    return tuple(exact)


def exact_leaves(form: SequenceForm, rules: Rules) -> ExactLeaves:
    """The leaves of `form`, which was built from `rules`; InputError where chances do not sum to 1 exactly."""
    n = len(form.players)
    firsts = [dict(zip(treeplex.infosets, treeplex.first.tolist(), strict=True)) for treeplex in form.treeplexes]
    found: dict[tuple[int, ...], list[Fraction]] = {}
    stack: list[tuple[Any, tuple[int, ...], Fraction]] = [(rules.root(), (0,) * n, Fraction(1))]
    while stack:
        state, last, chance = stack.pop()
        turn = rules.turn(state)
        if turn == TERMINAL:
            totals = found.setdefault(last, [Fraction(0)] * (n + 1))
            totals[0] += chance
            for i, payoff in enumerate(rules.payoffs(state), 1):
                totals[i] += chance * Fraction(payoff)
        elif turn == CHANCE:
            chances = [Fraction(p) for _, p in rules.chances(state)]
            if sum(chances) != 1:
                raise InputError(
                    f"chances sum to {float(sum(chances)):.17g} and not exactly to 1", "write them as rationals: 1/3"
                )
            stack += [(rules.after(state, k), last, chance * p) for k, p in enumerate(chances)]
        else:
            first = firsts[turn][rules.infoset(state)]
            stack += [
                (rules.after(state, k), (*last[:turn], first + k, *last[turn + 1 :]), chance)
                for k in range(len(rules.actions(state)))
            ]
    denominator = lcm(*(x.denominator for totals in found.values() for x in totals))
    table = np.array(
        [[x.numerator * (denominator // x.denominator) for x in totals] for totals in found.values()], dtype=object
    ).T
    return ExactLeaves(np.array(list(found), dtype=np.int32).T, table[0], table[1:], denominator)
