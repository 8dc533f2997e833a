"""The law of dependencies: which part of the package may import which, on direct imports, also those inside functions.

What only type checkers read does not count. A new part needs a line here.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import eqsolve

PACKAGE = Path(eqsolve.__file__).parent

#: Room -> patterns of the modules outside itself that it may import. The table begins at the bottom of the house: a
#: room may import only from rooms before it. `solvers` means its own modules; each of its rooms has a line, too.
LAW: dict[str, tuple[str, ...]] = {
    "errors": (),
    "printable": (),
    "stopwatch": (),
    "memory": (),
    "arguments": ("errors",),
    "plugins": ("errors",),
    "kernels": ("stopwatch",),
    "forms": ("errors", "kernels.*", "memory"),
    "arithmetic": ("errors", "forms.base", "forms.extensive.treeplex", "kernels"),
    "spec": ("errors", "printable", "memory", "plugins", "stopwatch", "forms.base", "forms.rules", "forms.tolerances"),
    "families": ("errors", "forms.*", "spec.*"),
    "distributions": ("errors", "families.variates", "spec.*"),
    "metrics": ("errors", "forms.*", "memory"),
    "analysis": ("errors", "arithmetic.highs", "forms.*", "metrics.judge"),
    "solvers": ("errors", "forms.*", "plugins"),  # what all of its rooms share
    "solvers.gradient": (),
    "solvers.cfr": (),
    "solvers.dynamics": (),
    "solvers.bimatrix": (),
    "solvers.enumeration": (),
    "solvers.programmes": (),
    "solvers.homotopy": (),
    "solvers.near_potential": (),
    "solvers.__init__": ("errors", "solvers.*"),  # the registry, which merges the tables of the rooms
    "run": (
        "arguments", "errors", "analysis.structure", "forms.*", "kernels", "kernels.polish", "metrics.*", "solvers",
        "solvers.limits", "solvers.own", "solvers.parameters", "solvers.protocol", "solvers.state",
    ),
    "store": (
        "errors", "forms.base", "forms.concept", "forms.joint", "forms.mixed", "metrics.figures", "metrics.gap",
        "run.options", "run.result", "spec.*",
    ),
    "formats": (
        "errors", "printable", "memory", "families.normal.array_order", "families.normal.matrix", "forms.normal.game",
        "forms.rules", "forms.extensive.form", "forms.extensive.walk", "forms.tolerances", "spec.*", "store.archive",
    ),
    "profiles": (
        "errors", "forms.*", "run.result", "spec.faults", "spec.load", "store.archive", "store.atomic", "store.policy",
    ),
    "constructors": (
        "errors", "families.given", "formats.python_rules", "forms.base", "forms.normal.game", "spec.*",
    ),
    "exact": ("errors", "arithmetic.elimination", "forms.*", "metrics.exact_regrets", "run.result", "spec.load"),
    "plotting": ("errors", "printable", "forms.base", "metrics.figures", "store.trace"),
    "info": (
        "kernels", "errors", "analysis.*", "forms.*", "memory", "metrics.*", "run.*", "solvers",
        "solvers.limits", "solvers.programmes.correlated_lp", "solvers.protocol", "spec", "spec.load",
    ),
    "report": (
        "errors", "printable", "analysis.*", "forms.base", "forms.concept", "forms.joint", "forms.mixed",
        "metrics.comparison", "metrics.deviations", "metrics.figures", "run.result", "info",
    ),
    "solved": (
        "arguments", "forms.base", "forms.mixed", "metrics.figures", "plotting.plot", "report.by_labels",
        "report.document", "run.result",
        "store.policy",
    ),
    "solving": (
        "errors", "constructors", "exact.*", "forms.*", "kernels.threads", "profiles.*", "run.*", "solved", "solvers",
        "solvers.own", "solvers.protocol", "spec", "spec.*", "store.*",
    ),
    "api": (
        "arguments", "errors", "constructors", "forms.*", "metrics.*", "profiles.*", "run.*", "solved",
        "solvers.protocol", "solving", "spec.*",
    ),
    "evaluation": ("errors", "report.evaluation", "run.options", "solving", "spec.load"),
    "cli": ("*",),
    "__init__": (),
    "__main__": ("cli",),
}  # fmt: skip

#: What every room of solvers may import beside its own modules.
OF_SOLVERS = (
    "errors", "arithmetic.*", "forms.*", "kernels", "kernels.*", "solvers.initial", "solvers.limits",
    "solvers.parameters", "solvers.protocol", "solvers.registry", "solvers.state",
)  # fmt: skip

#: Room of solvers -> modules of other rooms of solvers that it may import.
ROOMS: dict[str, tuple[str, ...]] = {
    # fictitious play on trees is a regret minimiser that plays best responses
    "solvers.dynamics": ("solvers.cfr.counterfactual",),
    # a portfolio: one of its parts is regret matching, to start supports from
    "solvers.homotopy": ("solvers.dynamics.regret_matching_plus",),
}

#: Room -> modules that it may not import although their room is open to it: a family is picked by them.
CLOSED: dict[str, tuple[str, ...]] = {
    "families": ("spec.kinds", "spec.load", "spec.schema"),
    "formats": ("spec.schema",),
}

#: Room -> packages of others that it may import.
OTHERS: dict[str, tuple[str, ...]] = {
    "spec": ("numpy", "pydantic", "pydantic_core", "yaml"),
    "families": ("numpy", "pydantic", "pyspiel"),
    "formats": ("numpy", "openpyxl"),
    "kernels": ("llvmlite", "numba", "numpy", "platformdirs"),
    "arithmetic": ("flint", "highspy", "numpy"),
    "forms": ("numpy",),
    "solvers": ("nashpy", "numpy"),
    "metrics": ("numpy",),
    "analysis": ("highspy", "numpy"),
    "run": ("numpy",),
    "memory": ("numpy",),
    "store": ("numpy", "pydantic"),
    "profiles": ("numpy", "pydantic"),
    "plotting": ("matplotlib", "numpy"),
    "solved": ("matplotlib", "numpy"),
    "report": ("jsonschema", "numpy", "pydantic", "rich"),
    "distributions": ("numpy", "yaml"),
    "cli": ("numpy", "rich", "typer"),
}


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The module's dotted name, without the package: `spec.load`; that of the package itself is `__init__`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def room_of(name: str) -> str:
    """The room in which a module stands; the solvers' rooms count by themselves, and so does their registry."""
    if name == "solvers":
        return "solvers.__init__"
    room, _, rest = name.partition(".")
    inner = f"{room}.{rest.partition('.')[0]}"
    return inner if inner in LAW and room == "solvers" else room


