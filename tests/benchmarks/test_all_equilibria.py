"""All equilibria of two-player games: run with `pytest -m benchmark -s -n 0`.

Medians over the games are printed and written to results/all_equilibria.json.

With QuantEcon installed its vertex enumeration is timed on the same games in the same process, turn about. lrsnash, a
program (of the package lrslib), is given the games in a file, and its time is that of the whole process, from start to
end; it counts extreme equilibria, degenerate games' too, and must find as many.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import load

pytestmark = pytest.mark.benchmark

#: The package of the peer whose version the results tell; lrsnash has none in Python.
PACKAGES = {"QuantEcon": "quantecon"}


def seconds(call: Callable[[], object], repeats: int) -> float:
    """The least time of a call: what disturbs it only adds."""
    times = []
    for _ in range(repeats):
        clock = perf_counter()
        call()
        times.append(perf_counter() - clock)
    return min(times)


def enumerated(payoffs: Array) -> Array:
    n = payoffs.shape[1]
    labels = tuple(map(str, range(n)))
    form, solver = TensorGame(("1", "2"), (labels, labels), payoffs), VertexEnumeration()
    state = solver.init(form, 0)
    while not solver.finished(state):
        state = solver.step(form, state, 10**9)
    return state.profiles


@pytest.mark.parametrize(("kind", "n"), [(kind, n) for kind in ("normal", "integers") for n in (8, 10, 12, 14)])
def test_all_equilibria_of_random_games(kind: str, n: int, record: Record) -> None:
    rng = np.random.default_rng(n)
    draw: Any = rng.normal if kind == "normal" else lambda size: rng.integers(0, 1000, size).astype(float)
    games = [draw(size=(2, n, n)) for _ in range(9)]
    enumerated(games[0])
    ours, theirs = [], []
    for game in games:
        repeats = 5 if n < 13 else 2
        ours.append(seconds(lambda game=game: enumerated(game), repeats))  # type: ignore[misc]  # bound at once
        if find_spec("quantecon"):
            # in degenerate games, which integers make likely, the lists differ
            theirs.append(quantecon(game, repeats, len(enumerated(game)) if kind == "normal" else None))
    line = f"{kind:<9} {n:>2} × {n:<2} eqsolve {median(ours) * 1e3:9.2f} ms (worst {max(ours) * 1e3:.2f})"
    if theirs:
        ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
        line += f", QuantEcon {median(theirs) * 1e3:9.2f} ms, {median(ratios):.1f} times that"
    values: dict[str, Value] = {
        "games": len(ours),
        "eqsolve": median(ours),
        "QuantEcon": median(theirs) if theirs else None,
    }
    record("random", f"{kind} {n} × {n}", values)
    print(line)  # noqa: T201  what a benchmark is for


def quantecon(game: Array, repeats: int, count: int | None) -> float:
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    theirs = NormalFormGame((Player(game[0]), Player(np.ascontiguousarray(game[1].T))))
    assert count in (None, len(vertex_enumeration(theirs)))
    return seconds(lambda: vertex_enumeration(theirs), repeats)


#: Payoffs from 0 to these make few games degenerate, many, nearly all.
LARGEST = (999, 20, 2)


@pytest.mark.parametrize(("largest", "n"), [(largest, n) for largest in LARGEST for n in (6, 8, 10, 12)])
def test_beside_lrsnash(largest: int, n: int, tmp_path: Path, record: Record) -> None:
    games = [np.random.default_rng(seed).integers(0, largest + 1, (2, n, n)).astype(float) for seed in range(5)]
    ours, theirs, counts = [], [], []
    for game in games:
        count, taken = lrsnash(game, tmp_path / "game")
        counts.append(len(enumerated(game)))
        assert counts[-1] == count
        ours.append(seconds(lambda game=game: enumerated(game), 3))  # type: ignore[misc]  # bound at once
        theirs.append(taken)
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    values: dict[str, Value] = {"equilibria": sum(counts), "eqsolve": median(ours), "lrsnash": median(theirs)}
    record("lrsnash", f"0 … {largest}, {n} × {n}", values, first="payoffs and size")
    print(  # noqa: T201  what a benchmark is for
        f"0 … {largest:<3} {n:>2} × {n:<2} {median(counts)} equilibria, eqsolve {median(ours) * 1e3:.2f} ms, "
        f"lrsnash {median(theirs) * 1e3:.2f} ms, {ratio:.1f} times that"
    )


def test_seventy_five_equilibria_beside_lrsnash(tmp_path: Path, record: Record) -> None:
    form = load("@matrix/seventy-five-equilibria").form
    assert isinstance(form, NormalForm)
    game = form.tensor().payoffs
    count, taken = lrsnash(game, tmp_path / "game")
    assert count == len(enumerated(game)) == 75
    own = seconds(lambda: enumerated(game), 5)
    values: dict[str, Value] = {"equilibria": count, "eqsolve": own, "lrsnash": taken}
    record("lrsnash", "seventy-five equilibria, 6 × 6", values, first="payoffs and size")
    print(f"75 equilibria: eqsolve {own * 1e3:.2f} ms, lrsnash {taken * 1e3:.2f} ms")  # noqa: T201


def lrsnash(game: Array, file: Path) -> tuple[int, float]:
    """(number of equilibria, seconds of the process) of a game of integers."""
    program = which("lrsnash")
    if program is None:
        pytest.skip("lrsnash is not installed")
    rows = [[" ".join(str(int(x)) for x in row) for row in payoffs] for payoffs in game]
    file.write_text(f"{game.shape[1]} {game.shape[2]}\n\n" + "\n\n".join("\n".join(each) for each in rows) + "\n")
    output = list[str]()

    def call() -> None:
        output.append(subprocess.run([program, str(file)], capture_output=True, text=True, check=True).stdout)

    taken = seconds(call, 3)
    found = re.search(r"equilibria found: (\d+)", output[-1])
    assert found is not None
    return int(found[1]), taken
