"""What is known of a game before it is solved: its sizes, its structure with evidence, and what solving it costs.

Costs are of this machine, now. Time per iteration: some real steps of each algorithm that accepts the game, after its
kernels are loaded. Memory: the arrays of the game, of the solver's state, of a few profiles and of the judge are
counted, and where the process grew by more than that while the steps were timed, what it grew by counts.
Nothing is run that would take more than half of the memory there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from eqsolve import memory
from eqsolve.analysis.dominance import Dominance, dominance
from eqsolve.analysis.evidence import evidence, tables
from eqsolve.analysis.finding import Finding
from eqsolve.analysis.structure import structure
from eqsolve.forms.base import Form
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.forms.rules import MAX_LEAVES
from eqsolve.forms.traits import Structure
from eqsolve.kernels import loading
from eqsolve.metrics.judge import deviations
from eqsolve.metrics.judges import judge_of
from eqsolve.run import auto, fit
from eqsolve.run.loop import CHUNK_SECONDS
from eqsolve.run.method import make_solver
from eqsolve.run.options import seed_of
from eqsolve.run.result import Game
from eqsolve.solvers import SOLVERS, Row
from eqsolve.solvers.limits import Counted
from eqsolve.solvers.programmes.correlated_lp import CorrelatedLP
from eqsolve.solvers.protocol import Enumerates, Finishes
from eqsolve.spec import stage
from eqsolve.spec.load import GameSpec

#: Cycles drawn in search of a violation, and the seconds after which no more are drawn, unless told otherwise.
CYCLES, SECONDS = 200, 1.0
#: Steps of one algorithm are timed for about this long.
TIMED = 0.2
#: Profiles alive at once in a run: state, answer, best answer, copies on the way to the judge.
PROFILES = 12
#: Where a player's payoff tensor has more entries, no method is timed that ends in a single step.
LONG_STEP = 50_000
#: A linear programme of correlated equilibria is timed up to this many entries: a second.
LONG_PROGRAMME = 500_000
#: Where judging one answer takes more seconds, no steps are timed: each takes about as long, of every algorithm.
LONG_JUDGING = 5.0
#: What building a payoff tensor takes, in sizes of the tensor: itself, and tables of actions and loads.
TENSOR_TABLES = 4
#: Growth of the process below this is noise, in bytes.
NOISE = 2**20


@dataclass(frozen=True)
class Estimate:
    """`seconds` per iteration and `memory` in bytes, the game's included; None with the reason in `note`."""

    seconds: float | None
    memory: int | None
    note: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An algorithm: why it does not accept the game, or what it would cost."""

    row: Row
    misfit: str | None
    estimate: Estimate | None


@dataclass(frozen=True)
class Survey:
    """`findings` are empty where the game is too large to look at (`note` says so). `judging`: seconds to judge once.

    `dominance`: what survives elimination, of games by payoff tensors.

    `program`: bytes of the process without the game, None where the system does not tell.

    `remarks`: what a user should know about how the spec was read.
    """

    game: Game
    findings: tuple[Finding, ...]
    dominance: tuple[Dominance, ...]
    candidates: tuple[Candidate, ...]
    chosen: str
    reason: str
    judging: float | None
    program: int | None
    note: str | None
    remarks: tuple[str, ...]


def survey(game: GameSpec, *, seed: int = 0, cycles: int | None = None) -> Survey:
    """Everything above. `cycles`: so many exactly, however long they take; None: CYCLES or as many as 1 s allows."""
    seed, form = seed_of(seed), game.form
    with stage(f"choosing an algorithm for {game.origin}"):
        row, reason, _ = auto.choose(form)
    found = structure(form)
    misfits = {name: fit.misfit(row, form, found) for name, row in SOLVERS.items()}
    arrays = memory.held(game.files, game.family, form, form.arrays)
    profiles = PROFILES * 8 * int(form.offsets[-1])
    note = _too_large(form, profiles)
    findings: tuple[Finding, ...] = ()
    dominated: tuple[Dominance, ...] = ()
    judging, judged = None, 0
    program: int | None = None
    if note is None:
        with stage(f"judging profiles of {game.origin}"):
            judging, judged = _judge(form)
        with stage(f"looking for structure in {game.origin}"):
            if form.tensor_bytes is not None and (table := tables(form)) is not None:
                dominated = dominance(cast(TensorGame, table))
            findings = evidence(form, seed, CYCLES if cycles is None else cycles, SECONDS if cycles is None else None)
    candidates = []
    for name, why in misfits.items():
        estimate = None
        if why is None and judging is not None and judging > LONG_JUDGING:
            estimate = Estimate(
                None, arrays + profiles + judged, f"not timed: measuring one answer takes {judging:.2g} s"
            )
        elif why is None:
            with stage(f"timing {name} on {game.origin}"):
                estimate = _estimate(SOLVERS[name], form, arrays, profiles + judged, note)
        candidates.append(Candidate(SOLVERS[name], why, estimate))
    now = memory.resident()
    if now is not None:
        program = max(0, now - arrays)
    whole = Game(form, game.kind, game.name, game.hash)
    return Survey(
        whole,
        findings,
        dominated,
        tuple(candidates),
        row.name,
        reason,
        judging,
        program,
        note,
        game.family.remarks,
    )


def _too_large(form: Form, needed: int) -> str | None:
    """Why nothing of this size is run here, if so."""
    if (leaves := Counted.LEAVES.of(form) or 0) > MAX_LEAVES:
        return f"{leaves} leaves are too many to look at one by one"
    available = memory.available()
    if available is None or needed <= available / 2:
        return None
    half = f"more than half of the {memory.gib(available)} of memory that are free"
    return f"profiles alone take {memory.gib(needed)}, {half}"


def _judge(form: Form) -> tuple[float, int]:
    """Seconds to judge a profile, kernels loaded, and the bytes of the judge's tables."""
    profile = form.neutral()
    tables = judge_of(form).table_bytes(form, profile)
    clock, loaded = perf_counter(), loading.seconds
    with memory.Peak() as peak:
        deviations(form, profile)
    tables = max(tables, peak.growth if peak.growth > NOISE else 0)
    took = perf_counter() - clock - (loading.seconds - loaded)
    return took if took > LONG_JUDGING else _mean(lambda: deviations(form, profile)), tables


