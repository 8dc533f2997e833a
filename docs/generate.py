"""Reference pages written from the code, so that they cannot drift: commands, game specs, algorithms, files, API.

`write_all(folder)` writes one Markdown file per subject; pages of `docs/reference/` include them. `docs/conf.py`
calls it before each build. What stands in a page itself, between comments that name it, is renewed by
`python docs/generate.py`; a test compares.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel


def write_all(folder: Path) -> None:
    """Writes every generated page into `folder`; files whose text is unchanged are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in PAGES.items():
        text = "\n".join(lines()) + "\n"
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


#: What stands between `<!-- generated: NAME -->` and `<!-- end of generated -->` in pages of the docs.
MARKED = re.compile(r"(?<=<!-- generated: )(\w+) -->\n.*?(?=<!-- end of generated -->)", re.DOTALL)


def with_marked(page: str) -> str:
    """Returns the text of a page with its marked parts as the code has them now."""
    return MARKED.sub(lambda found: "\n".join([f"{found[1]} -->", *PARTS[found[1]]()]), page)


# Commands


def command_line() -> Iterator[str]:
    """Every command with its arguments and options, from the command line's own parser."""
    import typer

    from eqsolve.cli.app import app

    root = typer.main.get_command(app)
    yield from _command(root, ["eqsolve"])


def _command(command: Any, names: list[str]) -> Iterator[str]:
    import typer

    context = typer.Context(command, info_name=names[-1])
    yield f"## {' '.join(names)}"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b"):  # lines that the terminal, too, shows as they are
            examples = "".join(f"$ {line}\n" for line in paragraph.removeprefix("\b").strip().splitlines())
            yield from _block("console", examples)
        else:
            yield paragraph
            yield ""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    if arguments:
        yield from _table(("argument", "meaning"), ((f"`{p.metavar or p.name.upper()}`", p.help) for p in arguments))
    if options:
        yield from _table(
            ("option", "default", "meaning"),
            ((f"`{p.get_help_record(context)[0]}`", _default(p), _help(p)) for p in options),
        )
    for name, sub in getattr(command, "commands", {}).items():
        yield from _command(sub, [*names, name])


def _default(option: Any) -> str:
    if option.default is None or option.is_flag:
        return ""
    return f"`{option.default.value if isinstance(option.default, Enum) else option.default}`"


def _help(option: Any) -> str:
    return f"{option.help} Also the variable `{option.envvar}`." if option.envvar else str(option.help)


# Game specs


def game_specs() -> Iterator[str]:
    """The keys that all specs share, then each family: its keys and its template, from the pydantic models."""
    from eqsolve.spec.base import Family
    from eqsolve.spec.kinds import FAMILIES, family

    shared = [name for name in Family.model_fields if name not in ("kind", "players")]
    yield "## Keys of every spec"
    yield ""
    yield from _keys(Family.model_json_schema(), shared)
    for kind in FAMILIES:
        model = family(kind)
        yield f"## {kind}"
        yield ""
        yield _prose(sys.modules[model.__module__].__doc__)
        yield ""
        yield from _keys(model.model_json_schema(), [name for name in model.model_fields if name not in shared])
        yield f"What `eqsolve new {kind}` prints:"
        yield ""
        yield from _block("yaml", model.template)


