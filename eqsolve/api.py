"""The calls a notebook makes; the command line makes the same: `solve`, `deviations`, `iterates`, `warmup`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

from eqsolve.arguments import by_name, nonnegative, path, whole
from eqsolve.constructors import as_game, load
from eqsolve.errors import CheckpointError, UsageError
from eqsolve.exact.certificates import certificate, joint_certificate, told
from eqsolve.forms.base import Form, Profile
from eqsolve.kernels.threads import threads as threads_at_work
from eqsolve.metrics import judge
from eqsolve.metrics.deviations import Deviations
from eqsolve.profiles.given import checked
from eqsolve.run import auto
from eqsolve.run import loop as run
from eqsolve.run.loop import Certify, Hooks
from eqsolve.run.method import method
from eqsolve.run.result import Algorithm, Checkpoint, Exact, ExactJoint, Game, Judged, MeasuredJoint
from eqsolve.run.schedule import Limits
from eqsolve.solved import SolveResult
from eqsolve.solvers import Row
from eqsolve.solvers.own import blamed_on
from eqsolve.solvers.protocol import AnswersByLogit, Solver, SolvesExactly, SolvesJointExactly, State
from eqsolve.spec import stage
from eqsolve.spec.load import GameSpec
from eqsolve.store.checkpoint import read_checkpoint, write_checkpoint

__all__ = ["deviations", "iterates", "load", "solve", "warmup"]

#: Seeds are unsigned 64-bit numbers.
SEEDS = 2**64


def deviations(game: Any, policies: Any, *, normalise: bool = False) -> Deviations:
    """Return values and regrets of a profile.

    `game` is whatever `solve` takes. `policies`: a list with an array (or nested lists) per player; or a mapping by
    labels, {player: {action: p}} or {player: {state or information set: {action: p}}}, in which rows that are not named
    are uniform; or a result of `solve`. Numbers may be texts such as "1/3". With `normalise` rows whose sums miss 1 by
    up to 0.1, as those of rounded decimals do, are divided by them. ProfileError where that is no profile of the game.
    """
    form = game if isinstance(game, Form) else as_game(game).form
    return judge.deviations(form, checked(form, _profile_of(policies), normalise=normalise).profile)


def solve(
    game: Any,
    algo: str | Solver = "auto",
    parameters: Mapping[str, Any] | None = None,
    *,
    tol: float | None = None,
    rtol: float | None = None,
    max_iter: int | None = None,
    time_limit: float | None = None,
    answer: str = "best",
    start: Any = None,
    seed: int = 0,
    measure_every: int | None = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_every: float = 60.0,
    resume: bool = False,
    hooks: Hooks | None = None,
    exact: bool = False,
    threads: int = 1,
    polish: bool | None = None,
) -> SolveResult:
    """Solve `game` and measure how far the answer is from an equilibrium: Nash, or what the method looks for.

    `game`: a game from `load`, `matrix`, `markov`, `congestion`, `extensive` or `parse`; or what these take, a path, a
    name `@family/name`, a dict, payoffs (a tuple has one array per player), rules; or a form or a family of your own.
    `algo`: the name of an algorithm, ours or another package's, or an object with the three methods of a solver, whose
    hyperparameters are its own; it is judged like any other.

    `tol` is absolute, on that gap in payoff units; `rtol` is relative to the payoff range; `time_limit` and
    `checkpoint_every` are in seconds. With `resume` a run continues `checkpoint` where that file exists. With `exact`
    the result holds a certificate in rational arithmetic too (extensive games, normal forms). Regret matchers of the
    CFR family spread sweeps over a large game over `threads`; the result is the same, bit for bit. `polish=False` takes
    answers as their method gives them, whichever it is (it is the hyperparameter of that name). Raises UsageError,
    MismatchError (the algorithm does not accept the game), ProfileError (the start is no profile of it), StoreError
    (the checkpoint is another run's), InputError (with `exact`: chances are rounded), WriteError.
    """
    seed, threads = whole("seed", seed), whole("threads", threads)
    max_iter = None if max_iter is None else whole("max-iter", max_iter)
    measure_every = None if measure_every is None else whole("measure-every", measure_every)
    file = None if checkpoint is None else path("checkpoint", checkpoint)
    checkpoint_every = nonnegative("checkpoint-every", checkpoint_every)
    parameters = by_name("parameters", {} if parameters is None else parameters)
    if not 0 <= seed < SEEDS:
        raise UsageError(f"seed: expected a whole number from 0 to 2^64 − 1, got {seed}")
    if measure_every is not None and measure_every < 1:
        raise UsageError(f"measure-every: expected a whole number of at least 1, got {measure_every}")
    if threads < 1:
        raise UsageError(f"threads: expected a whole number of at least 1, got {threads}")
    if resume and file is None:
        raise UsageError("resume needs a checkpoint to continue")
    game = as_game(game)
    form = game.form
    limits = Limits.of(tol, rtol, max_iter, time_limit)
    wanted = limits.tolerance(form.payoff_range)
    with stage(f"choosing an algorithm for {game.origin}") if algo == "auto" else nullcontext():
        row, solver, algorithm = method(form, algo, parameters, polish, starts=start is not None, wanted=wanted)
    if row.answers and answer not in ("best", *row.answers):
        raise UsageError(f"answer: {row.name} offers {', '.join(('best', *row.answers))}; got '{answer}'")
    profile, notes = _start(form, row, start)
    digest = None if profile is None else sha256(form.pack(profile).tobytes()).hexdigest()
    resumed = None
    if resume and file is not None and file.exists():
        resumed = read_checkpoint(file)
        _require_same_run(resumed, file, game.hash, algorithm, seed, digest)
    certify = _certifier(game, solver) if exact else None
    with threads_at_work(threads), blamed_on(row), _doubting(None if resumed is None else file):
        result = run.solve(
            Game(form, game.kind, game.name, game.hash),
            solver,
            algorithm,
            limits,
            answer=answer,
            start=profile,
            start_digest=digest,
            seed=seed,
            measure_every=measure_every,
            polish=row.polish and algorithm.parameters["polish"] is True,
            resumed=resumed,
            save=None if file is None else lambda made: write_checkpoint(file, made),
            save_every=checkpoint_every,
            hooks=hooks,
            certify=certify,
            read_seconds=game.reading_seconds,
        )
    able, certified = isinstance(solver, SolvesExactly | SolvesJointExactly), result.exact or result.exact_joint
    if able and certified is not None and certified.of == "answer":
        notes = (*notes, f"{row.name} came to no better solution in rationals: the exact figures are of the answer")
    return SolveResult.of(replace(result, notes=(*game.family.remarks, *notes, *result.notes)), game)


@contextmanager
def _doubting(checkpoint: Path | None) -> Iterator[None]:
    """Turn failures that only a state which no run leaves can cause into CheckpointError, where one was resumed."""
    try:
        yield
    except CheckpointError as error:
        raise CheckpointError(f"{checkpoint}: {error.message}") from error
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        if checkpoint is None:
            raise
        what = " ".join(str(error).split())[:200]
        raise CheckpointError(f"{checkpoint}: no run can go on from this state: {what}") from error


def _certifier(game: GameSpec, solver: Solver) -> Certify:
    """Make the certificates of a run's last state; why there can be none is raised before the run."""
    if isinstance(solver, AnswersByLogit) and solver.asked_precision(game.form) is not None:
        raise UsageError("exact: logit responses are no fractions, and are not certified", "Nash equilibria are")
    if isinstance(solver, SolvesExactly | SolvesJointExactly):
        solver.require_rationals()
    leaves, form = told(game), game.form

    def certify(state: State, judged: Judged) -> Exact | ExactJoint:
        if isinstance(judged, MeasuredJoint):
            joint = solver.joint_solution(form, state, leaves) if isinstance(solver, SolvesJointExactly) else None
            return joint_certificate(leaves, judged.joint, judged.record.concept, joint)
        solution = None
        if isinstance(solver, SolvesExactly):
            solution = solver.solution(form, state, leaves, judged.profile)
        return certificate(form, leaves, judged.profile, solution)

    return certify


def iterates(
    game: Any,
    algo: str | Solver,
    parameters: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    start: Any = None,
    every: int = 1,
) -> Iterator[tuple[int, dict[str, Profile]]]:
    """Yield (iteration, answers by name) of a run without end, at the start and after every `every` iterations.

    `game` and `algo` are what `solve` takes, but for "auto".
    """
    seed = whole("seed", seed)
    if (every := whole("every", every)) < 1:
        raise UsageError(f"every: expected a whole number of at least 1, got {every}")
    form = as_game(game).form
    parameters = by_name("parameters", {} if parameters is None else parameters)
    row, solver, _ = method(form, algo, parameters, starts=start is not None)
    profile, _ = _start(form, row, start)
    for state in run.iterates(form, solver, seed=seed, start=profile, until=lambda n: n + every):
        yield int(state.iteration), dict(solver.answers(form, state))


def warmup(game: Any = None, algo: str | None = None) -> None:
    """Compile and cache every kernel: each algorithm once on a small game of each representation that it accepts.

    Of a `game`, whatever `solve` takes, only what `algo` needs, or every algorithm that accepts it: one iteration each.
    Methods whose first step takes long in a game of its size are then left out. `eqsolve.kernels.on_compile` hears of
    each kernel that was not cached yet. Raises what `solve` does.
    """
    from eqsolve.spec.load import parse

    if game is not None:
        given = as_game(game)
        rows = auto.fitting(given.form)
        for name in (algo,) if algo is not None else (row.name for row in rows if auto.is_quick(row, given.form)):
            solve(given, name, max_iter=1)
        return
    for text in WARMUP_GAMES:
        game = parse(text, "warmup")
        for row in auto.fitting(game.form):
            if auto.is_quick(row, game.form):
                solve(game, row.name, max_iter=WARMUP_ITERATIONS)


#: The third profile of supports of the game of three players is the first that floats leave open.
WARMUP_ITERATIONS = 3
#: One game for each type of arrays that kernels take, and one of several players for what two have otherwise.
WARMUP_GAMES = (
    "{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}",
    # small tables are pivoted by Python itself
    "{kind: random-matrix, players: 2, actions: [16, 16], seed: 0}",
    "{kind: random-matrix, players: 2, actions: [16, 16], structure: zero-sum, seed: 0}",
    "{kind: matrix, common: [[[1, 1, 0]]]}",
    """
    kind: congestion
    players: 2
    resources: {a: {affine: [1, 0]}, b: {affine: [1, 1]}}
    strategies: [[a], [b]]
    """,
    """
    kind: distancing
    players: 2
    weights: {A: 1, B: 2}
    penalty: 1
    spread_above: 1
    safe_at_most: 1
    discount: 0.5
    start: [1, 0]
    """,
    """
    kind: markov
    discount: 0.5
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: [[[[1], [1]], [[1], [1]]]]
    start: [1]
    """,
    """
    kind: markov
    discount: 0.5
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: {sparse: [[0, 0, 0, 0, 1]]}
    start: [1]
    """,
    """
    kind: markov
    discount: 0.5
    horizon: 2
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: [[[[1], [1]], [[1], [1]]]]
    start: [1]
    """,
    "{kind: routing, players: 2, layers: 1}",
    "{kind: routing, players: 2, layers: 1, policy: local}",
    # the lanes, hands and seats of the catalogue's games
    "{kind: extensive, players: 2, root: {player: 0, infoset: I, actions: {a: {payoffs: [1, -1]}}}}",
    "{kind: kuhn}",
    "{kind: kuhn, players: 3}",
    "{kind: leduc, raises: 1, merge_suits: false}",
)


def _profile_of(given: Any) -> Any:
    """Return the answer of a result; anything else as it is."""
    return given.profile if isinstance(given, SolveResult) else given


def _start(form: Form, row: Row, start: Any) -> tuple[Profile | None, tuple[str, ...]]:
    """The profile to start from, checked, and what a user should know about it."""
    if start is None:
        return None, ()
    profile, notes, _ = checked(form, _profile_of(start))
    zeros = sum(int((policy == 0).sum()) for policy in profile)
    if row.keeps_zeros and zeros:
        notes = (*notes, f"the start has {zeros} probabilities of 0, which {row.name} never changes")
    return profile, notes


def _require_same_run(
    checkpoint: Checkpoint, path: Path, game_hash: str, algorithm: Algorithm, seed: int, digest: str | None
) -> None:
    """CheckpointError that names the first difference if `checkpoint` was made by another run."""
    theirs, ours = checkpoint.parameters, algorithm.parameters
    for what, before, now in (
        ("game", checkpoint.game_hash, game_hash),
        ("algorithm", checkpoint.algorithm, algorithm.name),
        *((f"parameter {name}", theirs.get(name), ours.get(name)) for name in {**theirs, **ours}),
        ("seed", checkpoint.seed, seed),
        ("start", checkpoint.start_digest, digest),
    ):
        if before != now:
            raise CheckpointError(
                f"{path}: the checkpoint is of another run: its {what} is {before}, this run's is {now}"
            )
