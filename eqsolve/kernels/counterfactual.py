"""Counterfactual regret minimisation over rows of lanes: one sweep for the whole family of regret matchers.

Zinkevich, Johanson, Bowling and Piccione 2007. What its members differ in is four numbers an iteration:

- `kept`, `lost`: what positive and negative regrets are multiplied by after the iteration's were added (1, 1 in CFR;
  1, 0 cuts negative ones off as CFR+ does; discounts otherwise);
- `predicted`: how often the iteration's regrets are counted once more, as a prediction of the next ones;
- `weights`: of the plan played in this iteration in the average.

For player i, backward over his groups: the value of an action is what ends after it pays plus the values of what
follows; an information set's value is their mean under the policy; regrets are the differences, all counterfactual:
weighted by the reach of chance and of the others. The next policy is proportional to the positive part of regrets and
prediction, uniform where there is none. Then forward: plans of the new policy, the old ones entering the average.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import entry, fma, load, positive, splat, store, where_positive
from eqsolve.kernels.sequence import inlined, paid_after, plans

#: Sums of regrets below this are none: their inverse would not be a number.
NOTHING = 1e-290


@inlined
def _improve(i, seats, tree, leaves, hands, lanes, x, policy, regrets, ahead, kept, lost, predicted, deviation):
    """Player i's regrets and policy after one more iteration against the plans x; both modified in place.

    `ahead` begins as zeros and ends so but for row 0, the value of it all. What ends after each sequence is added to
    `deviation`, unless that is None.
    """
    _, groups, parents, firsts, counts = tree
    starts, others, scale, tensor, tensors = leaves
    zero, nothing = splat(0.0, lanes), splat(NOTHING, lanes)
    a, b, p = splat(kept, lanes), splat(lost, lanes), splat(predicted, lanes)
    for group in range(groups[i + 1] - 1, groups[i] - 1, -1):
        first, actions = entry(firsts, group), entry(counts, group)
        end = first + actions
        value = zero
        for row in range(first, end):
            paid = paid_after(row, i, seats, starts, others, scale, tensor, tensors, hands, lanes, x)
            if deviation is not None:
                store(deviation, row, load(deviation, row, lanes) + paid)
            q = load(ahead, row, lanes) + paid
            store(ahead, row, q)
            value = fma(load(policy, row, lanes), q, value)
        above = entry(parents, group)
        store(ahead, above, load(ahead, above, lanes) + value)
        total = zero
        for row in range(first, end):
            regret = load(ahead, row, lanes) - value
            store(ahead, row, zero)
            summed = load(regrets, row, lanes) + regret
            summed = summed * where_positive(summed, a, b)
            store(regrets, row, summed)
            hoped = positive(fma(p, regret, summed))
            store(policy, row, hoped)
            total = total + hoped
        enough, inverse, uniform = total - nothing, splat(1.0, lanes) / total, splat(1.0 / actions, lanes)
        for row in range(first, end):
            store(policy, row, where_positive(enough, load(policy, row, lanes) * inverse, uniform))


@inlined
def _proceed(i, tree, lanes, x, policy, average, weight):
    """Player i's plan enters his average by `weight` and becomes that of his policy; both modified in place."""
    _, groups, parents, firsts, counts = tree
    w = splat(weight, lanes)
    for group in range(groups[i], groups[i + 1]):
        above, first = load(x, entry(parents, group), lanes), entry(firsts, group)
        for row in range(first, first + entry(counts, group)):
            store(average, row, fma(w, load(x, row, lanes), load(average, row, lanes)))
            store(x, row, above * load(policy, row, lanes))


@jit
def alternating_sweep(game, policy, regrets, average, kept, lost, predicted, weights):
    """One iteration per entry of `weights`, a player after the other answering the new plans of those before him.

    `policy`, `regrets`, `average`: rows of lanes, modified in place; the rest float64 [iterations].
    """
    lanes, seats, rows, groups, parents, firsts, counts, starts, others, scale, tensor, tensors, hands, _ = game
    tree, leaves = (rows, groups, parents, firsts, counts), (starts, others, scale, tensor, tensors)
    x, ahead = np.zeros_like(policy), np.zeros_like(policy)
    plans(game, policy, x)
    for t in range(weights.size):
        a, b, p, w = kept[t], lost[t], predicted[t], weights[t]
        for i in range(rows.size - 1):
            _improve(i, seats, tree, leaves, hands, lanes, x, policy, regrets, ahead, a, b, p, None)
            store(ahead, rows[i], splat(0.0, lanes))
            _proceed(i, tree, lanes, x, policy, average, w)


@jit
def simultaneous_sweep(game, policy, regrets, average, kept, lost, predicted, weights, deviation, realised):
    """The same with all players answering the plans that the iteration begins with.

    Sums over iterations, modified in place: `deviation`, rows of lanes, what the game's ends right after each
    sequence pay against the others' plans; `realised` [N], what the plans pay.
    """
    lanes, seats, rows, groups, parents, firsts, counts, starts, others, scale, tensor, tensors, hands, _ = game
    tree, leaves = (rows, groups, parents, firsts, counts), (starts, others, scale, tensor, tensors)
    x, ahead = np.zeros_like(policy), np.zeros_like(policy)
    plans(game, policy, x)
    for t in range(weights.size):
        a, b, p, w = kept[t], lost[t], predicted[t], weights[t]
        for i in range(rows.size - 1):
            _improve(i, seats, tree, leaves, hands, lanes, x, policy, regrets, ahead, a, b, p, deviation)
            root = rows[i]
            paid = paid_after(root, i, seats, starts, others, scale, tensor, tensors, hands, lanes, x)
            store(deviation, root, load(deviation, root, lanes) + paid)
            store(ahead, root, load(ahead, root, lanes) + paid)
            for lane in range(root * len(lanes), (root + 1) * len(lanes)):
                realised[i] += ahead[lane]
                ahead[lane] = 0.0
        for i in range(rows.size - 1):
            _proceed(i, tree, lanes, x, policy, average, w)
