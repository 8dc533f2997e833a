"""Regrets in a sequence form: exact best responses against realisation plans, by levels of information sets.

For each player: what every sequence receives from the leaves, weighted by chance and the others' plans (the gradient of
their payoff); then from the deepest information sets up. q(a) is the counterfactual value of an action under the
profile, A(a) its advantage over the policy there, and the gain of the best continuation is
δ(I) = max_a [A(a) + Σ δ(I') over the information sets I' right after a] (performance difference), so that regrets are
no differences of large values.

Of a card game with many leaves of a kind the form gives the gradient itself, and no leaf is written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

import numpy as np

from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex
from eqsolve.forms.rules import MAX_LEAVES
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judges import Judge
from eqsolve.metrics.quantal import distance
from eqsolve.metrics.reach import unreached_sets

#: Leaves that are handled in the time of one product of matrices.
LEAVES_A_BLOCK = 5000


def sequence_deviations(game: SequenceForm, profile: Profile) -> Deviations:
    """Values and regrets from the root. `max_regret`: the largest counterfactual gain at an information set or the
    root: from there on, by a best response, each history weighted by the probability that chance and the others reach
    it, as if the player made all their own moves towards it. It is at least the Nash gap; where the others do not come
    it is 0, whatever the player does there.
    """
    found = [
        _response(treeplex, policy, gradient)
        for treeplex, policy, gradient in zip(game.treeplexes, profile, gradients(game, profile), strict=True)
    ]
    values, regrets = np.array([one.value for one in found]), np.array([one.regret for one in found])
    exploitability = float(regrets.sum()) / 2 if len(found) == 2 and game.constant_sum else None
    return Deviations(values, values + regrets, regrets, max(one.largest for one in found), exploitability)


def sequence_values(game: SequenceForm, profile: Profile) -> Array:
    """Every player's value, [N]."""
    if by_blocks(game):
        plans = (treeplex.plan(policy) for treeplex, policy in zip(game.treeplexes, profile, strict=True))
        return np.array([plan @ paid for plan, paid in zip(plans, gradients(game, profile), strict=True)])
    reached = game.leaves.chance * np.prod(game.reaches(profile), axis=0)
    return np.asarray(game.leaves.payoffs @ reached)


def gradients(game: SequenceForm, profile: Profile) -> Iterator[Array]:
    """[Q_i], player by player: what the leaves right after each sequence pay, by the reach of chance and others."""
    if by_blocks(game):
        yield from (game.backup(profile, i) for i in range(len(profile)))
    else:
        yield from leaf_gradients(game, profile)


def leaf_gradients(game: SequenceForm, profile: Profile) -> Iterator[Array]:
    """The same from the list of leaves."""
    reaches, leaves = game.reaches(profile), game.leaves
    for i, treeplex in enumerate(game.treeplexes):
        weights = leaves.chance * leaves.payoffs[i]
        for j, reach in enumerate(reaches):
            if j != i:
                weights *= reach
        yield np.bincount(leaves.sequences[i], weights, treeplex.sequences).astype(np.float64, copy=False)


def by_blocks(game: SequenceForm) -> TypeGuard[CardForm]:
    """Whether the public tree is the shorter way, or the only one."""
    if not isinstance(game, CardForm):
        return False
    return bool(game.tree.leaves > min(MAX_LEAVES, LEAVES_A_BLOCK * game.tree.kinds.shape[1]))


def best_plan(treeplex: Treeplex, payoffs: Array) -> float:
    """The most that a pure strategy gets where each sequence that it does pays `payoffs` [Q]."""
    worth = payoffs.copy()
    for start, end in reversed(treeplex.levels):
        first, parent = treeplex.first[start:end], treeplex.parent[start:end]
        here = slice(int(first[0]), int(first[-1] + treeplex.count[end - 1]))
        np.add.at(worth, parent, np.maximum.reduceat(worth[here], first - first[0]))
    return float(worth[0])


def best_policy(treeplex: Treeplex, payoffs: Array) -> Array:
    """The policy [Q] of zeros and ones that gets the most where each sequence pays `payoffs` [Q], from every set on.

    Of equally good actions the first, so also where the others never let the player come.
    """
    worth, policy = payoffs.copy(), np.zeros(len(payoffs))
    policy[0] = 1
    for start, end in reversed(treeplex.levels):
        first, count, parent = (part[start:end] for part in (treeplex.first, treeplex.count, treeplex.parent))
        here = slice(int(first[0]), int(first[-1] + count[-1]))
        best = np.maximum.reduceat(worth[here], first - first[0])
        row = np.repeat(np.arange(end - start), count)
        at_best = np.flatnonzero(worth[here] == best[row])
        policy[here.start + at_best[np.unique(row[at_best], return_index=True)[1]]] = 1
        np.add.at(worth, parent, best)
    return policy


