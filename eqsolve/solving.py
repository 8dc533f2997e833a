"""From a game, an algorithm and the options of a run to a result: what `solve` does, of a program and of a user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from eqsolve.constructors import as_game
from eqsolve.errors import CheckpointError, UsageError
from eqsolve.exact.certificates import certificate, exact_game, joint_certificate
from eqsolve.forms.base import Form, Profile
from eqsolve.kernels.threads import threads as threads_at_work
from eqsolve.profiles.given import checked
from eqsolve.run import loop as run
from eqsolve.run.conclusion import Certify
from eqsolve.run.hooks import Hooks
from eqsolve.run.method import method
from eqsolve.run.options import RunOptions
from eqsolve.run.result import Algorithm, Checkpoint, Exact, ExactJoint, Game, Judged, is_joint
from eqsolve.solved import SolveResult
from eqsolve.solvers import Row
from eqsolve.solvers.own import blamed_on
from eqsolve.solvers.protocol import AnswersByLogit, Solver, SolvesExactly, SolvesJointExactly, State
from eqsolve.spec import stage
from eqsolve.spec.load import GameSpec
from eqsolve.store.checkpoint import read_checkpoint, write_checkpoint


def run_on(
    game: Any,
    algo: str | Solver,
    parameters: Mapping[str, Any],
    options: RunOptions,
    *,
    start: Any = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    hooks: Hooks | None = None,
) -> SolveResult:
    """Run `algo`, with `parameters` by the user's names, on `game`; return the measured answer.

    `game`, `algo` and `start` are what `eqsolve.solve` takes. With `resume` the run continues `checkpoint` where that
    file exists. Raises what `eqsolve.solve` raises.
    """
    if resume and checkpoint is None:
        raise UsageError("resume needs a checkpoint to continue")
    game = as_game(game)
    form = game.form
    wanted = options.limits.tolerance(form.scale)
    with stage(f"choosing an algorithm for {game.origin}") if algo == "auto" else nullcontext():
        row, solver, algorithm = method(form, algo, parameters, options.polish, starts=start is not None, wanted=wanted)
    if row.answers and options.answer not in ("best", *row.answers):
        raise UsageError(f"answer: {row.name} offers {', '.join(('best', *row.answers))}; got '{options.answer}'")
    profile, notes = start_of(form, row, start)
    digest = None if profile is None else sha256(form.pack(profile).tobytes()).hexdigest()
    resumed = None
    if resume and checkpoint is not None and checkpoint.exists():
        resumed = read_checkpoint(checkpoint)
        _require_same_run(resumed, checkpoint, game.hash, algorithm, options.seed, digest)
    certify = _certifier(game, solver) if options.exact else None
    # the method's own hyperparameter says whether answers are polished
    polish = row.polish and algorithm.parameters["polish"] is True
    with threads_at_work(options.threads), blamed_on(row), _doubting(None if resumed is None else checkpoint):
        result = run.solve(
            Game(form, game.kind, game.name, game.hash),
            solver,
            algorithm,
            replace(options, polish=polish),
            start=profile,
            start_digest=digest,
            resumed=resumed,
            save=None if checkpoint is None else lambda made: write_checkpoint(checkpoint, made),
            hooks=hooks,
            certify=certify,
            read_seconds=game.reading_seconds,
        )
    able, certified = isinstance(solver, SolvesExactly | SolvesJointExactly), result.exact or result.exact_joint
    if able and certified is not None and certified.of == "answer":
        notes = (*notes, f"{row.name} gave no better solution in fractions: the exact figures are those of its answer")
    return SolveResult.of(replace(result, notes=(*game.family.remarks, *notes, *result.notes)), game)


def profile_of(given: Any) -> Any:
    """Return the answer of a result; anything else as it is."""
    return given.profile if isinstance(given, SolveResult) else given


def start_of(form: Form, row: Row, start: Any) -> tuple[Profile | None, tuple[str, ...]]:
    """The profile to start from, checked, and what a user should know about it."""
    if start is None:
        return None, ()
    profile, notes, _ = checked(form, profile_of(start))
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
        ("seed", checkpoint.options.seed, seed),
        ("start", checkpoint.start_digest, digest),
    ):
        if before != now:
            raise CheckpointError(
                f"{path}: the checkpoint is of another run: its {what} is {before}, this run's is {now}"
            )


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
        raise UsageError("exact: logit responses are no fractions and cannot be certified; Nash equilibria can")
    if isinstance(solver, SolvesExactly | SolvesJointExactly):
        solver.require_rationals()
    leaves, form = exact_game(game), game.form

    def certify(state: State, judged: Judged) -> Exact | ExactJoint:
        if is_joint(judged):
            joint = solver.joint_solution(form, state, leaves) if isinstance(solver, SolvesJointExactly) else None
            return joint_certificate(leaves, judged.answer, judged.record.concept, joint)
        solution = None
        if isinstance(solver, SolvesExactly):
            solution = solver.solution(form, state, leaves, judged.answer)
        return certificate(form, leaves, judged.answer, solution)

    return certify
