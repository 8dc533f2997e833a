"""Every equilibrium of a two-player game by matching the vertices of its two best-reply polytopes.

Mangasarian 1964 ("Equilibrium points of bimatrix games"); with labels as in von Stengel 2007, section 3.4. With payoffs
A, B > 0 let P = {x ≥ 0, x B ≤ 1} and Q = {y ≥ 0, A y ≤ 1}. A vertex x has label i where x_i = 0 and label m + j where
column j is a best reply to it; y has label m + j where y_j = 0 and label i where row i is a best reply. A pair that has
all m + n labels, but for (0, 0), is an equilibrium once its entries are scaled to sum 1, and there are no other extreme
ones.

1. Visit the vertices of P, then those of Q, in floats, ties proven in integers (_dictionaries.py). A vertex of Q
   with as many labels as it needs is half of an equilibrium with one such of P iff the labels that it lacks name that.
2. Vertices with more labels than that, at the end, are compared with every vertex of the other polytope.
3. Where floats leave a tie open, begin again, in integers alone (_exact_dictionaries.py), and compare all.
4. Extreme equilibria that share a vertex x, or y, hang together: maximal Nash subsets and components are found in the
   graph with an edge {x, y} for each equilibrium (_components.py).

Where what one player gets the other loses, the equilibria are all pairs of optimal policies, and only the vertices at
which these are extreme are visited, each player's alone, in integers (_vertex_stages.py).

A step visits one vertex; where there are ties, one basis of a vertex.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.exact_payoffs import Policies
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.enumeration import _dictionaries as floats
from eqsolve.solvers.enumeration._components import Subset, components, nash_subsets
from eqsolve.solvers.enumeration._exact_dictionaries import BACK
from eqsolve.solvers.enumeration._float_dictionary import FloatDictionary, first_dictionary, width
from eqsolve.solvers.enumeration._mixtures import mixtures
from eqsolve.solvers.enumeration._residues import no_residues, residues_of
from eqsolve.solvers.enumeration._selection import SAME_POLICIES, selected
from eqsolve.solvers.enumeration._vertex_stages import (
    NONE,
    NOT_BEGUN,
    NOT_SEEN,
    OF_FLOATS,
    OF_NUMBERS,
    OVER,
    P_EXACT,
    P_FLOATS,
    P_OPTIMAL,
    Q_FLOATS,
    State,
    Whole,
    at_stage,
    decided,
    fractions_of,
    in_integers,
    integers_of,
    is_constant_sum,
    labels_of,
    matrix_of,
    origin,
)
from eqsolve.solvers.protocol import Enumeration

#: Games in which payoffs differ by less of their range, while others are equal, are searched in integers: floats of
#: payoffs between 1 and 2 hold too few digits to tell such differences from ties.
DELICATE = 2e-5

#: First length of hashes, stacks and lists, a power of 2; they are doubled where it does not suffice.
FIRST_LENGTH = 4096


@dataclass(frozen=True)
class VertexEnumeration:
    """No hyperparameters; which of the equilibria to stand by is the choice of an answer."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("vertex-enumeration lists all equilibria and takes no --start")
        m, n = (len(labels) for labels in game.actions)
        none = np.empty(0, dtype=np.int64)
        entries, side = max(n * width(m), m * width(n)), max(m, n)
        state = State(
            iteration=0,
            stage=P_FLOATS,
            table=np.zeros(entries),
            basic=np.zeros(side, dtype=np.int64),
            cobasic=np.zeros(side, dtype=np.int64),
            stack=none,
            progress=NOT_BEGUN,
            seen=none,
            tied=none.reshape(0, 2),
            first=none,
            first_tied=none,
            second=none,
            basis=0,
            pairs=np.empty((0, 2), dtype=np.int64),
            profiles=np.empty((0, m + n)),
            ties=OF_NUMBERS if game.tensor().is_exact else NOT_SEEN,
        )
        mixtures(matrix_of(game, P_FLOATS), labels_of(game, P_FLOATS), none)  # loads the kernel
        if is_constant_sum(game):
            return state._replace(stage=P_OPTIMAL)
        if any(_delicate(payoffs) for payoffs in game.tensor().scaled):
            return decided(state)._replace(stage=P_EXACT)
        _in_floats(game, state, 0)  # loads the kernels
        return state

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        end, stage = state.iteration + steps, -1
        while steps > 0 and state.stage not in (stage, OVER):
            stage = state.stage
            state = (_in_floats if stage <= Q_FLOATS else in_integers)(game, state, end - state.iteration)
        return state

    def is_state(self, game: NormalForm, state: State) -> bool:
        labels = np.concatenate([state.basic, state.cobasic])
        used = state.progress
        lengths = used.height <= state.stack.size and used.seen <= state.seen.size and used.tied <= len(state.tied)
        within = ((labels >= 0) & (labels < game.offsets[-1])).all() and min(used) >= 0
        pivots = state.stack & ~BACK
        return bool(within) and lengths and bool((pivots < 64 * state.basic.size).all())

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        return selected(game, _profiles(game, state))

    def finished(self, state: State) -> bool:
        return state.stage == OVER

    def enumeration(self, game: NormalForm, state: State) -> Enumeration:
        parts = _components(state)
        coverage, complete = _coverage(state, max(parts, default=0)), state.stage == OVER
        return Enumeration(_profiles(game, state), coverage, complete, parts, _nash_subsets(state))

    def require_rationals(self) -> None:
        """Do nothing: the integers are Python's own."""

    def solution(self, game: NormalForm, state: State, exact: Any, answer: Profile) -> Policies | None:
        """Return the equilibrium of the list that is nearest to the answer, in fractions."""
        if not len(state.pairs):
            return None
        x, y = state.pairs[np.abs(state.profiles - game.pack(answer)).max(axis=1).argmin()].tolist()
        return fractions_of(game, x, y)


