"""`solve`: the only loop in the package. It runs any solver on any form it accepts and owns everything else:
measuring, the best answer, tolerances and limits, clocks, checkpoints, interruption.

1. the state is resumed or begins at iteration 0;
2. at measuring points n → max(n + 1, ⌈1.1 n⌉), a function of the absolute iteration only, the answer is judged;
3. the run ends when its gap is at most the tolerance at a measured point, at a limit, or at the method's own end;
4. between measuring points steps come in chunks of at most about 0.1 s, so that signals and limits are seen.

A point measured only because the run ends there may be the answer, but it enters no checkpoint: a run of 60
iterations, continued for 40, equals one of 100. Nothing is printed and no file is touched: `Hooks` hears of all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.normal import NormalForm
from eqsolve.kernels.polish import support_polish
from eqsolve.metrics.cce import cce_gap
from eqsolve.metrics.judge import deviations
from eqsolve.result import Algorithm, Checkpoint, Clocks, Game, Measured, Record, Result, Status
from eqsolve.solvers.protocol import FindsSeveral, Finishes, Solver, State
from eqsolve.solvers.state import flattened, restored

#: Each measuring point is this much later than the one before.
GROWTH = 1.1
#: The length of one chunk of steps that is aimed at, in seconds.
CHUNK = 0.05
#: Relative tolerance where neither a tolerance nor a limit is given.
DEFAULT_RTOL = 1e-6
#: Limit of the loop's wall time where no limit is given, in seconds.
DEFAULT_TIME_LIMIT = 60.0


@dataclass(frozen=True)
class Limits:
    """When to stop. `tol` and `rtol` both None: no tolerance, the run does exactly what the limits say.

    `implicit_time` says that nobody asked for the time limit.
    """

    tol: float | None
    rtol: float | None
    max_iter: int | None
    time_limit: float | None
    implicit_time: bool = False

    @classmethod
    def of(cls, tol: float | None, rtol: float | None, max_iter: int | None, time_limit: float | None) -> Limits:
        """What the options mean together: a limit alone switches the default tolerance off; no limit means 60 s."""
        given = (("tol", tol), ("rtol", rtol), ("max-iter", max_iter), ("time-limit", time_limit))
        for name, value in given:
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise UsageError(f"{name}: expected a finite number of at least 0, got {value}")
        unlimited = max_iter is None and time_limit is None
        if tol is None and rtol is None and unlimited:
            rtol = DEFAULT_RTOL
        return cls(tol, rtol, max_iter, DEFAULT_TIME_LIMIT if unlimited else time_limit, unlimited)

    def tolerance(self, payoff_range: float) -> float | None:
        """The Nash gap that ends the run, in payoff units."""
        if self.tol is None and self.rtol is None:
            return None
        return max(self.tol or 0.0, (self.rtol or 0.0) * payoff_range)


@dataclass(frozen=True)
class Progress:
    """Where a run stands: seconds since the loop began, the latest and the least measured Nash gap."""

    iteration: int
    elapsed: float
    nash_gap: float | None
    best_nash_gap: float | None
    tolerance: float | None
    limits: Limits


class Hooks:
    """What a caller may hear and say while a run goes on; each does nothing unless overridden."""

    def started(self) -> None:
        """Kernels are loaded; from here on `signal` is asked at every chunk."""

    def record(self, measured: Measured) -> None:
        """An answer was measured."""

    def progress(self, progress: Progress) -> None:
        """A chunk of steps is done."""

    def resumed(self, checkpoint: Checkpoint) -> None:
        """The run continues from there."""

    def signal(self) -> str | None:
        """'stop', 'checkpoint' (write one and go on) or None."""
        return None


def next_measuring_point(n: int, every: int | None = None) -> int:
    """The first measuring point after iteration n: 0, 1, 2, …, 10, 11, 13, 15, …, or the multiples of `every`."""
    if every is not None:
        return (n // every + 1) * every
    point = 0
    while point <= n:
        point = max(point + 1, math.ceil(GROWTH * point))
    return point


def is_measuring_point(n: int, every: int | None = None) -> bool:
    """Whether iteration n is one."""
    return n == 0 or next_measuring_point(n - 1, every) == n


def iterates(
    form: Form,
    solver: Solver,
    *,
    seed: int = 0,
    start: Profile | None = None,
    state: State = None,
    until: Callable[[int], int] = lambda n: n + 1,
) -> Iterator[State]:
    """States of a run without end: the first (or `state`), then the one at iteration until(n) after each n."""
    if state is None:
        state = solver.init(form, seed, start)
    while True:
        yield state
        state = solver.step(form, state, until(state.iteration) - state.iteration)


def solve(
    game: Game,
    solver: Solver,
    algorithm: Algorithm,
    limits: Limits,
    *,
    answer: str = "best",
    start: Profile | None = None,
    start_digest: str | None = None,
    seed: int = 0,
    measure_every: int | None = None,
    polish: bool = False,
    resumed: Checkpoint | None = None,
    save: Callable[[Checkpoint], None] | None = None,
    save_every: float = 60.0,
    hooks: Hooks | None = None,
) -> Result:
    """Run `solver` on `game` until a tolerance, a limit, its own end or a signal; every figure is measured afresh.

    `answer` is 'best' (the measured point with the least Nash gap, of the answer the method stands by) or the name of
    an answer, then taken where the run ends. `polish` allows a support polish of the answer. `save` receives a
    checkpoint every `save_every` seconds, on request and at the end. A resumed run's clocks go on; its time limit
    begins anew.
    """
    run = _Run(game, solver, algorithm, limits, answer, seed, start_digest, measure_every, hooks or Hooks())
    run.judge = _Judge(game.form, solver, None if answer == "best" else answer, polish and answer == "best")
    run.begin(start, resumed)
    return run.result(run.loop(save, save_every))


class _Judge:
    """Takes the answer asked for from a state and measures it."""

    def __init__(self, form: Form, solver: Solver, answer: str | None, polish: bool) -> None:
        self.form = form
        self.solver = solver
        self.answer = answer
        self.polish = polish and isinstance(form, NormalForm)

    def measure(self, state: State, clocks: Clocks) -> Measured | None:
        """The answer, polished where that lowers its Nash gap; None while the method has none.

        FloatingPointError if the iterates have diverged.
        """
        answers = self.solver.answers(self.form, state)
        if self.answer is not None and answers and self.answer not in answers:
            raise UsageError(f"no answer '{self.answer}'; this method offers {', '.join(answers)}")
        name = self.answer or next(iter(answers), None)
        if name is None or name not in answers:
            return None
        measured = self.judged(name, answers[name], state, clocks)
        if self.polish and isinstance(self.form, NormalForm):
            better = support_polish(self.form.backup, measured.profile)
            if better is not None:
                profile = self.form.check(better).profile
                polished = self.judged(name, profile, state, clocks, polished=True)
                if polished.record.nash_gap < measured.record.nash_gap:
                    return polished
        return measured

    def judged(self, name: str, profile: Profile, state: State, clocks: Clocks, polished: bool = False) -> Measured:
        """`profile` with its figures."""
        if not all(np.isfinite(policy).all() for policy in profile):
            raise FloatingPointError
        plays = getattr(state, "plays", None)
        record = Record(
            iteration=int(state.iteration),
            answer=name,
            polished=polished,
            deviations=deviations(self.form, profile),
            potential=self.form.potential(profile),
            cce_gap=None if plays is None else cce_gap(self.form, plays),
            clocks=clocks,
        )
        return Measured(profile, record)

    def last_iterate(self, state: State, current: Measured | None, clocks: Clocks) -> Record | None:
        """The figures of the iterate itself, where the run stands: neither averaged (if it can be had) nor polished."""
        answers = self.solver.answers(self.form, state)
        name = "last" if "last" in answers else next(iter(answers), None)
        if name is None:
            return None
        if current is not None and current.record.answer == name and not current.record.polished:
            return current.record
        try:
            return self.judged(name, answers[name], state, clocks).record
        except FloatingPointError:
            return None


@dataclass
class _Run:
    """One run in progress."""

    game: Game
    solver: Solver
    algorithm: Algorithm
    limits: Limits
    answer: str
    seed: int
    start_digest: str | None
    measure_every: int | None
    hooks: Hooks

    def __post_init__(self) -> None:
        self.judge: _Judge
        self.tolerance = self.limits.tolerance(self.game.form.payoff_range)
        self.several = isinstance(self.solver, FindsSeveral)
        self.records: list[Record] = []
        self.current: Measured | None = None
        self.diverged = False

    def begin(self, start: Profile | None, resumed: Checkpoint | None) -> None:
        """The first state; compiling and loading of kernels happens here, before the other clocks start."""
        form = self.game.form
        self.clocks = resumed.clocks if resumed else Clocks()
        self.best = resumed.best if resumed else None
        self.kept = resumed.records if resumed else 0
        self.resumed_at: int | None = None
        clock = perf_counter()
        state = self.solver.init(form, self.seed, start)
        if resumed:
            state = restored(state, resumed.state)
            self.resumed_at = int(state.iteration)
            self.hooks.resumed(resumed)
        self.state = self.solver.step(form, state, 0)
        self.judge.last_iterate(self.state, None, self.clocks)
        self.clocks = replace(self.clocks, load=self.clocks.load + perf_counter() - clock)

    def loop(self, save: Callable[[Checkpoint], None] | None, save_every: float) -> Status:
        """Steps and measurements until the run has a status."""
        self.chunk = 1
        states = iterates(self.game.form, self.solver, state=self.state, until=self.next_stop)
        next(states)
        began = saved = perf_counter()
        self.hooks.started()
        while True:
            n = int(self.state.iteration)
            if is_measuring_point(n, self.measure_every) and n != self.resumed_at:
                self.measure(keep=True)
            request = self.hooks.signal()
            now = perf_counter()
            status = self.status(n, now - began, request == "stop")
            gaps = [None if m is None else m.record.nash_gap for m in (self.current, self.best)]
            self.hooks.progress(Progress(n, now - began, gaps[0], gaps[1], self.tolerance, self.limits))
            if save is not None and (
                status is not None or request == "checkpoint" or now - saved >= save_every
            ):
                save(self.checkpoint())
                saved = perf_counter()
            if status is not None:
                return status
            clock = perf_counter()
            self.state = next(states)
            took = perf_counter() - clock
            self.clocks = replace(self.clocks, work=self.clocks.work + took)
            steps = int(self.state.iteration) - n
            self.chunk = max(1, min(4 * steps, int(CHUNK * steps / max(took, 1e-9))))

    def next_stop(self, n: int) -> int:
        """Where the next chunk of steps ends."""
        stop = min(next_measuring_point(n, self.measure_every), n + self.chunk)
        return stop if self.limits.max_iter is None else min(stop, self.limits.max_iter)

    def measure(self, keep: bool) -> None:
        """Judge the answer where the run stands; `keep` it for the checkpoint's best."""
        clock = perf_counter()
        try:
            measured = self.judge.measure(self.state, self.clocks)
        except FloatingPointError:
            self.diverged = True
            return
        self.clocks = replace(self.clocks, check=self.clocks.check + perf_counter() - clock)
        if measured is None:
            return
        self.current = replace(measured, record=replace(measured.record, clocks=self.clocks))
        self.records.append(self.current.record)
        self.hooks.record(self.current)
        if keep:
            self.kept += 1
            self.best = _better(self.best, self.current)

    def status(self, n: int, elapsed: float, stopped: bool) -> Status | None:
        """How the run ends here; None if it goes on."""
        if self.diverged:
            return Status.DIVERGED
        if not self.several and self.met(self.best):
            return Status.CONVERGED
        if isinstance(self.solver, Finishes) and self.solver.finished(self.state):
            return Status.EXHAUSTED
        if stopped:
            return Status.INTERRUPTED
        if self.limits.max_iter is not None and n >= self.limits.max_iter:
            return Status.ITERATION_LIMIT
        if self.limits.time_limit is not None and elapsed >= self.limits.time_limit:
            return Status.TIME_LIMIT
        return None

    def met(self, measured: Measured | None) -> bool:
        """Whether its Nash gap is at most the tolerance."""
        return measured is not None and self.tolerance is not None and measured.record.nash_gap <= self.tolerance

    def checkpoint(self) -> Checkpoint:
        """All that is needed to go on from here."""
        return Checkpoint(
            state=flattened(self.state),
            best=self.best,
            records=self.kept,
            clocks=self.clocks,
            game_hash=self.game.hash,
            algorithm=self.algorithm.name,
            parameters=self.algorithm.parameters,
            seed=self.seed,
            start_digest=self.start_digest,
        )

    def result(self, status: Status) -> Result:
        """The answer asked for, the last iterate and, where the method finds several, all of them measured."""
        n = int(self.state.iteration)
        if not self.diverged and (self.current is None or self.current.record.iteration != n):
            self.measure(keep=False)
            if self.diverged:
                status = Status.DIVERGED
            elif not self.several and self.met(self.current):
                status = Status.CONVERGED
        answer = _better(self.best, self.current) if self.answer == "best" else self.current
        found, complete = None, None
        if isinstance(self.solver, FindsSeveral):
            profiles = self.solver.found(self.game.form, self.state)
            measured = [self.judge.judged("equilibrium", p, self.state, self.clocks) for p in profiles]
            # every one found is at most the tolerance away or is not listed; without one the default serves
            bound = self.tolerance
            if bound is None:
                bound = DEFAULT_RTOL * self.game.form.payoff_range
            found = tuple(m for m in measured if m.record.nash_gap <= bound)
            complete = self.solver.coverage(self.state)
        return Result(
            game=self.game,
            algorithm=self.algorithm,
            status=status,
            iterations=n,
            tolerance=self.tolerance,
            answer=answer,
            chosen="best" if self.answer == "best" else "final",
            last=None if self.diverged else self.judge.last_iterate(self.state, self.current, self.clocks),
            equilibria=found,
            complete=complete,
            records=tuple(self.records),
            seed=self.seed,
            clocks=self.clocks,
        )


def _better(one: Measured | None, other: Measured | None) -> Measured | None:
    """The one with the smaller Nash gap; the earlier where they are equal."""
    if one is None or other is None:
        return one or other
    return other if other.record.nash_gap < one.record.nash_gap else one
