"""A result document as text for people: what they came for first, a fact a line, for reading and for grep.

1. the game, and where a profile was read from;
2. the answer: policies (or the equilibria found, or a joint distribution) and what each player gets;
3. the gap that judges it, and certificates in fractions;
4. how the run ended, by which algorithm, and notes.

Everything else (hash, parameters, other figures, clocks) is in `details`, which follows if it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from eqsolve.forms.concept import Concept
from eqsolve.report.details import details
from eqsolve.report.lines import LISTED, PRINTED_AS_ZERO, column, folded, line, mixed, more, noise, rows, short
from eqsolve.report.lists import equilibrium_lines, exact_lines, several_lines

#: What the gap that judges an answer says, by its concept.
GAPS = {
    Concept.NASH: "most that a player gains by deviating alone",
    Concept.QUANTAL: "largest distance of a probability from the logit response at λ = {}",
    Concept.CE: "most that a player gains by departing from what is recommended",
    Concept.CCE: "most that a player gains by choosing one action beforehand",
}

#: Whose moves keep play from an information set.
UNREACHED = {"own": "by the player's own moves", "others": "by the others' moves"}


def text(
    document: Mapping[str, Any],
    *,
    file: str | None = None,
    width: int | None = None,
    verbose: bool = False,
    hidden_rows: int = 0,
    hint: str | None = None,
) -> str:
    """Return the document for people: one `key  value  what it is` a line.

    `file` names the profile that `regret` judged: what its run says of itself is then shown as recorded there.
    `width` folds longer lines, for a terminal; without it every fact is one line. `verbose` adds the details.
    `hidden_rows`: how many rows the policies have where the document holds none, too many to be shown unasked.
    `hint`: how to list all equilibria, where a method can.
    """
    lines = [*_heading(document, file), *_answer(document, hidden_rows), *_gap_lines(document, file)]
    lines += [*exact_lines(document), *several_lines(document)]
    lines += [] if file else _run(document)
    lines += [line("note", note) for note in document["notes"]]
    if hint is not None:
        lines.append(line("hint", "--all", hint))
    shown = folded(lines, width)
    if verbose:
        shown += ["", *details(document, width)]
    return "\n".join(shown) + "\n"


def _heading(d: Mapping[str, Any], file: str | None) -> Iterator[str]:
    game = d["game"]
    count = len(game["players"])
    yield line("game", f"{game['name']} ({game['kind']}, {count} player{'s' if count > 1 else ''})")
    if file is not None:
        algorithm = d["algorithm"]
        origin = f"{which(d['answer'])}, of {algorithm['name']}, seed {d['seed']}" if algorithm else ""
        yield line("profile" if d["joint"] is None else "joint_file", file, origin)


def _answer(d: Mapping[str, Any], hidden_rows: int) -> Iterator[str]:
    """Yield the equilibria that were found, or the answer's policies or joint distribution, and the values."""
    answer = d["answer"]
    yield from equilibrium_lines(d, floor(d))
    if d["equilibria"] and answer and answer["name"] == "equilibrium":
        return  # it is one of those listed
    if d["joint"] is not None:
        yield from _joint_lines(d["joint"])
    elif d.get("profile"):
        yield from _policy_lines(d["profile"], d.get("unreached") or {})
    elif hidden_rows and d["values"] is not None:
        yield line("policy", f"{hidden_rows} rows", "--profile shows them")
    if d["values"] is not None:
        yield from _value_lines(d)
    elif d["equilibria"] is None:
        what = "joint distribution" if Concept(d["concept"]).is_joint else "profile"
        yield line("answer", "none", f"no {what} was found")


