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
    from eqsolve.forms.base import Form
    from eqsolve.result import Exact, Judged
    from eqsolve.spec.load import GameSpec
    from eqsolve.store.policy import PolicyFile, PolicyMeta


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
        typer.Option("--fail-above", metavar="X", help="Exit with 1 if the gap exceeds X, in payoff units."),
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
    from eqsolve.result import Game
    from eqsolve.spec.load import load
    from eqsolve.store import read_policy, rebuild

    provenance = None if no_provenance else Provenance()
    file = read_policy(policy)
    if game is None:
        spec = rebuild(file, beside=Path() if policy == "-" else Path(policy).parent)
    else:
        spec = load(game)
        file.require(spec)
    measured, notes = judged(file, spec.form)
    meta = file.meta
    document = report.regret_document(
        Game(spec.form, spec.kind, spec.name, spec.hash),
        measured,
        claimed=meta.model_dump() if meta else None,
        notes=(*notes, *_disagreement(meta, measured)),
        profile=profile,
        exact=_certified(spec, measured) if exact else None,
        run=provenance.block(None) if provenance else None,
    )
    shown = report.json_text(document) if output_format == Format.JSON else None
    say(shown or report.text(document, file=file.origin, width=width()))
    record = measured.record
    if bound is not None and not record.gap <= bound:
        if not quiet:
            talk(f"the {record.concept.gap_in_words} {record.gap:.6g} is above {bound:g}")
        raise typer.Exit(1)


def judged(file: PolicyFile, form: Form) -> tuple[Judged, tuple[str, ...]]:
    """What the file holds with its figures, and notes on what was done to it.

    A joint distribution is judged by the gap of the concept that its file names, by the CE gap if it names none.
    """
    from eqsolve.forms.concept import Concept
    from eqsolve.forms.normal import NormalForm
    from eqsolve.metrics.correlated import joint_deviations
    from eqsolve.metrics.judge import deviations
    from eqsolve.result import Clocks, JointRecord, Measured, MeasuredJoint, Record

    meta = file.meta
    iteration = meta.answer.iteration if meta else 0
    if file.joint is not None:
        joint, notes = file.check_joint(form)
        assert isinstance(form, NormalForm)  # noqa: S101  (`check_joint` takes no other)
        concept, name = (meta.concept, meta.answer.name) if meta else (Concept.CE, "joint")
        return MeasuredJoint(
            joint, JointRecord(iteration, name, concept, joint_deviations(form, joint), Clocks())
        ), notes
    profile, notes = file.check(form)
    record = Record(
        iteration=iteration,
        answer=meta.answer.name if meta else "profile",
        polished=meta.answer.polished if meta else False,
        deviations=deviations(form, profile),
        potential=form.potential(profile),
        cce_gap=None,
        clocks=Clocks(),
    )
    return Measured(profile, record), notes


def _certified(game: GameSpec, measured: Judged) -> Exact:
    from eqsolve.exact import certificate, told
    from eqsolve.result import Measured

    if not isinstance(measured, Measured):
        raise UsageError("--exact: joint distributions are not certified", "profiles are")
    return certificate(game.form, told(game), measured.profile)


def _disagreement(meta: PolicyMeta | None, measured: Judged) -> list[str]:
    """What to say where the file records another gap than the one measured now, beyond rounding."""
    gap, concept = measured.record.gap, measured.record.concept
    recorded = getattr(meta, concept.gap, None)
    if recorded is None or isclose(recorded, gap, rel_tol=1e-6, abs_tol=1e-9):
        return []
    what = "profile" if concept == "nash" else "joint distribution"
    return [f"the file records a {concept.gap_in_words} of {recorded:.6g}; the {what} in it has {gap:.6g}"]