def imported(tree: ast.AST, types: bool = False) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements anywhere in `tree`, those under `if TYPE_CHECKING` only with `types`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from imported(node, types)


def modules(tree: ast.AST, types: bool = False) -> set[str]:
    """Dotted names of the modules that a source imports directly; `from a import b` is a.b where that is a module."""
    found = set()
    for node in imported(tree, types):
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


def arrows() -> dict[str, set[str]]:
    """Module -> the modules of ours that it imports, also for types alone; without the package's own name."""
    found = {}
    for path in sources():
        names = modules(ast.parse(path.read_text(encoding="utf-8")), types=True)
        found[name_of(path)] = {name.partition(".")[2] for name in names if name.startswith("eqsolve.")}
    return found


def circle(arrows: Mapping[str, set[str]]) -> list[str] | None:
    """Some circle in a directed graph, as the names along it; None where there is none."""
    try:
        tuple(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        return list(error.args[1])
    return None


def permitted(room: str) -> tuple[str, ...]:
    """Patterns of the modules that a room may import beside its own."""
    return (*LAW[room], *(OF_SOLVERS if room.startswith("solvers") else ()), *ROOMS.get(room, ()))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(name_of(path))
    assert room in LAW, f"{room} is new: what may it import?"
    for name in modules(ast.parse(path.read_text(encoding="utf-8"))):
        top, _, inner = name.partition(".")
        if top == "eqsolve":
            within = not inner or ((inner + ".").startswith(room + ".") and room_of(inner) == room)
            open_to_it = any(fnmatchcase(inner, pattern) for pattern in permitted(room))
            assert within or (open_to_it and inner not in CLOSED.get(room, ())), f"{room} imports {name}"
        elif top not in sys.stdlib_module_names:
            assert top in OTHERS.get(room.partition(".")[0], ()), f"{room} imports {name}"


def test_there_is_no_circle_of_modules() -> None:
    assert circle(arrows()) is None


def test_there_is_no_circle_of_rooms_and_no_arrow_upward() -> None:
    """Through types, too: whoever reads a room needs to know only those further down."""
    order = list(LAW)
    for name, targets in arrows().items():
        for target in targets - {""}:
            lower, upper = room_of(target), room_of(name)
            if lower != upper:
                assert order.index(lower) < order.index(upper), f"{name} imports {target}, which stands above it"


def test_a_circle_and_an_arrow_upward_would_be_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) is None
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) or ()) == {"a", "b", "c"}


