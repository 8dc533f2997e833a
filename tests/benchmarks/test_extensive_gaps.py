"""Extensive games to a gap, beside OpenSpiel and LiteEFG.

Run `pytest -m benchmark -s -n 0 tests/benchmarks/test_extensive_gaps.py`. Whole processes from the shell, steps alone,
and iterations of our minimisers as a performance profile, which goes to results/extensive_gaps.json. Games, and which
peers there are, as in test_extensive.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.conftest import Record
from benchmarks.tables import Value
from benchmarks.test_extensive import GAMES, MERGED, Case, peer, say
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.metrics.judge import deviations
from eqsolve.run import auto
from eqsolve.run.iterating import iterates
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import parse

pytestmark = pytest.mark.benchmark

#: NashConv from the shell, and how long a peer may step for it.
GAPS, PATIENCE = (1e-2, 1e-4, 1e-6), 20.0
#: Games of the runs to a gap, and the methods that each library tries.
TO_A_GAP = (MERGED, "liar's dice 1×5", "goofspiel 4")
OURS = {
    "auto": [],
    "dcfr+": ["-a", "dcfr+"],
    "sapcfr+": ["-a", "sapcfr+"],
    "pcfr+ γ=5": ["-a", "pcfr+", "-p", "gamma=5"],
}
PEERS = {"OpenSpiel": ("CFRPlusSolver",), "LiteEFG": ("CFRplus", "DCFR", "PCFR")}
PEER = Path(__file__).with_name("peer_to_a_gap.py")


class Spent(NamedTuple):
    """A whole process: wall seconds from the shell, bytes at the peak, and what it told."""

    seconds: float
    peak: int
    told: dict[str, Any]


def spent(command: list[str], **environment: str) -> Spent:
    """The process run to its end, its last lines being JSON."""
    clock = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | environment, text=True
    )
    assert process.stdout is not None
    with process.stdout as stdout:
        out = stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - clock
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 4), (command, out[-500:])
    told = out[out.index("{") :] if out.startswith("{") else out.splitlines()[-1]
    return Spent(seconds, usage.ru_maxrss * 1024, json.loads(told))


def ours_to_a_gap(case: Case, name: str, nash_conv: float, folder: Path, **environment: str) -> Spent:
    """Stops at half of it on the Nash gap, so that NashConv is below for certain."""
    game = folder / "game.yaml"
    game.write_text(case.spec)
    limits = ["--tol", str(nash_conv / 2), "--time-limit", f"{PATIENCE}s", "--quiet", "--format", "json"]
    found = spent([sys.executable, "-m", "eqsolve", "solve", str(game), *OURS[name], *limits], **environment)
    run = found.told["run"]
    told = {"set_up": run["load_seconds"], "work": run["work_seconds"], "iterations": found.told["iterations"]}
    return found._replace(told=told | {"gap": found.told["nash_conv"]})


def tell(game: str, nash_conv: float, who: str, found: Spent) -> None:
    told = found.told
    short = "" if told["gap"] <= nash_conv else f"   NOT REACHED within {PATIENCE:g} s of steps: {told['gap']:.1e}"
    say(
        f"{game:<26} NashConv {nash_conv:.0e}  {who:<24} shell {found.seconds:7.2f} s   set-up {told['set_up']:6.2f} s"
        f"   steps {told['work']:9.4f} s ({told['iterations']})   peak {found.peak / 1e6:5.0f} MB{short}"
    )


@pytest.mark.parametrize("name", TO_A_GAP)
def test_from_the_shell_to_a_certified_gap(name: str, tmp_path: Path) -> None:
    """Whole processes: wall time, set-up (ours: compiling and loading), steps, peak memory. Ours cold (an empty kernel
    cache) and warm, by `auto` and by minimisers; peers by each of their methods. All measure at the same points.
    """
    case = GAMES[name]
    for nash_conv in GAPS:
        for method in OURS:
            cache = tmp_path / f"{method}-{nash_conv}"
            for state in ("cold", "warm"):
                found = ours_to_a_gap(case, method, nash_conv, tmp_path, EQSOLVE_CACHE_DIR=str(cache))
                tell(name, nash_conv, f"eqsolve {method}, {state}", found)
                assert found.told["gap"] <= nash_conv
        for who, methods in PEERS.items():
            if find_spec("pyspiel" if who == "OpenSpiel" else who) is None:
                say(f"{who} is not installed (extra `bench`)")
                continue
            for method in methods:
                arguments = [who, method, case.peer, str(nash_conv), str(PATIENCE)]
                tell(name, nash_conv, f"{who} {method}", spent([sys.executable, str(PEER), *arguments]))


def steps_to(form: SequenceForm, solver: Any, nash_conv: float) -> float:
    """Seconds of steps, in place as a run takes them, until NashConv of the average is small, as PEER counts them."""
    work, gap, state = 0.0, float("inf"), solver.init(form, 0)
    while gap > nash_conv:
        clock = time.perf_counter()
        state = solver.advance(form, state, max(1, -(-state.iteration // 10)))
        work += time.perf_counter() - clock
        gap = float(deviations(form, solver.answers(form, state)["average"]).regrets.sum())
    return work


def test_seconds_of_steps_on_merged_leduc_beside_the_better_peer() -> None:
    """To NashConv 1e-4, measured at the same points, each library by the best of its minimisers (so not by our linear
    programme), kernels loaded; the best of several runs each.
    """
    peer("pyspiel"), peer("LiteEFG")
    case, nash_conv = GAMES[MERGED], 1e-4
    form = parse(case.spec, "benchmark").form
    assert isinstance(form, SequenceForm)
    own = {name: min(steps_to(form, configured(name), nash_conv) for _ in range(8)) for name in MINIMISERS}
    theirs = {
        f"{who} {method}": min(
            (run.told["work"] if run.told["gap"] <= nash_conv else float("inf"))
            for run in (
                spent([sys.executable, str(PEER), who, method, case.peer, str(nash_conv), str(PATIENCE)])
                for _ in range(3)
            )
        )
        for who, methods in PEERS.items()
        for method in methods
    }
    best, other = min(own, key=own.__getitem__), min(theirs, key=theirs.__getitem__)
    for method, seconds in (own | theirs).items():
        say(f"{MERGED}, to NashConv {nash_conv:g}: {method:<24} {seconds:9.4f} s of steps")
    say(f"{best} beside {other}: {theirs[other] / own[best]:.0f} times quicker")
    assert theirs[other] / own[best] >= 150


MINIMISERS: dict[str, dict[str, Any]] = {
    "cfr+": {"gamma": 2.0},
    "dcfr": {},
    "dcfr+": {},
    "pcfr+": {"gamma": 5.0},
    "pdcfr+": {},
    "sapcfr+": {},
    "hs-pcfr+": {},
}


def configured(name: str) -> Any:
    return configure(SOLVERS[name].load(), MINIMISERS[name])


def test_iterations_to_a_gap(record: Record) -> None:
    """The minimisers compared: iterations to NashConv / 2, on a grid of factor 1.05, as a performance profile."""
    within = {1.0: Counter[str](), 1.5: Counter[str](), 2.0: Counter[str](), 4.0: Counter[str]()}
    table: dict[str, dict[str, int | None]] = {}
    for label, spec in PROFILE.items():
        form = parse(spec, "benchmark").form
        assert isinstance(form, SequenceForm)
        table[label] = {}
        for name in MINIMISERS:
            table[label][name] = iterations_to(form, configured(name), 1e-4 * form.payoff_range)
        chosen = auto.choose(form, start=True, wanted=1e-4 * form.payoff_range).row.name
        reached = [n for n in table[label].values() if n is not None]
        best, own = min(reached), table[label][chosen]
        cells = "  ".join(f"{name} {n if n is not None else '-':>6}" for name, n in table[label].items())
        say(f"{label:<24} {cells}  auto {chosen} ×{own / best if own else float('inf'):.2f}")
        counted: dict[str, Value] = {head(name): n for name, n in table[label].items()}
        record("iterations", label, counted | {"what `auto` takes": f"`{chosen}`"}, unit="iterations")
        for factor, counts in within.items():
            counts.update(name for name, n in table[label].items() if n is not None and n <= factor * best)
            counts["auto"] += own is not None and own <= factor * best
    for factor, counts in within.items():
        cells = "  ".join(f"{name} {counts[name]:>6}" for name in (*MINIMISERS, "auto"))
        say(f"within {factor:g} of the best    {cells}  of {len(PROFILE)} games")
        values = {head(name): counts[name] for name in (*MINIMISERS, "auto")}
        within_it = "the best itself" if factor == 1 else f"{factor:g} times"
        record("performance-profile", within_it, values, unit="games", first="at most")


def head(name: str) -> str:
    """Return the head of a minimiser's column: its name with the hyperparameters that are not its defaults."""
    said = (f"{GREEK.get(key, key)} = {value:g}" for key, value in MINIMISERS.get(name, {}).items())
    return " ".join([f"`{name}`", *said])


GREEK = {"gamma": "γ"}


PROFILE = {
    "Kuhn poker": "{kind: kuhn}",
    "Leduc poker": "{kind: leduc}",
    "Leduc, four ranks": "{kind: leduc, ranks: 4}",
    "Leduc, six ranks": "{kind: leduc, ranks: 6}",
    "Leduc, one raise": "{kind: leduc, raises: 1}",
    "Leduc, bets 1 and 8": "{kind: leduc, bets: [1, 8]}",
    "liar's dice 1×3": "{kind: liars-dice, dice: 1, sides: 3}",
    "liar's dice 1×4": "{kind: liars-dice, dice: 1, sides: 4}",
    "liar's dice 1×5": "{kind: liars-dice, dice: 1, sides: 5}",
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
