"""`eqsolve regret`: judges a profile, whoever made it. Nothing that solves games is imported here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eqsolve.cli.options import (
    SHOWN_ROWS,
    Certified,
    Debug,
    Format,
    GameOfProfiles,
    NoProvenance,
    Normalise,
    OutputFormat,
    Quiet,
    ShowProfile,
    Verbose,
    number,
    option,
)
from eqsolve.cli.streams import say, talk, width
from eqsolve.errors import UsageError

if TYPE_CHECKING:
    from eqsolve.exact.certificates import ExactGame
    from eqsolve.forms.base import Form
    from eqsolve.forms.concept import Concept
    from eqsolve.profiles.files import Claim, Entry, ProfileFile
    from eqsolve.profiles.given import Given, GivenJoint
    from eqsolve.run.result import Appraised, Exact, ExactJoint, Judged
    from eqsolve.spec.load import GameSpec


def regret(
    profile_file: Annotated[
        str,
        typer.Argument(
            metavar="PROFILE", help="A policy file (.npz), a profile in JSON, Gambit's NE lines, or - for stdin."
        ),
    ],
    game: GameOfProfiles = None,
    fail_above: Annotated[
        str | None,
        typer.Option("--fail-above", metavar="X", help="Exit with 1 if the gap exceeds X, in payoff units."),
    ] = None,
    exact: Certified = False,
    normalise: Normalise = False,
    best_response: Annotated[
        Path | None,
        typer.Option(
            "--best-response", metavar="FILE", help="Write each player's best reply, as a policy file (.npz)."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    output_format: OutputFormat = Format.TEXT,
    profile: ShowProfile = False,
    verbose: Verbose = 0,
    no_provenance: NoProvenance = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure the regret of a profile.

    What each player could gain by deviating from PROFILE alone, whoever made it.

    Files are recognised by their content: a policy file; the JSON of `solve --profile`; {"policies": [one array of
    probabilities per player]}; {player: {action: p}}, or {player: {state or information set: {action: p}}}; or lines
    NE,1/2,1/2,… as Gambit's tools print them. Of several profiles each is judged.

    \b
    eqsolve regret policy.npz --fail-above 1e-6
    eqsolve regret profile.json --game @matrix/matching-pennies
    eqsolve regret policy.npz --best-response replies.npz
    gambit-enummixed game.nfg | eqsolve regret - --game game.nfg --exact
    """
    bound = option("--fail-above", fail_above, number, 0)
    if profile_file == "-" and game == "-":
        raise UsageError("PROFILE and --game cannot both be standard input")

    from eqsolve import report
    from eqsolve.cli.provenance import Provenance
    from eqsolve.cli.replies import write_replies
    from eqsolve.profiles.files import read_profiles
    from eqsolve.run.result import Game
    from eqsolve.spec.load import load
    from eqsolve.store import check_target

    provenance = None if no_provenance else Provenance()
    if best_response is not None:
        check_target(best_response, force=force)
    file = read_profiles(profile_file)
    if best_response is not None and len(file.entries) > 1:
        raise UsageError(f"--best-response: {file.origin} holds {len(file.entries)} profiles", "give one of them")
    if game is None:
        spec = file.game(beside=Path() if profile_file == "-" else Path(profile_file).parent)
    else:
        spec = load(game)
        file.require(spec)
    found = list(_judged_entries(file, spec, exact=exact, normalise=normalise))
    worst = max(found, key=lambda one: one.measured.record.gap.value)
    if len(found) > 1:
        words = worst.measured.record.concept.gap_in_words
        of_worst = f"the figures are those of {worst.name}, which has the largest {words} of {len(found)} profiles"
        worst = replace(worst, notes=(of_worst, *worst.notes))
    run = provenance.block(None) if provenance else None
    rows = report.row_count(spec.form)
    document = report.regret_document(
        Game(spec.form, spec.kind, spec.name, spec.hash),
        worst.measured,
        claimed=file.claim.model_dump() if file.claim else None,
        notes=(*spec.family.remarks, *file.notes, *worst.notes),
        profile=profile or (output_format == Format.TEXT and rows <= SHOWN_ROWS),
        exact=worst.exact,
        several=found if len(found) > 1 else (),
        run=run,
    )
    if best_response is not None:
        left_out = write_replies(best_response, spec, worst.measured, to=file.origin, force=force, run=run)
        if left_out is not None and not quiet:
            talk(left_out)
    shown = report.json_text(document) if output_format == Format.JSON else None
    say(shown or report.text(document, file=file.origin, width=width(), verbose=verbose > 0, hidden_rows=rows))
    record = worst.measured.record
    if bound is not None and not record.gap.value <= bound:
        if not quiet:
            talk(f"the {record.concept.gap_in_words} {record.gap.value:.6g} is above {bound:g}")
        raise typer.Exit(1)


def _judged_entries(file: ProfileFile, spec: GameSpec, *, exact: bool, normalise: bool) -> Iterator[Appraised]:
    """Each profile of the file with its figures and what was done to it; the game is told in rationals once."""
    from eqsolve.exact.certificates import exact_game
    from eqsolve.run.result import Appraised

    game = exact_game(spec) if exact else None
    for entry in file.entries:
        read = file.profile if len(file.entries) > 1 else file.either
        given = read(spec.form, entry, normalise=normalise)
        measured = judged(given, file.claim, spec.form, entry.precision)
        notes = (*given.notes, *_disagreement(entry, measured))
        certificate = _certified(spec.form, game, given, measured.record.concept) if game is not None else None
        yield Appraised(entry.name, measured, notes, certificate)


def judged(given: Given | GivenJoint, claim: Claim | None, form: Form, precision: float | None = None) -> Judged:
    """What is given with its figures.

    A joint distribution is judged by the gap of the concept that its file names, by the CE gap if it names none; a
    profile by its Nash gap, or by its distance to the logit responses at `precision`, if that is given.
    """
    from eqsolve.forms.concept import Concept
    from eqsolve.metrics.correlated import joint_deviations
    from eqsolve.metrics.judge import figures_of
    from eqsolve.metrics.reach import unreached
    from eqsolve.profiles.given import GivenJoint
    from eqsolve.run.result import Clocks, Measured, Record

    answer = claim.answer if claim else None
    iteration = answer.iteration if answer else 0
    if isinstance(given, GivenJoint):
        concept = claim.concept if claim and claim.concept.is_joint else Concept.CE
        found = joint_deviations(form, given.joint)
        name = answer.name if answer else "joint"
        return Measured(given.joint, Record(iteration, name, False, found.gap(concept), found.figures, Clocks()))
    gap, measured = figures_of(form, given.profile, precision)
    name, polished = (answer.name, answer.polished) if answer else ("profile", False)
    record = Record(iteration, name, polished, gap, measured, Clocks())
    return Measured(given.profile, record, unreached(form, given.profile))


def _certified(form: Form, game: ExactGame, given: Given | GivenJoint, concept: Concept) -> Exact | ExactJoint:
    """The certificate of the very fractions that are given, or of the float64 numbers."""
    from eqsolve.exact.certificates import as_given, certificate, joint_as_given, joint_certificate
    from eqsolve.forms.concept import Concept
    from eqsolve.profiles.given import GivenJoint

    if isinstance(given, GivenJoint):
        if given.exact is not None:
            return joint_as_given(game, given.joint, given.exact)
        return joint_certificate(game, given.joint, concept)
    if concept == Concept.QUANTAL:
        raise UsageError("--exact: logit responses are no fractions and cannot be certified; Nash equilibria can")
    if given.exact is not None:
        return as_given(form, game, given.exact)
    return certificate(form, game, given.profile)


def _disagreement(entry: Entry, measured: Judged) -> list[str]:
    """What to say where the file records another gap than the one measured now, beyond rounding."""
    gap, concept = measured.record.gap.value, measured.record.concept
    if entry.recorded is None or isclose(entry.recorded, gap, rel_tol=1e-6, abs_tol=1e-9):
        return []
    what = "joint distribution" if concept.is_joint else "profile"
    return [f"the file records a {concept.gap_in_words} of {entry.recorded:.6g}; the {what} in it has {gap:.6g}"]
