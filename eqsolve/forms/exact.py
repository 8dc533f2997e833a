"""Games in rational arithmetic: the leaves of a sequence form, walked anew from the game's rules, or a payoff tensor.

Chances come as fractions and payoffs as fractions or float64 numbers, which stand for exactly what they are, or for the
decimals that were written. All is brought to one denominator, so that everything after this is arithmetic of integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import InputError
from eqsolve.forms.base import ROUNDING, Array
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules
from eqsolve.forms.sequence import SequenceForm

#: Python's integers, of any length.
Whole: TypeAlias = NDArray[np.object_]
#: One policy per player, laid out as in the form's profiles.
Policies: TypeAlias = tuple[tuple[Fraction, ...], ...]


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


def exact_payoffs(payoffs: Array, rationals: Mapping[int, Fraction] | None = None) -> ExactPayoffs:
    """A tensor [N, A_1, …, A_N] as the float64 numbers that it holds.

    With `rationals` these are there by their place in the flattened tensor, and all others as their shortest decimals.
    """
    numbers = payoffs.reshape(-1).tolist()
    if rationals is None:
        ratios = [x.as_integer_ratio() for x in numbers]
    else:
        ratios = [Decimal(repr(x)).as_integer_ratio() for x in numbers]
        for place, exact in rationals.items():
            ratios[place] = exact.as_integer_ratio()
    denominator = lcm(*(q for _, q in ratios))
    paid = np.empty(len(ratios), dtype=object)
    paid[:] = [p * (denominator // q) for p, q in ratios]
    return ExactPayoffs(paid.reshape(payoffs.shape), denominator)


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
        if rounded and abs(total - 1) <= ROUNDING and exact[likeliest] + 1 - total >= 0:
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
