"""What tables show of a game's structure: constant sums, common interest, symmetry and anonymity, proved or refuted.

Every property says that sums or differences of payoffs are the same everywhere. Payoffs that are known exactly (as
they were written, by a formula of such, or integers) decide it exactly. Floats of a file, and computed ones, may be
rounded: what differs by no more than that counts as equal, and the evidence says so.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.analysis.finding import SUM_ROUNDINGS, UP_TO_ROUNDING, Finding, unequal_actions, word
from eqsolve.analysis.studies import Study
from eqsolve.forms.base import Array
from eqsolve.forms.exact_payoffs import MOST_LONG, ExactPayoffs
from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, SparseMarkovGame
from eqsolve.forms.mixed import CONSTANT_SUM_TOLERANCE
from eqsolve.forms.normal.game import COMPUTED_ROUNDING, TENSOR_BUDGET, NormalForm, TensorGame
from eqsolve.forms.potential import POTENTIAL_TOLERANCE, exact_potential
from eqsolve.forms.traits import Structure

#: The largest table that is built only to look at it, in bytes: a payoff tensor, or transitions.
BUILT = 2**24
#: Transition rows whose sum misses 1 by more than this lead out of the game.
ENDS = 1e-12

Game: TypeAlias = TensorGame | DenseMarkovGame
#: Of payoffs [N, …], sums of some with signs, each of which is 0 if they have the property.
Combined: TypeAlias = Callable[[NDArray[Any]], NDArray[Any]]


class Apart(NamedTuple):
    """The `place` where such a sum is furthest from 0, None where all are 0; `rounded`: some only up to rounding.

    `payoffs` [N, …] over `denominator` are the numbers that decided it: floats, or integers.
    """

    place: int | None
    rounded: bool
    payoffs: NDArray[Any]
    denominator: int

    def number(self, sums: Combined, place: int) -> Fraction:
        """Return one of such sums by its place."""
        return Fraction(sums(self.payoffs).reshape(-1).tolist()[place]) / self.denominator


class Numbers:
    """The payoffs of a table, `floats` [N, …], and as far as they are known exactly."""

    def __init__(self, table: Game) -> None:
        self.table = table
        self.by_formula = isinstance(table, TensorGame) and table.formula is not None
        self.from_file = isinstance(table, TensorGame) and bool(table.meaning and table.meaning.floats)
        self.floats: Array = table.payoffs if isinstance(table, TensorGame) else table.rewards
        # sums of floats up to this may be 0
        self.small = COMPUTED_ROUNDING * len(self.floats) * float(np.abs(self.floats).max())

    @cached_property
    def exact(self) -> ExactPayoffs | None:
        """The payoffs in integers; None where they are not known, or too many to be written so."""
        if not isinstance(self.table, TensorGame):
            whole = bool((self.floats % 1 == 0).all()) and len(self.floats) * float(np.abs(self.floats).max()) < 2**53
            return ExactPayoffs(self.floats.astype(np.int64), 1) if whole else None
        return self.table.exact if self.floats.size <= MOST_LONG or self.by_formula else None

    def apart(self, combined: Combined) -> Apart:
        """Look for the largest of such sums. Floats decide first where they are the nearest to what is meant."""
        off = np.abs(combined(self.floats))
        place = int(off.argmax())
        differ = bool(off.flat[place] > self.small)
        if (differ and not self.by_formula) or self.exact is None:
            return Apart(place if differ else None, not differ, self.floats, 1)
        off = np.abs(combined(self.exact.paid))
        place, equal = int(off.argmax()), not off.any()
        rounded = not equal and not differ and self.from_file
        return Apart(None if equal or rounded else place, rounded, *self.exact)


def of_table(table: Game) -> tuple[Finding, Finding, Finding, Finding]:
    """Return whether the game has constant sums and a common interest, and whether it is symmetric and anonymous."""
    numbers = Numbers(table)
    return _constant_sum(numbers), _common_interest(numbers), *_symmetries(numbers)


def _constant_sum(numbers: Numbers) -> Finding:
    table = numbers.table

    def sums(payoffs: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(payoffs.sum(axis=0))

    def higher(payoffs: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(sums(payoffs) - sums(payoffs).min())

    found, what = numbers.apart(higher), word(table)
    lowest = int(sums(found.payoffs).argmin())
    low = found.number(sums, lowest)
    if found.place is not None:
        high = found.number(sums, found.place)
        more = f"{float(high):g}" if f"{float(low):g}" != f"{float(high):g}" else f"{float(high - low):.2g} more"
        at_low, at_high = _place(table, lowest), _place(table, found.place)
        return Finding("constant-sum", False, f"{what} sum to {float(low):g} at {at_low}, to {more} at {at_high}")
    constant = 0.0 if found.rounded and abs(low) <= numbers.small else float(low)
    if constant and isinstance(table, DenseMarkovGame) and _ends(table):
        text = f"rewards sum to {constant:g} in each stage, but how many stages there are depends on play"
        return Finding("constant-sum", False, text)
    everywhere = f"{'in every state ' if isinstance(table, DenseMarkovGame) else ''}at every joint action"
    rounded = UP_TO_ROUNDING if found.rounded else ""
    return Finding("constant-sum", True, f"{what} sum to {constant:g} {everywhere}{rounded}", constant)


def _ends(game: DenseMarkovGame) -> bool:
    """Whether transition mass is missing anywhere."""
    return bool((game.transitions.sum(axis=-1) < 1 - ENDS).any())


def _common_interest(numbers: Numbers) -> Finding:
    table = numbers.table
    found, what = numbers.apart(lambda payoffs: payoffs - payoffs[0]), word(table)
    if found.place is None:
        rounded = UP_TO_ROUNDING if found.rounded else ""
        return Finding("common-interest", True, f"all players' {what} are the same{rounded}")
    who, where = divmod(found.place, numbers.floats[0].size)
    one, other = found.number(np.asarray, where), found.number(np.asarray, found.place)
    shown = [f"{float(x):g}" for x in (one, other)]
    differ = f"are {shown[0]} and {shown[1]}" if shown[0] != shown[1] else f"differ by {float(abs(one - other)):.2g}"
    text = f"{what} of {table.players[0]} and {table.players[who]} at {_place(table, where)} {differ}"
    return Finding("common-interest", False, text)


def _place(table: Game, k: int) -> str:
    """Entry k of a player's table in words: (Opera, Football), or (give, take) in calm."""
    shape = table.payoffs.shape[1:] if isinstance(table, TensorGame) else table.rewards.shape[1:]
    at = list(np.unravel_index(k, shape))
    state = f" in {table.rows[at.pop(0)]}" if isinstance(table, DenseMarkovGame) else ""
    return f"({', '.join(labels[a] for labels, a in zip(table.actions, at, strict=True))}){state}"


