"""The pages on adding things are followed literally in a copy of the checkout; what they add then stands the sweeps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.doc_pages import ROOT, Session

NOT_COPIED = shutil.ignore_patterns("__pycache__", "_build", "generated", ".*")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a checkout holds."""
    copy = tmp_path / "checkout"
    for folder in ("eqsolve", "games", "docs", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=NOT_COPIED)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, copy / file)
    return copy


def follow(page: str, checkout: Path) -> None:
    Session(checkout, package_root=checkout).run(ROOT / "docs" / page)


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


def test_a_family_is_one_file_one_registry_line_one_docs_row_and_a_game(checkout: Path) -> None:
    follow("how-to/add-a-game.md", checkout)
    sweep(checkout, "tests/test_catalogue.py", "tests/docs/test_reference.py", "-k", "volunteer or every_family")


def test_an_algorithm_is_one_file_one_registry_row_and_one_docs_row(checkout: Path) -> None:
    follow("how-to/add-an-algorithm.md", checkout)
    sweep(checkout, "tests/test_laws.py", "tests/docs/test_reference.py", "-k", "smith")