class _Response(NamedTuple):
    """Value of the profile, what a best response gains from the root, and the largest gain at an information set."""

    value: float
    regret: float
    largest: float


def _response(treeplex: Treeplex, policy: Array, gradient: Array) -> _Response:
    """`gradient` is modified in place: it becomes counterfactual values."""
    q, gains, largest = gradient, np.zeros(len(gradient)), -np.inf
    for start, end in reversed(treeplex.levels):
        first, count, parent = (part[start:end] for part in (treeplex.first, treeplex.count, treeplex.parent))
        here = slice(int(first[0]), int(first[-1] + count[-1]))
        rows = first - first[0]
        # values as the expected shortfall from the best action: exactly 0 where all actions played are best
        best = np.maximum.reduceat(q[here], rows)
        shortfall = np.repeat(best, count) - q[here]
        missed = np.add.reduceat(policy[here] * shortfall, rows)
        gain = np.maximum.reduceat(np.repeat(missed, count) - shortfall + gains[here], rows)
        largest = max(largest, float(gain.max()))
        np.add.at(q, parent, best - missed)
        np.add.at(gains, parent, gain)
    return _Response(float(q[0]), float(gains[0]), max(largest, float(gains[0])))


def sequence_values_of_start(game: SequenceForm, profile: Profile) -> Array:
    """Every player's value, [N, 1]."""
    return sequence_values(game, profile)[:, None]


def sequence_replies(game: SequenceForm, profile: Profile) -> Profile:
    """Each player's best reply, best from every information set on."""
    paid = zip(game.treeplexes, gradients(game, profile), strict=True)
    return frozen(best_policy(treeplex, gradient) for treeplex, gradient in paid)


def best_plans(game: SequenceForm, payoffs: Sequence[Array]) -> list[float]:
    """The most that a pure strategy of each player gets where each sequence that it does pays `payoffs`."""
    return [best_plan(treeplex, own) for treeplex, own in zip(game.treeplexes, payoffs, strict=True)]


def sequence_table_bytes(game: SequenceForm, profile: Profile) -> int:
    """Bytes of every player's reach of every leaf, and of what is multiplied with it."""
    return 8 * (len(game.players) + 3) * game.size


def sequence_quantal_gap(game: SequenceForm, profile: Profile, precision: float) -> float:
    """The largest distance of a row to the logit response at its information set."""
    pays, reaches = gradients(game, profile), gradients(game.counted, profile)
    players = zip(game.treeplexes, profile, pays, reaches, strict=True)
    return max(_of_sequences(treeplex, policy, u, m, precision) for treeplex, policy, u, m in players)


def _of_sequences(treeplex: Treeplex, policy: Array, paid: Array, mass: Array, precision: float) -> float:
    """The largest distance at any of a player's information sets, from the deepest ones up.

    `paid`, `mass` [Q]: what the leaves right after each sequence pay and how likely they are, by the reach of chance
    and the others; both are modified in place and then hold all that follows.
    """
    gap = 0.0
    for start, end in reversed(treeplex.levels):
        first, count, parent = (part[start:end] for part in (treeplex.first, treeplex.count, treeplex.parent))
        here = slice(int(first[0]), int(first[-1] + count[-1]))
        rows = first - first[0]
        # whichever action follows, one and the same histories lead to the information set
        reached = mass[first]
        known = np.repeat(reached, count)
        q = np.divide(paid[here], known, out=np.zeros(here.stop - here.start), where=known > 0)
        gap = max(gap, distance(policy[here], q, rows, precision))
        np.add.at(paid, parent, np.add.reduceat(policy[here] * paid[here], rows))
        np.add.at(mass, parent, reached)
    return gap


JUDGE = Judge(
    deviations=sequence_deviations,
    values=sequence_values_of_start,
    best_replies=sequence_replies,
    best_fixed=best_plans,
    quantal_gap=sequence_quantal_gap,
    unreached=unreached_sets,
    table_bytes=sequence_table_bytes,
)