def _keys(schema: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """A table of the keys, then one for each mapping with keys of its own among their values."""
    definitions = schema.get("$defs", {})

    def table(mapping: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
        required = mapping.get("required", ())
        rows = []
        for name in names:
            value = mapping["properties"][name]
            default = "required" if name in required else _spelt(value.get("default"))
            rows.append((f"`{name}`", _shape(value), default, value["description"]))
        yield from _table(("key", "value", "default", "meaning"), rows)

    names = list(names)
    yield from table(schema, names)
    for name in names:
        for reference in dict.fromkeys(re.findall(r"#/\$defs/(\w+)", json.dumps(schema["properties"][name]))):
            yield f"### {name}"
            yield ""
            yield _prose(definitions[reference].get("description"))
            yield ""
            yield from table(definitions[reference], definitions[reference]["properties"])


def _spelt(default: Any) -> str:
    """A default as a spec would write it."""
    if default in (None, {}):
        return ""
    return f"`[{', '.join(map(str, default))}]`" if isinstance(default, list) else f"`{json.dumps(default)}`"


def _shape(schema: Mapping[str, Any]) -> str:
    """What a key takes, in a few words, from its JSON Schema."""
    from eqsolve.spec.arrays import ARRAY_SCHEMA
    from eqsolve.spec.numbers import COUNT_OR_LABELS_SCHEMA, LABEL_SCHEMA, number_schema

    named = ((COUNT_OR_LABELS_SCHEMA, "number or labels"), (LABEL_SCHEMA, "label"), (number_schema(), "number"))
    alternatives = list(schema.get("anyOf", (schema,)))
    words = []
    for known, word in (*named, (ARRAY_SCHEMA, "array or file")):
        if all(one in alternatives for one in known["anyOf"]):
            words.append(word)
            alternatives = [one for one in alternatives if one not in known["anyOf"]]
    words += [_plain_shape(one) for one in alternatives]
    return " or ".join(dict.fromkeys(word for word in words if word))


def _plain_shape(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return _shape(schema)
    if "$ref" in schema:
        return "mapping, see below"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "number" | "integer" as kind:
            bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
            said = [f"{sign} {schema[key]:g}" for key, sign in bounds.items() if key in schema]
            return " ".join([kind, ", ".join(said)]).strip()
        case "array":
            return f"list of {_shape(schema['items'])}" if schema.get("items") else "list"
        case "object":
            values = schema.get("additionalProperties")
            return f"mapping to {_shape(values)}" if isinstance(values, Mapping) else "mapping"
        case "string":
            # a rational is written as a string and is a number here, which the page says once
            return "" if "/" in schema.get("pattern", "") else "text"
        case list() as kinds:
            return " or ".join(kind for kind in kinds if kind != "null")
        case kind:
            return {"null": "", "boolean": "true or false"}.get(str(kind), "any")


# Algorithms


def algorithms() -> Iterator[str]:
    """Yield the page of algorithms: the meaning of "converges", then each row with hyperparameters and account."""
    from eqsolve.solvers import SOLVERS
    from eqsolve.solvers.parameters import parameters_of
    from eqsolve.solvers.registry import FORMS_IN_WORDS, PROMISES, games_in_words

    yield from _table(
        ("converges in games", "which have", "what tends to 0"),
        ((str(games), ", ".join(sorted(p.structure)) or "any", p.vanishing) for games, p in PROMISES.items()),
    )
    for row in SOLVERS.values():
        yield f"## {row.name}"
        yield ""
        yield from _table(
            ("", ""),
            (
                ("what it does", row.summary),
                ("also called", ", ".join(f"`{a}`" for a in row.aliases) or "–"),
                ("accepts", ", ".join(FORMS_IN_WORDS.get(form, form) for form in row.forms)),
                ("needs", ", ".join(row.needs) or "nothing more"),
                ("answers", ", ".join(f"`{a}`" for a in row.answers)),
                ("converges", "; ".join(f"`{a}` in {games_in_words(where)}" for a, where in row.converges) or "–"),
                *([("quantal responses", f"judged by the distance to them with {row.quantal}")] if row.quantal else []),
                ("source", row.reference),
            ),
        )
        parameters = parameters_of(row)
        if parameters:
            yield from _table(
                ("`-p`", "symbol", "default", "meaning"),
                ((f"`{p.name}`", p.symbol, "–" if p.default is None else f"`{p.default}`", p.help) for p in parameters),
            )
        else:
            yield "No hyperparameters."
            yield ""
        yield from inspect.cleandoc(sys.modules[row.load().__module__].__doc__ or "").splitlines()
        yield ""


def choices() -> Iterator[str]:
    """The rules of `--algo auto`, one after another."""
    from eqsolve.run.auto import FACTS, RULES

    usual = {name: fact.usual for name, fact in FACTS.items()}
    yield from _table(
        ("the game", "`auto` takes", "because"),
        (
            (
                "; ".join(condition.words for condition in rule.conditions) or "any other",
                "the leader of a short race: " * (len(rule.take) > 1)
                + ", ".join(_with(name, parameters) for name, parameters in rule.take.items()),
                rule.reason.format_map({"iterations": "…", "gaps": "…"} | usual),
            )
            for rule in RULES
        ),
    )


def _with(name: str, parameters: Mapping[str, Any]) -> str:
    """An algorithm and its hyperparameters."""
    return " ".join([f"`{name}`", *(f"`-p {key}={value:g}`" for key, value in parameters.items())])


# Files


def policy_file() -> Iterator[str]:
    """The keys of a policy file's `meta`."""
    from eqsolve.store.policy import PolicyMeta

    yield from _meta(PolicyMeta)


def checkpoint_file() -> Iterator[str]:
    """The keys of a checkpoint's `meta`."""
    from eqsolve.store.checkpoint import CheckpointMeta

    yield from _meta(CheckpointMeta)


def _meta(model: type[BaseModel]) -> Iterator[str]:
    yield from _table(("key", "value"), _meta_rows(model))


def _meta_rows(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        nested = next((t for t in (field.annotation, *get_args(field.annotation)) if _is_model(t)), None)
        if name == "format":
            yield f"`{name}`", f"`{field.default}`"
        elif nested is None:
            yield f"`{prefix}{name}`", _type(field.annotation)
        else:
            optional = ", or null" if type(None) in get_args(field.annotation) else ""
            yield f"`{prefix}{name}`", _prose(nested.__doc__).rstrip(".") + optional
            yield from _meta_rows(nested, f"{prefix}{name}.")


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _type(kind: Any) -> str:
    """A type annotation in JSON's words."""
    words = {str: "text", int: "integer", float: "number", bool: "true or false", type(None): "null"}
    if kind in words:
        return words[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{one.value}`" for one in kind)
    inner = get_args(kind)
    match get_origin(kind):
        case origin if origin is list:
            return f"list of {_type(inner[0])}"
        case origin if origin is dict:
            return "mapping"
        case origin if origin is Literal:
            return " or ".join(f"`{one}`" for one in inner)
        case _ if inner and hasattr(kind, "__metadata__"):
            return _type(inner[0])
        case _ if inner:
            return " or ".join(_type(one) for one in inner)
        case _:
            return "value"


def result_schema() -> Iterator[str]:
    """The JSON Schema of results, as published."""
    from eqsolve.report import result_schema as schema

    yield json.dumps(schema(), indent=2)


def info_schema() -> Iterator[str]:
    """The JSON Schema of what `info` prints, as published."""
    from eqsolve.report import info_schema as schema

    yield json.dumps(schema(), indent=2)


def comparison_schema() -> Iterator[str]:
    """The JSON Schema of what `compare` prints, as published."""
    from eqsolve.report import comparison_schema as schema

    yield json.dumps(schema(), indent=2)


# Python


def python_api() -> Iterator[str]:
    """Signatures and docstrings of the public names."""
    import eqsolve

    for name in eqsolve.__all__:
        value = getattr(eqsolve, name)
        if callable(value) and not inspect.isclass(value):
            yield f"## eqsolve.{name}"
            yield ""
            yield from _block("python", _signature(name, value))
            yield from inspect.cleandoc(value.__doc__ or "").splitlines()
            yield ""


def record_types() -> tuple[type[Any], ...]:
    """Return the records that `solve` and `deviations` return, and those inside them, in the order of the page."""
    from eqsolve.metrics.deviations import Deviations
    from eqsolve.metrics.exact_regrets import ExactDeviations
    from eqsolve.run.result import Exact, Measured, Record, Result
    from eqsolve.solved import SolveResult
    from eqsolve.spec.load import GameSpec

    return (SolveResult, Result, Measured, Record, Deviations, Exact, ExactDeviations, GameSpec)


def records() -> Iterator[str]:
    """The fields of the records that `solve` and `deviations` return."""
    for record in record_types():
        properties = [name for name, value in vars(record).items() if isinstance(value, property | cached_property)]
        yield f"### {record.__name__}"
        yield ""
        yield from inspect.cleandoc(record.__doc__ or "").splitlines()
        yield ""
        fields = [(f"`{k}`", f"`{v}`") for k, v in record.__annotations__.items()]
        yield from _table(("name", "type"), [*fields, *((f"`{k}`", _returns(record, k)) for k in properties)])


def solver_protocol() -> Iterator[str]:
    """Every method that a solver may have, by protocol: first what all have, then what is optional."""
    from eqsolve.solvers import protocol

    own = [one for one in vars(protocol).values() if inspect.isclass(one) and one.__module__ == protocol.__name__]
    for one in sorted(own, key=lambda one: (one is not protocol.Solver, inspect.getsourcelines(one)[1])):
        yield f"## {one.__name__}"
        yield ""
        yield from inspect.cleandoc(one.__doc__ or "").splitlines()
        yield ""
        if is_dataclass(one):
            yield from _table(("name", "type"), [(f"`{k}`", f"`{v}`") for k, v in one.__annotations__.items()])
            continue
        bases = [f"`{base.__name__}`" for base in one.__mro__[1:] if base in own]
        if bases:
            yield f"Besides the methods of {' and '.join(bases)}:"
            yield ""
        for name, kind in one.__annotations__.items():
            yield from _block("python", f"{name}: {kind}")
        for name, method in vars(one).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                yield from _block("python", f"def {name}{inspect.signature(method)}".replace("'", ""))
                yield from inspect.cleandoc(method.__doc__ or "").splitlines()
                yield ""


def _returns(record: type[Any], name: str) -> str:
    attribute = vars(record)[name]
    function = attribute.func if isinstance(attribute, cached_property) else attribute.fget
    return f"`{function.__annotations__['return']}`: {_prose(function.__doc__)}"


def _signature(name: str, function: Callable[..., Any]) -> str:
    """One parameter a line, types as they are written in the code."""
    lines, starred = [], False
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.KEYWORD_ONLY and not starred:
            lines.append("    *,")
            starred = True
        default = "" if p.default is p.empty else f" = {p.default!r}"
        lines.append(f"    {p.name}: {p.annotation}{default},")
    returns = inspect.signature(function).return_annotation
    return "\n".join([f"{name}(", *lines, f") -> {returns}"])


# Markdown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _block(language: str, text: str) -> Iterator[str]:
    yield f"```{language}"
    yield text.rstrip()
    yield "```"
    yield ""


def _prose(doc: str | None) -> str:
    """A docstring as Markdown paragraphs."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(doc or ""))


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "command-line.md": command_line,
    "game-specs.md": game_specs,
    "algorithms.md": algorithms,
    "policy-meta.md": policy_file,
    "checkpoint-meta.md": checkpoint_file,
    "result.schema.json": result_schema,
    "info.schema.json": info_schema,
    "comparison.schema.json": comparison_schema,
    "python-api.md": python_api,
    "records.md": records,
    "solver-protocol.md": solver_protocol,
}

#: Name of a marked part -> its lines.
PARTS: Mapping[str, Callable[[], Iterator[str]]] = {"choices": choices}


if __name__ == "__main__":
    for page in Path(__file__).parent.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        if (renewed := with_marked(text)) != text:
            page.write_text(renewed, encoding="utf-8")
