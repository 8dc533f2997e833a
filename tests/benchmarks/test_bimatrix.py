"""Two-player games beside QuantEcon and Nashpy: `pytest -m benchmark -s -n 0 tests/benchmarks/test_bimatrix.py`.

Peers are not among the extras; one that is not installed is skipped and said. Both sides get the same games in one
process, calls alternate, and the least of several times counts, the first one apart. Three times of ours are told: of
the jitted call, preparation included; of init, advance and answers, which is what a run calls, and a user of the
library may, as they call QuantEcon's; and of `bimatrix`, which `auto` takes. Every answer is judged, QuantEcon's too;
ratios are of the games that both solve. Medians are written to results/bimatrix.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from statistics import geometric_mean, median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.bimatrix.bimatrix import Bimatrix
from eqsolve.solvers.bimatrix.lemke_howson import LemkeHowson, search
from eqsolve.solvers.bimatrix.small_supports import SmallSupports
from eqsolve.solvers.programmes.zero_sum_lp import maximin
from eqsolve.solvers.programmes.zero_sum_simplex import ZeroSumSimplex
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark

#: Peers whose versions the results tell: the package of each.
PACKAGES = {"QuantEcon": "quantecon", "Nashpy": "nashpy"}

#: Steps after which ours, and pivots after which QuantEcon's counts as without an answer.
STEPS, PIVOTS = 20_000, 300_000
REPEATS = 7


def peer(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        pytest.skip(f"{module} is not installed")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  what a benchmark is for


def bimatrix(payoffs: Any) -> TensorGame:
    labels = tuple(tuple(map(str, range(size))) for size in np.shape(payoffs)[1:])
    return TensorGame(("Row", "Column"), labels, np.array(payoffs, dtype=np.float64))


def random_games(n: int, seeds: int) -> Iterator[TensorGame]:
    for seed in range(seeds):
        yield bimatrix(np.random.default_rng(seed).integers(0, 1000, (2, n, n)))


def solved(solver: Any, form: TensorGame) -> Profile | None:
    """The first answer once the method has ended; None if it has none then."""
    advance = getattr(solver, "advance", solver.step)
    state = advance(form, solver.init(form, 0), STEPS)
    return next(iter(solver.answers(form, state).values()), None) if solver.finished(state) else None


def is_equilibrium(form: TensorGame, profile: Profile | None) -> bool:
    return profile is not None and deviations(form, profile).nash_gap <= 1e-9 * form.payoff_range


def least_seconds(calls: Sequence[Callable[[], object]]) -> list[float]:
    """The least time of each call; they alternate, and slow ones are made less often."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(REPEATS):
        for call, own in zip(calls, times, strict=True):
            clock = perf_counter()
            call()
            own.append(perf_counter() - clock)
        if sum(map(sum, times)) > 1:
            break
    return list(map(min, times))


def jitted(form: TensorGame) -> Callable[[], object]:
    """The call of the kernel with its arrays as `init` makes them."""
    first = LemkeHowson().init(form, 0)

    def call() -> None:
        search(form.payoffs, *first[1:], STEPS)

    return call


#: Of each family: its name, a spec with places for sizes, the sizes, how many games of each.
GENERATED: tuple[tuple[str, str, tuple[tuple[int, ...], ...], int], ...] = (
    ("sgc", "kind: sgc, k: {}", ((3,), (5,), (8,)), 1),
    ("tournament", "kind: tournament, nodes: {}, subset: 2", ((10,), (20,), (30,)), 5),
    ("unit-vector", "kind: unit-vector, actions: {}", ((10,), (20,), (30,)), 5),
    ("no pure", "kind: unit-vector, actions: {}, no_pure: true", ((10,), (20,), (30,)), 5),
    ("ranking", "kind: ranking, actions: {}", ((10,), (50,), (100,)), 5),
    ("covariant", "kind: covariant, players: 2, actions: {}, rho: -0.5", ((10,), (50,), (100,)), 5),
    ("blotto", "kind: blotto, hills: {}, troops: {}, rho: 0.5", ((3, 5), (4, 8)), 5),
)


def game(spec: str) -> TensorGame:
    form = parse(spec, "game").form
    assert isinstance(form, TensorGame)
    return form


def families() -> Iterator[tuple[str, list[TensorGame]]]:
    """Games by family and size: uniformly random integers, then what the package generates."""
    for n in (5, 10, 20, 50, 100):
        yield f"random {n}", list(random_games(n, 20))
    for name, spec, sizes, seeds in GENERATED:
        for size in sizes:
            of_size = spec.format(*size)
            yield (
                " ".join((name, *map(str, size))),
                [game(f"{{{of_size}, seed: {seed}}}" if seeds > 1 else f"{{{of_size}}}") for seed in range(seeds)],
            )


def by_lemke_howson(form: TensorGame) -> Profile | None:
    """By the calls that a run makes; no answer where there is none."""
    solver = LemkeHowson()
    return solver.answers(form, solver.advance(form, solver.init(form, 0), STEPS)).get("equilibrium")