def test_private_modules_are_imported_by_their_own_folder_only() -> None:
    for name, targets in arrows().items():
        for target in targets:
            folder, _, last = target.rpartition(".")
            if last.startswith("_") and last != "__init__":
                assert name.rpartition(".")[0] == folder or name == folder, f"{name} imports {target}"


def test_nobody_but_the_entry_points_imports_the_command_line() -> None:
    for name, targets in arrows().items():
        if room_of(name) not in ("cli", "__main__"):
            assert not any(room_of(target) == "cli" for target in targets)


def test_the_law_names_only_rooms_that_exist() -> None:
    rooms = {room_of(name_of(path)) for path in sources()}
    assert set(LAW) == rooms
    assert set(OTHERS) <= rooms
    assert set(ROOMS) <= rooms


def test_an_offence_would_be_seen() -> None:
    """The parser of imports itself: inside functions, behind names, but not for type checkers."""
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from eqsolve.kernels.tensor import TensorArrays
from eqsolve.run import loop as run
def f():
    import eqsolve.solvers.gradient.inpg
    if True:
        from eqsolve.solvers import SOLVERS
        from eqsolve.solvers.enumeration import pure
"""
    assert modules(ast.parse(source)) == {
        "typing", "eqsolve.run.loop", "eqsolve.solvers.gradient.inpg", "eqsolve.solvers.enumeration.pure",
        "eqsolve.solvers",
    }  # fmt: skip


#: Rooms of which the page of the architecture names every module; of those that grow with every new form, family or
#: method it names what one looks for.
LISTED_WHOLE = (
    "analysis",
    "arithmetic",
    "exact",
    "formats",
    "kernels",
    "plotting",
    "profiles",
    "report",
    "run",
)


def test_the_page_of_the_architecture_shows_the_rooms_and_modules_that_there_are() -> None:
    page = (PACKAGE.parent / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    tree = page[page.index("```text") : page.index("```\n", page.index("```text"))]
    files = {path.name for path in sources()}
    for path in sources():
        *folders, name = path.relative_to(PACKAGE).parts
        assert all(f"{folder}/" in tree for folder in folders), f"{path}: the page does not show its room"
        if not name.startswith("_") and (not folders or folders[0] in LISTED_WHOLE):
            assert name in tree, f"{path}: the page does not name it"
    of_the_package = tree[: tree.index("\ngames/")]
    assert {name for name in re.findall(r"[a-z_]+\.py\b", of_the_package) if name not in files} == set()
