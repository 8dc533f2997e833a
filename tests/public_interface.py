"""Describe eqsolve's public interface in lines of text; `python tests/public_interface.py` writes them into the docs.

The text, docs/reference/public-interface.txt, holds what docs/reference/stability.md calls public: Python signatures,
commands and options, exit codes, keys of documents, specs and files, names of the registries. It is the same on every
machine and with every version of Python and of the libraries that eqsolve runs on, so whoever changes a line of it
changes the interface.
"""

from __future__ import annotations

import inspect
import json
import re
import runpy
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

import typer

import eqsolve
from eqsolve import errors, plugins, report
from eqsolve.cli import boundary
from eqsolve.cli.app import app
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import parameters_of
from eqsolve.solvers.protocol import Solver
from eqsolve.spec import catalogue
from eqsolve.spec.base import Family
from eqsolve.spec.formats import FORMATS
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.store.archive import unpack
from eqsolve.store.checkpoint import CheckpointMeta
from eqsolve.store.policy import PolicyMeta

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "reference" / "public-interface.txt"
RENEW = "python tests/public_interface.py"
HEAD = f"# The public interface, see docs/reference/stability.md. A change on purpose is written here by: {RENEW}\n"


def text() -> str:
    """Return the whole description, one section per part of the interface."""
    parts = (f"\n== {title} ==\n" + "".join(f"{line}\n" for line in lines()) for title, lines in SECTIONS.items())
    return HEAD + "".join(parts)


# Python


def python() -> Iterator[str]:
    """Yield the signature of each name of `eqsolve.__all__`, one parameter a line, and the members of its classes."""
    for name in eqsolve.__all__:
        value = getattr(eqsolve, name)
        if inspect.isclass(value):
            yield from members(value)
        elif callable(value):
            yield from signature(f"eqsolve.{name}", value)
        else:
            yield f"eqsolve.{name}: {type(value).__name__}"


def records() -> Iterator[str]:
    """Yield the fields and properties of the records that results hold: those that the page on Python lists."""
    for record in runpy.run_path(str(ROOT / "docs" / "generate.py"))["python"].record_types():
        if record.__name__ not in eqsolve.__all__:
            yield from members(record)


def solver_methods() -> Iterator[str]:
    """Yield the methods that every solver has, of this package or of another one."""
    yield from members(Solver)


def members(cls: type[Any]) -> Iterator[str]:
    """Yield the public fields, enum values, properties and methods of a class and of its bases in eqsolve."""
    yield f"class {cls.__name__}"
    if issubclass(cls, Enum):
        yield from (f"    {one.name} = {one.value!r}" for one in cls)
    if is_dataclass(cls):
        yield from (f"    {field.name}: {field.type}" for field in fields(cls) if field.repr)
    own = {name: value for base in reversed(cls.__mro__) if _is_ours(base) for name, value in vars(base).items()}
    for name, value in own.items():
        if name.startswith("_"):
            continue
        if isinstance(value, property | cached_property):
            function = value.fget if isinstance(value, property) else value.func
            yield f"    {name} -> {inspect.signature(function).return_annotation}"  # type: ignore[arg-type]  # has a getter
        elif inspect.isfunction(value) or isinstance(value, classmethod | staticmethod):
            yield from (f"    {line}" for line in signature(name, getattr(cls, name)))


def signature(name: str, function: Callable[..., Any]) -> Iterator[str]:
    """Yield a function's parameters, one a line, with types as they are written in the code."""
    found = inspect.signature(function)
    yield f"{name} -> {found.return_annotation}"
    keyword_only = False
    for p in found.parameters.values():
        if p.name == "self":
            continue
        if p.kind is p.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            yield "    *"
        star = "*" if p.kind is p.VAR_POSITIONAL else "**" if p.kind is p.VAR_KEYWORD else ""
        default = "" if p.default is p.empty else f" = {p.default!r}"
        kind = "" if p.annotation is p.empty else f": {p.annotation}"
        yield f"    {star}{p.name}{kind}{default}"


def _is_ours(cls: type[Any]) -> bool:
    return cls.__module__.partition(".")[0] == "eqsolve"


# The command line


def commands() -> Iterator[str]:
    """Yield every command with its arguments and options: names, whether required or repeatable, default, choices."""
    yield from _command(typer.main.get_command(app), "eqsolve")


def _command(command: Any, path: str) -> Iterator[str]:
    yield path
    hints = get_type_hints(inspect.unwrap(command.callback)) if command.callback else {}
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        name = ", ".join(sorted(parameter.opts + parameter.secondary_opts, key=lambda word: (-len(word), word)))
        said = [parameter.metavar or parameter.name.upper()] if parameter.param_type_name == "argument" else [name]
        if parameter.required:
            said.append("required")
        if parameter.multiple or parameter.nargs != 1:
            said.append("repeatable")
        default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
        if default and isinstance(default, str | int | float) and not isinstance(default, bool):
            said.append(f"default {default}")
        if choices := _choices(hints.get(parameter.name)):
            said.append(f"one of {' '.join(choices)}")
        yield f"    {'; '.join(said)}"
    for name, sub in getattr(command, "commands", {}).items():
        yield from _command(sub, f"{path} {name}")


def _choices(hint: Any) -> list[str]:
    kinds = (hint, *getattr(hint, "__args__", ()))
    return [str(one.value) for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum) for one in kind]


