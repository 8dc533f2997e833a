"""Everything that can be typed is explained where it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import pytest
import typer

from eqsolve.cli.app import app

Cli = Callable[..., Any]


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_help_and_the_lists_cut_none_off(eqsolve: Cli, path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    assert all(parameter.help for parameter in command.params), [p.name for p in command.params if not p.help]
    page = eqsolve(*path, "--help")
    assert page.code == 0
    lists = ("[ARGS]...", "[OPTIONS]...", "[TRACE]...", "[WORD]...", "{PROFILE}...")
    assert "..." not in reduce(lambda text, word: text.replace(word, ""), lists, page.out), "a summary is cut off"
    assert all(len(line) <= 80 for line in page.out.splitlines())


@pytest.mark.parametrize("path", [path for path in COMMANDS if path], ids=" ".join)
def test_every_command_shows_an_example(eqsolve: Cli, path: tuple[str, ...]) -> None:
    assert f"  eqsolve {' '.join(path)}" in eqsolve(*path, "--help").out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_short_option_shows_the_same_help(eqsolve: Cli, path: tuple[str, ...]) -> None:
    assert eqsolve(*path, "-h").out == eqsolve(*path, "--help").out


def test_the_version_has_a_short_option(eqsolve: Cli) -> None:
    assert eqsolve("-V").out == eqsolve("--version").out


def test_the_bare_command_shows_the_help(eqsolve: Cli) -> None:
    assert eqsolve().out == eqsolve("--help").out
    assert "solve" in eqsolve().out