def _mean(action: Callable[[], object]) -> float:
    """Seconds of one run of several, the mean."""
    clock, runs = perf_counter(), 0
    while runs < 1 or (perf_counter() - clock < TIMED / 2 and runs < 100):
        action()
        runs += 1
    return (perf_counter() - clock) / runs


def _estimate(row: Row, form: Form, arrays: int, around: int, note: str | None) -> Estimate:
    """What the algorithm costs on the game; `around` is what any run needs beside the solver's state."""
    if note is not None:
        return Estimate(None, arrays + around, "not timed: the game is too large")
    solver = make_solver(row, {}, form)
    tensor = (form.tensor_bytes or 0) if Structure.TENSOR in row.needs else 0
    one_step = isinstance(solver, Finishes) and not isinstance(solver, Enumerates)
    if isinstance(solver, CorrelatedLP) and solver.extent(cast(NormalForm, form)) > LONG_PROGRAMME:
        return Estimate(None, arrays + around, "one long step, not timed at this size")
    state = solver.step(form, solver.init(form, 0), 0)
    counted = arrays + around + 3 * memory.held(state) + 8 * getattr(form.arrays, "scratch", 0)
    if tensor > memory.held(form):
        counted += TENSOR_TABLES * tensor
    long = one_step and tensor > 8 * LONG_STEP * len(form.players)
    if long or not fit.is_quick(row, form):
        return Estimate(None, counted, "one long step, not timed at this size")
    seconds, last = _per_step(solver, form, state)
    with memory.Peak() as peak:
        state = solver.step(form, solver.init(form, 0), 1)
        solver.answers(form, last)
    # smaller growth is the allocator's business
    return Estimate(seconds, max(counted, arrays + peak.growth if peak.growth > NOISE else 0))


def _per_step(solver: Any, form: Form, first: Any) -> tuple[float, Any]:
    """Mean seconds a step, and the last state.

    The first call loads what is left to load, which does not count; it counts itself only where it is long anyway.
    """
    clock, loaded = perf_counter(), loading.seconds
    state = solver.step(form, first, 1)
    took = perf_counter() - clock - (loading.seconds - loaded)
    if took > TIMED:
        return took, state
    spent, done, steps, restarts = 0.0, 0, 1, 0
    while spent < TIMED and restarts < 100:
        if isinstance(solver, Finishes) and solver.finished(state):
            state, restarts = first, restarts + 1
        clock, loaded = perf_counter(), loading.seconds
        following = solver.step(form, state, steps)
        took = perf_counter() - clock - (loading.seconds - loaded)
        taken = int(following.iteration) - int(state.iteration)
        spent, done, state = spent + took, done + taken, following
        steps = max(1, min(4 * taken, int(CHUNK_SECONDS * taken / max(took, 1e-9))))
    return spent / done, state
