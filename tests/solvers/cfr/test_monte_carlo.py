"""Monte Carlo CFR: its estimates are those of CFR in the mean, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.kernels.variates import key_of
from eqsolve.metrics.judge import deviations
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.cfr import mccfr_external, mccfr_outcome
from eqsolve.solvers.cfr.mccfr_external import ExternalSampling
from eqsolve.solvers.cfr.mccfr_outcome import OutcomeSampling
from eqsolve.spec.load import parse
from reference import draws, learning
from reference.draws import seeded
from reference.extensive import infosets
from reference.forms import behaviour

WAYS = pytest.mark.parametrize("way", ["external", "outcome"])
#: Standard errors that a mean may be off: once in two million.
ERRORS = 5.0

Walk = Callable[[int, int, Array, Array], None]


def walker(form: SequenceForm, way: str) -> Walk:
    """(traverser, number, regrets, average): one walk, as the sweep makes it."""
    tree = form.histories
    most, actions = len(tree.player), np.empty(max(1, int(tree.children.max())))
    nodes, numbers = np.empty(most, np.int32), np.empty(most, np.int64)

    def walk(i: int, number: int, regrets: Array, average: Array) -> None:
        key = np.uint64(key_of(np.uint64(11), number, 0))
        if way == "external":
            scratch = mccfr_external.Scratch(nodes, numbers, np.empty(most), np.empty(most), actions)
            mccfr_external.walk(tree, i, key, regrets, average, scratch)
        else:
            mccfr_outcome.walk(tree, i, key, 0.6, regrets, average, nodes, numbers, actions)

    return walk


def in_the_mean(form: SequenceForm, rules: Any, way: str, walks: int) -> None:
    """Of regrets and averages at every information set, from a drawn policy that everyone plays."""
    rng = np.random.default_rng(1)
    flat = rng.random(int(form.offsets[-1])) + 0.1
    sums = np.add.reduceat(flat, form.row_offsets[:-1])
    start = form.check(form.unpack(flat / np.repeat(sums, np.diff(form.row_offsets)))).profile
    play, n, walk = behaviour(form, start), len(form.players), walker(form, way)
    before = ExternalSampling().init(form, 0, start).regrets
    lane, offsets = form.arrays.lane, form.offsets
    for i in range(n):
        seen = np.zeros((2, walks, int(offsets[-1])))
        for number in range(walks):
            regrets, average = before.copy(), np.zeros_like(before)
            walk(i, number, regrets, average)
            seen[0, number], seen[1, number] = (regrets - before)[lane], average[lane]
        means, errors = seen.mean(axis=1), seen.std(axis=1) / walks**0.5
        averaged = (i + 1) % n
        exact = np.zeros((2, int(offsets[-1])))
        own = learning.regrets(rules, play, i)
        arrived = learning.visits(rules, play, averaged, without=i if averaged != i else None)
        for which, player, expected in (
            (0, i, own),
            (1, averaged, {place: [weight * p for p in play[place]] for place, weight in arrived.items()}),
        ):
            values = [x for label in form.treeplexes[player].infosets for x in expected[player, label]]
            exact[which, int(offsets[player]) + 1 : int(offsets[player + 1])] = values
        assert (abs(means - exact) <= ERRORS * errors + 1e-12 * max(1.0, form.payoff_range)).all()


@WAYS
@pytest.mark.parametrize(
    "text", ["{kind: kuhn}", "{kind: kuhn, players: 3}", "{kind: goofspiel, cards: 3, order: random}"]
)
def test_estimates_are_unbiased(text: str, way: str) -> None:
    spec = parse(text, "t")
    form = spec.form
    assert isinstance(form, SequenceForm)
    in_the_mean(form, spec.family.rules(), way, 6000)  # type: ignore[attr-defined]  # as all such families


@WAYS
def test_so_they_are_where_hands_are_no_lanes(way: str) -> None:
    rules = parse("{kind: kuhn}", "t").family.rules()  # type: ignore[attr-defined]  # as above
    in_the_mean(sequence_form(rules), rules, way, 6000)


@WAYS
def test_so_they_are_in_any_tree(way: str) -> None:
    tested = 0
    for n in range(60):
        tree = draws.extensive(seeded("sampled", n))
        if 2 <= len(infosets(tree)) <= 8:
            in_the_mean(sequence_form(tree), tree, way, 3000)
            tested += 1
    assert tested >= 8


@WAYS
def test_gaps_fall_on_every_seed(way: str) -> None:
    form = parse("{kind: kuhn}", "t").form
    solver = SOLVERS[f"mccfr-{way}"].load()()
    iterations, most = (20_000, 0.02) if way == "external" else (100_000, 0.03)
    for seed in range(5):
        state = solver.step(form, solver.init(form, seed), iterations)
        measured = deviations(form, solver.answers(form, state)["average"])
        assert measured.regrets.max() <= most
        assert measured.values[0] == pytest.approx(-1 / 18, abs=most)


@WAYS
def test_leduc_poker_is_learnt_too(way: str) -> None:
    form = parse("{kind: leduc}", "t").form
    solver = SOLVERS[f"mccfr-{way}"].load()()
    gaps = []
    state = solver.init(form, 3)
    for iterations in (1000, 9000, 90_000):
        state = solver.step(form, state, iterations)
        gaps.append(deviations(form, solver.answers(form, state)["average"]).regrets.max())
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] <= (0.15 if way == "external" else 1.2)


@WAYS
def test_seeds_differ_and_large_ones_count(way: str) -> None:
    form = parse("{kind: kuhn}", "t").form
    solver = SOLVERS[f"mccfr-{way}"].load()()
    results = {
        seed: solver.step(form, solver.init(form, seed), 5).regrets.tobytes() for seed in (0, 1, 2**63, 2**64 - 1)
    }
    assert len(set(results.values())) == len(results)


def test_exploring_always_is_uniform() -> None:
    form = parse("{kind: kuhn}", "t").form
    solver: Any = OutcomeSampling(epsilon=1.0)
    state = solver.step(form, solver.init(form, 0), 200_000)
    assert deviations(form, solver.answers(form, state)["average"]).regrets.max() <= 0.03


@pytest.mark.parametrize("epsilon", [0.0, -1.0, 1.5, float("nan")])
def test_no_or_too_much_exploration_is_refused(epsilon: float) -> None:
    with pytest.raises(UsageError, match="epsilon"):
        OutcomeSampling(epsilon=epsilon)
