"""How fast several players' games are solved, beside pygambit and quantecon where they are installed.

Run with `pytest -m benchmark -s`. Every answer is judged; ratios are medians over games, each game timed in turn by
all, the best of three. Gambit's `logit_solve` follows the same path to a regret of 1e-8 of the payoff range; `qre` is
run to its own end, which is further. QuantEcon's `mclennan_tourky` stops at what it calls
1e-3; the worst gap of its answers is printed. Gambit's `enumpoly_solve` is asked for all equilibria, as
`support-enumeration` is, and both counts are printed. Medians are written to results/many_players.json.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from eqsolve.forms.base import frozen
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration.support_enumeration import SupportEnumeration
from eqsolve.solvers.homotopy.n_player import NPlayer
from eqsolve.solvers.homotopy.qre import QRE
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark

#: Peers whose versions the results tell: the package of each.
PACKAGES = {"Gambit": "pygambit", "QuantEcon": "quantecon"}

SHAPES = [(2, 2, 2), (3, 3, 3), (5, 5, 5), (10, 10, 10), (4, 4, 4, 4), (2,) * 5, (3,) * 5]
GAMES = 10


def named(shape: tuple[int, ...]) -> str:
    """Return the numbers of actions as a table names them."""
    return "×".join(map(str, shape))


def drawn(shape: tuple[int, ...], seed: int) -> TensorGame:
    form = parse(f"{{kind: random-matrix, players: {len(shape)}, actions: {list(shape)}, seed: {seed}}}", "g").form
    assert isinstance(form, TensorGame)
    return form


def best_of(call: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    times = []
    for _ in range(repeats):
        clock = perf_counter()
        found = call()
        times.append(perf_counter() - clock)
    return min(times), found


def solved(form: TensorGame, solver: Any, bound: float, most: int = 20_000) -> float:
    """Seconds to the method's own end; the judge then has a say."""

    def run() -> Any:
        return solver.step(form, solver.init(form, 0), most)

    run()
    seconds, state = best_of(run)
    assert solver.finished(state)
    profile = next(iter(solver.answers(form, state).values()))
    assert deviations(form, profile).nash_gap <= bound * form.payoff_range
    return seconds


def say(shape: tuple[int, ...], what: str, ours: list[float], theirs: list[float], theirs_is: str) -> dict[str, Value]:
    """Print medians, and return them as the columns of a table."""
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    print(  # noqa: T201  what a benchmark is for
        f"{named(shape):<12} {what:<9} median {median(ours) * 1e3:8.2f} ms, worst {max(ours) * 1e3:8.2f}; "
        f"{theirs_is} {median(theirs) * 1e3:8.2f} ms; ratio {ratio:.1f}"
    )
    return {"games": len(ours), "slowest": max(ours), "eqsolve": median(ours), theirs_is.split()[0]: median(theirs)}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_beside_the_path_of_gambit(shape: tuple[int, ...], record: Record) -> None:
    pygambit = pytest.importorskip("pygambit")
    path, portfolio, theirs = [], [], []
    for seed in range(GAMES):
        form = drawn(shape, seed)
        path.append(solved(form, QRE(), 1e-7))
        portfolio.append(solved(form, NPlayer(), 1e-12))
        game = pygambit.Game.from_arrays(*form.payoffs)
        seconds, found = best_of(partial(pygambit.nash.logit_solve, game))
        theirs.append(seconds)
        (one,) = found.equilibria
        rows = [[float(one[label]) for label in player.strategies] for player in game.players]
        assert deviations(form, frozen(rows)).nash_gap <= 1e-7 * form.payoff_range
    record("gambit", f"{named(shape)}, `qre`", say(shape, "qre", path, theirs, "logit_solve"))
    record("gambit", f"{named(shape)}, `n-player`", say(shape, "n-player", portfolio, theirs, "logit_solve"))


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (5, 5, 5)], ids=str)
def test_beside_the_simplicial_method_of_quantecon(shape: tuple[int, ...], record: Record) -> None:
    quantecon = pytest.importorskip("quantecon")
    theory, ours, theirs, worst = quantecon.game_theory, [], [], 0.0
    for seed in range(GAMES):
        form = drawn(shape, seed)
        ours.append(solved(form, NPlayer(), 1e-12))
        count = len(shape)
        turned = [form.payoffs[i].transpose(*((i + k) % count for k in range(count))).copy() for i in range(count)]
        game = theory.NormalFormGame([theory.Player(own) for own in turned])
        theory.mclennan_tourky(game)
        seconds, found = best_of(partial(theory.mclennan_tourky, game))
        theirs.append(seconds)
        worst = max(worst, deviations(form, frozen(found)).nash_gap)
    values = say(shape, "n-player", ours, theirs, f"mclennan_tourky (worst gap {worst:.0e})")
    record("quantecon", named(shape), values | {"its worst gap": f"{worst:.0e}"})


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_hundred_games_of_each_shape(shape: tuple[int, ...], record: Record) -> None:
    seconds, gaps = [], []
    for seed in range(100):
        form, solver = drawn(shape, seed), NPlayer()
        clock = perf_counter()
        state = solver.step(form, solver.init(form, 0), 5000)
        if seed:
            seconds.append(perf_counter() - clock)
        gaps.append(deviations(form, solver.answers(form, state)["candidate"]).nash_gap / form.payoff_range)
    assert max(gaps) <= 1e-9
    record("hundred", named(shape), {"games": 100, "median": median(seconds), "slowest": max(seconds)})
    print(  # noqa: T201  as above
        f"{named(shape):<12} 100 of 100 to 1e-9: median {median(seconds) * 1e3:.2f} ms, "
        f"worst {max(seconds) * 1e3:.1f} ms, worst gap {max(gaps):.1e}"
    )


