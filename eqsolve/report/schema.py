"""The JSON Schemas of the documents that `solve`, `regret` and `info` print."""

from __future__ import annotations

from typing import Any

from eqsolve.forms.concept import Concept
from eqsolve.metrics.figures import BY_NAME, OF_JOINTS_ONLY, OF_PROFILES
from eqsolve.report.document import SCHEMA
from eqsolve.report.lists import SOURCES
from eqsolve.report.plain import UNREACHED
from eqsolve.report.survey_document import SCHEMA as INFO_SCHEMA
from eqsolve.run.result import Status

#: What a document says of the game it is about.
GAME = {
    "kind": {"type": "string"},
    "name": {"type": "string"},
    "players": {"type": "array", "items": {"type": "string"}},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}

#: Keys that some documents do not have.
OPTIONAL = ("gap_bounds", "profile", "unreached", "figures", "exact", "profiles", "run")
MAX_REGRET = (
    "In a normal form: nash_gap. In a Markov game: the largest regret of a player over all states as the start. In an "
    "extensive game: over players, information sets and the start, the largest gain from there on, in which every "
    "history counts by the probability that chance and the others reach it, the player's own moves taken as made."
)


def result_schema() -> dict[str, Any]:
    """The JSON Schema of the result JSON of `solve` and `regret`."""
    figure = {"type": ["number", "null"]}
    figures = {"type": ["array", "null"], "items": figure}
    word = {"type": "string"}
    words = {"type": "array", "items": word}
    count = {"type": ["integer", "null"]}
    number = {"type": "integer", "minimum": 1}
    numbers = {"type": "array", "items": number, "minItems": 1}
    moment = {"type": "string", "format": "date-time"}

    def policies(number: dict[str, Any]) -> dict[str, Any]:
        """By player: {action: probability}, or {state: {action: probability}}."""
        row = {"type": "object", "additionalProperties": number}
        return {"additionalProperties": {"anyOf": [row, {"type": "object", "additionalProperties": row}]}}

    profile = {"type": ["object", "null"], **policies(figure)}
    fraction = {"type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$"}
    fractions = {"type": "array", "items": fraction}
    exact = {
        "type": "object",
        "properties": {
            "of": {"enum": list(SOURCES)},
            "values": fractions,
            "regrets": fractions,
            "profile": {"type": "object", **policies(fraction)},
        },
        "required": ["of", "values", "regrets"],
    }
    drawn = {"type": "object", "additionalProperties": word}
    exact_joint = _object(
        {
            "of": {"enum": list(SOURCES)},
            **dict.fromkeys(("values", "ce_regrets", "cce_regrets"), fractions),
            "support": {"type": "array", "items": _object({"probability": fraction, "actions": drawn})},
        }
    )
    properties = {
        "schema": {"const": SCHEMA},
        "status": {"enum": [*map(str, Status), None]},
        # null where a signal came before the game was read
        "game": _object(GAME, null=True),
        "algorithm": _object(
            {"name": word, "parameters": {"type": "object"}, "requested": word, "reason": {"type": ["string", "null"]}},
            null=True,
        ),
        "seed": count,
        "iterations": count,
        "tolerance": figure,
        "concept": {"enum": [*Concept, None]},
        "answer": _object(
            {
                "name": word,
                "chosen": {"enum": ["best", "final"]},
                "iteration": {"type": "integer"},
                "polished": {"type": "boolean"},
            },
            null=True,
        ),
        **{name: figures if BY_NAME[name].per_player else figure for name in OF_PROFILES},
        "max_regret": {**figure, "description": MAX_REGRET},
        "max_regret_is": {
            "type": ["string", "null"],
            "description": "In words, of which gains it is the largest here.",
        },
        **dict.fromkeys(("last_nash_gap", "payoff_range", "nash_gap_relative"), figure),
        "gap_bounds": {
            "type": "array",
            "items": {"type": "number"},
            "minItems": 2,
            "maxItems": 2,
            "description": "Where the gap that judges the answer is not computed but sampled: between which bounds it "
            "lies. The figure itself is then the upper one.",
        },
        "equilibria": {
            "type": ["array", "null"],
            "items": _object(
                {"profile": profile, "nash_gap": figure, "regrets": figures, "values": figures, "component": count},
                optional={"exact": exact},
            ),
        },
        "complete": {"type": ["string", "null"]},
        "nash_subsets": {
            "type": ["array", "null"],
            "items": _object({"component": number, "equilibria": {"type": "object", "additionalProperties": numbers}}),
        },
        "joint": _object(
            {
                "support": {
                    "type": "array",
                    "items": _object({"probability": figure, "actions": drawn}),
                },
                **dict.fromkeys(OF_JOINTS_ONLY, figures),
            },
            null=True,
        ),
        "profile": profile,
        "unreached": {
            "description": "Of an extensive game: the information sets that play under the profile does not reach, and "
            "whose moves exclude them; null elsewhere, and where there are too many leaves to look.",
            "type": ["object", "null"],
            "additionalProperties": {"type": "object", "additionalProperties": {"enum": list(UNREACHED)}},
        },
        "figures": {"type": "object", "additionalProperties": figure},
        "exact": {"anyOf": [exact, exact_joint]},
        "profiles": {
            "type": "array",
            "items": _object(
                {
                    "name": word,
                    **dict.fromkeys(("nash_gap", "max_regret"), figure),
                    **dict.fromkeys(("regrets", "values"), figures),
                    "notes": words,
                },
                optional={"profile": profile, "exact": exact},
            ),
        },
        "notes": words,
        "run": {
            "type": "object",
            "properties": {
                **dict.fromkeys(
                    ("work_seconds", "check_seconds", "finish_seconds", "load_seconds", "reading_seconds"), figure
                ),
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
        "required": [name for name in properties if name not in OPTIONAL],
    }


def info_schema() -> dict[str, Any]:
    """The JSON Schema of what `info --format json` prints, and of what it prints with --states or --infosets."""
    number, figure = {"type": "number"}, {"type": ["number", "null"]}
    word, maybe = {"type": "string"}, {"type": ["string", "null"]}
    words = {"type": "array", "items": word}
    count, flag = {"type": "integer", "minimum": 0}, {"type": "boolean"}
    numbers = {"type": "array", "items": number}
    shapes = {"type": "array", "items": {"type": "array", "items": count}}
    finding = {"holds": {"type": ["boolean", "null"]}, "examined": flag, "evidence": word}
    policies = {"type": "object"}
    pair = {**words, "minItems": 2, "maxItems": 2}
    cycle = _object(
        {
            "players": pair,
            "start": maybe,
            "profile": policies,
            "other": policies,
            "values": {"type": "array", "items": {**numbers, "minItems": 2, "maxItems": 2}, "minItems": 4},
            "changes": {**numbers, "minItems": 4, "maxItems": 4},
            "sum": number,
        },
        null=True,
    )
    structure = {
        **{
            name: _object(finding)
            for name in ("constant-sum", "common-interest", "symmetric", "anonymous", "degenerate", "potential")
        },
        "constant-sum": _object({**finding, "constant": figure}),
        "potential": _object({**finding, "cycles": count, "exhaustive": flag, "largest": number, "cycle": cycle}),
    }
    eliminated = _object(
        {"round": count, "player": word, "action": word, "by": {"type": "object", "additionalProperties": number}}
    )
    elimination = _object(
        {
            "examined": flag,
            "rounds": count,
            "survivors": {"type": "object", "additionalProperties": words},
            "eliminated": {"type": "array", "items": eliminated},
        }
    )
    algorithm = _object({"name": word, "accepts": flag, "why_not": maybe, "summary": word})
    estimate = _object({"seconds_per_iteration": figure, "memory_bytes": {"type": ["integer", "null"]}, "note": maybe})
    properties = {
        "schema": {"const": INFO_SCHEMA},
        "game": _object(GAME),
        "form": {"enum": ["normal", "markov", "sequence"]},
        "shapes": shapes,
        "rows": count,
        "actions": {"type": "array", "items": words},
        "counts": {
            "type": "object",
            "additionalProperties": {"anyOf": [count, {"type": "array", "items": count}]},
        },
        **dict.fromkeys(("discount", "payoff_range", "reward_range"), figure),
        # empty where the game is too large to look at: `note` says so
        "structure": {"anyOf": [_object(structure), {"type": "object", "maxProperties": 0}]},
        "dominance": _object(dict.fromkeys(("pure", "mixed", "weak"), elimination), null=True),
        "auto": _object({"name": word, "reason": maybe}),
        "algorithms": {"type": "array", "items": algorithm},
        "estimates": _object(
            {
                "measured": word,
                "judge_seconds": figure,
                "program_bytes": {"type": ["integer", "null"]},
                "algorithms": {"type": "object", "additionalProperties": estimate},
            }
        ),
        "note": maybe,
        "remarks": words,
    }
    rows = _object({"schema": {"const": INFO_SCHEMA}, "shapes": shapes, "rows": words})
    infoset = _object({"label": word, "first": count, "actions": words})
    # of sequence forms only
    rows["properties"]["infosets"] = {
        "type": "object",
        "additionalProperties": {"type": "array", "items": infoset},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What eqsolve info finds",
        "anyOf": [_object(properties), rows],
    }


def _object(
    properties: dict[str, Any], *, optional: dict[str, Any] | None = None, null: bool = False
) -> dict[str, Any]:
    kinds: Any = ["object", "null"] if null else "object"
    return {"type": kinds, "properties": properties | (optional or {}), "required": list(properties)}
