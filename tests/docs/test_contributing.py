"""What CONTRIBUTING.md points at is there."""

from __future__ import annotations

import re

from docs.doc_pages import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_its_links_lead_to_files_and_headings_that_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)#?([^)]*)\)", TEXT)
    assert len(links) > 5
    for path, anchor in links:
        page = (ROOT / path).read_text(encoding="utf-8")
        headings = (re.sub(r"[^\w -]", "", line.lstrip("# ")) for line in page.splitlines() if line.startswith("#"))
        assert not anchor or anchor in [heading.lower().replace(" ", "-") for heading in headings], f"{path}#{anchor}"


def test_the_files_that_it_names_exist() -> None:
    named = re.findall(r"\b(?:tests|docs)/[\w/.-]*\w|\.ci/\w[\w.]*|CITATION\.cff", TEXT)
    assert {"tests/public_interface.py", ".ci/constraints.txt", "CITATION.cff"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []
