"""CFR and its kin beside an older checkout of this project, in turns, so that both meet the same noise.

    git worktree add ../older COMMIT
    EQSOLVE_OLDER=../older pytest -m benchmark -s -n 0 tests/benchmarks/test_against_older.py

Each checkout runs in a process of its own and steps when it is told to; turns are short, and who begins changes from
pair to pair. Told are CPU seconds per iteration: medians of each, the median of the pairs' ratios with their quartiles,
and the ratio of the minima. On a busy machine single pairs are off by tens of per cent, so a game counts as slower only
if both figures say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import pytest

pytestmark = pytest.mark.benchmark

HERE = Path(__file__).parents[2]
GAMES = {
    "Kuhn poker": "{kind: kuhn}",
    "Leduc poker": "{kind: leduc, merge_suits: false}",
    "liar's dice 1×6": "{kind: liars-dice, dice: 1, sides: 6}",
    "goofspiel 5": "{kind: goofspiel, cards: 5}",
    "Leduc poker, three players, suits merged": "{kind: leduc, players: 3}",
}
#: Others that share the sweep or its parts, on one game each.
KIN = ("cfr+ simultaneous", "cfr+ alternating-summed", "pcfr+", "hedge-cfr", "mmd", "fictitious-play")
#: CPU seconds of a turn, pairs of turns, and how much slower is too much.
TURN, PAIRS, MOST = 0.03, 60, 1.03

#: What runs in either checkout: it needs no more of the package than both have.
RUNNER = """
import sys, time
from eqsolve.solvers import SOLVERS
from eqsolve.spec.load import parse

algorithm, spec = sys.argv[1:]
name, _, update = algorithm.partition(" ")
form, solver = parse(spec, "benchmark").form, SOLVERS[name].load()(**({"update": update} if update else {}))
state = solver.step(form, solver.init(form, 0), 20)
print("ready", flush=True)
for line in sys.stdin:
    begin = time.thread_time()
    state = solver.step(form, state, int(line))
    print(time.thread_time() - begin, flush=True)
"""


class Runner:
    """A checkout that steps on demand, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout
        assert self.stdout.readline() == "ready\n"

    def seconds(self, iterations: int) -> float:
        """Return the CPU seconds that so many iterations take."""
        print(iterations, file=self.stdin, flush=True)
        return float(self.stdout.readline())


@contextmanager
def runner(checkout: Path, algorithm: str, spec: str) -> Iterator[Runner]:
    arguments = [sys.executable, "-c", RUNNER, algorithm, spec]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout
    ) as process:
        yield Runner(process)
        assert process.stdin is not None
        process.stdin.close()


def compare(older: Path, algorithm: str, game: str, spec: str) -> float:
    """Print one line; return by which factor this checkout is slower, as far as both figures agree."""
    with runner(older, algorithm, spec) as old, runner(HERE, algorithm, spec) as new:
        iterations = 1
        while (spent := old.seconds(iterations)) < TURN / 2:
            iterations *= 2
        iterations = max(1, round(iterations * TURN / spent))
        before, after = list[float](), list[float]()
        for pair in range(PAIRS):
            for one, times in ((old, before), (new, after)) if pair % 2 else ((new, after), (old, before)):
                times.append(one.seconds(iterations) / iterations)
    ratios = [b / a for a, b in zip(before, after, strict=True)]
    low, middle, high = quantiles(ratios, n=4)
    least = min(after) / min(before)
    print(  # noqa: T201  what a benchmark is for
        f"{algorithm:24} {game:42} {median(before) * 1e6:9.2f} → {median(after) * 1e6:9.2f} µs   "
        f"pairs {middle:.3f} ({low:.3f} … {high:.3f})   minima {least:.3f}",
        flush=True,
    )
    return min(middle, least)


@pytest.fixture
def older() -> Path:
    """The older checkout, named by EQSOLVE_OLDER."""
    named = os.environ.get("EQSOLVE_OLDER")
    if named is None:
        pytest.skip("EQSOLVE_OLDER names no older checkout")
    path = Path(named).resolve()
    assert (path / "eqsolve" / "__init__.py").exists(), f"EQSOLVE_OLDER={named} holds no eqsolve"
    return path


@pytest.mark.parametrize("game", GAMES)
def test_cfr_plus_is_no_slower(older: Path, game: str) -> None:
    assert compare(older, "cfr+", game, GAMES[game]) <= MOST


@pytest.mark.parametrize("algorithm", KIN)
def test_its_kin_is_no_slower(older: Path, algorithm: str) -> None:
    assert compare(older, algorithm, "Leduc poker", GAMES["Leduc poker"]) <= MOST
