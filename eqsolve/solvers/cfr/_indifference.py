"""The equations of indifference of a tree on given supports, for any number of players, by Newton's method.

With x_i the realisation plans, v the values of information sets and g_i(s) what leaves right after sequence s pay
player i by the reach of chance and the others, an equilibrium on supports solves

    g_i(s) + Σ_{I after s} v_I = v_{I(s)} for every sequence s played,  Σ_{s at I} x_s = x_{parent of I} for every I.

Only information sets that all let come count; elsewhere policies stay what they are. Payoffs are multilinear in the
plans, so that each entry of the Jacobian is a sum over leaves, and near a regular equilibrium errors are squared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.extensive.form import SequenceForm

#: More unknowns than these are not solved for: a step takes the cube of their number.
MOST_UNKNOWNS = 1_200
PLAN_NEWTON_STEPS = 12
#: Moves shorter than this end Newton's method; longer than the other one, they leave the plans for good.
SHORTEST_PLAN_MOVE, LONGEST_PLAN_MOVE = 1e-13, 1e3
#: So far below 0 a plan is 0 up to rounding.
ZERO_PLAN = 1e-10
#: By so much the squares of moves count beside those of the equations: where they leave freedom, the move is short.
DAMPING = 1e-13


class _Active(NamedTuple):
    """What takes part, for each player: numbers of `sequences` and of `sets`; and the `leaves` that play comes to."""

    sequences: list[NDArray[np.int64]]
    sets: list[NDArray[np.int64]]
    leaves: NDArray[np.int64]


def indifferent(game: SequenceForm, profile: Profile, played: Sequence[NDArray[np.bool_]]) -> Profile | None:
    """Return a solution near `profile` in which each player plays only the sequences [Q_i] `played`.

    None where Newton's method finds none with probabilities ≥ 0, or would take too long.
    """
    plans = [
        np.where(used, t.plan(t.behaviour(np.where(used, policy, 0.0))), 0.0)
        for t, policy, used in zip(game.treeplexes, profile, played, strict=True)
    ]
    active = _active(game, plans)
    system = _System(game, active)
    if system.unknowns > MOST_UNKNOWNS:
        return None
    values = np.zeros(system.unknowns - system.first)
    for _ in range(PLAN_NEWTON_STEPS):
        move, change = system.moves(plans, values)
        values += change
        longest = np.abs(move).max(initial=0.0)
        if not longest < LONGEST_PLAN_MOVE:  # nor a number
            return None
        for plan, own, part in zip(plans, active.sequences, np.split(move, system.ends), strict=True):
            plan[own] += part
        if longest < SHORTEST_PLAN_MOVE:
            break
    if any(plan.min() < -ZERO_PLAN for plan in plans):
        return None
    found = []
    for t, plan, policy, sets in zip(game.treeplexes, plans, profile, active.sets, strict=True):
        new = policy.copy()
        solved = np.isin(t.sets, 1 + sets)
        new[solved] = t.behaviour(np.maximum(plan, 0.0))[solved]
        found.append(new)
    return frozen(found)


def _active(game: SequenceForm, plans: list[Array]) -> _Active:
    """Return what takes part where the plans [Q_i] are played."""
    numbers = game.leaves.sequences
    reached = np.flatnonzero(np.all([plan[own] > 0 for plan, own in zip(plans, numbers, strict=True)], axis=0))
    sequences, sets = [], []
    for t, plan, own in zip(game.treeplexes, plans, numbers, strict=True):
        comes = np.zeros(t.sequences, np.bool_)
        comes[own[reached]] = True
        for start, end in reversed(t.levels):  # what leads to a sequence that takes part does so, too
            first = t.first[start:end]
            here = slice(int(first[0]), int(first[-1] + t.count[end - 1]))
            some = np.logical_or.reduceat(comes[here], first - first[0])
            comes[t.parent[start:end][some]] = True
        in_play = np.unique(t.sets[np.flatnonzero(comes)])
        in_play = in_play[in_play > 0] - 1
        sets.append(in_play)
        sequences.append(np.flatnonzero(np.isin(t.sets, 1 + in_play) & (plan > 0)))
    return _Active(sequences, sets, reached)


class _System:
    """The equations: one per active sequence, then one per active set; unknowns: plans, then values."""

    def __init__(self, game: SequenceForm, active: _Active) -> None:
        self.game, self.active = game, active
        counts = [len(own) for own in active.sequences]
        self.ends = np.cumsum(counts)[:-1]
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.first = int(self.starts[-1])
        self.set_starts = self.first + np.concatenate([[0], np.cumsum([len(own) for own in active.sets])])
        self.unknowns = int(self.set_starts[-1])
        if self.unknowns > MOST_UNKNOWNS:
            return
        leaves = game.leaves
        scale = game.payoff_range or 1.0
        self.paid = leaves.chance[active.leaves] * leaves.payoffs[:, active.leaves] / scale
        self.numbers = leaves.sequences[:, active.leaves]
        # places of sequences among the unknowns; that of the empty one, which does not change, is dropped
        self.place = []
        self.links = np.zeros((self.unknowns, self.unknowns))
        for i, (t, own, sets) in enumerate(zip(game.treeplexes, active.sequences, active.sets, strict=True)):
            place = np.full(t.sequences, -1)
            place[own] = self.starts[i] + np.arange(len(own))
            of_set = np.full(1 + len(t.parent), -1)
            of_set[1 + sets] = self.set_starts[i] + np.arange(len(sets))
            rows, values = place[own], of_set[t.sets[own]]
            self.links[rows, values] = -1.0
            self.links[values, rows] = 1.0
            parents, after = place[t.parent[sets]], of_set[1 + sets]
            inner = parents >= 0
            self.links[parents[inner], after[inner]] = 1.0
            self.links[after[inner], parents[inner]] = -1.0
            self.place.append(place)

    def moves(self, plans: list[Array], values: Array) -> tuple[Array, Array]:
        """Return the changes that Newton's method makes: of active sequences' plans and of active sets' values."""
        n, reaches = len(plans), [plan[own] for plan, own in zip(plans, self.numbers, strict=True)]
        jacobian, residual = self.links.copy(), np.zeros(self.unknowns)
        for i in range(n):
            rows = self.place[i][self.numbers[i]]
            for j in range(n):
                if j == i:
                    continue
                weights = self.paid[i] * np.prod([reaches[k] for k in range(n) if k not in (i, j)], axis=0)
                columns = self.place[j][self.numbers[j]]
                there = (rows >= 0) & (columns >= 0)
                np.add.at(jacobian, (rows[there], columns[there]), weights[there])
            others = self.paid[i] * np.prod([reaches[k] for k in range(n) if k != i], axis=0)
            there = rows >= 0
            np.add.at(residual, rows[there], others[there])
        residual[: self.first] += self.links[: self.first, self.first :] @ values
        for i, t in enumerate(self.game.treeplexes):
            x, sets = plans[i], self.active.sets[i]
            sums = np.add.reduceat(x, t.first)[sets] - x[t.parent[sets]]
            residual[self.set_starts[i] : self.set_starts[i + 1]] = sums
        square = jacobian.T @ jacobian
        square[np.diag_indices(self.unknowns)] += DAMPING
        found = np.asarray(-np.linalg.solve(square, jacobian.T @ residual), dtype=np.float64)
        return found[: self.first], found[self.first :]
