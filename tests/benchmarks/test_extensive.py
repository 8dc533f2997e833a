"""Extensive games beside OpenSpiel and LiteEFG: `pytest -m benchmark -s -n 0 tests/benchmarks/test_extensive.py`.

Peers come with the extra `bench`; one that is not installed is skipped and said. Like is compared with like: the same
tree (suits apart, or merged on both sides), CFR+ with alternating updates and a linear average, float64, one thread.
That it is the same game is asserted: NashConv after two iterations of plain CFR agrees (later, rounding breaks ties).
Medians of several.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pytest

from eqsolve import auto
from eqsolve.forms.sequence import SequenceForm
from eqsolve.metrics.judge import deviations
from eqsolve.run import iterates
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark


class Case(NamedTuple):
    """A game of ours and the same of the peer; `peer_iterations` for a measurement of the peer."""

    spec: str
    peer: str
    peer_iterations: int


GAMES = {
    "kuhn": Case("{kind: kuhn}", "kuhn_poker", 1000),
    "leduc": Case("{kind: leduc, merge_suits: false}", "leduc_poker", 20),
    "leduc, merged": Case("{kind: leduc}", "leduc_poker(suit_isomorphism=True)", 50),
    "leduc, three players": Case("{kind: leduc, players: 3, merge_suits: false}", "leduc_poker(players=3)", 1),
    "leduc, three players, merged": Case(
        "{kind: leduc, players: 3}", "leduc_poker(players=3,suit_isomorphism=True)", 1
    ),
    "liar's dice 1 x 5": Case("{kind: liars-dice, dice: 1, sides: 5}", "liars_dice(dice_sides=5)", 10),
    "liar's dice 1 x 6": Case("{kind: liars-dice, dice: 1, sides: 6}", "liars_dice(dice_sides=6)", 3),
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
def test_an_iteration_of_cfr_plus_beside_openspiel(name: str) -> None:
    pyspiel = peer("pyspiel")
    case = GAMES[name]
    clock = time.perf_counter()
    run = ours(case.spec, "cfr+")
    assert run.form.arrays
    built = time.perf_counter() - clock
    own = per_iteration(run.step, max(3, 50_000_000 // work(run.form)), 9)
    game = pyspiel.load_game(case.peer)
    clock = time.perf_counter()
    theirs = pyspiel.CFRPlusSolver(game)
    set_up = time.perf_counter() - clock

    def evaluate(iterations: int) -> None:
        for _ in range(iterations):
            theirs.evaluate_and_update_policy()

    other = per_iteration(evaluate, case.peer_iterations, 3)
    moved = bytes_moved(run.form)
    say(
        f"{name:<30} eqsolve {own * 1e6:10.2f} µs (built in {built:6.3f} s; {moved / own / 1e9:5.1f} GB/s of rows)   "
        f"OpenSpiel {other * 1e6:12.1f} µs (set up in {set_up:6.3f} s)   ratio {other / own:8.0f}"
    )
    if "three" in name:
        return  # OpenSpiel's exploitability of three players takes minutes
    plain, reference = ours(case.spec, "cfr"), pyspiel.CFRSolver(game)
    plain.step(2)
    for _ in range(2):
        reference.evaluate_and_update_policy()
    conv = pyspiel.nash_conv(game, reference.average_policy())
    np.testing.assert_allclose(plain.nash_conv(), conv, rtol=1e-6)


def work(form: SequenceForm) -> int:
    """Multiply-adds of an iteration, about; so that a measurement takes some hundredths of a second."""
    arrays = form.arrays
    return int(arrays.scale.size * len(arrays.lanes) * int(arrays.hands[0]) ** (len(form.players) - 1))


def bytes_moved(form: SequenceForm) -> int:
    """By an iteration at least: each row of five arrays read, and four written."""
    return int(form.arrays.rows[-1]) * len(form.arrays.lanes) * 8 * 9


@pytest.mark.parametrize("name", [name for name in GAMES if "three" not in name])
def test_an_iteration_of_cfr_plus_beside_liteefg(name: str) -> None:
    pyspiel, lite = peer("pyspiel"), peer("LiteEFG")
    case = GAMES[name]
    run = ours(case.spec, "cfr+")
    own = per_iteration(run.step, max(3, 50_000_000 // work(run.form)), 9)
    clock = time.perf_counter()
    environment = lite.OpenSpielEnv(pyspiel.load_game(case.peer), traverse_type="Enumerate", regenerate=True)
    method = import_module("LiteEFG.baselines.CFRplus").graph()
    environment.set_graph(method)
    set_up = time.perf_counter() - clock

    def evaluate(iterations: int) -> None:
        for _ in range(iterations):
            method.update_graph(environment)
            environment.update_strategy(method.current_strategy())

    other = per_iteration(evaluate, case.peer_iterations, 3)
    say(
        f"{name:<30} eqsolve {own * 1e6:10.2f} µs   LiteEFG {other * 1e6:12.1f} µs (set up in {set_up:6.3f} s)   "
        f"ratio {other / own:8.0f}"
    )


SHELL = """
import pyspiel, sys
game = pyspiel.load_game(sys.argv[1])
solver, gap, done, point = pyspiel.CFRPlusSolver(game), float("inf"), 0, 0
while gap > float(sys.argv[2]):
    point = max(point + 1, -(-11 * point // 10))
    while done < point:
        solver.evaluate_and_update_policy()
        done += 1
    gap = pyspiel.nash_conv(game, solver.average_policy())
"""


def test_from_the_shell_to_a_certified_gap() -> None:
    """Wall seconds of whole processes on Leduc poker, kernels cached: ours by the method that `auto` takes and by the
    best minimiser, OpenSpiel by CFR+ with its own check at the same points. Ours bounds the Nash gap, theirs NashConv.
    """
    peer("pyspiel")
    for tol, theirs in (("1e-2", True), ("1e-4", True), ("1e-6", False)):
        solve = [sys.executable, "-m", "eqsolve", "solve", "@leduc/two-player", "--tol", tol, "--quiet"]
        by = {"auto": solve, "pcfr+ γ=5": [*solve, "-a", "pcfr+", "-p", "gamma=5", "--max-iter", "1000000"]}
        if theirs:
            by["OpenSpiel, merged"] = [sys.executable, "-c", SHELL, "leduc_poker(suit_isomorphism=True)", tol]
        for who, command in by.items():
            times = []
            for _ in range(5 if who != "OpenSpiel, merged" else 1):
                clock = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                times.append(time.perf_counter() - clock)
            say(f"leduc to {tol}: {who:<20} {median(times):7.2f} s from shell to answer")


def test_iterations_to_a_gap() -> None:
    """The minimisers compared: iterations to NashConv / 2, on a grid of factor 1.05, as a performance profile."""
    names = ("cfr+", "dcfr", "pcfr+", "dcfr+", "pdcfr+", "sapcfr+", "hs-pcfr+")
    parameters: dict[str, dict[str, Any]] = {"pcfr+": {"gamma": 5.0}, "cfr+": {"gamma": 2.0}}
    table: dict[str, dict[str, int | None]] = {}
    for label, spec in PROFILE.items():
        form = parse(spec, "benchmark").form
        assert isinstance(form, SequenceForm)
        table[label] = {}
        for name in names:
            solver = configure(SOLVERS[name].load(), parameters.get(name, {}))
            table[label][name] = iterations_to(form, solver, 1e-4 * form.payoff_range)
        chosen = auto.choose(form, start=True, wanted=1e-4 * form.payoff_range).row.name
        reached = [n for n in table[label].values() if n is not None]
        best, own = min(reached), table[label][chosen]
        cells = "  ".join(f"{name} {n if n is not None else '-':>6}" for name, n in table[label].items())
        say(f"{label:<24} {cells}  auto {chosen} ×{own / best if own else float('inf'):.2f}")


PROFILE = {
    "kuhn": "{kind: kuhn}",
    "leduc": "{kind: leduc}",
    "leduc, 4 ranks": "{kind: leduc, ranks: 4}",
    "leduc, 6 ranks": "{kind: leduc, ranks: 6}",
    "leduc, one raise": "{kind: leduc, raises: 1}",
    "leduc, bets 1 and 8": "{kind: leduc, bets: [1, 8]}",
    "liar's dice 1 x 3": "{kind: liars-dice, dice: 1, sides: 3}",
    "liar's dice 1 x 4": "{kind: liars-dice, dice: 1, sides: 4}",
    "liar's dice 1 x 5": "{kind: liars-dice, dice: 1, sides: 5}",
    "goofspiel 3": "{kind: goofspiel, cards: 3}",
    "goofspiel 4": "{kind: goofspiel, cards: 4}",
    "goofspiel 5": "{kind: goofspiel, cards: 5}",
}


def iterations_to(form: SequenceForm, solver: Any, gap: float, most: int = 20_000) -> int | None:
    """The first point of the grid where half of NashConv is at most `gap`."""
    for state in iterates(form, solver, until=lambda n: max(n + 1, int(1.05 * n))):
        if state.iteration > most:
            return None
        if deviations(form, solver.answers(form, state)["average"]).regrets.sum() / 2 <= gap:
            return int(state.iteration)
    return None
