"""Lists in a result's text: equilibria that were found, profiles that were judged, certificates in fractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from eqsolve.report.lines import KEY, LISTED, VALUE, column, line, mixed, more, rows, short

#: Characters of a fraction that the text shows.
LONGEST = 100
#: `equilibrium 12` and a blank.
numbered = partial(line, key_width=KEY + 2)

#: What an exact certificate can be of.
SOURCES = {
    "solution": "by the solution in fractions, which the answer rounds",
    "support": "by fractions on the answer's support, next to the answer",
    "answer": "by the answer itself, its float64 numbers taken as fractions",
    "given": "by the profile as its fractions are written",
}


def exact_lines(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield the certificate in fractions: whether nobody gains anything, of what, and the fractions."""
    exact = d.get("exact")
    if exact is None:
        return
    gap = "regret" if d["joint"] is None else f"{d['concept']}_regret"
    kind = "an equilibrium" if d["joint"] is None else f"no {d['concept'].upper()} regret above 0"
    source, proved = SOURCES[exact["of"]], _none_above_0(exact[f"{gap}s"])
    yield line("exact", "proved", f"{kind}, {source}") if proved else line("exact", "regrets not 0", source)
    for key in ("value", gap):
        for player, fraction in list(zip(d["game"]["players"], exact[f"{key}s"], strict=True))[:LISTED]:
            if len(fraction) <= LONGEST:
                yield line(f"exact_{key} {player}", fraction, key_width=19)
            else:
                over, _, under = fraction.partition("/")
                rounded = f"{Decimal(over) / Decimal(under or 1):.6g}"
                said = f"of {len(fraction)} characters: --format json has them"
                yield line(f"exact_{key} {player}", rounded, said, key_width=19)
    # the answer's own rationals are its float64 numbers, digit for digit
    if exact["of"] != "answer":
        for one in exact.get("support", ())[:LISTED]:
            drawn = ", ".join(f"{player}: {action}" for player, action in one["actions"].items())
            yield line("exact_joint", one["probability"], drawn, key_width=19)
        for player, policy in exact.get("profile", {}).items():
            for state, row in rows(policy):
                yield line(f"exact_policy {player}", "  ".join(filter(None, [state, mixed(row)])), key_width=19)


def equilibrium_lines(d: Mapping[str, Any], floor: float) -> Iterator[str]:
    """Yield how many equilibria were found and what the list covers, then each of them."""
    found = d["equilibria"]
    if found is None:
        return
    judged = "each with its measured gap" if found else "none with a measured gap within the tolerance"
    yield numbered("equilibria", len(found), "; ".join(filter(None, [d["complete"], judged])))
    components = [one["component"] for one in found]
    joined = len(set(components)) < len(components) and None not in components
    gaps = [f"nash_gap {short(one['nash_gap'], floor)}" for one in found[:LISTED]]
    width = column(gaps, least=VALUE)
    for number, (gap, one) in enumerate(zip(gaps, found, strict=False), 1):
        part = f"component {one['component']}  " if joined else ""
        values = f"  (values {', '.join(short(x, floor) for x in one['values'])})"
        told = part + _profile_line(one["profile"]) + values
        yield numbered(f"equilibrium {number}", gap, told, value_width=width)
        if (exact := one.get("exact")) is not None:
            # the answer's own rationals are its float64 numbers, digit for digit
            fractions = "" if exact["of"] == "answer" else _profile_line(exact["profile"])
            yield numbered(f"exact {number}", " ".join(_proved(one)), fractions)
    yield from more(len(found) - LISTED, "others")
    if joined and d["nash_subsets"] is not None:
        yield from _subset_lines(d["nash_subsets"])


def _none_above_0(fractions: Sequence[str]) -> bool:
    """Whether no regret is positive. Those of a best response are never negative, those of the CCE may be."""
    return all(x == "0" or x.startswith("-") for x in fractions)


def several_lines(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield the profiles that were judged, where a file holds more than one."""
    judged = d.get("profiles", ())
    if judged:
        yield line("profiles", len(judged), "each with its measured gap")
    gaps = [f"nash_gap {short(one['nash_gap'])}" for one in judged[:LISTED]]
    width = column(gaps, least=VALUE)
    for number, (gap, one) in enumerate(zip(gaps, judged, strict=False), 1):
        yield line(f"profile {number}", gap, "  ".join([one["name"], *_proved(one)]), value_width=width)
    yield from more(len(judged) - LISTED, "others")


def _proved(one: Mapping[str, Any]) -> list[str]:
    """Whether the regrets of one of several profiles are 0 in fractions; empty where nobody computed them."""
    if one.get("exact") is None:
        return []
    return ["regrets all 0 in fractions" if _none_above_0(one["exact"]["regrets"]) else "regrets not 0 in fractions"]


def _subset_lines(subsets: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The products of mixtures, by the numbers of equilibria whose policies are mixed; no line for single points."""
    wide = [one for one in subsets if any(len(own) > 1 for own in one["equilibria"].values())]
    yield numbered("nash_subsets", len(wide), "products of mixtures; with the points in none of them, all there are")
    for number, one in enumerate(wide[:LISTED], 1):
        factors = " × ".join(f"{player} of {', '.join(map(str, own))}" for player, own in one["equilibria"].items())
        yield numbered(f"nash_subset {number}", f"component {one['component']}", factors)
    yield from more(len(wide) - LISTED, "others")


def _profile_line(profile: Mapping[str, Any]) -> str:
    """A profile in one line: the labels of a pure one, probabilities otherwise."""
    parts = []
    for player, policy in profile.items():
        for state, row in rows(policy):
            sure = [action for action, p in row.items() if p in (1, "1")]
            parts.append(f"{player}{f'@{state}' if state else ''}: {sure[0] if sure else mixed(row)}")
    return ", ".join(parts)
