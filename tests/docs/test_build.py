"""The pages build without a warning: every link, heading and table of contents holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.doc_pages import PACKAGE_ROOT, ROOT


@pytest.mark.slow
def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    # a copy, so that a build of the tests leaves nothing behind and two of them do not meet
    left = shutil.ignore_patterns("_build", "generated", "__pycache__")
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=left)
    (tmp_path / "eqsolve").symlink_to(PACKAGE_ROOT / "eqsolve")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-W", "-n", "-q", "--keep-going", "docs", "html"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in ("index", "tutorial/first-equilibrium", "reference/command-line", "explanation/regret"):
        assert (tmp_path / "html" / f"{page}.html").is_file()
