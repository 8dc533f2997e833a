"""Where vertex enumeration stands, and its stages in integers: all of both polytopes, or of both optimal faces.

The faces are those of constant-sum games, whose equilibria are all pairs of optimal policies: side by side they are
few, as pairs many (_optimal_faces.py).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.forms.exact_payoffs import Policies
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.enumeration import _exact_dictionaries as exact
from eqsolve.solvers.enumeration._dictionaries import Progress
from eqsolve.solvers.enumeration._mixtures import mixtures
from eqsolve.solvers.enumeration._optimal_faces import optimal_face

Whole = NDArray[np.int64]
NONE: Whole = np.empty(0, dtype=np.int64)
#: The progress of a stage that has not begun.
NOT_BEGUN = Progress(height=0, seen=0, pivots=0, tied=0)

#: Where the search stands: bases of P and Q in floats, then in integers; those of optimal faces, in integers; over.
P_FLOATS, Q_FLOATS, P_EXACT, Q_EXACT, P_OPTIMAL, Q_OPTIMAL, OVER = range(7)
#: The stages that are about P.
OF_P = (P_FLOATS, P_EXACT, P_OPTIMAL)
#: Payoffs are numbers as they were written; or floats, which may be rounded, but no tie had to be decided so far; or
#: floats, and a tie was decided as these have it.
OF_NUMBERS, NOT_SEEN, OF_FLOATS = range(3)
#: Of more pairs of optimal policies than these each policy is listed once, not each pair.
MOST_PAIRS = 1000
#: Payoffs scaled to range 1 whose sums differ by more than this are no constant-sum game's.
NEARLY = 1e-9
#: A computed probability below this is no rounding of a positive one.
NEGATIVE = -1e-9


class State(NamedTuple):
    """`stage`: one of the seven above. Masks of labels are int64.

    `table`, `basic`, `cobasic`: the dictionary in floats, as _dictionaries.py has it. `stack`: pivots to come.
    `progress`: where `visit` stands there. `seen`: hash of the bases, in integers the list of them, of the
    polytope at hand; `tied` [T, 2]: those of them, with their vertices, that are not all labels of these. `first`: hash
    of the vertices of P but for such, which are `first_tied`; in integers the list of all. `second`: list of those of
    Q, in integers only; both stay at the end where all pairs of them are equilibria. `basis`: the basis at hand in
    integers. `pairs` [K, 2]: labels of x and y of the equilibria; `profiles` [K, m + n]. `ties`: whether they are those
    of floats, one of the three above.
    """

    iteration: int
    stage: int
    table: Array
    basic: Whole
    cobasic: Whole
    stack: Whole
    progress: Progress
    seen: Whole
    tied: Whole
    first: Whole
    first_tied: Whole
    second: Whole
    basis: int
    pairs: Whole
    profiles: Array
    ties: int


def decided(state: State) -> State:
    """Return the state once a tie had to be decided."""
    return state._replace(ties=OF_FLOATS) if state.ties == NOT_SEEN else state


def labels_of(game: NormalForm, stage: int) -> Whole:
    """Return the numbers of the variables of P or Q, then of its slacks."""
    m, n = (len(labels) for labels in game.actions)
    return np.arange(m + n) if stage in OF_P else np.roll(np.arange(m + n), n)


def matrix_of(game: NormalForm, stage: int) -> Array:
    """Return the payoffs, a row for each slack of P or Q, scaled to lie between 1 and 2, so that both are bounded."""
    rows, columns = (1.0 + own for own in game.tensor().scaled)
    return np.array(columns.T if stage in OF_P else rows, order="C")


def integers_of(game: NormalForm, stage: int) -> exact.Matrix:
    """Return the payoffs in integers, a row for each slack of P or Q."""
    rows, columns = game.tensor().integers
    matrix: exact.Matrix = (columns.T if stage in OF_P else rows).tolist()
    return matrix


def origin(labels: Whole, d: int) -> int:
    """Return the mask of the vertex 0, where all variables but no slack are zero."""
    return sum(1 << label for label in labels[:d].tolist())


def in_integers(game: NormalForm, state: State, steps: int) -> State:
    """Visit up to `steps` more bases in integers; go to the next stage where there are no more."""
    labels, matrix = labels_of(game, state.stage), integers_of(game, state.stage)
    d, of_p = len(matrix[0]), state.stage in OF_P
    known = state.first if of_p else state.second
    stack, bases, vertices = state.stack.tolist(), set(state.seen.tolist()), dict.fromkeys(known.tolist())
    visited = 0
    if state.stage in (P_OPTIMAL, Q_OPTIMAL):
        if steps == 0:
            return state
        dictionary = optimal_face(matrix, labels.tolist())
        if bases:
            dictionary.reach(state.basis)
        else:
            visited = 1
            if dictionary.d > 0 or dictionary.vertex != dictionary.fixed:
                state = decided(state)
    else:
        dictionary = exact.Dictionary(matrix, labels.tolist(), state.basis or origin(labels, d))
    if not bases:
        exact.enter(dictionary, stack, bases, vertices)
    visited += exact.visit(dictionary, stack, bases, vertices, steps - visited)
    masks = np.fromiter(vertices, np.int64)
    state = state._replace(iteration=state.iteration + visited)
    state = state._replace(first=masks) if of_p else state._replace(second=masks)
    if state.stage == Q_EXACT:
        full = (1 << (d + len(matrix))) - 1
        zeros = (full ^ origin(labels, d), origin(labels, d))  # no equilibrium: nothing is played
        new = masks[len(known) :].tolist()
        pairs = [(x, y) for y in new for x in _partners(state.first, y, full) if (x, y) != zeros]
        fractions = [fractions_of(game, x, y) for x, y in pairs]
        profiles = [[float(p) for policy in each for p in policy] for each in fractions]
        state = state._replace(
            pairs=np.concatenate([state.pairs, np.array(pairs, dtype=np.int64).reshape(-1, 2)]),
            profiles=np.concatenate([state.profiles, np.array(profiles).reshape(-1, state.profiles.shape[1])]),
        )
    if stack:
        return state._replace(
            stack=np.array(stack, dtype=np.int64), seen=np.sort(np.fromiter(bases, np.int64)), basis=dictionary.basis
        )
    if of_p:
        return at_stage(state, state.stage + 1)
    return at_stage(state, OVER, first=NONE, second=NONE) if state.stage == Q_EXACT else _paired(game, state)


def is_constant_sum(game: NormalForm) -> bool:
    """Tell whether what one player gets, up to a scale and an offset, the other loses: exactly, as it was written."""
    table = game.tensor()
    row, column = table.scaled
    if np.abs(row + column - 1).max() > NEARLY and (row.any() or column.any()):
        return False
    sums = table.integers[0] + table.integers[1]
    return bool((sums == sums[0, 0]).all())


def _paired(game: NormalForm, state: State) -> State:
    """Return the final state: pairs of optimal policies, each with each unless these are more than MOST_PAIRS."""
    x, y = np.arange(len(state.first)), np.arange(len(state.second))
    if len(x) * len(y) <= MOST_PAIRS:
        x, y = np.repeat(x, len(y)), np.tile(y, len(x))
    else:
        longest = np.arange(max(len(x), len(y)))
        x, y = longest % len(x), longest % len(y)
    own, other = (
        _policies(game, stage, masks) for stage, masks in ((P_OPTIMAL, state.first), (Q_OPTIMAL, state.second))
    )
    pairs, profiles = np.stack([state.first[x], state.second[y]], axis=1), np.concatenate([own[x], other[y]], axis=1)
    return at_stage(state, OVER)._replace(pairs=pairs, profiles=profiles)


def _policies(game: NormalForm, stage: int, masks: Whole) -> Array:
    """Return the policies [K, A_i] at vertices of P or Q; by fractions where floats give no distribution."""
    found: Array = mixtures(matrix_of(game, stage), labels_of(game, stage), masks)
    for k in np.flatnonzero(~(found.min(axis=1) >= NEGATIVE)):
        found[k] = [float(p) for p in half_of(game, stage, int(masks[k]))]
    return np.maximum(found, 0.0)


def at_stage(state: State, stage: int, **changed: Any) -> State:
    """Return the state at the beginning of a stage, `changed` besides."""
    nothing = {name: np.zeros_like(getattr(state, name)) for name in ("table", "basic", "cobasic")}
    blank = state._replace(stack=NONE, seen=NONE, tied=NONE.reshape(0, 2), progress=NOT_BEGUN, basis=0)
    return blank._replace(**nothing, **changed, stage=stage)


def _partners(first: Whole, y: int, full: int) -> list[int]:
    """Return the vertices of P that have all labels that y lacks."""
    lacks = full & ~y
    found: list[int] = first[(first & lacks) == lacks].tolist()
    return found


def fractions_of(game: NormalForm, x: int, y: int) -> Policies:
    """Return the equilibrium, in fractions, whose vertices have these labels."""
    return tuple(half_of(game, P_EXACT, x)), tuple(half_of(game, Q_EXACT, y))


def half_of(game: NormalForm, stage: int, vertex: int) -> list[Fraction]:
    """Return the policy at a vertex of P or Q, in fractions."""
    rows, columns = game.tensor().integers
    m = len(rows)
    own = (1 << m) - 1
    # the other's payoffs [own actions, replies], and masks: own actions not played, best replies
    if stage in OF_P:
        return exact.distribution(columns.tolist(), vertex & own, vertex >> m)
    return exact.distribution(rows.T.tolist(), vertex >> m, vertex & own)
