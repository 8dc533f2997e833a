"""Results as JSON documents, and measured points as lines of a trace: shows numbers, computes none.

Names of figures are those of the vocabulary: regrets are in payoff units, from the initial distribution, measured by
the judge. A figure that does not apply or is not finite is null; per-player figures are arrays in player order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.concept import Concept
from eqsolve.metrics.figures import BY_NAME, OF_JOINTS_ONLY, OF_PROFILES, TRACED, TRACED_OF_ANY
from eqsolve.report.by_labels import certificate, labelled, number, numbers, support
from eqsolve.run.result import Appraised, Exact, ExactJoint, Game, Judged, Measured, Record, Result, is_joint

SCHEMA = "eqsolve.result/1"


def result_document(result: Result, *, profile: bool = False, run: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The result JSON of `solve`; `run` is the provenance block, None drops it."""
    answer, form = result.judged, result.game.form
    certified = result.exact or result.exact_joint
    return {
        "schema": SCHEMA,
        "status": str(result.status),
        "game": _game(result.game),
        "algorithm": {
            "name": result.algorithm.name,
            "parameters": _jsonable(result.algorithm.parameters),
            "requested": result.algorithm.requested,
            "reason": result.algorithm.reason,
        },
        "seed": result.seed,
        "iterations": result.iterations,
        "tolerance": number(result.tolerance),
        "concept": str(result.algorithm.concept),
        "answer": None
        if answer is None
        else {
            "name": answer.record.answer,
            "chosen": result.chosen,
            "iteration": answer.record.iteration,
            "polished": answer.record.polished,
        },
        **_figures(form, answer.record if answer else None, result.last),
        **_own_figures(answer.record if answer else None),
        "equilibria": None
        if result.equilibria is None
        else [
            _equilibrium(form, one, component, exact)
            for one, component, exact in zip_longest(
                result.equilibria, result.components or (), result.exact_equilibria or ()
            )
        ],
        "complete": result.complete,
        "nash_subsets": _nash_subsets(result),
        "joint": _joint(form, answer),
        **({"profile": _profile(form, answer), "unreached": _unreached(form, answer)} if profile else {}),
        **({} if certified is None else {"exact": certificate(form, certified, profile)}),
        "notes": list(result.notes),
        **({} if run is None else {"run": dict(run)}),
    }


