"""What `--verbose` adds to a result's text: hash, parameters, all other figures, clocks, best-response values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from eqsolve.forms.concept import Concept
from eqsolve.report.lines import LISTED, VALUE, folded, line, more, noise, short, table

#: Keys are as long as the names of figures in JSON.
KEY = 19
entry = partial(line, key_width=KEY)

#: Figures as the JSON names them, and whose they are.
FIGURES = {
    "nash_gap": "largest regret of a player, from the start of the game",
    "nash_conv": "sum of the players' regrets, from the start of the game",
    "exploitability": "nash_conv / 2 (two players, constant sum)",
    "max_regret": "",  # depends on the form: the document has the words
    "nash_gap_relative": "nash_gap / payoff_range",
    "payoff_range": "range of a player's payoffs, or a bound on it",
    "welfare": "sum of the players' values",
    "potential": "value of the game's exact potential at this profile",
    "cce_gap": "largest gain by one fixed policy against the run's joint play, as the run summed it",
    "ce_gap": "largest gain by a swap of own actions against that joint play",
}
#: Figures of a joint distribution.
JOINT_FIGURES = {
    "ce_gap": "largest gain of a player by departing from what is recommended",
    "cce_gap": "largest gain of a player by choosing one action beforehand",
    **{name: FIGURES[name] for name in ("payoff_range", "welfare")},
}


def details(d: Mapping[str, Any], width: int | None = None) -> list[str]:
    """Return the lines of everything that the first lines leave out."""
    lines = [entry("hash", d["game"]["hash"][:12], "the first 12 of its 64 digits"), *_run(d), *_figures(d)]
    shown = folded([*lines, *_clocks(d)], width, KEY + VALUE)
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
    for name, meaning in (JOINT_FIGURES if joint else FIGURES).items():
        if d[name] is not None and (name != Concept(d["concept"]).gap or d["equilibria"]):
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
