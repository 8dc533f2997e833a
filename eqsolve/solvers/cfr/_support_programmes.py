"""From supports to an equilibrium of a two-player tree: two linear programmes, one for each player's plan.

von Stengel 1996 (Games and Economic Behavior 14), the equations of an equilibrium in sequence form. If it is known
which sequences each player plays, what is left is linear: the plan y of player j has weight on their sequences alone,
and player i has best-reply values v such that, with A their payoffs by pairs of sequences times chance,

    slack_s = v_{I(s)} − Σ_{I after s} v_I − Σ_t A[s, t] y_t ≥ 0 for every sequence s of theirs.

The plan makes all sequences that i plays best replies where the sum of their slacks is 0; it is minimised.

1. sequences whose action has more than a threshold of the probability at its information set are those played;
2. both programmes; where all slacks are 0, the two plans are an equilibrium;
3. else sequences with slack are no longer counted as played, and step 2 is done again, a few times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.linear_programmes import NEGLIGIBLE, Entries, Programme, in_thread, maximum
from eqsolve.arithmetic.sequence_constraints import constraints, extent, plan_at, rational_behaviour, square_system
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.exact_payoffs import ExactLeaves, Policies
from eqsolve.forms.extensive.form import SequenceForm

#: Slack up to this, in units of the largest payment, is rounding.
NO_SLACK = 1e-9
#: Sequences with more slack are dropped from a support.
SLACK = 1e-7

#: Which sequences [Q_i] each player plays.
Supports: TypeAlias = tuple[NDArray[np.bool_], ...]


def supports(game: SequenceForm, profile: Profile, threshold: float) -> Supports:
    """Return the sequences that are played where probabilities up to `threshold` count as 0."""
    pairs = zip(game.treeplexes, profile, strict=True)
    return tuple(treeplex.plan(np.where(policy > threshold, policy, 0.0)) > 0 for treeplex, policy in pairs)


class _Reply(NamedTuple):
    """The `plan` [Q_j] of a player, the other's `slack` [Q_i], and the basis among the variables and rows kept."""

    plan: Array
    slack: Array
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class SupportProgrammes:
    """The programmes of a game of two players."""

    game: SequenceForm

    @cached_property
    def _matrices(self) -> tuple[Entries, Entries]:
        """By player i, whose replies count: the constraints on the other's plan."""
        leaves = self.game.leaves
        paid = -leaves.chance * leaves.payoffs
        largest = np.abs(paid).max() or 1.0
        return self._constraints(leaves.sequences, paid / largest)

    def _constraints(self, sequences: Any, paid: Any) -> tuple[Entries, Entries]:
        one, two = self.game.treeplexes
        return (
            constraints(two, one, sequences[1], sequences[0], paid[0]),
            constraints(one, two, sequences[0], sequences[1], paid[1]),
        )

    def equilibrium(self, played: Supports, tries: int) -> Profile | None:
        """Return the policies of least slack on these supports, repaired up to `tries` times; None if there are none.

        They are an equilibrium only where the slack is 0, which is for the caller to measure.
        """
        profile = None
        for _ in range(tries):
            replies = [self._reply(i, played) for i in range(2)]
            first, second = replies
            if first is None or second is None:
                return profile
            plans = (np.where(each.plan > NEGLIGIBLE, each.plan, 0.0) for each in (second, first))
            profile = frozen(t.behaviour(plan) for t, plan in zip(self.game.treeplexes, plans, strict=True))
            slacks = first.slack, second.slack
            if sum(slack[own].sum() for slack, own in zip(slacks, played, strict=True)) < NO_SLACK:
                return profile
            narrowed = self._narrowed(played, slacks)
            if all(map(np.array_equal, narrowed, played)):
                return profile
            played = narrowed
        return profile

    def _narrowed(self, played: Supports, slacks: tuple[Array, Array]) -> Supports:
        """Return the supports without sequences that have slack, nor what follows these."""
        kept = (own & (slack <= SLACK) for own, slack in zip(played, slacks, strict=True))
        return tuple(t.plan(own.astype(np.float64)) > 0 for t, own in zip(self.game.treeplexes, kept, strict=True))

    def _reply(self, i: int, played: Supports) -> _Reply | None:
        """Return the other player's plan on their support that leaves player i the least slack on theirs."""
        one, other = self.game.treeplexes[1 - i], self.game.treeplexes[i]
        matrix = self._matrices[i]
        used = np.concatenate([played[1 - i], np.ones(1 + len(other.parent), np.bool_)])
        inside = used[matrix.columns]
        variables, constrained = extent(one, other)
        filled = np.zeros(constrained, np.bool_)
        filled[matrix.rows[inside]] = True
        filled[: other.sequences] = True
        columns, rows = np.flatnonzero(used), np.flatnonzero(filled)
        at = np.cumsum(used) - 1, np.cumsum(filled) - 1
        kept = Entries(at[1][matrix.rows[inside]], at[0][matrix.columns[inside]], matrix.values[inside])
        counts = np.concatenate([played[i], np.zeros(constrained - other.sequences, np.bool_)])[rows]
        costs = np.zeros(len(columns))
        np.subtract.at(costs, kept.columns, kept.values * counts[kept.rows])
        least = np.where(columns < one.sequences, 0.0, -np.inf)
        lower = (rows == other.sequences).astype(np.float64)
        upper = np.where(rows < other.sequences, np.inf, lower)
        found = in_thread(maximum, Programme(costs, least, lower, upper, kept))
        if not found.solved:
            return None
        values = np.zeros(variables)
        values[columns] = found.values
        slack = np.zeros(len(rows))
        np.add.at(slack, kept.rows, kept.values * found.values[kept.columns])
        return _Reply(
            values[: one.sequences], slack[: other.sequences], columns[found.basic_columns], rows[~found.basic_rows]
        )

    def exact(self, answer: Profile, exact: ExactLeaves) -> Policies | None:
        """Return the plans that the programmes on the supports of `answer` have at their bases, in fractions.

        None where a basis, seen exactly, gives no plan.
        """
        played = supports(self.game, answer, NEGLIGIBLE)
        matrices = self._constraints(exact.sequences, -exact.paid)
        found = []
        for j in range(2):
            reply, one, other = self._reply(1 - j, played), self.game.treeplexes[j], self.game.treeplexes[1 - j]
            if reply is None or len(reply.columns) != len(reply.rows):
                return None
            equations, _ = square_system(matrices[1 - j], reply.columns, reply.rows)
            right = [int(row == other.sequences) for row in reply.rows]
            plan = plan_at(equations, right, reply.columns, one.sequences)
            if plan is None:
                return None
            found.append(rational_behaviour(one, plan))
        return tuple(found)
