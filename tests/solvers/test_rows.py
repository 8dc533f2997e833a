"""Laws that every row of the registry and the class behind it obey."""

from __future__ import annotations

import inspect
import re
from dataclasses import FrozenInstanceError, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eqsolve import solvers
from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers import SOLVERS, Row, find
from eqsolve.solvers.parameters import hyperparameters
from eqsolve.solvers.registry import GameClass

rows = pytest.mark.parametrize("row", SOLVERS.values(), ids=SOLVERS)


@rows
def test_a_row_is_complete(row: Row) -> None:
    assert SOLVERS[row.name] is row
    assert re.fullmatch(r"[a-z0-9+*-]+", row.name)
    assert row.summary
    assert row.summary == row.summary.strip(" .")
    assert re.search(r"\b(1[89]|20)\d\d\b", row.reference), "a reference names a year"
    assert row.forms
    assert set(row.forms) <= set(FormName)
    assert set(row.needs) <= set(Structure)
    assert row.answers
    for answer, games in row.converges:
        assert answer in row.answers
        assert isinstance(games, GameClass)


@rows
def test_names_and_aliases_find_their_row_alone(row: Row) -> None:
    everything = [name for other in SOLVERS.values() for name in (other.name, *other.aliases)]
    for name in (row.name, *row.aliases):
        assert everything.count(name) == 1
        assert find(name) is row


@rows
def test_a_solver_is_a_frozen_record_whose_fields_are_explained(row: Row) -> None:
    solver = row.load()
    assert is_dataclass(solver)
    made: Any = solver()
    assert made == solver()
    with pytest.raises(FrozenInstanceError):
        made.anything = 1
    for parameter in hyperparameters(solver):
        assert parameter.symbol
        assert parameter.help
        assert "\n" not in parameter.help
    assert replace(solver()) == solver()


@rows
def test_a_solvers_file_names_its_source(row: Row) -> None:
    """The first source of the row's reference is in the module's docstring: its author and year, or its arXiv id."""
    module = inspect.getmodule(row.load())
    assert module is not None
    text = module.__doc__ or ""
    years = re.findall(r"\b(?:1[89]|20)\d\d\b", row.reference)
    assert any(year in text for year in years)


def offences(folder: Path) -> dict[str, str]:
    """What files below `folder`, in its subfolders too, have that is the loop's, the judge's or the command line's."""
    words = ("import time", "perf_counter", "print(", "logging", "metrics", "default_rng(", "np.random.seed")
    sources = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}
    return {name: word for name, source in sorted(sources.items()) for word in words if word in source}


def test_no_solver_and_no_part_of_one_has_a_clock_a_judge_or_output_of_its_own() -> None:
    assert offences(Path(solvers.__file__).parent) == {}


def test_an_offence_in_a_subfolder_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "cfr" / "parts").mkdir(parents=True)
    (tmp_path / "cfr" / "parts" / "_deep.py").write_text("print('here')\n")
    assert offences(tmp_path) == {"cfr/parts/_deep.py": "print("}
