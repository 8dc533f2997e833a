"""What `eqsolve compare` prints: as a JSON document, as text made from it, and the document's schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eqsolve.forms.base import Form
from eqsolve.metrics.comparison import Comparison
from eqsolve.metrics.deviations import Deviations
from eqsolve.report.lines import VALUE, column, line, noise, short, table
from eqsolve.run.result import Game

SCHEMA = "eqsolve.comparison/1"


def comparison_document(
    game: Game,
    profiles: Sequence[tuple[str, Deviations]],
    pairs: Mapping[tuple[int, int], Comparison],
    notes: Sequence[str],
) -> dict[str, Any]:
    """The document: profiles by name with their own figures, and each pair of them by numbers from 0."""
    return {
        "schema": SCHEMA,
        "game": {"kind": game.kind, "name": game.name, "players": list(game.form.players), "hash": game.hash},
        "profiles": [
            {
                "name": name,
                "nash_gap": found.nash_gap,
                "max_regret": found.max_regret,
                "regrets": found.regrets.tolist(),
                "values": found.values.tolist(),
            }
            for name, found in profiles
        ],
        "pairs": [_pair(game.form, first, second, found) for (first, second), found in pairs.items()],
        "payoff_range": game.form.scale,
        "notes": list(notes),
    }


def _pair(form: Form, first: int, second: int, found: Comparison) -> dict[str, Any]:
    apart = found.distances
    return {
        "first": first + 1,
        "second": second + 1,
        "first_in_seat": found.first_in_seat.tolist(),
        "second_in_seat": found.second_in_seat.tolist(),
        "first_mean": found.first_mean,
        "second_mean": found.second_mean,
        "largest_distance": float(apart.largest.max()),
        "distances": [
            {"largest": largest, "row": _row(form, i, row) if largest > 0 else None, "mean": mean}
            for i, (largest, row, mean) in enumerate(
                zip(apart.largest.tolist(), apart.row.tolist(), apart.mean.tolist(), strict=True)
            )
        ],
    }


def _row(form: Form, i: int, row: int) -> str | None:
    """The label of a row in which a player chooses; None in a normal form, where there is one only."""
    labels = [label for label, _, _ in form.named_rows(i, form.neutral()[i])] if form.row_is else []
    return labels[row] if labels else None


def comparison_text(d: Mapping[str, Any]) -> str:
    """The document for people: the profiles, then each pair."""
    game, profiles = d["game"], d["profiles"]
    lines = [line("game", f"{game['name']} ({game['kind']}, {len(game['players'])} players)")]
    gaps = [f"nash_gap {_value(d, one['nash_gap'])}" for one in profiles]
    width = column(gaps, least=VALUE)
    for number, (gap, one) in enumerate(zip(gaps, profiles, strict=True), 1):
        lines.append(line(f"profile {number}", gap, one["name"], value_width=width))
    for pair in d["pairs"]:
        lines += ["", *_pair_lines(d, pair)]
    if len(profiles) > 2:
        lines += ["", *_scores(d)]
    if d["notes"]:
        lines += ["", *(line("note", note) for note in d["notes"])]
    return "\n".join(lines) + "\n"


def _pair_lines(d: Mapping[str, Any], pair: Mapping[str, Any]) -> Iterator[str]:
    """A pair's values, seat by seat, and its distances."""
    a, b = pair["first"], pair["second"]
    head = ("player", f"{a} in this seat", f"{b} in this seat", "largest distance", "mean distance", "largest at")
    body = []
    for i, player in enumerate(d["game"]["players"]):
        apart = pair["distances"][i]
        scores = (pair["first_in_seat"][i][i], pair["second_in_seat"][i][i])
        far = (short(apart["largest"]), short(apart["mean"]), apart["row"] or "")
        body.append((player, *(_value(d, x) for x in scores), *far))
    body.append(("mean of seats", _value(d, pair["first_mean"]), _value(d, pair["second_mean"]), "", "", ""))
    yield line(
        "head to head",
        f"{a} and {b}",
        "value of the player in a seat who plays one profile while all others play the other",
    )
    yield from table(head, body)


def _scores(d: Mapping[str, Any]) -> Iterator[str]:
    """The mean over seats of each profile (a row) among each other (a column)."""
    count = len(d["profiles"])
    cells = [["" if i == j else "?" for j in range(count)] for i in range(count)]
    for pair in d["pairs"]:
        i, j = pair["first"] - 1, pair["second"] - 1
        cells[i][j], cells[j][i] = _value(d, pair["first_mean"]), _value(d, pair["second_mean"])
    yield line(
        "scores", "mean of seats", "value of the row's profile, mean over seats, while all others play the column's"
    )
    numbers = [str(number) for number in range(1, count + 1)]
    yield from table(("profile", *numbers), [(number, *row) for number, row in zip(numbers, cells, strict=True)])


def _value(d: Mapping[str, Any], x: float) -> str:
    """A figure in payoff units; rounding noise is 0."""
    return short(x, noise(d["payoff_range"]))


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema of what `compare --format json` prints."""
    word, number, count = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 1}
    numbers = {"type": "array", "items": number}
    values = {"type": "array", "items": numbers}

    def of(properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": properties, "required": list(properties)}

    distance = of({"largest": number, "row": {"type": ["string", "null"]}, "mean": number})
    game = of({"kind": word, "name": word, "players": {"type": "array", "items": word}, "hash": word})
    profile = of({"name": word, "nash_gap": number, "max_regret": number, "regrets": numbers, "values": numbers})
    pair = of(
        {
            "first": count,
            "second": count,
            "first_in_seat": values,
            "second_in_seat": values,
            "first_mean": number,
            "second_mean": number,
            "largest_distance": number,
            "distances": {"type": "array", "items": distance},
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Profiles compared by eqsolve",
        **of(
            {
                "schema": {"const": SCHEMA},
                "game": game,
                "profiles": {"type": "array", "items": profile, "minItems": 2},
                "pairs": {"type": "array", "items": pair, "minItems": 1},
                "payoff_range": number,
                "notes": {"type": "array", "items": word},
            }
        ),
    }