def _symmetries(numbers: Numbers) -> tuple[Finding, Finding]:
    """Symmetric, anonymous. Exchanges of neighbours in a list of players generate all permutations of them."""
    table, names = numbers.table, numbers.table.players
    if (why := unequal_actions(table)) is not None:
        return Finding("symmetric", False, why), Finding("anonymous", False, why)
    n, rounded = len(names), False

    def differ(one: int, other: int, j: int, k: int) -> bool:
        """Whether a player's table is not another's with the actions of j and k exchanged."""
        nonlocal rounded

        def off(payoffs: NDArray[Any]) -> NDArray[Any]:
            at = payoffs[one].ndim - n
            return np.asarray(np.swapaxes(payoffs[one], at + j, at + k) - payoffs[other])

        found = numbers.apart(off)
        rounded |= found.rounded
        return found.place is not None

    for j, k in pairwise(range(n)):
        if isinstance(table, DenseMarkovGame):
            away = np.abs(np.swapaxes(table.transitions, 1 + j, 1 + k) - table.transitions).max()
            if away > COMPUTED_ROUNDING:
                why = f"the next state depends on which of {names[j]} and {names[k]} takes which action"
                return Finding("symmetric", False, why), Finding("anonymous", False, why)
            rounded |= bool(away > 0)
    for i in range(n):
        for j, k in pairwise([p for p in range(n) if p != i]):
            if differ(i, i, j, k):
                why = f"{word(table)} of {names[i]} change when {names[j]} and {names[k]} exchange their actions"
                return Finding("symmetric", False, why), Finding("anonymous", False, why)
    why = "payoffs depend on how many others take each action, not on who does"
    if n < 3:
        why = "each player has one opponent only" if n == 2 else "there is one player only"
    anonymous = Finding("anonymous", True, why + (UP_TO_ROUNDING if rounded else ""))
    for j, k in pairwise(range(n)):
        if differ(j, k, j, k):
            why = f"when {names[j]} and {names[k]} exchange their actions, their {word(table)} are not exchanged"
            return Finding("symmetric", False, why), anonymous
    why = f"when two players exchange their actions, their {word(table)} are exchanged"
    return Finding("symmetric", True, why + (UP_TO_ROUNDING if rounded else "")), anonymous


