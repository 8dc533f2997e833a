"""Sizes that one can read: of modules, and of what a function takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import eqsolve

PACKAGE = Path(eqsolve.__file__).parent
ROOT = Path(__file__).parents[1]
#: Lines of a module.
MOST_LINES = 320
#: Parameters of a function by position; more want a record. What must be named in the call is not counted.
MOST_PARAMETERS = 10
#: Modules of commands, which are longer: the text of their options is what `--help` prints.
COMMANDS = "cli"


def modules() -> list[Path]:
    """All modules of the package, of the tests and of the docs."""
    found = [path for folder in (PACKAGE, ROOT / "tests", ROOT / "docs") for path in sorted(folder.rglob("*.py"))]
    assert len(found) > 500
    return found


def crowded(source: str) -> Iterator[str]:
    """Functions with too many parameters by position, and how many."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = len(node.args.posonlyargs) + len(node.args.args)
            if count > MOST_PARAMETERS:
                yield f"{node.name}: {count} parameters"


def test_modules_fit_on_a_few_screens() -> None:
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not {name: count for name, count in lines.items() if count > MOST_LINES}


def test_functions_take_no_more_than_one_can_keep_in_mind() -> None:
    for path in modules():
        if path.parent != PACKAGE / COMMANDS:
            assert not list(crowded(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize(("parameters", "seen"), [("abcdefghij", []), ("abcdefghijk", ["f: 11 parameters"])])
def test_a_crowded_function_would_be_seen(parameters: str, seen: list[str]) -> None:
    assert list(crowded(f"def f({', '.join(parameters)}, *, y, z): ...")) == seen