def _profiles(game: NormalForm, state: State) -> list[Profile]:
    """Return the extreme equilibria that were found."""
    m = len(game.actions[0])
    return [frozen((row[:m].copy(), row[m:].copy())) for row in state.profiles]


def _components(state: State) -> list[int]:
    """Return for each equilibrium the number of its component."""
    return [1] * len(state.pairs) if _is_product(state) else components([(x, y) for x, y in state.pairs.tolist()])


def _nash_subsets(state: State) -> list[Subset] | None:
    """Return the products of mixtures that make up all equilibria; None before the end, and where they are too many."""
    if _is_product(state):
        firsts = (tuple(sorted(np.unique(own, return_index=True)[1].tolist())) for own in state.pairs.T)
        return [(next(firsts), next(firsts))]
    return nash_subsets([(x, y) for x, y in state.pairs.tolist()]) if state.stage == OVER else None


def _coverage(state: State, parts: int) -> str:
    """Return in words what the list covers, which lies in so many components."""
    if state.stage != OVER:
        return f"at least these equilibria ({state.iteration} vertices visited)"
    floats = ", payoffs compared as float64 numbers" if state.ties == OF_FLOATS else ""
    own, other = len(state.first), len(state.second)
    if _is_product(state) and own * other > len(state.pairs):
        return (
            f"every extreme optimal policy, {own} of the first player and {other} of the second, two in a line: "
            f"any of the one with any of the other is an extreme equilibrium{floats}"
        )
    count = len(state.pairs)
    if count == parts:
        return f"every equilibrium{floats}"
    components = "1 component" if parts == 1 else f"{parts} components"
    return f"every extreme equilibrium ({count} corner equilibria in {components}){floats}"


def _is_product(state: State) -> bool:
    """Tell whether each policy of one player with each of the other is an equilibrium, as in constant-sum games."""
    return state.stage == OVER and len(state.first) > 0


def _delicate(payoffs: Array) -> bool:
    """Tell whether some payoffs are equal and others nearly so."""
    steps = np.diff(np.sort(payoffs, axis=None))
    unequal = steps[steps > 0]
    return bool(0 < len(unequal) < len(steps) and unequal.min() < DELICATE * unequal.sum())


