"""`eqsolve regret`: judges a profile, whoever made it. Nothing that solves games is imported here."""

from __future__ import annotations

from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eqsolve.cli.options import (
    Certified,
    Debug,
    Format,
    NoProvenance,
    OutputFormat,
    Quiet,
    ShowProfile,
    number,
    option,
)
from eqsolve.cli.streams import say, talk, width
from eqsolve.errors import UsageError

if TYPE_CHECKING:
    from eqsolve.result import Measured
    from eqsolve.store.policy import PolicyMeta


def regret(
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="A policy file (.npz), a profile in JSON, or - for stdin.")
    ],
    game: Annotated[
        str | None,
        typer.Option(
            "--game", "-g", metavar="SPEC", help="The game; a policy file holds its own unless that is large."
        ),
    ] = None,
    fail_above: Annotated[
        str | None,
        typer.Option("--fail-above", metavar="X", help="Exit with 1 if the Nash gap exceeds X, in payoff units."),
    ] = None,
    exact: Certified = False,
    output_format: OutputFormat = Format.TEXT,
    profile: ShowProfile = False,
    no_provenance: NoProvenance = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure the regret of a profile.

    What each player could gain by deviating from POLICY alone, whoever made it.

    A profile of another tool comes as JSON: {"policies": [one array of probabilities per player]}.

    \b
    eqsolve regret policy.npz --fail-above 1e-6
    eqsolve regret profile.json --game @matrix/matching-pennies
    """
    bound = option("--fail-above", fail_above, number, 0)
    if policy == "-" and game == "-":
        raise UsageError("POLICY and --game cannot both be standard input")

    from eqsolve import report
    from eqsolve.cli.provenance import Provenance
    from eqsolve.exact import certificate, told
    from eqsolve.metrics.judge import deviations
    from eqsolve.result import Clocks, Game, Measured, Record
    from eqsolve.spec.load import load
    from eqsolve.store import read_policy, rebuild

    provenance = None if no_provenance else Provenance()
    file = read_policy(policy)
    if game is None:
        spec = rebuild(file, beside=Path() if policy == "-" else Path(policy).parent)
    else:
        spec = load(game)
        file.require(spec)
    judged, notes = file.check(spec.form)
    meta = file.meta
    measured = Measured(
        judged,
        Record(
            iteration=meta.answer.iteration if meta else 0,
            answer=meta.answer.name if meta else "profile",
            polished=meta.answer.polished if meta else False,
            deviations=deviations(spec.form, judged),
            potential=spec.form.potential(judged),
            cce_gap=None,
            clocks=Clocks(),
        ),
    )
    document = report.regret_document(
        Game(spec.form, spec.kind, spec.name, spec.hash),
        measured,
        claimed=meta.model_dump() if meta else None,
        notes=(*notes, *_disagreement(meta, measured)),
        profile=profile,
        exact=certificate(spec.form, told(spec), judged) if exact else None,
        run=provenance.block(None) if provenance else None,
    )
    shown = report.json_text(document) if output_format == Format.JSON else None
    say(shown or report.text(document, file=file.origin, width=width()))
    gap = measured.record.nash_gap
    if bound is not None and not gap <= bound:
        if not quiet:
            talk(f"the Nash gap {gap:.6g} is above {bound:g}")
        raise typer.Exit(1)


def _disagreement(meta: PolicyMeta | None, measured: Measured) -> list[str]:
    """What to say where the file records another Nash gap than the one measured now, beyond rounding."""
    gap = measured.record.nash_gap
    if meta is None or meta.nash_gap is None or isclose(meta.nash_gap, gap, rel_tol=1e-6, abs_tol=1e-9):
        return []
    return [f"the file records a Nash gap of {meta.nash_gap:.6g}; the profile in it has {gap:.6g}"]
