"""All equilibria of random two-player games: run with `pytest -m benchmark -s`. Prints medians over the games.

With QuantEcon installed its vertex enumeration is timed on the same games in the same process, turn about.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.normal import TensorGame
from eqsolve.solvers.vertex_enumeration import VertexEnumeration

pytestmark = pytest.mark.benchmark


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
    return solver.step(form, solver.init(form, 0), 10**9).profiles


@pytest.mark.parametrize(("kind", "n"), [(kind, n) for kind in ("normal", "integers") for n in (8, 10, 12, 14)])
def test_all_equilibria_of_random_games(kind: str, n: int) -> None:
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
    print(line)  # noqa: T201  what a benchmark is for


def quantecon(game: Array, repeats: int, count: int | None) -> float:
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    theirs = NormalFormGame((Player(game[0]), Player(np.ascontiguousarray(game[1].T))))
    assert count in (None, len(vertex_enumeration(theirs)))
    return seconds(lambda: vertex_enumeration(theirs), repeats)
