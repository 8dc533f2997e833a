"""HiGHS that prints nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import eqsolve

#: In a process of its own: the banner comes with the first object of a process.
PROGRAMME = """
from eqsolve.arithmetic.highs import silent_highs
highs = silent_highs()
highs.addVar(0.0, 1.0)
highs.changeColCost(0, -1.0)
highs.run()
assert highs.getSolution().col_value == [1.0]
"""


def test_the_first_object_of_a_process_and_its_run_print_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAMME], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def makers(package: Path) -> set[str]:
    """Modules, in subfolders too, that make a HiGHS that prints."""
    sources = {path.relative_to(package).as_posix(): path.read_text("utf-8") for path in package.rglob("*.py")}
    return {name for name, source in sources.items() if "highspy.Highs(" in source}


def test_it_is_made_in_no_other_module(tmp_path: Path) -> None:
    package = Path(eqsolve.__file__).parent
    assert makers(package) == set()
    assert "class _SilentHighs(highspy.Highs)" in (package / "arithmetic" / "highs.py").read_text("utf-8")
    (tmp_path / "solvers" / "programmes").mkdir(parents=True)
    (tmp_path / "solvers" / "programmes" / "_deep.py").write_text("highs = highspy.Highs()\n")
    assert makers(tmp_path) == {"solvers/programmes/_deep.py"}