def _policy_lines(profile: Mapping[str, Any], unreached: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield a line per row of a policy: player, state or information set, probabilities, whether play comes there."""
    players = column(profile, least=14)
    named = {player: list(rows(policy)) for player, policy in profile.items()}
    states = column(state for own in named.values() for state, _ in own)
    for player, own in named.items():
        for state, row in own:
            label, why = f"{state:<{states - 1}} " if state else "", unreached.get(player, {}).get(state)
            mark = f"  (unreached: {UNREACHED[why]})" if why else ""
            yield line("policy", player, label + mixed(row) + mark, value_width=players)


def _joint_lines(joint: Mapping[str, Any]) -> Iterator[str]:
    """Yield the pure profiles that may be drawn."""
    for one in joint["support"][:LISTED]:
        drawn = ", ".join(f"{player}: {action}" for player, action in one["actions"].items())
        yield line("joint", short(one["probability"], PRINTED_AS_ZERO), drawn)
    yield from more(len(joint["support"]) - LISTED, "pure profiles")


def _value_lines(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield what each player gets, and how much more a deviation would bring."""
    concept, least, players = Concept(d["concept"]), floor(d), d["game"]["players"]
    regrets, word = (d["joint"][f"{concept}_regrets"], f"{concept}_regret") if d["joint"] else (d["regrets"], "regret")
    width = column(players, least=14)
    for player, value, own in islice(zip(players, d["values"], regrets, strict=True), LISTED):
        yield line("value", player, f"{short(value, least):<14}{word} {short(own, least)}", value_width=width)
    yield from more(len(players) - LISTED, "players")
    if d["joint"] is not None:
        yield line("welfare", short(d["welfare"], least), "sum of the players' values")


def _gap_lines(d: Mapping[str, Any], file: str | None) -> Iterator[str]:
    """Yield the gap that judges the answer, and what the method tells of itself there."""
    concept = Concept(d["concept"])
    if d[concept.gap] is None or (d["equilibria"] and d["answer"]["name"] == "equilibrium"):
        return
    if "gap_bounds" in d:
        low, high = (short(bound, gap_floor(d)) for bound in d["gap_bounds"])
        yield line(concept.gap, f"{low} to {high}", f"{GAPS[concept]}: sampled, it lies between these")
    elif concept == Concept.QUANTAL:
        yield line(concept.gap, short(d[concept.gap]), GAPS[concept].format(short(d["quantal_precision"])))
        yield line("nash_gap", short(d["nash_gap"], floor(d)), f"{GAPS[Concept.NASH]}; the tolerance is not on it")
    else:
        yield line(concept.gap, short(d[concept.gap], gap_floor(d)), GAPS[concept])
    if file is not None and d["max_regret"] is not None and d["max_regret"] != d["nash_gap"]:
        yield line("max_regret", short(d["max_regret"], floor(d)), d["max_regret_is"])
    for name, value in d.get("figures", {}).items():
        if value is not None:
            yield line(name, short(value), "computed by the method, at the answer's iteration")


def _run(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the run ended, whether the tolerance was met, the algorithm and why it was chosen."""
    algorithm, answer = d["algorithm"], d["answer"]
    yield line("status", *_status(d))
    why = f"chosen by {algorithm['requested']}: {algorithm['reason']}" if algorithm["reason"] else ""
    yield line("algorithm", algorithm["name"], why)
    if answer and answer["polished"]:
        polished = f"the {answer['name']} of iteration {answer['iteration']}, solved for equal payoffs on its support"
        yield line("answer", "polished", polished)


def _status(d: Mapping[str, Any]) -> tuple[str, str]:
    """Return how the run ended in a word, and what that means."""
    iteration, met, answer = f"iteration {d['iterations']}", _met(d), d["answer"]
    match d["status"]:
        case "converged":
            return "converged", f"{met} ({iteration})"
        case "exhausted" if d["equilibria"] is not None:
            all_listed = not (d["complete"] or "").startswith("at least")
            return ("complete", "all listed") if all_listed else ("ended", "there may be others")
        case "exhausted":
            return "ended", f"the method finished, at {iteration}; {met}"
        case "iteration_limit":
            return "stopped", f"by the iteration limit, at {iteration}; {met}"
        case "time_limit":
            return "stopped", f"by the time limit, at {iteration}; {met}"
        case "interrupted":
            return "interrupted", f"by a signal, at {iteration}; {met}"
        case "diverged":
            kept = f"; the answer is of iteration {answer['iteration']}" if answer else ""
            return "diverged", f"at {iteration}: numbers left the range of float64{kept}; {met}"
    raise AssertionError(d["status"])


def _met(d: Mapping[str, Any]) -> str:
    """Return whether the measured gap is within the tolerance, in words."""
    name = Concept(d["concept"]).gap
    if d[name] is None:
        return "no answer was found"
    if d["tolerance"] is None:
        return "no tolerance was asked for"
    place = "within" if d[name] <= d["tolerance"] else "above"
    return f"{name} {place} the tolerance, {short(d['tolerance'])}"


def which(answer: Mapping[str, Any]) -> str:
    """Return of which iteration an answer is, and whether its support was polished."""
    polished = ", its support polished" if answer["polished"] else ""
    return f"{answer['name']} at iteration {answer['iteration']}{polished}"


def floor(d: Mapping[str, Any]) -> float:
    """Return the size below which figures in payoff units are rounding noise."""
    return noise(d["payoff_range"])


def gap_floor(d: Mapping[str, Any]) -> float:
    """Return the same for the gap, which is never printed as 0 where it exceeds the tolerance."""
    return floor(d) if d["tolerance"] is None else min(floor(d), d["tolerance"])
