"""What the docstring of jitted code says: numba's arrays have no shapes in their types, so the words must tell them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import eqsolve

PACKAGE = Path(eqsolve.__file__).parent
#: What docstrings begin with; another verb is added here.
VERBS = {
    "Add", "Average", "Bring", "Compute", "Contract", "Cut", "Do", "Draw", "Enter", "Exchange", "Fill", "Find",
    "Follow", "Let", "Look", "Make", "Match", "Move", "Put", "Return", "Search", "Set", "Solve", "Sweep", "Tell",
    "Turn", "Update", "Visit", "Walk", "Write",
}  # fmt: skip


def jitted(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Functions under one of our decorators, or under numba's `overload`, whose text chooses jitted code by types."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = {ast.unparse(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list}
            if names & {"jit", "inlined", "overload"}:
                yield node


def arrays(function: ast.FunctionDef) -> set[str]:
    """Parameters that the body takes for arrays: it indexes them, or asks for their shape, size or length."""
    parameters, found = {one.arg for one in function.args.args}, set[str]()
    for node in ast.walk(function):
        match node:
            case ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name), attr="shape" | "size"):
                found.add(name)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                found.add(name)
    return found & parameters


def faults(function: ast.FunctionDef) -> list[str]:
    """What is missing, in words."""
    doc, used = ast.get_docstring(function) or "", arrays(function)
    found = [f"`{name}` is not named" for name in sorted(used) if not re.search(rf"\b{name}\b", doc)]
    if not doc:
        found.append("no docstring")
    elif used and not re.search(r"\[[^\]]+\]", doc):
        found.append("no shape")
    if doc and doc.split()[0] not in VERBS:
        found.append("it does not begin with a verb")
    if re.search(r"\b[Tt]he same\b|\b[Aa]s above\b", doc):
        found.append("it is not complete in itself")
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_jitted_code_says_what_its_arrays_are(path: Path) -> None:
    for function in jitted(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (found := faults(function)), f"{function.name}: {'; '.join(found)}"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("@jit\ndef f(x):\n    return x[0]", "no docstring"),
        ("@jit\ndef f(x):\n    '''Return the first of x.'''\n    return x[0]", "no shape"),
        ("@overload(f, strict=False)\ndef _f(x):\n    return other", "no docstring"),
        ("@jit(fastmath=True)\ndef f(x):\n    '''Return the first, [1].'''\n    return x.size", "`x` is not named"),
        ("@inlined\ndef f(x):\n    '''The first of x [n].'''\n    return len(x)", "it does not begin with a verb"),
        ("@jit\ndef f(x):\n    '''Return the same of x [n].'''\n    return x[0]", "it is not complete in itself"),
    ],
)
def test_a_fault_would_be_seen(source: str, fault: str) -> None:
    (function,) = jitted(ast.parse(source))
    assert fault in faults(function)