def exit_codes() -> Iterator[str]:
    """Yield the codes of the page's table, then the class of each error in `eqsolve.errors` with its code."""
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    table = page.split("## Exit codes")[1].split("\n## ")[0]
    codes = (int(code) for cell in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for code in cell.split(","))
    yield " ".join(map(str, sorted(codes)))
    yield f"{boundary.BUG} a bug"
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.EqsolveError):
            bases = ", ".join(base.__name__ for base in value.__bases__)
            yield f"{value.exit_code} eqsolve.errors.{name}({bases})"


# Documents and specs


def documents() -> Iterator[str]:
    """Yield the keys of the JSON documents, from their published schemas; `?` marks a key that may be missing."""
    schemas = (
        report.result_schema,
        report.info_schema,
        report.comparison_schema,
        report.evaluation_schema,
    )
    for title, schema in zip(("result", "info", "comparison", "evaluation"), schemas, strict=True):
        yield from keys(schema(), title)


def specs() -> Iterator[str]:
    """Yield the keys of every spec, then those of each kind of game; `?` marks a key that may be left out."""
    shared = [name for name in Family.model_fields if name not in ("kind", "players")]
    yield from keys(Family.model_json_schema(), "every kind", shared)
    for kind in FAMILIES:
        model = family(kind)
        names = [name for name in model.model_fields if name not in ("kind", *shared)]
        yield from keys(model.model_json_schema(), kind, names)


def keys(schema: Mapping[str, Any], title: str, names: Iterable[str] | None = None) -> Iterator[str]:
    """Yield a line for each mapping and each choice of words that a JSON Schema describes, by its path from `title`.

    `names` are the keys of the outermost mapping that are looked at; None: all.
    """
    definitions, lines = schema.get("$defs", {}), dict[str, None]()

    def walk(node: Any, path: str, within: tuple[str, ...], only: Iterable[str] | None = None) -> None:
        if not isinstance(node, Mapping):
            return
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name not in within:
                walk(definitions[name], path, (*within, name))
        words = node.get("enum", [node["const"]] if "const" in node else [])
        if words:
            lines[f"{path} = {' | '.join(json.dumps(word) for word in words)}"] = None
        if properties := node.get("properties"):
            required = node.get("required", ())
            chosen = list(properties if only is None else only)
            marked = (name if name in required else f"{name}?" for name in chosen)
            lines[f"{path}: {' '.join(marked)}"] = None
            for name in chosen:
                walk(properties[name], f"{path}.{name}", within)
        for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
            for part in node.get(word, ()):
                walk(part, path, within)
        walk(node.get("items"), f"{path}[]", within)
        walk(node.get("additionalProperties"), f"{path}.*", within)

    walk(schema, title, (), names)
    yield from lines


# Files


def files() -> Iterator[str]:
    """Yield what policy files, checkpoints and traces hold: the entries of those that a small run leaves."""
    with tempfile.TemporaryDirectory() as place:
        policy, checkpoint, trace = (Path(place) / name for name in ("policy.npz", "checkpoint.npz", "trace.jsonl"))
        run = ["solve", "@matrix/chicken", "--algo", "pure", "--quiet", "--out", str(policy)]
        run += ["--checkpoint", str(checkpoint), "--trace", str(trace)]
        subprocess.run([sys.executable, "-m", "eqsolve", *run], stdout=subprocess.DEVNULL, check=True)
        yield f"policy (.npz): {' '.join(unpack(policy.read_bytes(), 'policy'))}"
        yield from keys(PolicyMeta.model_json_schema(), "policy.meta")
        entries = (name for name in unpack(checkpoint.read_bytes(), "checkpoint") if not name.startswith("state:"))
        yield f"checkpoint: {' '.join(entries)} state:*"
        yield from keys(CheckpointMeta.model_json_schema(), "checkpoint.meta")
        yield f"trace (.jsonl): {' '.join(json.loads(trace.read_text(encoding='utf-8').splitlines()[0]))}"


def formats() -> Iterator[str]:
    """Yield the formats of games: name, suffixes, and whether trees and payoff tables can be written."""
    for row in FORMATS:
        written = " ".join(word for word, there in (("trees", row.trees), ("tables", row.tables)) if there)
        yield f"{row.name} {' '.join(row.suffixes)}; writes {written or 'nothing'}"


# Registries


def algorithms() -> Iterator[str]:
    """Yield each algorithm: its aliases, the names of its answers and of its hyperparameters."""
    for row in SOLVERS.values():
        names = " ".join(p.name for p in parameters_of(row))
        aliases = f" (also {' '.join(row.aliases)})" if row.aliases else ""
        yield f"{row.name}{aliases}: answers {' '.join(row.answers)}; -p {names or 'nothing'}"


def catalogued() -> Iterator[str]:
    """Yield the names of the games of the catalogue."""
    yield from (f"@{name}" for name in sorted(catalogue.names()))


def packaging() -> Iterator[str]:
    """Yield the command, the extras and the entry points for other packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield f"commands: {' '.join(project['scripts'])}"
    yield f"extras: {' '.join(name for name in project['optional-dependencies'] if name not in ('bench', 'test'))}"
    yield f"entry points: {plugins.SOLVERS} {plugins.FAMILIES}"


SECTIONS: Mapping[str, Callable[[], Iterator[str]]] = {
    "Python: eqsolve": python,
    "Python: records of results": records,
    "Python: methods of a solver": solver_methods,
    "Commands and options": commands,
    "Exit codes": exit_codes,
    "JSON documents": documents,
    "Algorithms": algorithms,
    "Kinds of games and the keys of their specs": specs,
    "Files": files,
    "Formats of games": formats,
    "Catalogue": catalogued,
    "Package": packaging,
}

if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
