"""The table of algorithms, looked up by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.concept import Concept
from eqsolve.solvers import SOLVERS, Row, find
from eqsolve.solvers.protocol import AnswersByLogit


def test_an_alias_is_the_same_row() -> None:
    assert find("mwu") is SOLVERS["inpg"]
    assert find("rm+") is SOLVERS["regret-matching+"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("inpgg", "did you mean `inpg`?"),
        ("regret-matchin", "did you mean `regret-matching`?"),
        ("xyzzy", "`eqsolve algos` lists them"),
        ("", "`eqsolve algos` lists them"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="unknown algorithm") as refusal:
        find(name)
    assert refusal.value.hint == hint


def test_the_table_itself_imports_no_solver() -> None:
    code = "import sys, eqsolve.solvers as s; s.find('inpg'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    rooms = {row.target.partition(":")[0].rpartition(".")[0] for row in SOLVERS.values()}
    ours = {name for name in loaded if name.startswith("eqsolve.solvers.")}
    assert ours == rooms | {"eqsolve.solvers.limits", "eqsolve.solvers.registry"}
    assert not {"numpy", "numba", "scipy"} & set(loaded)


@pytest.mark.parametrize("row", SOLVERS.values(), ids=SOLVERS)
def test_rows_say_who_may_be_judged_by_the_distance_to_quantal_responses(row: Row) -> None:
    assert issubclass(row.load(), AnswersByLogit) == bool(row.quantal)
    assert row.quantal or row.concept != Concept.QUANTAL
