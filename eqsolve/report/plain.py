"""A result document as text for people: the same facts as the JSON, a line each, for reading and for grep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from textwrap import wrap
from typing import Any

from eqsolve.forms.concept import Concept
from eqsolve.printable import printable

#: The text names at most this many equilibria, and as many players' figures; JSON has them all.
LISTED = 20
#: Characters of a fraction that the text shows.
LONGEST = 100
#: Width of the column of keys.
KEY = 19

#: What each status says, and no more than was measured; {} is the gap that judges the answer.
STATUSES = {
    "converged": "the measured {} is within the tolerance",
    "exhausted": "the method came to its own end",
    "iteration_limit": "the iteration limit ended the run",
    "time_limit": "the time limit ended the run",
    "interrupted": "a signal ended the run",
    "diverged": "the iterates left the finite numbers",
}


def text(document: Mapping[str, Any], *, file: str | None = None, width: int | None = None) -> str:
    """The document for people: one `key  value  what it is` a line, then a row per player.

    `file` names the profile that `regret` judged: what its run says of itself is then shown as recorded there.
    `width` folds longer lines, for a terminal; without it every fact is one line.
    """
    lines = [*_heading(document), *(_recorded(document, file) if file else _run(document)), *_figure_lines(document)]
    lines += [*_exact_lines(document), *_equilibrium_lines(document), *_several_lines(document)]
    lines += [line("note", note) for note in document["notes"]]
    lines += _clock_lines(document)
    if width is not None:
        fold = partial(
            wrap, width=max(width, 40), subsequent_indent=" " * KEY, break_on_hyphens=False, break_long_words=False
        )
        lines = [folded for each in lines for folded in fold(each)]
    if document["values"] is not None:
        lines += ["", *_player_table(document)]
    if document["joint"] is not None:
        lines += ["", *_joint_lines(document["joint"])]
    if document.get("profile"):
        lines += ["", *_profile_lines(document["profile"])]
    return "\n".join(lines) + "\n"


def _heading(d: Mapping[str, Any]) -> Iterator[str]:
    game = d["game"]
    yield line("game", f"{game['name']} ({game['kind']}, {len(game['players'])} players)")
    yield line("hash", game["hash"][:12], "the first 12 of its 64 digits")


def _run(d: Mapping[str, Any]) -> Iterator[str]:
    """What was done: algorithm, status, and which answer the figures below are of."""
    algorithm, answer, concept = d["algorithm"], d["answer"], Concept(d["concept"])
    gap = d[concept.gap]
    polished = ", and a polish of its answer's support" if answer and answer["polished"] else ""
    yield line("algorithm", algorithm["name"] + polished)
    if algorithm["reason"]:
        yield line("chosen_by", f"{algorithm['requested']}: {algorithm['reason']}")
    used = {name: value for name, value in algorithm["parameters"].items() if value is not None}
    if used:
        yield line("parameters", " ".join(f"{name}={short(value)}" for name, value in used.items()))
    yield line("seed", d["seed"])
    yield line("status", f"{d['status']}: {STATUSES[d['status']].format(concept.gap_in_words)}")
    yield line("iterations", d["iterations"])
    if d["tolerance"] is not None:
        met = gap is not None and gap <= d["tolerance"]
        # a list of equilibria may be empty without falling short of anything
        reached = "of those listed" if d["equilibria"] is not None else "met" if met else "not met"
        yield line("tolerance", short(d["tolerance"]), f"on {concept.gap}, in {concept.unit}: {reached}")
    least = f"the least {concept.gap_in_words} measured"
    chosen = "" if not answer else least if answer["chosen"] == "best" else "the last measured"
    what = "joint distribution" if concept.is_joint else "profile"
    yield line("answer", f"{_which(answer)}: {chosen}" if answer else f"none: the method found no {what}")


def _recorded(d: Mapping[str, Any], file: str) -> Iterator[str]:
    """Whose profile the figures below are of, and what its file says of its origin."""
    yield line("profile" if d["joint"] is None else "joint_file", file)
    if d["algorithm"]:
        yield line("recorded_as", f"{_which(d['answer'])}, of {d['algorithm']['name']}, seed {d['seed']}")


def _clock_lines(d: Mapping[str, Any]) -> Iterator[str]:
    run = d.get("run")
    if run and run["work_seconds"] is not None:
        clocks = (
            ("steps", "work_seconds"),
            ("measuring", "check_seconds"),
            ("loading", "load_seconds"),
            ("reading", "reading_seconds"),
        )
        yield line("seconds", "  ".join(f"{name} {run[key]:.3f}" for name, key in clocks))


#: Figures as the JSON names them, and whose they are.
FIGURES = {
    "nash_gap": "largest regret of a player, from the start",
    "nash_conv": "sum of the players' regrets, from the start",
    "exploitability": "nash_conv / 2: two players, constant sum",
    "max_regret": "",  # depends on the form: the document has the words
    "nash_gap_relative": "nash_gap / payoff_range",
    "payoff_range": "range of a player's payoffs, or a bound on it",
    "welfare": "sum of the players' values",
    "potential": "of the profile, from the start",
    "cce_gap": "of the run's joint play, from the run's sums",
    "ce_gap": "of the same: largest gain of a swap of own actions",
}


#: The same of joint distributions.
JOINT_FIGURES = {
    "ce_gap": "correlated equilibrium up to this: largest gain from swapping one's own recommendations",
    "cce_gap": "coarse correlated equilibrium up to this: largest gain of an action chosen beforehand",
    **{name: FIGURES[name] for name in ("payoff_range", "welfare")},
}


def _figure_lines(d: Mapping[str, Any]) -> Iterator[str]:
    meanings: Mapping[str, str] = FIGURES
    if d["joint"] is not None:
        yield line("figures", "of this joint distribution, in payoff units:")
        meanings = JOINT_FIGURES
    elif d["nash_gap"] is not None:
        yield line("figures", f"of this {'answer' if d['answer'] else 'profile'}, in payoff units:")
    if d["quantal_gap"] is not None:
        at = f"largest distance of a probability to the logit response at λ = {short(d['quantal_precision'])}"
        yield line("quantal_gap", short(d["quantal_gap"]), at)
    for name, meaning in meanings.items():
        if d[name] is not None:
            yield line(name, short(d[name]), meaning or d[f"{name}_is"])
    for name, value in d.get("figures", {}).items():
        if value is not None:
            yield line(name, short(value), "of the method, where the answer was measured")
    if d["last_nash_gap"] is not None and d["last_nash_gap"] != d["nash_gap"]:
        yield line("last_nash_gap", short(d["last_nash_gap"]), "of the last iterate, which is not the answer")


#: What an exact certificate can be of.
SOURCES = {
    "solution": "of the solution in rationals; the answer is that in float64",
    "support": "of an equilibrium in rationals on the answer's support, next to the answer",
    "answer": "of the answer, its float64 numbers taken as rationals",
    "given": "of the profile as its fractions are written",
}


def _exact_lines(d: Mapping[str, Any]) -> Iterator[str]:
    exact = d.get("exact")
    if exact is None:
        return
    gap = "regret" if d["joint"] is None else f"{d['concept']}_regret"
    words = "regrets all 0" if d["joint"] is None else f"no {gap.removesuffix('_regret').upper()} regret above 0"
    yield line("exact", words if _none_above_0(exact[f"{gap}s"]) else "regrets not 0", SOURCES[exact["of"]])
    for key in ("value", gap):
        for player, fraction in list(zip(d["game"]["players"], exact[f"{key}s"], strict=True))[:LISTED]:
            if len(fraction) <= LONGEST:
                yield line(f"exact_{key} {player}", fraction)
            else:
                over, _, under = fraction.partition("/")
                rounded = f"{Decimal(over) / Decimal(under or 1):.6g}"
                yield line(f"exact_{key} {player}", rounded, f"of {len(fraction)} characters: --format json has them")
    # the answer's own rationals are its float64 numbers, digit for digit
    if exact["of"] != "answer":
        for one in exact.get("support", ())[:LISTED]:
            yield line("exact_joint", one["probability"], ", ".join(f"{i}: {a}" for i, a in one["actions"].items()))
        for player, policy in exact.get("profile", {}).items():
            for state, row in _rows(policy):
                yield line(f"exact_policy {player}", "  ".join(filter(None, [state, _mixed(row)])))


def _equilibrium_lines(d: Mapping[str, Any]) -> Iterator[str]:
    found = d["equilibria"]
    if found is None:
        return
    yield line(
        "equilibria",
        len(found),
        "; ".join(
            filter(
                None,
                [
                    "each with its measured Nash gap" if found else "no measured Nash gap within the tolerance",
                    d["complete"],
                ],
            )
        ),
    )
    components = [one["component"] for one in found]
    joined = len(set(components)) < len(components) and None not in components
    for number, one in enumerate(found[:LISTED], 1):
        part = f"component {one['component']}  " if joined else ""
        yield line(f"equilibrium {number}", f"nash_gap {short(one['nash_gap'])}", part + _profile_line(one["profile"]))
        if (exact := one.get("exact")) is not None:
            # the answer's own rationals are its float64 numbers, digit for digit
            fractions = "" if exact["of"] == "answer" else _profile_line(exact["profile"])
            yield line(f"exact {number}", " ".join(proved(one)), fractions)
    if len(found) > LISTED:
        yield line("more", f"{len(found) - LISTED} others are not shown: --format json has them all")
    if joined and d["nash_subsets"] is not None:
        yield from _subset_lines(d["nash_subsets"])


def _none_above_0(fractions: Sequence[str]) -> bool:
    """Whether no regret is positive. Those of a best response are never negative, those of the CCE may be."""
    return all(x == "0" or x.startswith("-") for x in fractions)


def _several_lines(d: Mapping[str, Any]) -> Iterator[str]:
    """The profiles that were judged, where a file holds more than one."""
    judged = d.get("profiles", ())
    if judged:
        yield line("profiles", len(judged), "each with its measured Nash gap")
    for number, one in enumerate(judged[:LISTED], 1):
        yield line(f"profile {number}", f"nash_gap {short(one['nash_gap'])}", "  ".join([one["name"], *proved(one)]))
    if len(judged) > LISTED:
        yield line("more", f"{len(judged) - LISTED} others are not shown: --format json has them all")


def proved(one: Mapping[str, Any]) -> list[str]:
    """Whether the regrets of one of several profiles are 0 in fractions; empty where nobody computed them."""
    if one.get("exact") is None:
        return []
    return ["regrets all 0 in fractions" if _none_above_0(one["exact"]["regrets"]) else "regrets not 0 in fractions"]


def _subset_lines(subsets: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The products of mixtures, by the numbers of equilibria whose policies are mixed; no line for single points."""
    wide = [one for one in subsets if any(len(own) > 1 for own in one["equilibria"].values())]
    yield line("nash_subsets", len(wide), "products of mixtures; with the points in none of them, all that there are")
    for number, one in enumerate(wide[:LISTED], 1):
        mixed = " × ".join(f"{player} of {', '.join(map(str, own))}" for player, own in one["equilibria"].items())
        yield line(f"nash_subset {number}", f"component {one['component']}", mixed)
    if len(wide) > LISTED:
        yield line("more", f"{len(wide) - LISTED} others are not shown: --format json has them all")


