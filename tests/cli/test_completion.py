"""Completion in shells: by the protocol of the environment, and at the prompt of a real bash."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from select import select
from time import monotonic
from typing import Any

import pytest

from eqsolve.cli import main
from eqsolve.solvers import SOLVERS
from eqsolve.spec import catalogue

Cli = Callable[..., Any]


def completed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str) -> list[str]:
    """What comes back for the last word of a line, or for the word after a trailing blank."""
    words = line.split()
    monkeypatch.setenv("_EQSOLVE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - (not line.endswith(" "))))
    capsys.readouterr()
    assert main(["nothing", "of", "this", "--counts"]) in (0, 1)
    shown = capsys.readouterr()
    assert not shown.err
    return shown.out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eqsolve so", ["solve"]),
        ("eqsolve --version wa", ["warmup"]),
        ("eqsolve solve @matrix/ch", ["@matrix/chicken"]),
        ("eqsolve info @kuhn/two", ["@kuhn/two-player"]),
        ("eqsolve convert @kuhn/two", ["@kuhn/two-player"]),
        ("eqsolve regret p.npz --game @kuhn/two", ["@kuhn/two-player"]),
        ("eqsolve compare p.npz q.npz -g @kuhn/two", ["@kuhn/two-player"]),
        ("eqsolve games show kuhn/two", ["kuhn/two-player"]),
        ("eqsolve games show @kuhn/two", ["@kuhn/two-player"]),
        ("eqsolve solve g.yaml --algo vert", ["vertex-enumeration"]),
        ("eqsolve solve g.yaml --algo=vert", ["vertex-enumeration"]),
        ("eqsolve solve g.yaml -a au", ["auto"]),
        ("eqsolve algos regret-matching", ["regret-matching+", "regret-matching"]),
        ("eqsolve solve g.yaml -a inpg -p ste", ["step="]),
        ("eqsolve solve g.yaml -a inpg -p step=0.1 -p sa", ["samples="]),
        ("eqsolve solve g.yaml --algo mwu -p ste", ["step="]),
        ("eqsolve solve g.yaml -a rm+ -p pol", ["polish="]),
        ("eqsolve solve g.yaml -a rm+ --answer ", ["best", "average", "last"]),
        ("eqsolve solve g.yaml --format ", ["text", "json"]),
        ("eqsolve convert g.yaml --to c", ["csv"]),
        ("eqsolve plot t.jsonl -f nash_c", ["nash_conv"]),
        ("eqsolve new congest", ["congestion"]),
    ],
)
def test_names_are_completed(
    line: str, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed(monkeypatch, capsys, line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "eqsolve solve ",
        "eqsolve solve ga",
        "eqsolve solve g.yaml -o ga",
        "eqsolve solve g.yaml -p ste",
        "eqsolve solve g.yaml -a auto -p ste",
        "eqsolve solve g.yaml -a no-such-algorithm -p ste",
    ],
)
def test_where_files_or_nothing_may_stand_the_shell_is_left_to_itself(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed(monkeypatch, capsys, line) == []


def test_every_game_and_every_algorithm_is_offered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed(monkeypatch, capsys, "eqsolve solve @") == [f"@{name}" for name in catalogue.names()]
    names = {name for row in SOLVERS.values() for name in (row.name, *row.aliases)}
    assert names <= set(completed(monkeypatch, capsys, "eqsolve algos "))


@pytest.mark.parametrize("line", ["eqsolve solve @m", "eqsolve solve g.yaml -a cf", "eqsolve games show k"])
def test_nothing_that_computes_is_loaded_for_it(python: Cli, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("_EQSOLVE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    done = python("import sys\nfrom eqsolve.cli import main\nmain([])\nprint('modules', *sys.modules)")
    shown, _, modules = done.out.partition("modules")
    assert shown
    assert not {"numpy", "scipy", "numba", "rich"} & set(modules.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_each_shell_is_printed(eqsolve: Cli, shell: str) -> None:
    done = eqsolve("--show-completion", shell)
    assert done.code == 0
    assert f"complete_{shell}" in done.out


def test_a_shell_without_a_script_is_refused(eqsolve: Cli) -> None:
    done = eqsolve("--show-completion", "tcsh")
    assert done.code == 2
    assert "bash" in done.err
    assert "tcsh" in done.err


@pytest.mark.parametrize("at_is_a_break", [True, False])
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("eqsolve solve @matrix/chick", "eqsolve solve @matrix/chicken "),
        ("eqsolve solve g -a inpg -p ste", "eqsolve solve g -a inpg -p step="),
        ("eqsolve solve g --algo=vert", "eqsolve solve g --algo=vertex-enumeration "),
        ("eqsolve solve 'my g' -a inpg -p step=.1 -p samp", "eqsolve solve 'my g' -a inpg -p step=.1 -p samples="),
        ("eqsolve solve coup", "eqsolve solve couple.yaml "),
    ],
)
def test_bash_completes_the_line(typed: str, line: str, at_is_a_break: bool, tmp_path: Path, eqsolve: Cli) -> None:
    """Readline splits words at `=` and, unless the completion of hosts is off, at `@`."""
    program = tmp_path / "eqsolve"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m eqsolve "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "script"
    script.write_text(
        f"PS1='> '\nbind 'set enable-bracketed-paste off'\nshopt {'-s' if at_is_a_break else '-u'} hostcomplete\n"
        + eqsolve("--show-completion", "bash").out
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    assert at_prompt(["bash", "--noprofile", "--rcfile", str(script), "-i"], typed, line, os.environ | {"PATH": path})


def at_prompt(shell: list[str], typed: str, expected: str, environment: dict[str, str]) -> str:
    """Type into a shell at a terminal, then Tab; return what the terminal shows once it shows what is expected."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        shell, stdin=theirs, stdout=theirs, stderr=theirs, env=environment | {"TERM": "dumb"}, start_new_session=True
    )
    os.close(theirs)
    shown, asked, until = "", False, monotonic() + 20
    try:
        while expected not in shown and monotonic() < until:
            if select([ours], [], [], 0.1)[0]:
                shown += os.read(ours, 4096).decode(errors="replace")
            if not asked and shown.endswith("> "):
                asked, shown = True, ""
                os.write(ours, f"{typed}\t".encode())
        assert expected in shown, shown
        return shown
    finally:
        child.kill()
        child.wait()
        os.close(ours)