def _in_floats(game: NormalForm, state: State, steps: int) -> State:
    """Visit up to `steps` more bases; go to the next stage where there are no more, or where floats do not suffice."""
    matrix, labels = matrix_of(game, state.stage), labels_of(game, state.stage)
    e, d = matrix.shape
    full = (1 << (d + e)) - 1
    table, basic, cobasic = state.table.copy(), state.basic.copy(), state.cobasic.copy()
    stack, seen, tied, progress = state.stack.copy(), state.seen.copy(), state.tied.copy(), state.progress
    if not len(seen):
        first_dictionary(matrix, table)
        cobasic[:d], basic[:e] = labels[:d], labels[d:]
        seen, tied = (
            floats.hashed(np.array([origin(labels, d)]), FIRST_LENGTH),
            np.zeros((FIRST_LENGTH, 2), dtype=np.int64),
        )
        stack = np.full(FIRST_LENGTH, -1)
        progress = floats.Progress(height=1, seen=1, pivots=0, tied=0)
    dictionary = FloatDictionary(matrix, labels, table, basic, cobasic)
    other = floats.Other(state.first if state.stage == Q_FLOATS else np.zeros(1, dtype=np.int64), full)
    matched, iteration, end = np.empty(FIRST_LENGTH, dtype=np.int64), state.iteration, floats.FULL
    residues = no_residues(e, d)
    found = []
    while end in (floats.FULL, floats.TIED):
        if end == floats.TIED:
            state = decided(state)
            residues = residues_of(integers_of(game, state.stage), labels)
        lists = floats.Lists(stack, seen, tied, matched)
        left = steps - (iteration - state.iteration)
        records = (part[:] for part in (dictionary, residues, lists, progress, other))
        end, standing, visited, matches = floats.visit(*records, left)
        progress = floats.Progress._make(standing)
        iteration += visited
        found.append(matched[:matches].copy())
        if 2 * (progress.seen + d) > len(seen):
            seen, stack = floats.hashed(seen, 2 * len(seen)), np.concatenate([stack, stack])
        if progress.tied == len(tied):
            tied = np.concatenate([tied, tied])
    if end == floats.UNCLEAR:
        return _again(state._replace(iteration=iteration))
    y = np.concatenate(found)
    pairs = np.stack([full ^ y, y], axis=1)
    state = state._replace(iteration=iteration)
    if end == floats.PAUSED:
        state = state._replace(table=table, basic=basic, cobasic=cobasic, progress=progress)
        return _listed(game, state._replace(stack=stack, seen=seen, tied=tied), pairs)
    bases, vertices = tied[: progress.tied, 0], np.unique(tied[: progress.tied, 1])
    simple = seen[(seen != 0) & ~np.isin(seen, bases)] if len(bases) else seen
    if state.stage == P_FLOATS:
        first = floats.hashed(simple, len(seen)) if len(bases) else seen
        return at_stage(state, Q_FLOATS, first=first, first_tied=vertices)
    pairs = np.concatenate([pairs, *_with_ties(state.first, state.first_tied, simple, vertices, full)])
    state = _listed(game, state, pairs)
    return _again(state) if _twice(state.profiles) else at_stage(state, OVER, first=NONE, first_tied=NONE)


def _again(state: State) -> State:
    """Return the state at the beginning of a search in integers."""
    state = decided(state)._replace(pairs=state.pairs[:0], profiles=state.profiles[:0])
    return at_stage(state, P_EXACT, first=NONE, first_tied=NONE)


def _twice(profiles: Array) -> bool:
    """Tell whether a profile is listed twice, or holds a NaN: then a tie was missed."""
    order = profiles[np.lexsort(np.round(profiles, 6).T)]
    return bool(not np.isfinite(profiles).all() or (np.abs(np.diff(order, axis=0)).max(axis=1) <= SAME_POLICIES).any())


def _with_ties(first: Whole, first_tied: Whole, second: Whole, second_tied: Whole, full: int) -> Iterator[Whole]:
    """Yield pairs [K, 2] of vertices that have all labels, one of them more than it needs; zeros are no vertices."""
    every = np.concatenate([second, second_tied]) if len(first_tied) else second
    for x in first_tied:
        y = every[(x | every) == full]
        yield np.stack([np.full_like(y, x), y], axis=1)
    for y in second_tied:
        x = first[(first | y) == full]
        yield np.stack([x, np.full_like(x, y)], axis=1)


def _listed(game: NormalForm, state: State, pairs: Whole) -> State:
    """Return the state with the equilibria of these pairs [K, 2] of vertices listed too."""
    if not len(pairs):
        return state
    halves = [(matrix_of(game, stage), labels_of(game, stage)) for stage in (P_FLOATS, Q_FLOATS)]
    profiles = [mixtures(*half, vertices) for half, vertices in zip(halves, pairs.T.copy(), strict=True)]
    return state._replace(
        pairs=np.concatenate([state.pairs, pairs]),
        profiles=np.concatenate([state.profiles, np.concatenate(profiles, axis=1)]),
    )