def _player_table(d: Mapping[str, Any]) -> Iterator[str]:
    if d["joint"] is None:
        named = {"best_response_value": d["best_response_values"], "regret": d["regrets"]}
    else:
        named = {"ce_regret": d["joint"]["ce_regrets"], "cce_regret": d["joint"]["cce_regrets"]}
    columns = [d["game"]["players"], *([short(x) for x in k] for k in (d["values"], *named.values()))]
    yield from _table(("player", "value", *named), list(zip(*columns, strict=True))[:LISTED])
    hidden = len(d["values"]) - LISTED
    if hidden > 0:
        yield line("more", f"{hidden} players are not shown: --format json has them all")


def _joint_lines(joint: Mapping[str, Any]) -> Iterator[str]:
    """The pure profiles that may be drawn."""
    for one in joint["support"][:LISTED]:
        yield line("joint", short(one["probability"]), ", ".join(f"{i}: {a}" for i, a in one["actions"].items()))
    hidden = len(joint["support"]) - LISTED
    if hidden > 0:
        yield line("more", f"{hidden} pure profiles are not shown: --format json has them all")


def _profile_lines(profile: Mapping[str, Any]) -> Iterator[str]:
    for player, policy in profile.items():
        for state, row in _rows(policy):
            yield "  ".join(filter(None, ["policy", player, state, _mixed(row)]))


