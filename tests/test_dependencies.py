"""The law of dependencies: which part of the package may import which, on direct imports, also those inside functions.

What only type checkers read does not count. A new part needs a line here.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import eqsolve

PACKAGE = Path(eqsolve.__file__).parent

#: Part -> patterns of the modules outside itself that it may import. `solvers` alone is the table, no algorithm.
LAW: dict[str, tuple[str, ...]] = {
    "__init__": (),
    "__main__": ("cli",),
    "errors": (),
    "arguments": ("errors",),
    "printable": (),
    "plugins": ("errors",),
    "spec": ("errors", "printable", "catalogue", "memory", "plugins", "stopwatch"),
    "catalogue": ("errors", "spec.reader"),
    "families": ("errors", "forms.*", "spec.*"),
    "formats": (
        "errors", "printable", "memory", "families.array_order", "families.matrix", "forms.normal", "forms.rules",
        "forms.sequence", "forms.walk",
        "spec.*", "store.archive",
    ),
    "stopwatch": (),
    "kernels": ("stopwatch",),
    "highs": (),
    "forms": ("errors", "kernels.*", "memory"),
    "solvers": ("errors", "forms.*", "highs", "kernels", "kernels.*", "plugins"),
    "metrics": ("errors", "forms.*", "highs"),
    "result": (
        "forms.*", "metrics.correlated", "metrics.deviations", "metrics.exact", "metrics.quantal", "metrics.reach",
    ),
    "indifference": ("forms.*",),
    "exact": ("errors", "forms.*", "indifference", "metrics.exact", "result", "spec.load"),
    "schedule": ("arguments",),
    "records": ("result",),
    "completion": ("forms.*", "metrics.*"),
    "appraisal": ("errors", "completion", "forms.*", "kernels.polish", "metrics.*", "result", "solvers.protocol"),
    "run": (
        "errors", "appraisal", "forms.base", "forms.concept", "kernels", "records", "result", "schedule",
        "solvers.protocol", "solvers.state",
    ),
    "auto": ("errors", "forms.*", "metrics.*", "run", "solvers", "solvers.parameters"),
    "store": (
        "errors", "forms.base", "forms.concept", "forms.joint", "metrics.correlated", "metrics.deviations",
        "metrics.quantal", "result", "spec.*",
    ),
    "profiles": (
        "errors", "forms.*", "result", "spec.faults", "spec.load", "store.archive", "store.atomic", "store.policy",
    ),
    "figures": (),
    "curves": ("errors", "figures", "forms.base", "store.trace"),
    "plot": ("errors", "printable", "figures", "forms.base", "curves"),
    "report": (
        "errors", "printable", "forms.base", "forms.concept", "forms.joint", "metrics.comparison", "metrics.deviations",
        "result",
    ),
    "constructors": (
        "errors", "families.given", "formats.python_rules", "forms.base", "forms.normal", "spec.*",
    ),
    "method": (
        "errors", "auto", "forms.base", "forms.concept", "result", "solvers", "solvers.own", "solvers.parameters",
        "solvers.protocol",
    ),
    "solved": ("arguments", "forms.base", "plot", "report.by_labels", "report.document", "result", "store.policy"),
    "api": (
        "arguments", "errors", "auto", "constructors", "exact", "forms.*", "kernels.threads", "method", "metrics.*",
        "profiles.*", "result", "run", "schedule", "solved", "solvers", "solvers.own", "solvers.protocol", "spec.*",
        "store.*",
    ),
    "memory": (),
    "info": (
        "kernels", "errors", "api", "auto", "forms.*", "memory", "method", "metrics.*", "result", "run", "solvers",
        "solvers.correlated", "solvers.protocol", "spec.load",
    ),
    "cli": ("*",),
}  # fmt: skip

#: Part -> modules that it may not import although their part is open to it: a family is picked by them.
CLOSED: dict[str, tuple[str, ...]] = {
    "families": ("spec.kinds", "spec.load", "spec.schema"),
    "formats": ("spec.load", "spec.schema"),
}

#: Part -> packages of others that it may import.
OTHERS: dict[str, tuple[str, ...]] = {
    "spec": ("numpy", "pydantic", "pydantic_core", "yaml"),
    "families": ("numpy", "pydantic", "pyspiel"),
    "formats": ("numpy", "openpyxl"),
    "kernels": ("llvmlite", "numba", "numpy", "platformdirs"),
    "forms": ("numpy",),
    "highs": ("highspy",),
    "solvers": ("flint", "highspy", "nashpy", "numpy"),
    "metrics": ("highspy", "numpy"),
    "appraisal": ("numpy",),
    "completion": ("numpy",),
    "auto": ("numpy",),
    "memory": ("numpy",),
    "store": ("numpy", "pydantic"),
    "profiles": ("numpy", "pydantic"),
    "curves": ("numpy",),
    "plot": ("matplotlib", "numpy"),
    "solved": ("matplotlib", "numpy"),
    "report": ("jsonschema", "numpy", "pydantic", "rich"),
    "cli": ("numpy", "rich", "typer"),
}


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements anywhere in `tree` but under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from imported(node)


def modules(tree: ast.AST) -> set[str]:
    """Dotted names of the modules that a source imports directly; `from a import b` is a.b where that is a module."""
    found = set()
    for node in imported(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if _is_module(inner) else node.module)
    return found


def _is_module(name: str) -> bool:
    top, *rest = name.split(".")
    place = PACKAGE.joinpath(*rest)
    return top == "eqsolve" and (place.with_suffix(".py").exists() or place.is_dir())


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(path)
    assert part in LAW, f"{part} is new: what may it import?"
    for name in modules(ast.parse(path.read_text(encoding="utf-8"))):
        top, _, inner = name.partition(".")
        if top == "eqsolve":
            within = inner == part or inner.startswith(part + ".") or not inner
            open_to_it = any(fnmatchcase(inner, pattern) for pattern in LAW[part])
            assert within or (open_to_it and inner not in CLOSED.get(part, ())), f"{part} imports {name}"
        elif top not in sys.stdlib_module_names:
            assert top in OTHERS.get(part, ()), f"{part} imports {name}"


def test_nobody_but_the_entry_points_imports_the_command_line() -> None:
    for path in sources():
        if part_of(path) not in ("cli", "__main__"):
            assert not any(name.startswith("eqsolve.cli") for name in modules(ast.parse(path.read_text("utf-8"))))


def test_the_law_names_only_parts_that_exist() -> None:
    parts = {part_of(path) for path in sources()}
    assert set(LAW) == parts
    assert set(OTHERS) <= parts


def test_an_offence_would_be_seen() -> None:
    """The parser of imports itself: inside functions, behind names, but not for type checkers."""
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from eqsolve.kernels.tensor import TensorArrays
from eqsolve import run
def f():
    import eqsolve.solvers.inpg
    if True:
        from eqsolve.solvers import pure, SOLVERS
"""
    assert modules(ast.parse(source)) == {
        "typing", "eqsolve.run", "eqsolve.solvers.inpg", "eqsolve.solvers.pure", "eqsolve.solvers",
    }  # fmt: skip


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
    names = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in (PACKAGE / part).glob("*.py")]
    code = "\n".join(f"import {'.'.join(name).removesuffix('.__init__')}" for name in names)
    assert "numpy" not in loaded(code)


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    assert {name for name in loaded("import eqsolve") if name.startswith("eqsolve")} == {"eqsolve"}


def test_forms_and_metrics_load_no_numba_before_a_kernel_is_called() -> None:
    code = "import eqsolve.forms.normal, eqsolve.forms.markov, eqsolve.metrics.judge, eqsolve.metrics.structure"
    assert "numba" not in loaded(code)


def test_a_small_game_is_solved_by_default_without_numba_scipy_or_nashpy() -> None:
    names = loaded("""
from eqsolve import api
from eqsolve.spec.load import parse
assert api.solve(parse("{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}", "game.yaml")).status == "converged"
""")
    assert not families(names) & {"numba", "scipy", "nashpy"}
    assert "eqsolve.solvers.zero_sum_lp" in names


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
    assert not {name for name in names if name.startswith(("eqsolve.solvers", "eqsolve.run", "eqsolve.auto"))}
