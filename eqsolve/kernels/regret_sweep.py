"""Counterfactual regret minimisation over rows of lanes: one sweep for all regret minimisers, picked by type.

Zinkevich, Johanson, Bowling and Piccione 2007: a regret minimiser of its own at every information set, fed with
counterfactual values, those weighted by the reach of chance and of the others. In an iteration, for each player:

1. `pay`: what ends right after each row pays by the others' plans; every row by itself;
2. `improve`, backward: an action is worth what it pays plus what the information sets after it are worth; the
   minimiser `learn`s from that and writes the next policy; a set is worth the mean under the policy that was played;
3. `update_plans`, forward: the plan that was played enters the average and becomes that of the next policy.

A minimiser is a NamedTuple of arrays whose class says how its information sets learn (`Minimiser`). numba puts that in
place when it compiles a sweep for the tuple's type, as it does with `pay`: so the sweep is one text, and each
combination is compiled once and kept. kernels/regret_matching.py is the one of CFR and its kin.

Steps 2 and 3 go over ranges, so that parts of a large game can be worked on at once (kernels/sweep_blocks.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from numba.extending import overload
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import add_above, entry, fma, load, load_above, splat, store
from eqsolve.kernels.sequence import INLINED, Array, inlined, pay, plans


class Minimiser(Protocol):
    """What the class of a minimiser's NamedTuple defines: static methods in the Python that numba compiles.

    The fields are whatever they need, arrays modified in place among them: sums of regrets, but also numbers for each
    information set (lane l of group g is the set g · W + l), weights of a network, or states that it carries along.
    They allocate nothing: it would cost a sweep a factor of five.
    """

    @staticmethod
    def factors(minimiser: Any, k: int) -> tuple[float, ...]:
        """Return the factors of iteration k of the sweep, counted from 0: loaded once and kept in registers."""

    @staticmethod
    def learn(minimiser: Any, factors: Any, group: int, base: int, game: Any, values: Array, policy: Array) -> Any:
        """Learn from what the actions of a group are worth, write its next policy, return what the group was worth.

        `values` [≥ player's rows · W] begins with row `base`; `policy` [R · W] is modified in place. What is returned,
        W lanes, is the mean of the actions' values under the policy that was played.
        """


def factors(minimiser: Any, k: int) -> tuple[float, ...]:
    """Return `Minimiser.factors` of the minimiser's type. Jitted code only."""
    raise NotImplementedError


def learn(minimiser: Any, factors: Any, group: int, base: int, game: Any, values: Array, policy: Array) -> Any:
    """Call `Minimiser.learn` of the minimiser's type. Jitted code only."""


def prepare(minimiser: Any, game: Any, i: int, x: Array) -> None:
    """Call `prepare` of the minimiser's type, if it has one, before player i's information sets learn.

    `x` [R · W]: everyone's plans. Jitted code only.
    """


@overload(factors, jit_options=INLINED, strict=False)  # strict: annotations would have to be alike
def _factors(minimiser, k):
    """Return the `factors` of the minimiser's type, a function with these parameters."""
    return minimiser.instance_class.factors


@overload(learn, jit_options=INLINED, strict=False)
def _learn(minimiser, factors, group, base, game, values, policy):
    """Return the `learn` of the minimiser's type, a function with these parameters: values [· W], policy [R · W]."""
    return minimiser.instance_class.learn


@overload(prepare, jit_options=INLINED, strict=False)
def _prepare(minimiser, game, i, x):
    """Return the `prepare` of the minimiser's type, or one that does nothing; x [R · W]."""
    return getattr(minimiser.instance_class, "prepare", _nothing)


def _nothing(minimiser, game, i, x):
    """Do nothing, for minimisers that need no more than the values of their actions; x [R · W]."""


class Sums(NamedTuple):
    """Sums over iterations of the plans that these begin with, modified in place.

    `deviation` [R · W]: what the game's ends right after each row pay by the others' plans; `realised` [N]: what
    everyone's plans pay each player.
    """

    deviation: NDArray[Any]
    realised: NDArray[Any]


@inlined
def improve(begin, end, base, game, minimiser, factors, values, policy):
    """Let the groups `begin` … `end` − 1 of a player learn, backward; `policy` [R · W] is modified in place.

    `values` [≥ player's rows · W], which begins with row `base`: what each row pays; modified in place, what follows
    the row is added.
    """
    for group in range(end - 1, begin - 1, -1):
        value = learn(minimiser, factors, group, base, game, values, policy)
        add_above(values, game.above, entry(game.first, group), base, value)


@inlined
def update_plans(begin, end, game, x, policy, average, weight):
    """Add plans x to the average by `weight`, then make them those of the policy; rows `begin` … `end` − 1, forward.

    `x`, `policy`, `average` [R · W]; x and the average, unless that is None, are modified in place.
    """
    lanes, above = game.lanes, game.above
    w = splat(weight, lanes)
    for row in range(begin, end):
        if average is not None:
            store(average, row, fma(w, load(x, row, lanes), load(average, row, lanes)))
        store(x, row, load_above(x, above, row, lanes) * load(policy, row, lanes))


@inlined
def mean_value(first, end, base, lanes, policy, values):
    """Return what a group with the rows `first` … `end` − 1 is worth, lane by lane: Σ over actions of policy · value.

    `policy` [R · W]; `values` [≥ player's rows · W], which begins with row `base`.
    """
    value = splat(0.0, lanes)
    for row in range(first, end):
        value = fma(load(policy, row, lanes), load(values, row - base, lanes), value)
    return value


@inlined
def add_rows(begin, end, base, values, lanes, sums):
    """Add rows `begin` … `end` − 1 of `values`, which begins with row `base`, to those of `sums`, modified in place.

    `values` [≥ player's rows · W], `sums` [R · W].
    """
    for row in range(begin, end):
        store(sums, row, load(sums, row, lanes) + load(values, row - base, lanes))


@inlined
def add_lanes(values, lanes, i, realised):
    """Add what player i's empty sequence is worth, the lanes of row 0 of `values`, to realised[i]; modified in place.

    `values` [≥ player's rows · W], `realised` [N].
    """
    for lane in range(len(lanes)):
        realised[i] += values[lane]


@inlined
def answer(i, game, x, values, minimiser, now, policy, sums):
    """Let player i's information sets learn from what the plans x [R · W] pay, and answer with new policies [R · W].

    `now`: the iteration's factors. Modified in place are `policy`, arrays of the minimiser and of `sums` (None: nothing
    is summed), and `values` [≥ player's rows · W], scratch.
    """
    base, end = game.rows[i], game.rows[i + 1]
    pay(base, end, base, i, game.leaves, game.lanes, x, values)
    if sums is not None:
        add_rows(base, end, base, values, game.lanes, sums.deviation)
    prepare(minimiser, game, i, x)
    improve(game.groups[i], game.groups[i + 1], base, game, minimiser, now, values, policy)
    if sums is not None:
        add_lanes(values, game.lanes, i, sums.realised)


@jit
def alternating_sweep(game, x, values, minimiser, policy, average, weights, sums):
    """Sweep once per entry of `weights` [iterations], each player answering the new plans of those before them.

    `policy` and `average` (None: no plans are averaged) [R · W] are modified in place, as are arrays of the minimiser
    and `sums` (None, or Sums of the profiles that iterations begin with). Scratch: `x` [R · W] for plans, `values`
    [≥ any player's rows · W].
    """
    plans(game, policy, x)
    for k in range(weights.size):
        now = factors(minimiser, k)
        if sums is not None:
            add_play(game, x, values, policy, sums)
        for i in range(game.rows.size - 1):
            answer(i, game, x, values, minimiser, now, policy, None)
            update_plans(game.rows[i] + 1, game.rows[i + 1], game, x, policy, average, weights[k])


@jit
def simultaneous_sweep(game, x, values, minimiser, policy, average, weights, sums):
    """Sweep once per entry of `weights` [iterations], all players answering the plans that the iteration begins with.

    `policy` and `average` (None: no plans are averaged) [R · W] are modified in place, as are arrays of the minimiser
    and `sums` (None, or Sums of the profiles that iterations begin with). Scratch: `x` [R · W] for plans, `values`
    [≥ any player's rows · W].
    """
    plans(game, policy, x)
    for k in range(weights.size):
        now = factors(minimiser, k)
        for i in range(game.rows.size - 1):
            answer(i, game, x, values, minimiser, now, policy, sums)
        for i in range(game.rows.size - 1):
            update_plans(game.rows[i] + 1, game.rows[i + 1], game, x, policy, average, weights[k])


@jit
def add_play(game, x, values, policy, sums):
    """Add what the plans x of a policy pay, and what ends pay by the others', to `sums`, which is modified in place.

    `x`, `policy` [R · W]; scratch: `values` [≥ any player's rows · W].
    """
    lanes = game.lanes
    for i in range(game.rows.size - 1):
        base, end = game.rows[i], game.rows[i + 1]
        pay(base, end, base, i, game.leaves, lanes, x, values)
        add_rows(base, end, base, values, lanes, sums.deviation)
        for group in range(game.groups[i + 1] - 1, game.groups[i] - 1, -1):
            first = entry(game.first, group)
            value = mean_value(first, first + entry(game.counts, group), base, lanes, policy, values)
            add_above(values, game.above, first, base, value)
        add_lanes(values, lanes, i, sums.realised)
