"""The reference of the command line, from its own parser."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from typing import Any

from pages.markdown import block, table


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
            yield from block("console", examples)
        else:
            yield paragraph
            yield ""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    if arguments:
        yield from table(("argument", "meaning"), ((f"`{p.metavar or p.name.upper()}`", p.help) for p in arguments))
    if options:
        yield from table(
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