def _profile_line(profile: Mapping[str, Any]) -> str:
    """A profile in one line: the labels of a pure one, probabilities otherwise."""
    parts = []
    for player, policy in profile.items():
        for state, row in _rows(policy):
            sure = [action for action, p in row.items() if p in (1, "1")]
            parts.append(f"{player}{f'@{state}' if state else ''}: {sure[0] if sure else _mixed(row)}")
    return ", ".join(parts)


def _rows(policy: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, float]]]:
    """The rows of a labelled policy with their states or information sets; a normal form's only row has none."""
    if not policy or any(isinstance(value, Mapping) for value in policy.values()):
        yield from policy.items()
    else:
        yield "", policy


def _mixed(row: Mapping[str, float | str]) -> str:
    return " ".join(f"{action}={short(p)}" for action, p in row.items())


def _which(answer: Mapping[str, Any]) -> str:
    polished = ", its support polished" if answer["polished"] else ""
    return f"{answer['name']} at iteration {answer['iteration']}{polished}"


def line(key: str, value: Any, meaning: str = "") -> str:
    """`key  value  what it is`, in columns."""
    head = f"{key:<{KEY - 1}} "
    return printable(f"{head}{value:<13} {meaning}" if meaning else f"{head}{value}")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns two spaces apart: the first to the left, numbers to the right."""
    cells = [list(head), *rows]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    for row in cells:
        yield "  ".join(
            cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )


def short(x: Any) -> str:
    """A figure as people read it."""
    if x is None:
        return "none"
    return f"{x:.6g}" if isinstance(x, float) else str(x)
