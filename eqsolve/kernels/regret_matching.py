"""Regret matching at every information set: the minimiser of CFR and its kin, for kernels/regret_sweep.py.

With r the counterfactual regrets of an iteration, an action's value minus the mean under the policy played:

1. R ← R + r, then R ← kept · R where that is positive and lost · R where it is not: 1, 1 in CFR; 1, 0 in CFR+, which
   is R ← max(R + r, 0); discounts in other members of the family;
2. the next policy is proportional to max(R + predicted · r, 0), uniform where that is 0 for all actions: 0 in CFR and
   CFR+; 1 in predictive members, which count r once more for the regrets of the next iteration.
"""

from __future__ import annotations

from typing import NamedTuple

from eqsolve.kernels.lanes import entry, fma, load, positive, splat, store, where_positive
from eqsolve.kernels.sequence import Array, inlined

#: Sums of positive regrets up to this count as 0: the inverse of a smaller one is no float.
LEAST_SUM = 1e-290


class RegretMatching(NamedTuple):
    """Regret matching: `regrets` [R · W], modified in place; `kept`, `lost`, `predicted` [iterations], as above."""

    regrets: Array
    kept: Array
    lost: Array
    predicted: Array

    @staticmethod
    def factors(minimiser, k):
        """Return (kept, lost, predicted) of iteration k."""
        return minimiser.kept[k], minimiser.lost[k], minimiser.predicted[k]

    @staticmethod
    def learn(minimiser, factors, group, base, game, values, policy):
        """Match the regrets of a group; return its value. values [≥ player's rows · W], policy [R · W].

        Actions one and two stay in registers, more go through memory; where there is but one, nothing is to be learnt.
        """
        lanes, regrets = game.lanes, minimiser.regrets
        kept, lost, predicted = splat(factors[0], lanes), splat(factors[1], lanes), splat(factors[2], lanes)
        first, actions = entry(game.first, group), entry(game.counts, group)
        second, end = first + 1, first + actions
        q1 = load(values, first - base, lanes)
        if actions == 1:
            return q1
        q2 = load(values, second - base, lanes)
        value = fma(load(policy, second, lanes), q2, load(policy, first, lanes) * q1)
        for row in range(first + 2, end):
            value = fma(load(policy, row, lanes), load(values, row - base, lanes), value)
        regret, positive1 = _updated_regret(load(regrets, first, lanes), q1 - value, kept, lost, predicted)
        store(regrets, first, regret)
        regret, positive2 = _updated_regret(load(regrets, second, lanes), q2 - value, kept, lost, predicted)
        store(regrets, second, regret)
        total = positive1 + positive2
        for row in range(first + 2, end):
            r = load(values, row - base, lanes) - value
            regret, positive_k = _updated_regret(load(regrets, row, lanes), r, kept, lost, predicted)
            store(regrets, row, regret)
            store(policy, row, positive_k)
            total = total + positive_k
        is_positive, inverse = total - splat(LEAST_SUM, lanes), splat(1.0, lanes) / total
        uniform = splat(1.0 / actions, lanes)
        store(policy, first, where_positive(is_positive, positive1 * inverse, uniform))
        store(policy, second, where_positive(is_positive, positive2 * inverse, uniform))
        for row in range(first + 2, end):
            store(policy, row, where_positive(is_positive, load(policy, row, lanes) * inverse, uniform))
        return value


@inlined
def _updated_regret(regret, r, kept, lost, predicted):
    """Return R after an iteration with regret r, and max(R + predicted · r, 0); all are W lanes.

    With kept = 1 and lost = 0 this is R ← max(R + r, 0).
    """
    regret = regret + r
    regret = regret * where_positive(regret, kept, lost)
    return regret, positive(fma(predicted, r, regret))
