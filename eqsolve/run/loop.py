"""`solve`: the only loop in the package. It runs any solver on any form it accepts and owns everything else:
measuring, the best answer, tolerances and limits, clocks, checkpoints, interruption.

1. the state is resumed or begins at iteration 0;
2. at measuring points n → max(n + 1, ⌈1.1 n⌉), in large trees further apart (run/schedule.py), a function of the
   iteration and the game only, the answer is judged;
3. the run ends when its gap is at most the tolerance at a measured point, at a limit, or at the method's own end;
4. between measuring points steps come in chunks of at most about 0.1 s, so that signals and limits are seen.

A point measured only because the run ends there may be the answer, but it enters no checkpoint: a run of 60
iterations, continued for 40, equals one of 100. Nothing is printed and no file is touched: `Hooks` hears of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter

from eqsolve.errors import CheckpointError, UsageError, WriteError
from eqsolve.forms.base import Profile
from eqsolve.forms.concept import Concept
from eqsolve.kernels import loading
from eqsolve.run.appraisal import Appraiser
from eqsolve.run.conclusion import Certificates, Certify, Listed, better, certified, timed, within
from eqsolve.run.hooks import Hooks, Progress
from eqsolve.run.iterating import advanced, iterates
from eqsolve.run.options import RunOptions
from eqsolve.run.records import Records
from eqsolve.run.result import Algorithm, Checkpoint, Clocks, Game, Judged, Result, Status, is_joint
from eqsolve.run.schedule import is_measuring_point, next_measuring_point, spacing
from eqsolve.solvers.protocol import ChecksStates, Enumerates, Finishes, Remarks, Samples, Solver
from eqsolve.solvers.state import MISFIT, flattened, restored

#: The length of one chunk of steps that is aimed at, in seconds.
CHUNK_SECONDS = 0.05
#: Calls of `step` one after another that move no iteration on; a run of more would never end.
MOST_IDLE = 100


def solve(
    game: Game,
    solver: Solver,
    algorithm: Algorithm,
    options: RunOptions,
    *,
    start: Profile | None = None,
    start_digest: str | None = None,
    resumed: Checkpoint | None = None,
    save: Callable[[Checkpoint], None] | None = None,
    hooks: Hooks | None = None,
    certify: Certify | None = None,
    read_seconds: float = 0.0,
) -> Result:
    """Run `solver` on `game` until a tolerance, a limit, its own end or a signal; every figure is measured afresh.

    `options.polish` says whether a support polish of the answer is tried. `save` receives a checkpoint every
    `options.checkpoint_every` seconds, on request and at the end. A resumed run's clocks go on; its time limit begins
    anew. `certify` makes exact certificates, of the answer and of each equilibrium listed, from the last state and the
    profile; its time is booked as finishing.
    """
    run = _Run(game, solver, algorithm, options, start_digest, hooks or Hooks(), Appraiser(game.form, solver, options))
    run.begin(start, resumed, read_seconds)
    return run.result(run.loop(save), certify)


@dataclass
class _Run:
    """One run in progress."""

    game: Game
    solver: Solver
    algorithm: Algorithm
    options: RunOptions
    start_digest: str | None
    hooks: Hooks
    appraiser: Appraiser

    def __post_init__(self) -> None:
        # a difference of probabilities has no payoffs to be relative to
        of_probabilities = self.algorithm.concept == Concept.QUANTAL
        self.tolerance = self.options.limits.tolerance(1.0 if of_probabilities else self.game.form.scale)
        self.several = isinstance(self.solver, Enumerates)
        self.apart = spacing(self.game.form, self.solver.visits() if isinstance(self.solver, Samples) else None)
        self.records = Records()
        self.current: Judged | None = None
        self.diverged = False

    def begin(self, start: Profile | None, resumed: Checkpoint | None, read_seconds: float) -> None:
        """Make the first state; most compiling and loading of kernels happens here, before the other clocks start."""
        form = self.game.form
        clocks = resumed.clocks if resumed else Clocks()
        self.clocks = replace(clocks, read=clocks.read + read_seconds)
        self.best = self.appraiser.confirmed(resumed.best) if resumed and resumed.best else None
        self.kept = resumed.records if resumed else 0
        self.resumed_at: int | None = None
        clock = perf_counter()
        state = self.solver.init(form, self.options.seed, start)
        if not hasattr(state, "iteration"):
            given = f"{self.algorithm.name}: init() gave a {type(state).__name__}"
            raise UsageError(f"{given}, expected a state", "a state is a NamedTuple with a field `iteration`, first 0")
        if resumed:
            state = restored(state, resumed.state)
            if isinstance(self.solver, ChecksStates) and not self.solver.is_state(form, state):
                raise CheckpointError(f"{MISFIT}: it points outside the game")
            self.resumed_at = int(state.iteration)
            self.hooks.resumed(resumed)
        self.state = advanced(self.solver, form, state, 0)
        self.appraiser.last_iterate(self.state, None, self.clocks)
        self.clocks = replace(self.clocks, load=self.clocks.load + perf_counter() - clock)

    def loop(self, save: Callable[[Checkpoint], None] | None) -> Status:
        """Steps and measurements until the run has a status."""
        self.chunk, idle = 1, 0
        states = iterates(self.game.form, self.solver, state=self.state, until=self.next_stop)
        next(states)
        began = saved = perf_counter()
        loaded = loading.seconds
        self.hooks.started()
        while True:
            n = int(self.state.iteration)
            if is_measuring_point(n, self.options.measure_every, self.apart):
                self.measure()
            request = self.hooks.signal()
            now = perf_counter()
            elapsed = now - began - (loading.seconds - loaded)
            status = self.status(n, elapsed, request == "stop")
            gaps = [None if m is None else m.record.gap.value for m in (self.current, self.best)]
            self.hooks.progress(Progress(n, elapsed, gaps[0], gaps[1], self.tolerance, self.options.limits))
            if save is not None and (
                status is not None or request == "checkpoint" or now - saved >= self.options.checkpoint_every
            ):
                try:
                    save(self.checkpoint())
                except WriteError as error:
                    self.hooks.unsaved(error)
                saved = perf_counter()
            if status is not None:
                return status
            with self.booked("work"):
                self.state = next(states)
            took = self.took
            steps = int(self.state.iteration) - n
            idle = 0 if steps > 0 else idle + 1
            if idle == MOST_IDLE:
                raise UsageError(f"{self.algorithm.name}: step() left the iteration at {n}")
            self.chunk = max(1, min(4 * steps, int(CHUNK_SECONDS * steps / max(took, 1e-9))))

    @contextmanager
    def booked(self, name: str) -> Iterator[None]:
        """Book the block's seconds on the clock `name`, but for those of loading, which has its own; `took`: these."""
        began, loaded = perf_counter(), loading.seconds
        yield
        loads = loading.seconds - loaded
        self.took = perf_counter() - began - loads
        self.clocks = replace(
            self.clocks, load=self.clocks.load + loads, **{name: getattr(self.clocks, name) + self.took}
        )

    def next_stop(self, n: int) -> int:
        """Where the next chunk of steps ends."""
        stop, most = (
            min(next_measuring_point(n, self.options.measure_every, self.apart), n + self.chunk),
            self.options.limits.max_iter,
        )
        return stop if most is None else min(stop, most)

    def measure(self) -> None:
        """Judge the answer where the run stands, and keep it if it is the best.

        Where a run was resumed at a measuring point, the trace and the checkpoint hold that record already.
        """
        try:
            with self.booked("check"):
                measured = self.appraiser.measure(self.state, self.clocks)
        except FloatingPointError:
            self.diverged = True
            return
        if measured is None:
            return
        self.current = timed(measured, self.clocks)
        n = self.current.record.iteration
        if n == self.resumed_at and is_measuring_point(n, self.options.measure_every, self.apart):
            return
        self.records.append(self.current.record)
        self.hooks.record(self.current)
        self.kept += 1
        self.best = better(self.best, self.current)

    def status(self, n: int, elapsed: float, stopped: bool) -> Status | None:
        """How the run ends here; None if it goes on."""
        if self.diverged:
            return Status.DIVERGED
        # a best of another answer, from a checkpoint, says nothing about the one that is asked for now
        if not self.several and self.met(self.best if self.options.answer == "best" else self.current):
            return Status.CONVERGED
        if isinstance(self.solver, Finishes) and self.solver.finished(self.state):
            return Status.EXHAUSTED
        if stopped:
            return Status.INTERRUPTED
        limits = self.options.limits
        if limits.max_iter is not None and n >= limits.max_iter:
            return Status.ITERATION_LIMIT
        if limits.time_limit is not None and elapsed >= limits.time_limit:
            return Status.TIME_LIMIT
        return None

    def final(self, status: Status) -> Status:
        """The status after a measurement that was taken only because the run ends."""
        if self.diverged:
            return Status.DIVERGED
        return Status.CONVERGED if not self.several and self.met(self.current) else status

    def met(self, measured: Judged | None) -> bool:
        """Whether its gap is at most the tolerance."""
        return measured is not None and self.tolerance is not None and measured.record.gap.value <= self.tolerance

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
            options=self.options,
            start_digest=self.start_digest,
        )

    def result(self, status: Status, certify: Certify | None) -> Result:
        """The answer asked for, the last iterate and, where the method finds several, all of them measured."""
        n = int(self.state.iteration)
        if not self.diverged and (self.current is None or self.current.record.iteration != n):
            self.measure()  # the last checkpoint is made: it does not hold this point
            status = self.final(status)
        last = None if self.diverged else self.appraiser.last_iterate(self.state, self.current, self.clocks)
        if self.current is not None:
            with self.booked("check"):
                self.current = self.appraiser.at_last(self.current, self.state, self.clocks)
        answer = better(self.best, self.current) if self.options.answer == "best" else self.current
        if self.options.answer == "best" and answer is not None and not self.several:
            answer = better(answer, last)
            if self.met(answer) and not self.diverged:
                status = Status.CONVERGED
        notes = tuple[str, ...]()
        if answer is not None and not is_joint(answer):
            with self.booked("finish"):
                answer, last, notes = self.appraiser.completed(answer, last)
        listed: Listed | None = None
        if isinstance(self.solver, Enumerates):
            with self.booked("check"):
                listed = within(self.appraiser, self.solver, self.state, self.tolerance, self.clocks)
        certificates = Certificates()
        if certify is not None:
            with self.booked("finish"):
                certificates = certified(certify, self.state, answer, listed)
        if isinstance(self.solver, Remarks):
            notes = (*notes, *self.solver.remarks(self.game.form, self.state))
        return Result(
            game=self.game,
            algorithm=self.algorithm,
            status=status,
            iterations=n,
            tolerance=self.tolerance,
            answer=None if answer is None or is_joint(answer) else answer,
            chosen="best" if self.options.answer == "best" else "final",
            last=None if last is None else last.record,
            equilibria=None if listed is None else listed.equilibria,
            complete=None if listed is None else listed.coverage,
            records=self.records.all(),
            seed=self.options.seed,
            clocks=self.clocks,
            exact=certificates.exact,
            exact_joint=certificates.exact_joint,
            exact_equilibria=certificates.exact_equilibria,
            joint=answer if answer is not None and is_joint(answer) else None,
            components=None if listed is None else listed.components,
            nash_subsets=None if listed is None else listed.nash_subsets,
            notes=notes,
        )
