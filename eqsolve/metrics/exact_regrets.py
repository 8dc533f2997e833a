"""Values and regrets of a profile of rationals in rational arithmetic: a certificate, right to the last digit.

In a sequence form the best response is taken by backward induction over the player's information sets, against the
leaves as the rules tell them; in a normal form it is the best action; of a joint distribution it is the best swap of
recommendations, or the best action chosen beforehand. All is done in integers over one denominator per
quantity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import ProfileError
from eqsolve.forms.exact_payoffs import ExactLeaves, ExactPayoffs, Policies
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex


@dataclass(frozen=True)
class ExactDeviations:
    """One entry per player: what the profile gives them, and what they gain at most by deviating alone (never < 0)."""

    values: tuple[Fraction, ...]
    regrets: tuple[Fraction, ...]


@dataclass(frozen=True)
class ExactJointDeviations:
    """One entry per player: the value, and what the best swap of recommendations and the best fixed action gain.

    `ce_regrets` are never below 0; `cce_regrets` are at most these and may be negative.
    """

    values: tuple[Fraction, ...]
    ce_regrets: tuple[Fraction, ...]
    cce_regrets: tuple[Fraction, ...]


def exact_joint_deviations(
    payoffs: ExactPayoffs, actions: NDArray[np.int32], probabilities: Sequence[Fraction]
) -> ExactJointDeviations:
    """The figures of a joint distribution over pure profiles `actions` [K, N]; ProfileError where it is none."""
    if len(probabilities) != len(actions) or min(probabilities) < 0 or sum(probabilities) != 1:
        raise ProfileError("a rational joint distribution must hold probabilities that sum to exactly 1")
    scale = lcm(*(p.denominator for p in probabilities))
    whole = [p.numerator * (scale // p.denominator) for p in probabilities]
    below = payoffs.denominator * scale
    values, swaps, fixed = list[Fraction](), list[Fraction](), list[Fraction]()
    for i, table in enumerate(payoffs.paid):
        size = table.shape[i]
        # what each own action would have been paid in each of the pure profiles, the others keeping to theirs
        paid = np.moveaxis(table, i, -1)[tuple(np.delete(actions, i, axis=1).T)].reshape(-1, size)
        paid = np.broadcast_to(paid, (len(actions), size)).tolist()
        own, value = actions[:, i].tolist(), 0
        gains = [[0] * size for _ in range(size)]
        for weight, action, each in zip(whole, own, paid, strict=True):
            value += weight * each[action]
            gains[action] = [
                gain + weight * (other - each[action]) for gain, other in zip(gains[action], each, strict=True)
            ]
        values.append(Fraction(value, below))
        swaps.append(Fraction(sum(map(max, gains)), below))
        fixed.append(Fraction(max(map(sum, zip(*gains, strict=True))), below))
    return ExactJointDeviations(tuple(values), tuple(swaps), tuple(fixed))


def exact_normal_deviations(payoffs: ExactPayoffs, policies: Policies) -> ExactDeviations:
    """The figures in a normal form; ProfileError where `policies` are no distributions over the actions."""
    sizes = payoffs.paid.shape[1:]
    for policy, size in zip(policies, sizes, strict=True):
        if len(policy) != size or min(policy) < 0 or sum(policy) != 1:
            raise ProfileError("a rational policy must hold probabilities that sum to exactly 1")
    scales = [lcm(*(p.denominator for p in policy)) for policy in policies]
    whole = [[p.numerator * (d // p.denominator) for p in policy] for policy, d in zip(policies, scales, strict=True)]
    played = [np.flatnonzero(np.array(policy, dtype=object)) for policy in whole]
    values, regrets = list[Fraction](), list[Fraction]()
    for i, own in enumerate(whole):
        # only what the others play counts
        table = payoffs.paid[i][np.ix_(*(np.arange(sizes[i]) if j == i else at for j, at in enumerate(played)))]
        for j in range(len(sizes) - 1, -1, -1):
            if j != i:
                weights = np.array([whole[j][a] for a in played[j]], dtype=object)
                table = np.tensordot(table, weights, axes=(j, 0))
        below = payoffs.denominator * prod(d for j, d in enumerate(scales) if j != i)
        value = Fraction(sum(p * u for p, u in zip(own, table.tolist(), strict=True)), below * scales[i])
        values.append(value)
        regrets.append(Fraction(max(table.tolist()), below) - value)
    return ExactDeviations(tuple(values), tuple(regrets))


def exact_deviations(game: SequenceForm, leaves: ExactLeaves, policies: Policies) -> ExactDeviations:
    """The figures from the root; ProfileError where `policies` are no distributions at every information set."""
    plans = [_plan(treeplex, policy) for treeplex, policy in zip(game.treeplexes, policies, strict=True)]
    scales = [lcm(*(p.denominator for p in plan)) for plan in plans]
    whole = [[p.numerator * (d // p.denominator) for p in plan] for plan, d in zip(plans, scales, strict=True)]
    values, regrets = list[Fraction](), list[Fraction]()
    own_sequences = leaves.sequences.tolist()
    for i, treeplex in enumerate(game.treeplexes):
        gradient = [0] * treeplex.sequences
        others = [(whole[j], own_sequences[j]) for j in range(len(plans)) if j != i]
        for z, paid in enumerate(leaves.paid[i]):
            gradient[own_sequences[i][z]] += paid * prod(plan[own[z]] for plan, own in others)
        below = leaves.denominator * prod(d for j, d in enumerate(scales) if j != i)
        value = Fraction(sum(p * g for p, g in zip(whole[i], gradient, strict=True)), below * scales[i])
        values.append(value)
        regrets.append(Fraction(_best(treeplex, gradient), below) - value)
    return ExactDeviations(tuple(values), tuple(regrets))


def _plan(treeplex: Treeplex, policy: Sequence[Fraction]) -> list[Fraction]:
    """The realisation plan of a policy."""
    plan = list(policy)
    if len(plan) != treeplex.sequences or plan[0] != 1 or min(plan) < 0:
        raise ProfileError("a rational policy must hold probabilities, that of the empty sequence first")
    for parent, first, count in zip(
        treeplex.parent.tolist(), treeplex.first.tolist(), treeplex.count.tolist(), strict=True
    ):
        here = slice(first, first + count)
        if sum(plan[here]) != 1:
            raise ProfileError("the probabilities at an information set must sum to exactly 1")
        plan[here] = [plan[parent] * p for p in plan[here]]
    return plan


def _best(treeplex: Treeplex, gradient: list[int]) -> int:
    """What the best plan receives, if sequences are paid by `gradient`, which is used up."""
    for parent, first, count in zip(
        *(part[::-1].tolist() for part in (treeplex.parent, treeplex.first, treeplex.count)), strict=True
    ):
        gradient[parent] += max(gradient[first : first + count])
    return gradient[0]
