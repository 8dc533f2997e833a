"""What `--verbose` adds to a result's text: hash, parameters, all other figures, clocks, best-response values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from eqsolve.forms.concept import Concept
from eqsolve.metrics.figures import FIGURES
from eqsolve.report.lines import LISTED, VALUE, folded, line, more, noise, short, table

#: Keys are as long as the names of figures in JSON.
LONG_KEY = 19
entry = partial(line, key_width=LONG_KEY)

#: What is computed of figures and the game: its name, and what it says.
COMPUTED = {
    "nash_gap_relative": "nash_gap / payoff_range",
    "payoff_range": "range of a player's payoffs, or a bound on it",
}


def details(d: Mapping[str, Any], width: int | None = None) -> list[str]:
    """Return the lines of everything that the first lines leave out."""
    lines = [entry("hash", d["game"]["hash"][:12], "the first 12 of its 64 digits"), *_run(d), *_figures(d)]
    shown = folded([*lines, *_clocks(d)], width, LONG_KEY + VALUE)
    return shown if d["values"] is None else [*shown, "", *_players(d)]


def _run(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the run was asked to do, and which of its answers was taken."""
    algorithm, answer, concept = d["algorithm"], d["answer"], Concept(d["concept"])
    if algorithm is not None:
        used = {name: value for name, value in algorithm["parameters"].items() if value is not None}
        if used:
            yield entry("parameters", " ".join(f"{name}={short(value)}" for name, value in used.items()))
        yield entry("seed", d["seed"])
        yield entry("iterations", d["iterations"])
    if d["tolerance"] is not None:
        yield entry("tolerance", short(d["tolerance"]), f"on {concept.gap}, in {concept.unit}")
    if algorithm is not None and answer is not None:
        how = "the best found" if answer["chosen"] == "best" else "the last one measured"
        yield entry("answer", answer["name"], f"of iteration {answer['iteration']}, {how}")


def _figures(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield every figure that applies and is not among the first lines."""
    joint, least = d["joint"] is not None, noise(d["payoff_range"])
    said = {one.name: one.of_joint if joint else one.of_profile for one in FIGURES if not one.per_player}
    judges = Concept(d["concept"]).gap
    for name, meaning in {**said, **COMPUTED}.items():
        first = name.startswith("quantal") or (name == judges and not d["equilibria"])
        if meaning is not None and d[name] is not None and not first:
            value = short(d[name], 0.0 if name == "nash_gap_relative" else least)
            yield entry(name, value, meaning or d[f"{name}_is"])
    if d["last_nash_gap"] is not None and d["last_nash_gap"] != d["nash_gap"]:
        yield entry(
            "last_nash_gap", short(d["last_nash_gap"], least), "Nash gap of the last iterate, which is not the answer"
        )


def _clocks(d: Mapping[str, Any]) -> Iterator[str]:
    run = d.get("run")
    if run and run["work_seconds"] is not None:
        clocks = (
            ("steps", "work_seconds"),
            ("measuring", "check_seconds"),
            ("finishing", "finish_seconds"),
            ("loading", "load_seconds"),
            ("reading", "reading_seconds"),
        )
        yield entry("seconds", "  ".join(f"{name} {run[key]:.3f}" for name, key in clocks))


def _players(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of the figures of each player."""
    if d["joint"] is None:
        named = {"best_response_value": d["best_response_values"], "regret": d["regrets"]}
    else:
        named = {"ce_regret": d["joint"]["ce_regrets"], "cce_regret": d["joint"]["cce_regrets"]}
    least, players = noise(d["payoff_range"]), d["game"]["players"]
    columns = [players, *([short(x, least) for x in own] for own in (d["values"], *named.values()))]
    yield from table(("player", "value", *named), list(zip(*columns, strict=True))[:LISTED])
    yield from more(len(players) - LISTED, "players")
