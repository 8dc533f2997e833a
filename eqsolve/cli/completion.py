"""Completion in shells: what may stand in place of the word at the cursor, asked for through the environment.

The shell calls `eqsolve` with _EQSOLVE_COMPLETE set and the words of its line in other variables (typer's protocol),
and prints what comes back. Nothing that computes is imported, but for the names of an algorithm's hyperparameters,
which stand in its own file.
"""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import Any

import typer

#: Holds what a shell asks for: `complete_bash`, say.
VARIABLE = "_EQSOLVE_COMPLETE"


class Shell(StrEnum):
    """The shells that have a script."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


# Typer's own script for bash does not do: bash takes `@`, `=` and `:` for ends of words, so that `@kind/name` and
# `name=value` would never be completed. The words are therefore split anew from the line up to the cursor, whose last
# word is number -1, or where a blank was typed one beyond them all. What bash holds for words before the one at the
# cursor ($2) is taken off the answers, and `name=` is not followed by a blank.
BASH = """\
_eqsolve_completion() {
    local IFS=$'\\n' line="${COMP_LINE:0:$COMP_POINT}" number=-1 last
    if [[ $line == *[[:space:]] ]]; then number=99999; fi
    COMPREPLY=( $( env COMP_WORDS="$line" COMP_CWORD=$number _EQSOLVE_COMPLETE=complete_bash "$1" 2>/dev/null ) )
    last="${line##*[[:space:]]}"
    COMPREPLY=( "${COMPREPLY[@]#"${last%"$2"}"}" )
    if [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o default -F _eqsolve_completion eqsolve"""


def answered(command: Any, instruction: str) -> int:
    """Print what a shell asks for, or nothing where that fails, since an error would spoil its line; return a code."""
    from typer._completion_classes import completion_init
    from typer.completion import shell_complete

    completion_init()
    with suppress(Exception):
        return shell_complete(command, {}, "eqsolve", VARIABLE, instruction)
    return 1


def show_script(context: typer.Context, shell: Shell | None) -> None:
    """Print the script that teaches a shell to complete, and end the command."""
    if shell is None or context.resilient_parsing:
        return
    if shell == Shell.BASH:
        from eqsolve.cli.streams import say

        say(BASH)
        raise typer.Exit
    raise typer.Exit(answered(context.command, f"source_{shell}"))


def games(incomplete: str) -> list[str]:
    """Return the games of the catalogue once `@` is typed; before it none, so that the shell offers files."""
    from eqsolve.spec import catalogue

    return [f"@{name}" for name in catalogue.names()] if incomplete.startswith("@") else []


def catalogue_names(incomplete: str) -> list[str]:
    """Return the games of the catalogue, with @ where that is typed."""
    from eqsolve.spec import catalogue

    return games(incomplete) or catalogue.names()


def kinds() -> list[str]:
    """Return the kinds of games."""
    from eqsolve.spec.kinds import kinds as known

    return list(known())


def algorithms() -> list[str]:
    """Return the names and aliases of the algorithms, those of other packages last."""
    from eqsolve.solvers import SOLVERS
    from eqsolve.solvers.own import names_of_packages

    return [name for row in SOLVERS.values() for name in (row.name, *row.aliases)] + names_of_packages()


def chosen_algorithms() -> list[str]:
    """Return what `--algo` takes."""
    return ["auto", *algorithms()]


def parameters(context: typer.Context) -> list[str]:
    """Return `name=` of each hyperparameter of the algorithm that the line names before; none where it names none."""
    from eqsolve.solvers import find
    from eqsolve.solvers.parameters import parameters_of

    algo = context.params.get("algo")
    return [f"{p.name}=" for p in parameters_of(find(algo))] if algo and algo != "auto" else []


def answers(context: typer.Context) -> list[str]:
    """Return the answers that the algorithm named before offers, and `best`."""
    from eqsolve.solvers import find

    algo = context.params.get("algo")
    return ["best", *(find(algo).answers if algo and algo != "auto" else ())]