ALL_OF = [(2, 2, 2), (3, 2, 2), (3, 3, 2), (3, 3, 3), (2,) * 4, (2,) * 5]


def enumerated(form: TensorGame) -> tuple[float, list[Any], str]:
    """Seconds until all profiles of supports are examined, what was found, and what the method says of it."""
    solver = SupportEnumeration()

    def run() -> Any:
        return solver.step(form, solver.init(form, 0), 10**9)

    run()
    seconds, state = best_of(run)
    assert solver.finished(state)
    listed = solver.enumeration(form, state)
    found = list(listed.profiles)
    assert all(deviations(form, profile).nash_gap <= 1e-12 * form.payoff_range for profile in found)
    return seconds, found, listed.coverage


@pytest.mark.parametrize("shape", ALL_OF, ids=str)
def test_all_equilibria_beside_the_polynomial_systems_of_gambit(shape: tuple[int, ...], record: Record) -> None:
    pygambit = pytest.importorskip("pygambit")
    ours, theirs, counts = [], [], [0, 0, 0]
    for seed in range(GAMES):
        form = drawn(shape, seed)
        seconds, found, coverage = enumerated(form)
        assert coverage == "every equilibrium"
        ours.append(seconds)
        game = pygambit.Game.from_arrays(*form.payoffs)
        seconds, result = best_of(partial(pygambit.nash.enumpoly_solve, game))
        theirs.append(seconds)
        packed = [form.pack(profile) for profile in found]
        seen = set()
        for one in result.equilibria:
            row = np.array([float(one[label]) for player in game.players for label in player.strategies])
            near = [k for k, other in enumerate(packed) if np.abs(row - other).max() < 1e-3]
            assert near  # nothing of theirs is missing from ours
            seen.update(near)
        counts = [counts[0] + len(found), counts[1] + len(result.equilibria), counts[2] + len(seen)]
    values = say(shape, "all", ours, theirs, f"enumpoly_solve ({counts[2]} of our {counts[0]}, {counts[1]} listed)")
    record("all-gambit", named(shape), {"equilibria": counts[0], "of these in theirs": counts[2], **values})


@pytest.mark.parametrize("shape", [*ALL_OF, (4, 3, 3), (2,) * 6, (4, 4, 4)], ids=str)
def test_all_equilibria_of_more_games(shape: tuple[int, ...], record: Record) -> None:
    games = [enumerated(drawn(shape, seed)) for seed in range(GAMES)]
    seconds, counts = [game[0] for game in games], [len(game[1]) for game in games]
    record("all", named(shape), {"games": GAMES, "equilibria": sum(counts), "median": median(seconds)})
    print(  # noqa: T201  as above
        f"{named(shape):<12} all of {GAMES}: median {median(seconds) * 1e3:.2f} ms, "
        f"worst {max(seconds) * 1e3:.1f} ms, {min(counts)} to {max(counts)} equilibria, "
        f"{sum(game[2] == 'every equilibrium' for game in games)} called complete"
    )
