"""What each player gains by a best reply, in rows of lanes: how far an average is from an equilibrium, for solvers.

It costs little more than an iteration of a sweep (kernels/regret_sweep.py), so averages can be compared on the way.
What a run prints is measured by the judge, which shares no code with this.
"""

from __future__ import annotations

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, entry, larger, load, splat, store, where_positive
from eqsolve.kernels.regret_matching import LEAST_SUM
from eqsolve.kernels.regret_sweep import mean_value
from eqsolve.kernels.sequence import pay, plans


@jit
def behaviour_of_plans(game, sums, policy):
    """Write into `policy` the behaviour of a sum of plans: every action's share of its information set's sum.

    `sums` and `policy`, modified in place: rows of lanes [R · W]. Uniform where no plan comes.
    """
    lanes = game.lanes
    for i in range(game.rows.size - 1):
        store(policy, game.rows[i], splat(1.0, lanes))
    for group in range(game.first.size):
        first = entry(game.first, group)
        end = first + entry(game.counts, group)
        total = splat(0.0, lanes)
        for row in range(first, end):
            total = total + load(sums, row, lanes)
        is_positive, inverse = total - splat(LEAST_SUM, lanes), splat(1.0, lanes) / total
        uniform = splat(1.0 / (end - first), lanes)
        for row in range(first, end):
            store(policy, row, where_positive(is_positive, load(sums, row, lanes) * inverse, uniform))


@jit
def reply_gains(game, x, values, best, policy, gains):
    """Write into gains [N] each player's best-response value minus their value under the profile `policy` [R · W].

    Scratch: `x` [R · W] for plans; `values` and `best`, [≥ any player's rows · W], for what rows are worth under the
    profile and under best play from there on.
    """
    lanes, above = game.lanes, game.above
    plans(game, policy, x)
    for i in range(game.rows.size - 1):
        base, end = game.rows[i], game.rows[i + 1]
        pay(base, end, base, i, game.leaves, lanes, x, values)
        for row in range(end - base):
            store(best, row, load(values, row, lanes))
        for group in range(game.groups[i + 1] - 1, game.groups[i] - 1, -1):
            first = entry(game.first, group)
            after = first + entry(game.counts, group)
            most = load(best, first - base, lanes)
            for row in range(first + 1, after):
                most = larger(most, load(best, row - base, lanes))
            add_above(best, above, first, base, most)
            add_above(values, above, first, base, mean_value(first, after, base, lanes, policy, values))
        gain = 0.0
        for lane in range(len(lanes)):
            gain += best[lane] - values[lane]
        gains[i] = gain
