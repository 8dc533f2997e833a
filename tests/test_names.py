"""Names: one home for each number that has one, and none that has to be guessed."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import eqsolve
from eqsolve.forms import rules
from eqsolve.kernels import histories

PACKAGE = Path(eqsolve.__file__).parent
#: Codes of moves: kernels import no form, and the next test says that these are the same.
SHARED = {"CHANCE", "TERMINAL"}
#: Names that do not say what they name: what is told, and to whom; room for what; beside what.
RIDDLES = {"told", "aside", "room", "onward", "hope", "hope1"}


def numbers(source: str) -> Iterator[str]:
    """Names in capitals that a module binds to numbers or to tuples of them."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_number(node.value):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                names = [name.id for name in ast.walk(target) if isinstance(name, ast.Name)]
                yield from (name for name in names if name.isupper())


def _is_number(value: ast.expr) -> bool:
    allowed = (ast.Tuple, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)
    nodes = [node for node in ast.walk(value) if not isinstance(node, allowed)]
    return all(isinstance(node, ast.Constant) and isinstance(node.value, int | float) for node in nodes)


def homes(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Name -> the modules that define it as a number, where these are several."""
    found = defaultdict[str, list[str]](list)
    for module, source in sources.items():
        for name in numbers(source):
            found[name].append(module)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def identifiers(source: str) -> set[str]:
    """All names of functions, classes, arguments, variables and attributes, in small letters."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        for field in ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                found.add(name.lower().strip("_"))
    return found


def package() -> dict[str, str]:
    """The sources of all modules, by path below the package."""
    found = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert len(found) > 200
    return found


def test_no_two_modules_define_a_number_of_one_name() -> None:
    assert homes(package()).keys() == SHARED


def test_no_name_is_a_riddle() -> None:
    assert not {module: found for module, source in package().items() if (found := identifiers(source) & RIDDLES)}


def test_riddles_are_found() -> None:
    assert identifiers("def _told(room): x.onward = f(aside=1)") >= {"told", "room", "onward", "aside"}


def test_codes_of_moves_are_the_same_in_kernels_and_rules() -> None:
    assert (histories.CHANCE, histories.TERMINAL) == (rules.CHANCE, rules.TERMINAL)


def test_two_homes_are_found() -> None:
    sources = {"a": "TIE: float = 1e-9\nNAME = 'x'", "b": "MOST, TIE = 3, -2.0**-5\nNAME = 'y'", "c": "MOST = other(3)"}
    assert homes(sources) == {"TIE": ["a", "b"]}
