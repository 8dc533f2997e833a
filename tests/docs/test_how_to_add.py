"""The pages on adding things are followed literally in a copy of the checkout; what they add then stands the sweeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.doc_pages import blocks, page_path, session

pytestmark = pytest.mark.slow


def follow(page: str, folder: Path) -> Path:
    """Follow the page in a copy of the checkout, and return the copy."""
    session(page, folder).run(page_path(page))
    return folder


def sweep(checkout: Path, *arguments: str) -> None:
    """Runs tests of the copy; without its conftest, which would compile every kernel anew."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--noconftest", *arguments],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-5000:]


def test_a_family_is_one_file_one_registry_line_one_docs_row_and_a_game(tmp_path: Path) -> None:
    checkout = follow("how-to/add-a-game.md", tmp_path / "checkout")
    sweep(checkout, "tests/spec/test_catalogue.py", "tests/docs/test_reference.py", "-k", "volunteer or every_family")


def test_a_form_is_four_files_and_its_family_and_algorithm_two_each(tmp_path: Path) -> None:
    """Judged, solved, stored, read and refused by what was there: the page shows each."""
    page = page_path("how-to/add-a-form.md").read_text(encoding="utf-8")
    form, rest = page.split("## 5. ")
    family, algorithm = rest.split("## 6. ")
    touched = [{one.target for one in blocks(part) if one.target} for part in (form, family, algorithm)]
    assert list(map(len, touched)) == [4, 2, 2]
    checkout = follow("how-to/add-a-form.md", tmp_path / "checkout")
    sweep(checkout, "tests/test_forms_law.py", "tests/test_dependencies.py", "tests/test_loading.py")


def test_an_algorithm_is_one_file_one_registry_row_and_one_docs_row(tmp_path: Path) -> None:
    checkout = follow("how-to/add-an-algorithm.md", tmp_path / "checkout")
    swept = ("tests/test_laws.py", "tests/run/test_laws_of_runs.py", "tests/solvers/test_rows.py")
    sweep(checkout, *swept, "tests/docs/test_reference.py", "-k", "smith")
