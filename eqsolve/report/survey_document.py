"""What `eqsolve info` found, as JSON documents: shows numbers, computes none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from eqsolve.forms.base import MAX_LABELLED_ENTRIES, Form
from eqsolve.forms.mixed import Mixed
from eqsolve.report.by_labels import labelled

if TYPE_CHECKING:
    from eqsolve.analysis.dominance import Dominance
    from eqsolve.analysis.finding import Finding
    from eqsolve.analysis.potential import Cycle
    from eqsolve.info import Candidate, Survey

SCHEMA = "eqsolve.info/1"


def survey_document(survey: Survey) -> dict[str, Any]:
    """The JSON of `info`. Figures that are not known are null; `rows` labels the rows of every policy."""
    form = survey.game.form
    return {
        "schema": SCHEMA,
        "game": {
            "kind": survey.game.kind,
            "name": survey.game.name,
            "players": list(form.players),
            "hash": survey.game.hash,
        },
        "form": form.name,
        "shapes": [list(shape) for shape in form.shapes],
        "rows": form.row_count if isinstance(form, Mixed) else len(form.row_offsets) - 1,
        "actions": [list(labels) for labels in form.actions]
        if isinstance(form, Mixed) and int(form.offsets[-1]) <= MAX_LABELLED_ENTRIES
        else [],
        "counts": {name: list(count) if isinstance(count, tuple) else count for name, count in form.counts.items()},
        "discount": form.discount if isinstance(form, Mixed) and form.staged else None,
        "payoff_range": form.scale,
        "reward_range": form.reward_range if isinstance(form, Mixed) else None,
        "structure": {finding.name: _finding(form, finding) for finding in survey.findings},
        "dominance": {one.kind: _dominance(form, one) for one in survey.dominance} or None,
        "auto": {"name": survey.chosen, "reason": survey.reason},
        "algorithms": [_candidate(candidate) for candidate in survey.candidates],
        "estimates": {
            "measured": "on this machine, now",
            "judge_seconds": survey.judging,
            "program_bytes": survey.program,
            "algorithms": {
                c.row.name: {
                    "seconds_per_iteration": c.estimate.seconds,
                    "memory_bytes": c.estimate.memory,
                    "note": c.estimate.note,
                }
                for c in survey.candidates
                if c.estimate is not None
            },
        },
        "note": survey.note,
        "remarks": list(survey.remarks),
    }


def rows_document(form: Form) -> dict[str, Any]:
    """The JSON of `info --states`: the labels of each policy's rows, in order.

    In a sequence form `infosets` tells of each player's rows after the first (the empty sequence, entry 0): label,
    actions, and the entry of the first action.
    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "shapes": [list(shape) for shape in form.shapes],
        "rows": list(form.rows) if isinstance(form, Mixed) else [],
    }
    if form.rows_before:
        document["infosets"] = {
            player: [
                {"label": label, "first": first, "actions": list(actions)}
                for label, actions, first in infosets_of(form, i)
            ]
            for i, player in enumerate(form.players)
        }
    return document


def infosets_of(form: Form, player: int) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Label, actions and first entry of the rows in which a player of a sequence form chooses."""
    first = 1
    for label, actions, _ in form.named_rows(player, form.neutral()[player]):
        yield label, actions, first
        first += len(actions)


def _candidate(candidate: Candidate) -> dict[str, Any]:
    row = candidate.row
    return {"name": row.name, "accepts": candidate.misfit is None, "why_not": candidate.misfit, "summary": row.summary}


def _finding(form: Form, finding: Finding) -> dict[str, Any]:
    document: dict[str, Any] = {"holds": finding.holds, "examined": finding.examined, "evidence": finding.evidence}
    if finding.name == "constant-sum":
        document["constant"] = finding.value
    if finding.search is not None:
        search = finding.search
        document |= {
            "cycles": search.cycles,
            "exhaustive": search.exhaustive,
            "largest": search.largest,
            "cycle": None if search.open_cycle is None else _cycle(form, search.open_cycle),
        }
    return document


def _dominance(form: Form, found: Dominance) -> dict[str, Any]:
    named = list(zip(form.players, cast(Mixed, form).actions, strict=True))  # only tensors are looked into
    return {
        "examined": found.examined,
        "rounds": max((one.round for one in found.eliminated), default=0),
        "survivors": {
            player: [labels[a] for a in own] for (player, labels), own in zip(named, found.survivors, strict=True)
        },
        "eliminated": [
            {
                "round": one.round,
                "player": named[one.player][0],
                "action": named[one.player][1][one.action],
                "by": {label: float(p) for label, p in zip(named[one.player][1], one.by, strict=True) if p > 0},
            }
            for one in found.eliminated
        ],
    }


def _cycle(form: Form, cycle: Cycle) -> dict[str, Any]:
    """The cycle with its policies, so that anyone can compute it again: `profile` is the first corner."""
    second = list(cycle.profile)
    second[cycle.i], second[cycle.j] = cycle.other_i, cycle.other_j
    return {
        "players": [form.players[cycle.i], form.players[cycle.j]],
        "start": None if cycle.start is None else place(form, cycle.start),
        "profile": labelled(form, cycle.profile),
        "other": {form.players[k]: labelled(form, tuple(second))[form.players[k]] for k in (cycle.i, cycle.j)},
        "values": [list(corner) for corner in cycle.corners],
        "changes": list(cycle.changes),
        "sum": cycle.total,
    }


def place(form: Form, start: int) -> str:
    """The label of the row from which a cycle starts."""
    return cast(Mixed, form).rows[start]  # cycles are of profiles of distributions
