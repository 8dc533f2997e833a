"""The sweep with a minimiser of one's own: as a learned one would come, with numbers for every information set."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.packing import in_lanes, lane_entries
from eqsolve.kernels.lanes import entry, fma, load, positive, splat, store, where_positive
from eqsolve.kernels.regret_sweep import mean_value
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.cfr.counterfactual import sweep
from eqsolve.spec.load import parse


class Trusting(NamedTuple):
    """Regret matching+ that predicts regrets `trust` times those of the iteration, at every information set by itself.

    `regrets` [R · W]; `trust` and `iterations`, how often a set has learnt, [G · W].
    """

    regrets: Array
    trust: Array
    iterations: Array

    @staticmethod
    def factors(minimiser: Any, k: int) -> tuple[float, ...]:
        return (1.0,)

    @staticmethod
    def learn(minimiser: Any, factors: Any, group: int, base: int, game: Any, values: Array, policy: Array) -> Any:
        lanes, regrets = game.lanes, minimiser.regrets
        one, zero, first, actions = splat(1.0, lanes), splat(0.0, lanes), entry(game.first, group), game.counts[group]
        value = mean_value(first, first + actions, base, lanes, policy, values)
        trust, total = load(minimiser.trust, group, lanes), zero
        store(minimiser.iterations, group, load(minimiser.iterations, group, lanes) + splat(factors[0], lanes))
        for row in range(first, first + actions):
            r = load(values, row - base, lanes) - value
            regret = positive(load(regrets, row, lanes) + r)
            next_regret = positive(fma(trust, r, regret))
            store(regrets, row, regret)
            store(policy, row, next_regret)
            total = total + next_regret
        for row in range(first, first + actions):
            uniform = splat(1.0 / actions, lanes)
            store(policy, row, where_positive(total, load(policy, row, lanes) * (one / total), uniform))
        return value


def swept(
    form: SequenceForm, trust: Array, update: str, iterations: int, regret: float = 0.0
) -> tuple[Array, Trusting]:
    """The policy after so many iterations, in rows of lanes, and the minimiser; at first all regrets are `regret`."""
    entries = lane_entries(form)
    policy, average = in_lanes(form, form.pack(form.uniform())), np.zeros(entries)
    minimiser = Trusting(np.full(entries, regret), trust, np.zeros(len(trust)))
    sweep(form, update, minimiser, policy, average, np.ones(iterations))
    return policy, minimiser


def sets_of(form: SequenceForm) -> int:
    """G · W: how many information sets there are place for."""
    return len(form.arrays.first) * len(form.arrays.lanes)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize(("name", "trust"), [("pcfr+", 1.0), ("sapcfr+", 1 / 3), ("cfr+", 0.0)])
def test_a_minimiser_comes_by_its_type(name: str, trust: float, update: str) -> None:
    """With the same trust at all sets it is a known member of the family, bit for bit."""
    form = parse("{kind: leduc, ranks: 2, general_sum: {noise: 2, seed: 3}}", "t").form
    assert isinstance(form, SequenceForm)
    policy, minimiser = swept(form, np.full(sets_of(form), trust), update, 9)
    solver = SOLVERS[name].load()(update=update)
    known = solver.step(form, solver.init(form, 0), 9)
    lane = form.arrays.lane
    assert policy[lane].tolist() == known.policy[lane].tolist() != form.pack(form.uniform()).tolist()
    assert set(minimiser.iterations.tolist()) == {9.0}


def test_numbers_of_information_sets_reach_their_sets() -> None:
    """After one simultaneous iteration a set's policy depends on its own trust: lane l of group g is set gW + l."""
    form = parse("{kind: leduc, ranks: 2, general_sum: {noise: 2, seed: 3}}", "t").form
    assert isinstance(form, SequenceForm)
    drawn = np.random.default_rng(0).integers(0, 2, sets_of(form)).astype(float)
    trusts = (drawn, np.zeros(len(drawn)), np.ones(len(drawn)))
    width = len(form.arrays.lanes)
    rows = [swept(form, trust, "simultaneous", 1, regret=1.0)[0].reshape(-1, width) for trust in trusts]
    mixed, without, full = rows
    assert not np.array_equal(without, full)
    for group, (first, count) in enumerate(zip(form.arrays.first, form.arrays.counts, strict=True)):
        trusting = drawn.reshape(-1, width)[group] == 1
        actions = slice(first, first + count)
        assert mixed[actions].tolist() == np.where(trusting, full[actions], without[actions]).tolist()
