"""Counterfactual regret minimisation over rows of lanes: one sweep for the whole family of regret matchers.

Zinkevich, Johanson, Bowling and Piccione 2007. What its members differ in is four numbers an iteration:

- `kept`, `lost`: what positive and negative regrets are multiplied by after the iteration's were added (1, 1 in CFR;
  1, 0 cuts negative ones off as CFR+ does; discounts otherwise);
- `predicted`: how often the iteration's regrets are counted once more, as a prediction of the next ones;
- `weights`: of the plan played in this iteration in the average.

For player i, backward over their groups: the value of an action is what ends after it pays plus the values of what
follows; an information set's value is their mean under the policy; regrets are the differences, all counterfactual:
weighted by the reach of chance and of the others. The next policy is proportional to the positive part of regrets and
prediction, uniform where there is none. Then forward: plans of the new policy, the old ones entering the average.

Three passes a player: `pay`, what ends after each row pays, every row by itself; `improve`, backward; `proceed`,
forward. Each of the last two goes over a range, so that parts of a large game can be worked on at once
(kernels/sweep_blocks.py).
"""

from __future__ import annotations

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, entry, fma, load, load_above, positive, splat, store, where_positive
from eqsolve.kernels.sequence import inlined, pay, plans

#: Sums of regrets below this are none: their inverse would not be a number.
NOTHING = 1e-290


@inlined
def _matched(regret, sums, kept, lost, predicted):
    """The new sum of regrets of an action, and what its probability is to be proportional to."""
    sums = sums + regret
    sums = sums * where_positive(sums, kept, lost)
    return sums, positive(fma(predicted, regret, sums))


@inlined
def improve(begin, end, base, above, firsts, counts, lanes, policy, regrets, worth, kept, lost, predicted):
    """Regrets and policy at the groups `begin` … `end` − 1, backward; both modified in place.

    `worth`: of each row, counted from the player's first, `base`: what it pays, then what follows besides. Actions
    one and two stay in registers, more go through memory; where there is but one, nothing is to be learnt.
    """
    one, nothing = splat(1.0, lanes), splat(NOTHING, lanes)
    a, b, p = splat(kept, lanes), splat(lost, lanes), splat(predicted, lanes)
    for group in range(end - 1, begin - 1, -1):
        first, actions = entry(firsts, group), entry(counts, group)
        second, last = first + 1, first + actions
        q1 = load(worth, first - base, lanes)
        if actions == 1:
            add_above(worth, above, first, base, q1)
            continue
        q2 = load(worth, second - base, lanes)
        value = fma(load(policy, second, lanes), q2, load(policy, first, lanes) * q1)
        for row in range(first + 2, last):
            value = fma(load(policy, row, lanes), load(worth, row - base, lanes), value)
        add_above(worth, above, first, base, value)
        sums, hope1 = _matched(q1 - value, load(regrets, first, lanes), a, b, p)
        store(regrets, first, sums)
        sums, hope2 = _matched(q2 - value, load(regrets, second, lanes), a, b, p)
        store(regrets, second, sums)
        total = hope1 + hope2
        for row in range(first + 2, last):
            sums, hope = _matched(load(worth, row - base, lanes) - value, load(regrets, row, lanes), a, b, p)
            store(regrets, row, sums)
            store(policy, row, hope)
            total = total + hope
        enough, inverse, uniform = total - nothing, one / total, splat(1.0 / actions, lanes)
        store(policy, first, where_positive(enough, hope1 * inverse, uniform))
        store(policy, second, where_positive(enough, hope2 * inverse, uniform))
        for row in range(first + 2, last):
            store(policy, row, where_positive(enough, load(policy, row, lanes) * inverse, uniform))


@inlined
def proceed(begin, end, above, lanes, x, policy, average, weight):
    """The plan enters the average by `weight` and becomes that of the policy, rows `begin` … `end` − 1, forward; both
    modified in place.
    """
    w = splat(weight, lanes)
    for row in range(begin, end):
        store(average, row, fma(w, load(x, row, lanes), load(average, row, lanes)))
        store(x, row, load_above(x, above, row, lanes) * load(policy, row, lanes))


@inlined
def add_rows(begin, end, base, worth, lanes, sums):
    """Adds rows of `worth`, counted from `base`, to those of `sums`, which are modified in place."""
    for row in range(begin, end):
        store(sums, row, load(sums, row, lanes) + load(worth, row - base, lanes))


@jit
def alternating_sweep(game, x, worth, policy, regrets, average, kept, lost, predicted, weights):
    """One iteration per entry of `weights`, a player after the other answering the new plans of those before them.

    `policy`, `regrets`, `average`: rows of lanes, modified in place; `x`, the plans, and `worth`, as many rows as a
    player has at most: room to work in. The rest float64 [iterations].
    """
    lanes, rows, groups, above, firsts, counts, leaves, _ = game
    plans(game, policy, x)
    for t in range(weights.size):
        a, b, p, w = kept[t], lost[t], predicted[t], weights[t]
        for i in range(rows.size - 1):
            base, end, begin = rows[i], rows[i + 1], groups[i]
            pay(base, end, base, i, leaves, lanes, x, worth)
            improve(begin, groups[i + 1], base, above, firsts, counts, lanes, policy, regrets, worth, a, b, p)
            proceed(base + 1, end, above, lanes, x, policy, average, w)


@jit
def simultaneous_sweep(
    game, x, worth, policy, regrets, average, kept, lost, predicted, weights, deviation, realised
):  # fmt: skip
    """The same with all players answering the plans that the iteration begins with.

    Sums over iterations, modified in place: `deviation`, rows of lanes, what the game's ends right after each
    sequence pay against the others' plans; `realised` [N], what the plans pay.
    """
    lanes, rows, groups, above, firsts, counts, leaves, _ = game
    plans(game, policy, x)
    for t in range(weights.size):
        a, b, p, w = kept[t], lost[t], predicted[t], weights[t]
        for i in range(rows.size - 1):
            base, end, begin = rows[i], rows[i + 1], groups[i]
            pay(base, end, base, i, leaves, lanes, x, worth)
            add_rows(base, end, base, worth, lanes, deviation)
            improve(begin, groups[i + 1], base, above, firsts, counts, lanes, policy, regrets, worth, a, b, p)
            for lane in range(len(lanes)):
                realised[i] += worth[lane]
        for i in range(rows.size - 1):
            proceed(rows[i] + 1, rows[i + 1], above, lanes, x, policy, average, w)
