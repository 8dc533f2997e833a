"""The results of benchmarks, JSON files in results/, one per benchmark, and the tables of the docs made of them.

A file tells the machine, the versions, the commit and the tables, each a list of rows with values by column: medians in
the table's unit, counts or words. All of it is of one machine, one set of versions and one commit: what is measured
elsewhere starts the file anew. In a page a table stands between two such lines, where `update_tables.py` writes it:

    <!-- table: extensive cfr-plus -->
    <!-- end of table -->

A table without figures in results/ stays as it is written.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "highspy")
MARKED = re.compile(r"^<!-- table: (\S+) (\S+) -->\n(.*?)^<!-- end of table -->\n", re.MULTILINE | re.DOTALL)

#: A number: a median in the unit of its table, or a count. None: not measured.
Value = float | int | str | None


def circumstances(peers: Mapping[str, str]) -> dict[str, Any]:
    """Return machine, versions and commit; `peers` are the packages of others that were measured, by their names."""
    return {
        "machine": {"cpu": _cpu(), "cores": _cores(), "system": platform.system(), "python": platform.python_version()},
        "libraries": {name: found for name in (*LIBRARIES, *peers.values()) if (found := _version(name))},
        "commit": _commit(),
    }


def add_row(file: Path, what: Mapping[str, Any], table: str, first: str, unit: str, row: str, values: Any) -> None:
    """Write a row into a file of results; the file begins anew where it tells of other circumstances than `what`.

    `first` is the head of the column with the rows' names, `values` maps the other heads to numbers in `unit` (floats),
    counts (ints), words, or None.
    """
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if any(document.get(key) != value for key, value in what.items()):
        document = {**what, "tables": {}}
    entry = document["tables"].setdefault(table, {"first": first, "unit": unit, "rows": {}})
    entry |= {"first": first, "unit": unit}
    entry["rows"][row] = {head: _rounded(value) for head, value in values.items()}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rendered(page: str) -> str:
    """Return the text of a page with all its tables as the results have them."""

    def table(match: re.Match[str]) -> str:
        file = RESULTS / f"{match[1]}.json"
        document = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"tables": {}}
        if match[2] not in document["tables"]:
            return match[0]
        begin, end = match[0].splitlines()[0], match[0].splitlines()[-1]
        return "\n".join([begin, *markdown(document, match[2]), end, ""])

    return MARKED.sub(table, page)


def marked(page: str) -> list[tuple[str, str]]:
    """Return (file, table) of each table that is marked in a page."""
    return [(match[1], match[2]) for match in MARKED.finditer(page)]


def markdown(document: Mapping[str, Any], name: str) -> list[str]:
    """Return the lines of a table, then one with its circumstances.

    Where the column `eqsolve` has seconds, each column of seconds after it is followed by its ratio to that one.
    """
    table = document["tables"][name]
    rows, unit = table["rows"], table["unit"]
    heads = list(dict.fromkeys(head for values in rows.values() for head in values))
    beside = heads[heads.index("eqsolve") + 1 :] if unit == "s" and "eqsolve" in heads else []
    shown = [part for head in heads for part in ((head, "ratio") if head in beside else (head,))]
    lines = [f"| {' | '.join([table['first'], *shown])} |", f"|{'---|' * (len(shown) + 1)}"]
    for row, values in rows.items():
        cells = [row]
        for head in heads:
            cells.append(_cell(values.get(head), unit))
            if head in beside:
                cells.append(_ratio(values.get(head), values["eqsolve"]))
        lines.append(f"| {' | '.join(cells)} |")
    machine = document["machine"]
    versions = ", ".join(f"{name} {found}" for name, found in document["libraries"].items())
    cores = f"{machine['cores']} core{'s' if machine['cores'] > 1 else ''}"
    where = f"{machine['cpu']}, {cores}, {machine['system']}, Python {machine['python']}, {versions}"
    return [*lines, "", f"Measured at commit {document['commit']}: {where}."]


def _cell(value: Value, unit: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return duration(value) if unit == "s" else f"{value:.3g} {unit}"


def duration(seconds: float) -> str:
    """Return seconds with two or three digits and the unit that suits them."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds / size < 1000 else f"{seconds / size:,.0f} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _ratio(other: Value, own: Value) -> str:
    if not isinstance(other, float) or not isinstance(own, float):
        return "–"
    return f"{other / own:.1f}" if other < 10 * own else f"{float(f'{other / own:.3g}'):,.0f}"


def _rounded(value: Value) -> Value:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _cpu() -> str:
    """Return the processor's name; Linux tells it in a file only."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].replace("(R)", "").split())
    return platform.processor() or platform.machine()


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """Return the last commit that changed the package or its games, and whether they have changed since."""
    parts = ["--", "eqsolve", "games"]
    last = _git("log", "-1", "--format=%h", "--abbrev=10", *parts)
    return f"{last or 'unknown'}{', changed since' if _git('status', '--porcelain', *parts) else ''}"


def _git(*arguments: str) -> str:
    with suppress(OSError):
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""
    return ""