def normal_words(form: NormalForm) -> frozenset[Structure]:
    """Whether the payoff tensor fits the default budget, and whether a stored one has constant sums."""
    found = {Structure.TENSOR} if form.tensor_bytes <= TENSOR_BUDGET else set[Structure]()
    if isinstance(form, TensorGame) and np.ptp(form.payoffs.sum(axis=0)) <= CONSTANT_SUM_TOLERANCE * form.payoff_range:
        found.add(Structure.ZERO_SUM)
    return frozenset(found)


def normal_nearly(form: NormalForm) -> frozenset[Structure]:
    """Of a stored tensor: constant sums and a potential that it has, but for more than rounding."""
    if not isinstance(form, TensorGame):
        return frozenset()
    small, near = SUM_ROUNDINGS * COMPUTED_ROUNDING * float(np.abs(form.payoffs).max()), set[Structure]()
    if Structure.ZERO_SUM in normal_words(form) and np.ptp(form.payoffs.sum(axis=0)) > small:
        near.add(Structure.ZERO_SUM)
    if form.has_potential and exact_potential(form.payoffs, small / POTENTIAL_TOLERANCE) is None:
        near.add(Structure.POTENTIAL)
    return frozenset(near)


def normal_table(form: NormalForm) -> TensorGame | None:
    """The payoff tensor if it is there, or takes few bytes."""
    if isinstance(form, TensorGame):
        return form
    return form.tensor(BUILT) if form.tensor_bytes <= BUILT else None


def markov_table(form: MarkovGame) -> DenseMarkovGame | None:
    """The rewards and transitions if they are there as tables, or would take few bytes so.

    Of a game over a horizon: its stage, since every stage has the same rewards and transitions.
    """
    if isinstance(form, DenseMarkovGame):
        return form
    if isinstance(form, SparseMarkovGame | HorizonGame):
        shape = form.rewards.shape[1:]
        if 8 * prod(shape) * shape[0] <= BUILT:
            return _unlisted(form)
    return None


def _unlisted(game: SparseMarkovGame | HorizonGame) -> DenseMarkovGame:
    """The moves of a list, or those of a stage, as a table."""
    shape = game.rewards.shape[1:]
    transitions = np.zeros((prod(shape), shape[0]))
    np.add.at(transitions, (game.moves.cell, game.moves.following), game.moves.probability)
    states, start = (game.stage_states, game.initial) if isinstance(game, HorizonGame) else (game.states, game.start)
    table = transitions.reshape(*shape, shape[0])
    return DenseMarkovGame(game.players, game.actions, states, game.rewards, table, game.discount, start)


NORMAL = Study(words=normal_words, nearly=normal_nearly, table=normal_table, of_table=of_table)
MARKOV = Study(table=markov_table, of_table=of_table)
