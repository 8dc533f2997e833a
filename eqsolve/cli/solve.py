"""`eqsolve solve`: from a spec to an answer with its measured regret."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eqsolve.cli import completion
from eqsolve.cli.options import (
    SHOWN_ROWS,
    Certified,
    Debug,
    Format,
    GameFile,
    NoProvenance,
    Normalise,
    OutputFormat,
    Quiet,
    ShowProfile,
    Verbose,
    algorithm_option,
    answer_option,
    duration,
    number,
    option,
    set_threads,
    whole,
)
from eqsolve.cli.outputs import is_same_run, refuse_shared_names, require_listing, written
from eqsolve.cli.streams import open_log, say, width
from eqsolve.errors import InputError, UsageError, WriteError

if TYPE_CHECKING:
    from eqsolve.run.result import Result
    from eqsolve.spec.load import GameSpec


def solve(
    game: GameFile,
    every: Annotated[
        bool, typer.Option("--all", help="List all equilibria, where a method for such games can.")
    ] = False,
    algo: Annotated[
        str | None,
        algorithm_option("Algorithm (eqsolve algos). Default: the spec's, else auto."),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            metavar="NAME=VALUE",
            help="A hyperparameter; may be repeated. See eqsolve algos NAME.",
            autocompletion=completion.parameters,
        ),
    ] = None,
    tol: Annotated[
        str | None, typer.Option("--tol", metavar="X", help="Stop at a measured gap of at most X payoff units.")
    ] = None,
    rtol: Annotated[
        str | None,
        typer.Option(
            "--rtol",
            metavar="X",
            help="Stop at a gap of at most X times the payoff range. Default: 1e-6 if no other limit is given.",
        ),
    ] = None,
    max_iter: Annotated[
        str | None, typer.Option("--max-iter", metavar="N", help="Stop at iteration N; a resumed run goes on counting.")
    ] = None,
    time_limit: Annotated[
        str | None,
        typer.Option(
            "--time-limit", metavar="T", help="Stop after T: 90, 90s, 5m or 1h. Default: 60s if no limit is given."
        ),
    ] = None,
    answer: Annotated[
        str,
        answer_option(
            "The answer: best (that with the least gap measured), or the last one of a name: last, average …"
        ),
    ] = "best",
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="FILE", help="Begin at this profile: a policy file, JSON, or NE lines."),
    ] = None,
    normalise: Normalise = False,
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Seed of all random numbers.")] = "0",
    threads: Annotated[
        str,
        typer.Option(
            "--threads",
            metavar="N",
            help="Threads for linear algebra, and for the CFR family in large games, which ends alike for any N.",
        ),
    ] = "1",
    measure_every: Annotated[
        str | None,
        typer.Option(
            "--measure-every",
            metavar="N",
            help="Measure every N iterations. Default: each time about 10 % later; in large trees up to 800 later.",
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", metavar="FILE", help="Keep the run's state in this file.")
    ] = None,
    checkpoint_every: Annotated[
        str,
        typer.Option("--checkpoint-every", metavar="T", help="Write the checkpoint every 60s, 5m …, and at the end."),
    ] = "60s",
    exact: Certified = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue from --checkpoint where that file exists.")
    ] = False,
    output_format: OutputFormat = Format.TEXT,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write the answer as a policy file (.npz).")
    ] = None,
    save_all: Annotated[
        Path | None,
        typer.Option(
            "--save-all",
            metavar="FOLDER",
            help="List all equilibria (--all) and write each there: 0001.npz, 0002.npz …",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    trace: Annotated[
        Path | None, typer.Option("--trace", metavar="FILE", help="Write each measured point as a line of JSON.")
    ] = None,
    trace_profiles: Annotated[
        bool, typer.Option("--trace-profiles", help="Write the profile of each measured point, too.")
    ] = False,
    profile: ShowProfile = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help="Append what is printed on stderr to FILE, with times.")
    ] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on stderr.")] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colour in the progress bar, as with NO_COLOR=1.")
    ] = False,
    no_provenance: NoProvenance = False,
    debug: Debug = False,
) -> None:
    """Solve GAME and measure the answer's regret.

    \b
    eqsolve solve @matrix/matching-pennies
    eqsolve solve game.yaml --algo inpg -p step=0.1 --tol 1e-6 -o policy.npz
    eqsolve solve game.yaml --time-limit 1h --checkpoint run.ckpt --resume
    """
    from eqsolve.cli.interrupted import unanswered
    from eqsolve.cli.signals import Signals
    from eqsolve.run.options import RunOptions

    options = RunOptions.of(
        tol=option("--tol", tol, number, 0),
        rtol=option("--rtol", rtol, number, 0),
        max_iter=option("--max-iter", max_iter, whole, 0),
        time_limit=option("--time-limit", time_limit, duration, 0),
        answer=answer,
        measure_every=option("--measure-every", measure_every, whole, 1),
        checkpoint_every=option("--checkpoint-every", checkpoint_every, duration, 0),
        seed=option("--seed", seed, whole, 0),
        threads=option("--threads", threads, whole, 1),
        exact=exact,
    )
    set_threads(options.threads)
    if resume and checkpoint is None:
        raise UsageError("--resume needs --checkpoint FILE")
    if trace_profiles and trace is None:
        raise UsageError("--trace-profiles needs --trace FILE")
    outputs = {"--out": out, "--trace": trace, "--checkpoint": checkpoint, "--save-all": save_all, "--log": log}
    refuse_shared_names(game, start, outputs)
    if log is not None:
        open_log(log)

    wants_json = output_format == Format.JSON
    early = partial(unanswered, seed=options.seed, profile=profile)
    with Signals(quiet=quiet, unanswered=early(None) if wants_json else b"") as signals:
        # Ctrl-C works during the imports too, which take longer than many a run.
        from eqsolve import report, store
        from eqsolve.cli.compiling import counted
        from eqsolve.cli.hooks import RunHooks
        from eqsolve.cli.progress import display
        from eqsolve.cli.provenance import Provenance
        from eqsolve.cli.starting import starting_profile
        from eqsolve.run.fit import lister
        from eqsolve.solving import run_on
        from eqsolve.spec.load import load

        provenance = None if no_provenance else Provenance()
        spec = load(game)
        if every and algo is not None:
            raise UsageError("--all chooses the algorithm", "leave out --algo")
        every = every or (save_all is not None and algo is None and spec.solver["algo"] is None)
        name, values = _algorithm(spec, lister(spec.form).name if every else algo, parameter or [])
        may_overwrite = force or (resume and out is not None and is_same_run(out, spec, name, values, options.seed))
        for path, may_replace in ((out, may_overwrite), (trace, force or resume), (checkpoint, force or resume)):
            if path is not None:
                store.check_target(path, force=may_replace)
        if save_all is not None:
            require_listing(name)
            store.check_folder(save_all, force=force or resume)
        starting, about_start = None, tuple[str, ...]()
        if start is not None:
            starting, about_start = starting_profile(start, spec, normalise=normalise)
        if wants_json:
            block = {"kind": spec.kind, "name": spec.name, "players": list(spec.form.players), "hash": spec.hash}
            signals.unanswered = early(block)
        hooks = RunHooks(
            spec.form,
            signals,
            display(not (quiet or no_progress), color=not (no_color or os.environ.get("NO_COLOR"))),
            trace,
            resuming=checkpoint if resume else None,
            profiles=trace_profiles,
            provenance=not no_provenance,
            quiet=quiet,
            verbose=verbose > 1,
        )
        try:
            with counted(quiet=quiet):
                result: Result = run_on(
                    spec, name, values, options, start=starting, checkpoint=checkpoint, resume=resume, hooks=hooks
                )
        finally:
            hooks.close()
        result = replace(result, notes=(*about_start, *result.notes))
        run = provenance.block(result.clocks) if provenance else None
        unwritten = written(
            result,
            spec,
            run,
            out=out,
            replace_out=may_overwrite,
            folder=save_all,
            replace_folder=force or resume,
            quiet=quiet,
        )

    if wants_json:
        say(report.json_text(report.result_document(result, profile=profile, run=run)))
    else:
        rows = report.row_count(result.game.form)
        document = report.result_document(result, profile=profile or rows <= SHOWN_ROWS, run=run)
        say(report.text(document, width=width(), verbose=verbose > 0, hidden_rows=rows, hint=_hint(result)))
    if unwritten is not None:
        raise unwritten
    code = exit_code(result, signals.stopped)
    if code == 0 and out is not None and result.judged is None:
        code = 4  # the file that was asked for is not there
    raise typer.Exit(WriteError.exit_code if hooks.failed else code)


def _hint(result: Result) -> str | None:
    """What --all would list, where this is one equilibrium of possibly several and a method lists them."""
    from eqsolve.errors import MismatchError
    from eqsolve.forms.concept import Concept
    from eqsolve.run.fit import lister

    if result.equilibria is not None or result.judged is None or result.algorithm.concept != Concept.NASH:
        return None
    try:
        lister(result.game.form)
    except MismatchError:
        return None
    return "lists all equilibria; this is one, there may be others"


def exit_code(result: Result, stopped: int | None) -> int:
    """The code of the table: 0, 4, or 128 + the signal that ended the run."""
    from eqsolve.run.result import Status

    if result.status == Status.INTERRUPTED and stopped is not None:
        return 128 + stopped
    if result.status in (Status.CONVERGED, Status.DIVERGED):
        return 0 if result.status == Status.CONVERGED else 4
    if result.tolerance is None or (result.status == Status.EXHAUSTED and result.equilibria is not None):
        return 0
    return 0 if result.judged is not None and result.judged.record.gap.value <= result.tolerance else 4


def _algorithm(spec: GameSpec, algo: str | None, pairs: list[str]) -> tuple[str, dict[str, Any]]:
    """The algorithm and its hyperparameters: the command line's, else those of the spec's `solver:`."""
    from eqsolve.cli.parameters import converted, split
    from eqsolve.solvers import find
    from eqsolve.solvers.parameters import POLISH, configured, parameters_of

    theirs, defaults = spec.solver["algo"] or "auto", dict(spec.solver["parameters"])
    if defaults and theirs == "auto":
        raise InputError(
            f"{spec.origin}: solver.parameters belong to an algorithm", "name the algorithm there, as solver.algo"
        )
    name, texts = algo or theirs, split(pairs)
    if name == "auto":
        if texts.keys() - {POLISH.name}:
            why = f"with auto the only hyperparameter is {POLISH.name}, since auto chooses the algorithm"
            raise UsageError(f"-p: {why}", "name an algorithm with --algo")
        return name, converted(texts, [POLISH])
    row = find(name)
    if defaults and find(theirs) is not row:
        defaults = {}
    try:
        configured(row, defaults)
    except UsageError as error:
        raise InputError(f"{spec.origin}: solver.parameters: {error.message}", error.hint) from error
    return name, defaults | converted(texts, parameters_of(row))
