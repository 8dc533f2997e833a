"""Extensive games beside OpenSpiel and LiteEFG: `pytest -m benchmark -s -n 0 tests/benchmarks/test_extensive.py`.

Peers come with the extra `bench`; one that is not installed is skipped and said. Like is compared with like: the same
tree (suits apart, or merged on both sides), CFR+ with alternating updates and a linear average, float64, one thread.
That it is the same game is asserted: NashConv after two iterations of plain CFR agrees (later, rounding breaks ties).
Medians of several, written to results/extensive.json; update_tables.py renders the tables of the docs from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.kernels.sequence import PublicLeaves
from eqsolve.metrics.judge import deviations
from eqsolve.solvers import SOLVERS
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark


class Case(NamedTuple):
    """A game of ours and the same of the peer; `peer_iterations` for a measurement of the peer."""

    spec: str
    peer: str
    peer_iterations: int


GAMES = {
    "Kuhn poker": Case("{kind: kuhn}", "kuhn_poker", 1000),
    "Leduc poker": Case("{kind: leduc, merge_suits: false}", "leduc_poker", 20),
    "Leduc poker, suits merged": Case("{kind: leduc}", "leduc_poker(suit_isomorphism=True)", 50),
    "Leduc poker, three players": Case("{kind: leduc, players: 3, merge_suits: false}", "leduc_poker(players=3)", 1),
    "Leduc poker, three players, suits merged": Case(
        "{kind: leduc, players: 3}", "leduc_poker(players=3,suit_isomorphism=True)", 1
    ),
    "liar's dice 1×5": Case("{kind: liars-dice, dice: 1, sides: 5}", "liars_dice(dice_sides=5)", 10),
    "liar's dice 1×6": Case("{kind: liars-dice, dice: 1, sides: 6}", "liars_dice(dice_sides=6)", 3),
    "goofspiel 4": Case(
        "{kind: goofspiel, cards: 4}",
        "turn_based_simultaneous_game(game=goofspiel(imp_info=True,num_cards=4,points_order=descending))",
        100,
    ),
    "goofspiel 5": Case(
        "{kind: goofspiel, cards: 5}",
        "turn_based_simultaneous_game(game=goofspiel(imp_info=True,num_cards=5,points_order=descending))",
        5,
    ),
}
#: Peers whose versions the results tell: the package of each.
PACKAGES = {"OpenSpiel": "open_spiel", "LiteEFG": "LiteEFG"}
MERGED = "Leduc poker, suits merged"


def peer(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        pytest.skip(f"{module} is not installed (extra `bench`)")


def per_iteration(step: Callable[[int], object], iterations: int, repeats: int) -> float:
    """Median seconds; the first call, which loads, is not counted."""
    step(1)
    times = []
    for _ in range(repeats):
        clock = time.perf_counter()
        step(iterations)
        times.append((time.perf_counter() - clock) / iterations)
    return median(times)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  what a benchmark is for


class Ours:
    """A run of ours that goes on."""

    def __init__(self, form: SequenceForm, name: str) -> None:
        self.form, self.solver = form, SOLVERS[name].load()()
        self.state = self.solver.init(form, 0)

    def step(self, iterations: int) -> None:
        self.state = self.solver.step(self.form, self.state, iterations)

    def nash_conv(self) -> float:
        average = self.solver.answers(self.form, self.state)["average"]
        return float(deviations(self.form, average).regrets.sum())


def ours(spec: str, name: str) -> Ours:
    form = parse(spec, "benchmark").form
    assert isinstance(form, SequenceForm)
    return Ours(form, name)


@pytest.mark.parametrize("name", GAMES)
def test_an_iteration_of_cfr_plus_beside_openspiel_and_liteefg(name: str, record: Record) -> None:
    case = GAMES[name]
    clock = time.perf_counter()
    run = ours(case.spec, "cfr+")
    assert run.form.arrays
    built = time.perf_counter() - clock
    own = per_iteration(run.step, max(3, 50_000_000 // work(run.form)), 9)
    moved = bytes_moved(run.form)
    say(f"{name:<42} eqsolve {own * 1e6:10.2f} µs (built in {built:6.3f} s; {moved / own / 1e9:5.1f} GB/s of rows)")
    values: dict[str, Value] = {"leaves": run.form.size, "eqsolve": own}
    for who, timed in (("OpenSpiel", openspiel), ("LiteEFG", liteefg)):
        other = timed(case, "three" in name)
        values[who] = other
        if other is not None:
            say(f"{name:<42} {who} {other * 1e6:12.1f} µs   ratio {other / own:8.0f}")
    record("cfr-plus", name, values)


def openspiel(case: Case, several: bool) -> float | None:
    """Seconds of an iteration of CFR+; the game is asserted to be ours, but for several players: that takes minutes."""
    if find_spec("pyspiel") is None:
        say("OpenSpiel is not installed (extra `bench`)")
        return None
    pyspiel = import_module("pyspiel")
    game = pyspiel.load_game(case.peer)
    theirs = pyspiel.CFRPlusSolver(game)

    def evaluate(iterations: int) -> None:
        for _ in range(iterations):
            theirs.evaluate_and_update_policy()

    taken = per_iteration(evaluate, case.peer_iterations, 3)
    if not several:
        plain, reference = ours(case.spec, "cfr"), pyspiel.CFRSolver(game)
        plain.step(2)
        for _ in range(2):
            reference.evaluate_and_update_policy()
        conv = pyspiel.nash_conv(game, reference.average_policy())
        np.testing.assert_allclose(plain.nash_conv(), conv, rtol=1e-6)
    return taken


def liteefg(case: Case, several: bool) -> float | None:
    """Seconds of an iteration of CFR+; None for several players, which it does not take."""
    if find_spec("LiteEFG") is None or find_spec("pyspiel") is None:
        say("LiteEFG is not installed (extra `bench`)")
        return None
    if several:
        return None
    game = import_module("pyspiel").load_game(case.peer)
    environment = import_module("LiteEFG").OpenSpielEnv(game, traverse_type="Enumerate", regenerate=True)
    method = import_module("LiteEFG.baselines.CFRplus").graph()
    environment.set_graph(method)

    def evaluate(iterations: int) -> None:
        for _ in range(iterations):
            method.update_graph(environment)
            environment.update_strategy(method.current_strategy())

    return per_iteration(evaluate, case.peer_iterations, 3)


def work(form: SequenceForm) -> int:
    """Multiply-adds of an iteration, about; so that a measurement takes some hundredths of a second."""
    arrays = form.arrays
    hands = int(arrays.leaves.hands[0]) if isinstance(arrays.leaves, PublicLeaves) else 1
    return int(len(arrays.leaves.others) * len(arrays.lanes) * hands ** (len(form.players) - 1))


def bytes_moved(form: SequenceForm) -> int:
    """By an iteration at least: each row of five arrays read, and four written."""
    return int(form.arrays.rows[-1]) * len(form.arrays.lanes) * 8 * 9