def test_lemke_howson_beside_quantecon(record: Record) -> None:
    theory = peer("quantecon.game_theory")
    ratios: dict[str, list[float]] = {"jitted": [], "protocol": [], "bimatrix": []}
    say(f"{'median µs':<16} {'jitted':>10} {'protocol':>10} {'bimatrix':>10} {'QuantEcon':>10}   solved   least ratios")
    for name, forms in families():
        rows, own_solved, peer_solved = [], 0, []
        for form in forms:
            a, b = form.payoffs
            peers = theory.NormalFormGame((theory.Player(a.copy()), theory.Player(b.T.copy())))
            found = by_lemke_howson(form)
            solved(Bimatrix(), form)
            theirs, told = theory.lemke_howson(peers, max_iter=PIVOTS, full_output=True)
            own_solved += is_equilibrium(form, found)
            peer_solved.append(told.converged and is_equilibrium(form, frozen(theirs)))
            calls: list[Callable[[], object]] = [
                jitted(form),
                lambda form=form: by_lemke_howson(form),  # type: ignore[misc]  # a loop's variable, bound
                lambda form=form: solved(Bimatrix(), form),  # type: ignore[misc]
                lambda peers=peers: theory.lemke_howson(peers, max_iter=PIVOTS),  # type: ignore[misc]
            ]
            rows.append(least_seconds(calls))
        times = np.array(rows)
        beside = times[peer_solved, 3:] / times[peer_solved, :3]
        for key, column in zip(ratios, beside.T, strict=True):
            ratios[key].append(geometric_mean(column))
        columns = [float(t) for t in np.median(times, axis=0)]
        medians = " ".join(f"{1e6 * t:10.1f}" for t in columns)
        heads = ("the kernel alone", "eqsolve", "`bimatrix`", "QuantEcon")
        counts: dict[str, Value] = {"games": len(forms), "solved by QuantEcon": sum(peer_solved)}
        record("lemke-howson", name, counts | dict(zip(heads, columns, strict=True)), first="games")
        least = " ".join(f"{r:6.2f}" for r in beside.min(axis=0))
        say(f"{name:<16} {medians}   {own_solved:2d} {sum(peer_solved):2d} of {len(forms):2d} {least}")
        assert own_solved == len(forms)
    for key, values in ratios.items():
        say(f"QuantEcon's time / ours ({key}), geometric mean over families {geometric_mean(values):.2f}")


def test_lemke_howson_beside_nashpy(record: Record) -> None:
    """At five actions: at ten it does not always return."""
    nashpy = peer("nashpy")
    times = []
    for form in random_games(5, 20):
        game = nashpy.Game(*form.payoffs)
        assert is_equilibrium(form, solved(LemkeHowson(), form))
        calls = [lambda form=form: solved(LemkeHowson(), form), lambda game=game: game.lemke_howson(0)]
        times.append(least_seconds(calls))
    own, other = map(median, zip(*times, strict=True))
    record("lemke-howson-nashpy", "random 5", {"eqsolve": own, "Nashpy": other}, first="games")
    say(f"random 5: eqsolve {own * 1e6:.1f} µs, Nashpy {other * 1e6:.1f} µs, ratio {other / own:.0f}")


@pytest.mark.parametrize("solver", [SmallSupports(2), Bimatrix()], ids=["small-supports", "bimatrix"])
def test_large_random_games(solver: Any, record: Record) -> None:
    for n in (200, 500, 1000):
        times = []
        for form in random_games(n, 20):
            solved(solver, bimatrix([[[1, 0], [0, 1]]] * 2))
            clock = perf_counter()
            found = solved(solver, form)
            times.append(perf_counter() - clock)
            assert is_equilibrium(form, found)
        values: dict[str, Value] = {"games": 20, "median": median(times), "slowest": max(times)}
        record("large", f"{type(solver).__name__}, random {n}", values, first="method and games")
        say(f"random {n}: 20 of 20, median {median(times) * 1e3:.2f} ms, slowest {max(times) * 1e3:.1f} ms")


@pytest.mark.parametrize("n", [100, 200, 500, 1000])
def test_zero_sum_games(n: int, record: Record) -> None:
    quantecon = peer("quantecon.game_theory")
    a: Array = np.random.default_rng(0).integers(0, 1000, (n, n)).astype(np.float64)
    form, solver = bimatrix([a, -a]), ZeroSumSimplex()
    assert is_equilibrium(form, solved(solver, form))
    calls: list[Callable[[], object]] = [lambda: solved(solver, form)]
    if n <= 500:
        game = quantecon.NormalFormGame((quantecon.Player(a), quantecon.Player(-a.T)))
        calls += [lambda: maximin(a), lambda: quantecon.lemke_howson(game, max_iter=PIVOTS)]
        for call in calls:
            call()
    names = ("`zero-sum-simplex`", "`zero-sum-lp`", "QuantEcon's Lemke-Howson")
    times: dict[str, Value] = dict(zip(names, least_seconds(calls), strict=False))
    record("zero-sum", f"{n} × {n}", times)
    told = ", ".join(f"{name} {t:.4f} s" for name, t in times.items())
    say(f"zero-sum {n} x {n}: {told}")