def regret_document(
    game: Game,
    measured: Judged,
    *,
    claimed: Mapping[str, Any] | None,
    notes: Sequence[str] = (),
    profile: bool = False,
    exact: Exact | ExactJoint | None = None,
    several: Sequence[Appraised] = (),
    run: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The result JSON of `regret`: `claimed` is what the policy file says of its run, None for a plain profile.

    `several`: all the profiles of the file, where it holds more than `measured`.
    """
    of_run = claimed or {}
    return {
        "schema": SCHEMA,
        "status": _jsonable(of_run.get("status")),
        "game": _game(game),
        "algorithm": _jsonable(of_run.get("algorithm")),
        "seed": of_run.get("seed"),
        "iterations": of_run.get("iterations"),
        "tolerance": None,
        "concept": str(measured.record.concept),
        "answer": _jsonable(of_run.get("answer")),
        **_figures(game.form, measured.record, None),
        "equilibria": None,
        "complete": None,
        "nash_subsets": None,
        "joint": _joint(game.form, measured),
        **({"profile": _profile(game.form, measured), "unreached": _unreached(game.form, measured)} if profile else {}),
        **({} if exact is None else {"exact": certificate(game.form, exact, profile)}),
        **({"profiles": [_appraised(game.form, one, profile) for one in several]} if several else {}),
        "notes": list(notes),
        **({} if run is None else {"run": dict(run)}),
    }


def record_document(measured: Judged, form: Form, *, profile: bool = False, provenance: bool = True) -> dict[str, Any]:
    """One line of a trace: a measured point, with its clocks unless `provenance` is off."""
    record = measured.record
    return {
        "iteration": record.iteration,
        "answer": record.answer,
        "polished": record.polished,
        **_measured(record, TRACED if record.concept == Concept.QUANTAL else TRACED_OF_ANY),
        **_bounds(record),
        **_own_figures(record),
        **({"profile": _profile(form, measured), "joint": _joint(form, measured)} if profile else {}),
        **({"run": _clocks(record)} if provenance else {}),
    }


def row_count(form: Form) -> int:
    """Return how many rows the policies of all players have in which a player chooses."""
    return len(form.row_offsets) - 1 - len(form.players) * form.rows_before


def json_text(document: Mapping[str, Any]) -> str:
    """The document in ASCII, which every encoding of a terminal or file can hold."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _figures(form: Form, record: Record | None, last: Record | None) -> dict[str, Any]:
    """The figures of a result: those that a profile can have, and what is computed of them and the game."""
    found, payoff_range = _measured(record, OF_PROFILES), form.scale
    gap = found["nash_gap"]
    return {
        **found,
        "max_regret_is": None if found["max_regret"] is None else form.max_regret_is,
        "last_nash_gap": number(last.nash_gap) if last else None,
        "payoff_range": number(payoff_range),
        "nash_gap_relative": number(gap / payoff_range) if gap is not None and payoff_range else None,
        **_bounds(record),
    }


def _measured(record: Record | None, names: Sequence[str]) -> dict[str, Any]:
    """The figures of an answer by these names; those that do not apply to it are null."""
    found = {} if record is None else record.measured
    figures = ((name, found.get(name)) for name in names)
    return {
        name: None if figure is None else numbers(figure) if BY_NAME[name].per_player else number(figure)
        for name, figure in figures
    }


def _bounds(record: Record | None) -> dict[str, Any]:
    """`gap_bounds`, between which the gap that judges the answer lies, where only these are known."""
    if record is None or not record.gap.is_interval:
        return {}
    return {"gap_bounds": [number(record.gap.low), number(record.gap.high)]}


def _joint(form: Form, answer: Judged | None) -> dict[str, Any] | None:
    """A joint distribution by labels, and each player's gains; None where the answer is none."""
    if answer is None or not is_joint(answer):
        return None
    return {
        "support": support(form, answer.answer, map(number, answer.answer.probabilities)),
        **_measured(answer.record, OF_JOINTS_ONLY),
    }


def _profile(form: Form, answer: Judged | None) -> dict[str, Any] | None:
    return None if answer is None or is_joint(answer) else labelled(form, answer.answer)


def _unreached(form: Form, answer: Judged | None) -> dict[str, dict[str, str]] | None:
    """{player: {information set: whose moves exclude it}}; None where that was not looked for."""
    if answer is None or is_joint(answer) or answer.unreached is None:
        return None
    out: dict[str, dict[str, str]] = {}
    for i, (player, reasons) in enumerate(zip(form.players, answer.unreached, strict=True)):
        labels = (label for label, _, _ in form.named_rows(i, answer.answer[i]))
        out[player] = {label: str(why) for label, why in zip(labels, reasons, strict=True) if why is not None}
    return out


def _own_figures(record: Record | None) -> dict[str, Any]:
    """`figures`, by name, where the method tells any."""
    if record is None or not record.figures:
        return {}
    return {"figures": {name: number(x) for name, x in record.figures.items()}}


def _game(game: Game) -> dict[str, Any]:
    return {"kind": game.kind, "name": game.name, "players": list(game.form.players), "hash": game.hash}


def _equilibrium(form: Form, one: Measured[Profile], component: int | None, exact: Exact | None) -> dict[str, Any]:
    return {
        "profile": labelled(form, one.answer),
        **_measured(one.record, ("nash_gap", "regrets", "values")),
        "component": component,
        **({} if exact is None else {"exact": certificate(form, exact, profile=True)}),
    }


def _appraised(form: Form, one: Appraised, profile: bool) -> dict[str, Any]:
    """One of several profiles that were judged."""
    judged = None if is_joint(one.measured) else one.measured.record
    return {
        "name": one.name,
        **_measured(judged, ("nash_gap", "max_regret", "regrets", "values")),
        **({"profile": _profile(form, one.measured)} if profile else {}),
        **({} if one.exact is None else {"exact": certificate(form, one.exact, profile)}),
        "notes": list(one.notes),
    }


def _nash_subsets(result: Result) -> list[dict[str, Any]] | None:
    """Each by the component that it belongs to and, from 1, the numbers of equilibria for each player."""
    if result.nash_subsets is None or result.components is None:
        return None
    return [
        {
            "component": result.components[numbers[0][0]],
            "equilibria": {p: [k + 1 for k in own] for p, own in zip(result.game.form.players, numbers, strict=True)},
        }
        for numbers in result.nash_subsets
    ]


def _clocks(record: Record) -> dict[str, Any]:
    clocks = record.clocks
    return {"work_seconds": clocks.work, "check_seconds": clocks.check, "load_seconds": clocks.load}


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    return number(value) if isinstance(value, float) else value
