"""Lists in a result's text: equilibria that were found, profiles that were judged, certificates in fractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from eqsolve.report.lines import KEY, LISTED, VALUE, column, line, mixed, more, rows, short

#: Characters of a fraction that the text shows.
LONGEST_FRACTION = 100
#: `equilibrium 12` and a blank.
numbered = partial(line, key_width=KEY + 2)

#: What a certificate shows, by the concept.
KINDS = {"nash": "equilibrium", "ce": "correlated equilibrium", "cce": "coarse correlated equilibrium"}
#: What an exact certificate can be of.
SOURCES = {
    "solution": "the method's solution in fractions, of which the answer is the rounding",
    "support": "fractions on the answer's support, close to the answer",
    "answer": "the answer itself, its float64 numbers taken as fractions",
    "given": "the profile as it is written, in fractions",
}


def exact_lines(d: Mapping[str, Any]) -> Iterator[str]:
    """Yield the certificate in fractions: whether nobody gains anything, of what, and the fractions."""
    exact = d.get("exact")
    if exact is None:
        return
    gap = "regret" if d["joint"] is None else f"{d['concept']}_regret"
    kind, source = KINDS[d["concept"] if d["joint"] else "nash"], SOURCES[exact["of"]]
    if _none_above_0(exact[f"{gap}s"]):
        yield line("exact", "proved", f"an exact {kind}: {source}")
    else:
        yield line("exact", "not exact", f"some {gap} is above 0, in fractions: {source}")
    for key in ("value", gap):
        for player, fraction in list(zip(d["game"]["players"], exact[f"{key}s"], strict=True))[:LISTED]:
            if len(fraction) <= LONGEST_FRACTION:
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
    yield numbered("equilibria", len(found), _covered(d["complete"]) if found else _none_found(d["complete"]))
    components = [one["component"] for one in found]
    joined = len(set(components)) < len(components) and None not in components
    gaps = [f"nash_gap {short(one['nash_gap'], floor)}" for one in found[:LISTED]]
    width = column(gaps, least=VALUE)
    for number, (gap, one) in enumerate(zip(gaps, found, strict=False), 1):
        part = f"component {one['component']}  " if joined else ""
        values = f"  (values {', '.join(short(x, floor) for x in one['values'])})"
        details = part + _profile_line(one["profile"]) + values
        yield numbered(f"equilibrium {number}", gap, details, value_width=width)
        if (exact := one.get("exact")) is not None:
            # the answer's own rationals are its float64 numbers, digit for digit
            fractions = "" if exact["of"] == "answer" else _profile_line(exact["profile"])
            yield numbered(f"exact {number}", " ".join(_proved(one)), fractions, value_width=width)
    yield from more(len(found) - LISTED, "others")
    if joined and d["nash_subsets"] is not None:
        yield from _subset_lines(d["nash_subsets"])


def _covered(complete: str | None) -> str:
    """Return what the list covers, and that each gap was measured."""
    return "; ".join(filter(None, [complete, "each with its measured gap"]))


def _none_found(complete: str | None) -> str:
    """Return what an empty list means: of which equilibria there is none, or that the search was not complete."""
    what, _, rest = (complete or "").partition(" (")
    searched = "others may exist" if what.startswith("at least") else f"searched for {what}" if what else ""
    return "; ".join(filter(None, ["none with a measured gap within the tolerance", searched])) + (rest and f" ({rest}")


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
        certified = (f"{verdict} in fractions" for verdict in _proved(one))
        yield line(f"profile {number}", gap, "  ".join([one["name"], *certified]), value_width=width)
    yield from more(len(judged) - LISTED, "others")


def _proved(one: Mapping[str, Any]) -> list[str]:
    """Return whether one of several profiles is proved to be an exact equilibrium; empty where nobody computed that."""
    if one.get("exact") is None:
        return []
    return ["proved" if _none_above_0(one["exact"]["regrets"]) else "not exact"]


def _subset_lines(subsets: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The products of mixtures, by the numbers of equilibria whose policies are mixed; no line for single points."""
    wide = [one for one in subsets if any(len(own) > 1 for own in one["equilibria"].values())]
    meaning = "sets whose mixtures belong to the list, too; with those listed that are in no set, these are all"
    yield numbered("nash_subsets", len(wide), meaning)
    for number, one in enumerate(wide[:LISTED], 1):
        factors = "; ".join(f"{player}: {_mixture(own)}" for player, own in one["equilibria"].items())
        yield numbered(f"nash_subset {number}", f"component {one['component']}", factors)
    yield from more(len(wide) - LISTED, "others")


def _mixture(numbers: Sequence[int]) -> str:
    """Return which policies of a player may be mixed, by the numbers of the equilibria that they are from."""
    if len(numbers) == 1:
        return f"as in {numbers[0]}"
    *others, last = map(str, numbers)
    return f"any mixture of those in {', '.join(others)} and {last}"


def _profile_line(profile: Mapping[str, Any]) -> str:
    """A profile in one line: the labels of a pure one, probabilities otherwise."""
    parts = []
    for player, policy in profile.items():
        for state, row in rows(policy):
            sure = [action for action, p in row.items() if p in (1, "1")]
            parts.append(f"{player}{f'@{state}' if state else ''}: {sure[0] if sure else mixed(row)}")
    return ", ".join(parts)
