"""Tables of the docs that benchmarks measured are as the checked-in results have them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from benchmarks.tables import RESULTS, add_row, circumstances, duration, markdown, marked, rendered
from docs.doc_pages import DOCS, ROOT

PAGES = sorted(path for path in DOCS.rglob("*.md") if "<!-- table: " in path.read_text(encoding="utf-8"))
WHERE = {
    "machine": {"cpu": "Abacus", "cores": 1, "system": "Wood", "python": "3.11.7"},
    "libraries": {"numpy": "2.4.6"},
    "commit": "0123456789",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_tables_of_a_page_are_as_the_results_have_them(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("<!-- table: ") == text.count("<!-- end of table -->") == len(marked(text))
    assert rendered(text) == text, "run: python tests/benchmarks/update_tables.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_benchmark_writes_each_marked_table(page: Path) -> None:
    for file, table in marked(page.read_text(encoding="utf-8")):
        source = (ROOT / "tests" / "benchmarks" / f"test_{file}.py").read_text(encoding="utf-8")
        assert re.search(rf'record\(\s*"{table}"', source)


@pytest.mark.parametrize("file", sorted(RESULTS.glob("*.json")), ids=lambda file: file.stem)
def test_results_tell_the_machine_the_versions_and_the_commit(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    assert (ROOT / document["benchmark"]).is_file()
    assert document["machine"].keys() == {"cpu", "cores", "system", "python"}
    assert {"numpy", "numba"} <= document["libraries"].keys()
    assert document["commit"] not in ("", "unknown")
    assert all(table["rows"] for table in document["tables"].values())


def rows(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["tables"]["speed"]["rows"]
    return found


def test_a_row_joins_those_of_its_machine_and_replaces_those_of_another(tmp_path: Path) -> None:
    file = tmp_path / "results" / "it.json"
    for name, taken in (("Kuhn", 1.0), ("Leduc", 2.0), ("Kuhn", 3.00004)):
        add_row(file, WHERE, "speed", "game", "s", name, {"eqsolve": taken})
    assert rows(file) == {"Kuhn": {"eqsolve": 3.0}, "Leduc": {"eqsolve": 2.0}}
    add_row(file, {**WHERE, "commit": "another"}, "speed", "game", "s", "Leduc", {"eqsolve": 5.0})
    assert rows(file) == {"Leduc": {"eqsolve": 5.0}}


def test_seconds_of_others_stand_beside_their_ratio_and_counts_and_gaps_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "RESULTS", tmp_path)
    for row in (
        ("Kuhn poker", {"leaves": 30, "eqsolve": 9e-8, "Peer": 3.06e-5}),
        ("Leduc poker", {"leaves": 1043952, "eqsolve": 6.1e-4, "Peer": 3.6}),
        ("none", {"leaves": 1, "eqsolve": 2.0, "Peer": None}),
    ):
        add_row(tmp_path / "it.json", WHERE, "speed", "game", "s", *row)
    page = "Before.\n\n<!-- table: it speed -->\nold\n<!-- end of table -->\n\nAfter.\n"
    assert rendered(page).splitlines() == [
        "Before.",
        "",
        "<!-- table: it speed -->",
        "| game | leaves | eqsolve | Peer | ratio |",
        "|---|---|---|---|---|",
        "| Kuhn poker | 30 | 90 ns | 30.6 µs | 340 |",
        "| Leduc poker | 1,043,952 | 610 µs | 3.6 s | 5,900 |",
        "| none | 1 | 2 s | – | – |",
        "",
        "Measured at commit 0123456789: Abacus, 1 core, Wood, Python 3.11.7, numpy 2.4.6.",
        "<!-- end of table -->",
        "",
        "After.",
    ]
    assert rendered(page.replace("speed", "absent")) == page.replace("speed", "absent")


def test_counts_and_words_are_shown_as_they_are() -> None:
    document = {
        **WHERE,
        "tables": {"n": {"first": "game", "unit": "iterations", "rows": {"Kuhn": {"cfr": 24, "best": "`cfr`"}}}},
    }
    assert markdown(document, "n")[2] == "| Kuhn | 24 | `cfr` |"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (2.5e-8, "25 ns"),
        (4.2e-6, "4.2 µs"),
        (0.000118, "118 µs"),
        (0.0102, "10.2 ms"),
        (3.6, "3.6 s"),
        (1234.0, "1,234 s"),
    ],
)
def test_durations_are_shown_with_the_unit_that_suits_them(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_circumstances_tell_the_versions_of_peers_that_are_installed() -> None:
    found = circumstances({"here": "pytest", "absent": "no-such-package-of-anybody"})
    assert found["libraries"]["pytest"] == pytest.__version__
    assert "no-such-package-of-anybody" not in found["libraries"]
    assert found["machine"]["cores"] >= 1
