"""General-sum games by single schedules and by the portfolio.

Run `pytest -m benchmark -s -n 0 tests/benchmarks/test_portfolio.py`.

A gap is the sum of all players' regrets, by the judge; games are drawn and none of them was used to choose anything.
"Best of averages": the least measured gap of all averages of that row's algorithm and order. Seconds are of one core
(CPU time), compiling apart. Written to results/portfolio.json; update_tables.py renders the tables of the docs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from eqsolve.forms.base import Form
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import advanced
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.cfr.portfolio import Portfolio
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark

GAMES = 64
ITERATIONS = 2**14
MEMBERS = 16
#: A game counts as solved from this sum of gaps on.
SOLVED = 1e-5
GAMMAS = (0.0, 1.0, 2.0, 5.0, 10.0)
#: Algorithm -> the hyperparameters with which it is run.
SCHEDULES: dict[str, list[dict[str, Any]]] = {
    "cfr": [{}],
    "lcfr": [{}],
    "dcfr": [{"gamma": gamma} for gamma in GAMMAS],
    "cfr+": [{"gamma": gamma} for gamma in GAMMAS],
    "hedge-cfr": [{}],
    "pcfr+": [{"gamma": gamma} for gamma in GAMMAS],
    "pdcfr+": [{"gamma": gamma} for gamma in GAMMAS],
}


def pots() -> list[Form]:
    """Leduc poker in which both also receive a share of what changes hands, drawn from .3 … .7."""
    shares = np.random.default_rng(90_001).uniform(0.3, 0.7, GAMES)
    return [parse(f"{{kind: leduc, general_sum: {{pot: {share:.6f}}}}}", "pot").form for share in shares]


def noises() -> list[Form]:
    """Leduc poker with normal noise, σ = 2, on each payoff at each leaf."""
    seeds = range(90_000, 90_000 + GAMES)
    return [parse(f"{{kind: leduc, general_sum: {{noise: 2.0, seed: {seed}}}}}", "noise").form for seed in seeds]


def gap(form: Form, profile: Any) -> float:
    """The sum of all players' regrets."""
    return float(deviations(form, profile).nash_conv)


def summary(gaps: Any, seconds: Any) -> dict[str, Value]:
    """Mean, median, worst, shares of games, and the mean of seconds as one row of a table."""
    found = np.array(gaps)
    return {
        "mean": f"{found.mean():.1e}",
        "median": f"{np.median(found):.1e}",
        "worst": f"{found.max():.1e}",
        "at most 1e-5": f"{100 * np.mean(found <= SOLVED):.1f} %",
        "at most 1e-9": f"{100 * np.mean(found <= 1e-9):.1f} %",
        "CPU s": f"{np.mean(seconds):.3f}",
    }


def run(solver: Any, form: Form, iterations: int) -> tuple[float, float]:
    """The least gap of the answers after so many iterations, or at the method's own end, and CPU seconds."""
    solver.init(form, 0)  # lays the game out before the clock starts
    began = time.process_time()
    state = advanced(solver, form, solver.init(form, 0), iterations)
    seconds = time.process_time() - began
    return min(gap(form, answer) for answer in solver.answers(form, state).values()), seconds


def test_shared_pots(record: Record) -> None:
    for row, values, single in measured(pots()):
        record("pot-all", row, values, first="schedule")
        if not single:
            record("pot", row, values, first="schedule")


def test_noise(record: Record) -> None:
    for row, values, single in measured(noises()):
        record("noise-all", row, values, first="schedule")
        if not single:
            record("noise", row, values, first="schedule")


def measured(games: list[Form]) -> Iterator[tuple[str, dict[str, Value], bool]]:
    """Rows of a table on these games, printed, too, and whether each is of one of several averages."""

    def said(row: str, values: dict[str, Value], single: bool = False) -> tuple[str, dict[str, Value], bool]:
        print(f"{row:44}", *(f"{head} {value}" for head, value in values.items()))  # noqa: T201
        return row, values, single

    for algorithm, settings in SCHEDULES.items():
        for update in ("alternating", "simultaneous"):
            gaps, took = [], np.zeros(len(games))
            for setting in settings:
                solver = configure(SOLVERS[algorithm].load(), {"update": update, **setting})
                found, seconds = zip(*(run(solver, form, ITERATIONS) for form in games), strict=True)
                gaps.append(found)
                took += seconds
                words = ", ".join(f"γ = {value:g}" for value in setting.values())
                yield said(
                    f"`{algorithm}`, {update}" + (f", {words}" if words else ""), summary(found, seconds), bool(words)
                )
            if len(settings) > 1:
                yield said(f"`{algorithm}`, {update}, best of averages", summary(np.min(gaps, axis=0), took))
    for polish, words in ((False, "`portfolio`, not polished"), (True, "`portfolio`")):
        solver = Portfolio(polish=polish)
        run(solver, games[0], 20_000)
        found, seconds = zip(*(run(solver, form, MEMBERS * ITERATIONS) for form in games), strict=True)
        yield said(words, summary(found, seconds))
    found, seconds = zip(*(run(Portfolio(), form, 4 * MEMBERS * ITERATIONS) for form in games), strict=True)
    yield said("`portfolio`, four times as long where needed", summary(found, seconds))


def test_leduc_poker_of_three_players(record: Record) -> None:
    form = parse("{kind: leduc, players: 3}", "leduc").form
    contenders = {
        f"`pcfr+`, γ = {gamma:g}": configure(SOLVERS["pcfr+"].load(), {"gamma": gamma}) for gamma in (2, 5, 10)
    }
    for row, solver in (contenders | {"`portfolio`": Portfolio()}).items():
        state = solver.advance(form, solver.init(form, 0), 50)
        spent, values, state = 0.0, dict[str, Value](), solver.init(form, 0)
        for limit in (1.0, 2.0, 4.0):
            while spent < limit:
                began = time.process_time()
                state = solver.advance(form, state, 200)
                spent += time.process_time() - began
            least = min(gap(form, answer) for answer in solver.answers(form, state).values())
            values |= {f"{limit:g} s": f"{least:.1e}"}
        print(row, values)  # noqa: T201
        record("three-players", row, values, first="method")


@pytest.mark.parametrize("shape", [(3, 3), (5, 5), (3, 3, 3)])
def test_random_matrix_games(shape: tuple[int, ...], record: Record) -> None:
    drawn = np.random.default_rng(90_002)
    actions = tuple(tuple(f"a{k}" for k in range(size)) for size in shape)
    players = tuple(f"P{i}" for i in range(len(shape)))
    games = [TensorGame(players, actions, drawn.random((len(shape), *shape))) for _ in range(1000)]
    values: dict[str, Value] = {}
    for gamma in (2.0, 10.0):
        solver = configure(SOLVERS["pcfr+"].load(), {"gamma": gamma})
        found = [run(solver, game.tree, 4096)[0] for game in games]
        values[f"`pcfr+`, γ = {gamma:g}"] = f"{100 * np.mean(np.array(found) <= SOLVED):.1f} %"
    for polish, words in ((False, "`portfolio`, not polished"), (True, "`portfolio`")):
        found = [run(Portfolio(polish=polish), game, 4096)[0] for game in games]
        values[words] = f"{100 * np.mean(np.array(found) <= SOLVED):.1f} %"
    print(shape, values)  # noqa: T201
    record("matrix", "×".join(map(str, shape)), values, first="payoffs uniform on 0 … 1, 1,000 games")
