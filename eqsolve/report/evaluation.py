"""What `eqsolve evaluate` prints: a table made from its JSON document, and the schema of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eqsolve.report.lines import line, table

SCHEMA = "eqsolve.evaluation/1"


def evaluation_text(d: Mapping[str, Any]) -> str:
    """Return the document for people: what was run, then a line for each algorithm and budget."""
    lines = [
        line("games", str(d["games"]), f"drawn from {d['source']}, seed {d['seed']}"),
        line("gap", "nash_conv", "sum of the players' regrets, from the start of the game, in payoff units"),
        line("answer", d["answer"], ANSWERS.get(d["answer"], "where the run ends")),
        line("solved", f"{d['solved_within']:g}", "share of games whose gap is at most this"),
    ]
    names = list(dict.fromkeys(row["name"] for row in d["rows"]))
    for number, name in enumerate(names, 1):
        used = next(row["parameters"] for row in d["rows"] if row["name"] == name)
        words = "  ".join(f"{key}={value}" for key, value in used.items())
        lines.append(line(f"algorithm {number}", name, words, value_width=max(map(len, names)) + 2))
    head = ("algorithm", "run", "mean", "median", "worst", "solved", "answers")
    body = [
        (
            row["name"],
            f"{row['time_limit']:g} s" if row["max_iter"] is None else f"{row['max_iter']} it",
            *(f"{row[figure]:.2e}" for figure in ("mean", "median", "worst")),
            f"{100 * row['solved']:.1f} %",
            ", ".join(f"{name} {count}" for name, count in row["answers"].items()),
        )
        for row in d["rows"]
    ]
    return "\n".join([*lines, "", *(each.rstrip() for each in table(head, body))]) + "\n"


#: What a choice of the answer means.
ANSWERS = {"best": "the least gap of a player at a measured point, of all answers that the algorithm has"}


def evaluation_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `evaluate --format json` prints."""
    word, number, count = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
    numbers, counts = {"type": "array", "items": number}, {"type": "array", "items": count}
    row = {
        "algorithm": word,
        "name": word,
        "parameters": {"type": "object"},
        "max_iter": {"type": ["integer", "null"]},
        "time_limit": {"type": ["number", "null"]},
        **dict.fromkeys(("mean", "median", "worst"), number),
        "solved": {"type": "number", "minimum": 0, "maximum": 1},
        "answers": {"type": "object", "additionalProperties": count},
        "nash_conv": numbers,
        "iterations": counts,
        "work_seconds": numbers,
    }
    document = {
        "schema": {"const": SCHEMA},
        "source": word,
        "games": count,
        "seed": count,
        "answer": word,
        "solved_within": number,
        "rows": {"type": "array", "items": {"type": "object", "properties": row, "required": list(row)}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Algorithms over many games, as eqsolve prints it",
        "type": "object",
        "properties": document,
        "required": list(document),
    }
