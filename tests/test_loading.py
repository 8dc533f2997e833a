"""What is loaded, in processes of their own: no library, and no room, that a job does not need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import eqsolve

PACKAGE = Path(eqsolve.__file__).parent


def loaded(code: str) -> set[str]:
    """Modules in a fresh process after `code`."""
    report = "\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def families(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("part", ["spec", "families", "formats"])
def test_reading_specs_needs_no_numpy(part: str) -> None:
    """Importing every module of the part; numpy comes with the first array."""
    names = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in (PACKAGE / part).rglob("*.py")]
    code = "\n".join(f"import {'.'.join(name).removesuffix('.__init__')}" for name in names)
    assert "numpy" not in loaded(code)


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    assert {name for name in loaded("import eqsolve") if name.startswith("eqsolve")} == {"eqsolve"}


def test_forms_and_metrics_load_no_numba_before_a_kernel_is_called() -> None:
    code = (
        "import eqsolve.forms.normal.game, eqsolve.forms.markov.game, eqsolve.metrics.judge, eqsolve.analysis.structure"
    )
    assert "numba" not in loaded(code)


def test_a_small_game_is_solved_by_default_without_numba_scipy_or_nashpy() -> None:
    names = loaded("""
from eqsolve import api
from eqsolve.spec.load import parse
assert api.solve(parse("{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}", "game.yaml")).status == "converged"
""")
    assert not families(names) & {"numba", "scipy", "nashpy"}
    assert "eqsolve.solvers.programmes.zero_sum_lp" in names


@pytest.mark.parametrize("game", ["matrix/matching-pennies", "distancing/eight-agents"])
def test_a_policy_is_judged_without_any_solver(game: str, tmp_path: Path) -> None:
    """`eqsolve regret` of a stored policy: the judge never met the defendant."""
    policy = str(tmp_path / "policy.npz")
    subprocess.run(
        [sys.executable, "-m", "eqsolve", "solve", f"@{game}", "-q", "-o", policy], check=True, capture_output=True
    )
    regret = [sys.executable, "-X", "importtime", "-m", "eqsolve", "regret", policy]
    done = subprocess.run(regret, check=True, capture_output=True, text=True)
    names = set(re.findall(r"import time:.*\| +(\S+)", done.stderr))
    assert "eqsolve.metrics.judge" in names
    assert not {name for name in names if name.startswith(("eqsolve.solvers", "eqsolve.run.loop", "eqsolve.run.auto"))}
