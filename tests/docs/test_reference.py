"""The reference says of everything registered what it is, and nothing that the code does not hold."""

from __future__ import annotations

import re
import runpy
import signal
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.doc_pages import DOCS, ROOT
from eqsolve import report
from eqsolve.cli import boundary
from eqsolve.cli.app import app
from eqsolve.errors import EqsolveError
from eqsolve.run.result import Status
from eqsolve.solvers import SOLVERS, protocol
from eqsolve.spec.kinds import FAMILIES

REFERENCE = ROOT / "docs" / "reference"


def rows(page: str) -> dict[str, str]:
    """The rows of a page's tables by their first cell."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return {m[1]: m[2] for m in re.finditer(r"^\| `?([^|`]+?)`? \| (.+) \|$", text, re.MULTILINE)}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference") / "generated"
    runpy.run_path(str(ROOT / "docs" / "generate.py"))["write_all"](folder)
    return folder


MARKED = [page for page in DOCS.rglob("*.md") if "<!-- generated: " in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", MARKED, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_marked_parts_of_a_page_are_as_the_code_has_them(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    renewed = runpy.run_path(str(DOCS / "generate.py"))["with_marked"](text)
    assert renewed == text, "run: python docs/generate.py"
    for part in re.findall("<!-- generated: .*?<!-- end of generated -->", text, re.DOTALL):
        assert part.count("\n") > 2, "nothing stands there"


@pytest.mark.parametrize("name", SOLVERS)
def test_every_algorithm_has_its_row_on_when_to_use_it(name: str) -> None:
    assert rows("algorithms.md").get(name)


@pytest.mark.parametrize("kind", FAMILIES)
def test_every_family_has_its_row_on_what_it_is_for(kind: str) -> None:
    assert rows("games.md").get(kind)


def test_every_protocol_of_solvers_is_on_one_page_with_what_each_method_does(generated: Path) -> None:
    text = (generated / "solver-protocol.md").read_text(encoding="utf-8")
    assert text.startswith("## Solver\n")
    for name, one in vars(protocol).items():
        if isinstance(one, type) and one.__module__ == protocol.__name__:
            assert f"\n## {name}\n" in f"\n{text}"
            for method, function in vars(one).items():
                if callable(function) and not method.startswith("_") and not is_dataclass(one):
                    assert function.__doc__, f"{name}.{method}"
                    assert f"def {method}(self" in text


@pytest.mark.parametrize("name", SOLVERS)
def test_the_generated_page_tells_each_algorithms_source_and_method(name: str, generated: Path) -> None:
    text = (generated / "algorithms.md").read_text(encoding="utf-8")
    [section] = [part for part in text.split("## ") if part.startswith(f"{name}\n")]
    assert SOLVERS[name].reference in section


@pytest.mark.parametrize("kind", FAMILIES)
def test_the_generated_page_describes_every_key_of_a_family(kind: str, generated: Path) -> None:
    text = (generated / "game-specs.md").read_text(encoding="utf-8")
    assert f"\n## {kind}\n" in text
    assert "| any |" not in text


def test_every_command_and_option_has_help(generated: Path) -> None:
    text = (generated / "command-line.md").read_text(encoding="utf-8")
    for path, command in walk(typer.main.get_command(app), "eqsolve"):
        assert command.help, path
        assert f"## {path}\n" in text
        for parameter in command.params:
            assert parameter.help, f"{path} {parameter.name}"


def walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from walk(sub, f"{path} {name}")


def test_the_table_of_exit_codes_holds_every_code_that_an_error_has() -> None:
    documented = {int(code) for cell in rows("command-line.md") if re.match(r"\d", cell) for code in cell.split(", ")}
    raised = {error.exit_code for error in subclasses(EqsolveError)}
    raised |= {boundary.BUG, boundary.CLOSED_PIPE, boundary.INTERRUPTED, 128 + signal.SIGTERM}
    assert raised | {0, 1, 4} == documented


def subclasses(error: type[EqsolveError]) -> Iterator[type[EqsolveError]]:
    yield error
    for below in error.__subclasses__():
        yield from subclasses(below)


def test_every_status_is_explained() -> None:
    explained = rows("metrics.md")
    assert all(explained.get(status) for status in Status)


def test_every_key_of_a_result_is_in_the_table() -> None:
    table = "".join((REFERENCE / page).read_text(encoding="utf-8") for page in ("files.md", "metrics.md"))
    for key in report.result_schema()["properties"]:
        assert f"`{key}`" in table, key
