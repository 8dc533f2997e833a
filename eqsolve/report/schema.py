"""The JSON Schema of result documents."""

from __future__ import annotations

from typing import Any

from eqsolve.report.document import SCHEMA
from eqsolve.report.plain import STATUSES


def result_schema() -> dict[str, Any]:
    """The JSON Schema of the result JSON of `solve` and `regret`."""
    figure = {"type": ["number", "null"]}
    figures = {"type": ["array", "null"], "items": figure}
    word = {"type": "string"}
    words = {"type": "array", "items": word}
    count = {"type": ["integer", "null"]}
    moment = {"type": "string", "format": "date-time"}
    # A policy: {action: probability}, or {state: {action: probability}}.
    row = {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
    profile = {
        "type": ["object", "null"],
        "additionalProperties": {"anyOf": [row, {"type": "object", "additionalProperties": row}]},
    }
    properties = {
        "schema": {"const": SCHEMA},
        "status": {"enum": [*STATUSES, None]},
        "game": _object(
            {"kind": word, "name": word, "players": words, "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
        ),
        "algorithm": _object(
            {"name": word, "parameters": {"type": "object"}, "requested": word, "reason": {"type": ["string", "null"]}},
            null=True,
        ),
        "seed": count,
        "iterations": count,
        "tolerance": figure,
        "answer": _object(
            {
                "name": word,
                "chosen": {"enum": ["best", "final"]},
                "iteration": {"type": "integer"},
                "polished": {"type": "boolean"},
            },
            null=True,
        ),
        **dict.fromkeys(("nash_gap", "nash_conv", "max_regret", "last_nash_gap", "cce_gap", "potential"), figure),
        **dict.fromkeys(("regrets", "values", "best_response_values"), figures),
        **dict.fromkeys(("welfare", "payoff_range", "nash_gap_relative"), figure),
        "equilibria": {
            "type": ["array", "null"],
            "items": _object({"profile": profile, "nash_gap": figure, "regrets": figures, "values": figures}),
        },
        "complete": {"type": ["string", "null"]},
        "joint": {"type": "null"},
        "profile": profile,
        "ce_gap": figure,
        "notes": words,
        "run": {
            "type": "object",
            "properties": {
                **dict.fromkeys(("work_seconds", "check_seconds", "load_seconds"), figure),
                "versions": {"type": "object", "additionalProperties": word},
                **dict.fromkeys(("cpu", "host"), word),
                **dict.fromkeys(("start", "end"), moment),
                "argv": words,
            },
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A result of eqsolve",
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in ("profile", "run")],
    }


def _object(properties: dict[str, Any], *, null: bool = False) -> dict[str, Any]:
    kinds: Any = ["object", "null"] if null else "object"
    return {"type": kinds, "properties": properties, "required": list(properties)}
