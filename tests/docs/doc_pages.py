"""Runs the blocks of a page of the docs, in order and in one folder, and compares what they print with what it shows.

Which blocks (an HTML comment in the line before the fence can say more):

- `console`: each `$ ` line is a command for bash, with its here-document if it has one; the lines up to the next `$ `
  are its output, stdout and stderr together. A command that fails must be followed by `$ echo $?`.
- `pycon`: a Python session; all sessions of a page share their names. `python`: a program of its own, which must
  end well.
- `<!-- file: NAME -->`: the block's text becomes that file.
- `<!-- insert: NAME, after: TEXT -->`: the block's text goes into that file, after the line that begins with TEXT
  (leading blanks aside).
- `<!-- not run -->`: left alone, for what needs a network or a cluster.

How outputs are compared: runs of blanks are alike; `...` stands for any text, across lines too. Whole numbers must be
equal, others within 1 %; two numbers below 1e-9 in size count as equal (rounding); in lines that begin with `seconds`
any number will do. What only tells how long a run takes (progress, compiling) may appear anywhere.

`update_pages.py` puts what is printed in the place of what differs.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import eqsolve
from docs.doc_outputs import INCIDENTAL, difference

ROOT = Path(__file__).parents[2]
PACKAGE_ROOT = Path(eqsolve.__file__).parents[1]
DOCS = ROOT / "docs"
#: These are followed in a copy of the checkout, into which they insert lines.
FOLLOWED = ("how-to/add-a-form.md", "how-to/add-a-game.md", "how-to/add-an-algorithm.md")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "_build", ".*")

RUN = ("console", "pycon", "python")


@dataclass(frozen=True)
class Block:
    """A fenced block: `what` is its language, or `file` or `insert` with the `target` (and the `anchor`).

    `line` is that of its fence, from 1, and `indent` what stands before each of its lines.
    """

    what: str
    text: str
    line: int
    target: str = ""
    anchor: str = ""
    indent: str = ""


class Command(NamedTuple):
    """A command of a console block with the output shown, whose first line is line `at` of the block, from 0."""

    text: str
    shown: str
    at: int


@dataclass(frozen=True)
class Outcome:
    """What came of one command or statement.

    `shown` stands in the page from its line `at` on, from 0, behind `indent`; `printed` is what came out, without
    progress. `failure` says why the output is no matter of comparing; `place` names the block and the command.
    """

    place: str
    at: int
    indent: str
    shown: str
    printed: str
    failure: str | None = None

    @property
    def problem(self) -> str | None:
        """What is wrong, in words; None where all is as the page shows it."""
        return self.failure or difference(self.shown, self.printed)


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page that are to be run or written."""
    lines = page.splitlines()
    comment, inside = "", None
    for number, line in enumerate(lines):
        if inside is not None:
            indent, fence, language, start, said = inside
            if line.strip() == fence:
                text = "\n".join(body.removeprefix(indent) for body in lines[start + 1 : number])
                if block := _block(language, text + "\n", start + 1, said):
                    yield replace(block, indent=indent)
                inside, comment = None, ""
        elif match := re.fullmatch(r"(\s*)(```+|~~~+)\s*(\S*).*", line):
            inside = (match[1], match[2], match[3], number, comment)
        elif line.strip():
            comment = line.strip()


def _block(language: str, text: str, line: int, comment: str) -> Block | None:
    if comment == "<!-- not run -->":
        return None
    if match := re.fullmatch(r"<!-- file: (.+) -->", comment):
        return Block("file", text, line, match[1])
    if match := re.fullmatch(r"<!-- insert: (.+?), after: (.+) -->", comment):
        return Block("insert", text, line, match[1], match[2])
    return Block(language, text, line) if language in RUN else None


class Session:
    """A folder in which pages' blocks are run; `package_root` is where the package stands that they use."""

    def __init__(self, folder: Path, package_root: Path = PACKAGE_ROOT) -> None:
        self.folder = folder
        self._names: dict[str, Any] = {"__name__": "__page__"}
        self._environment = os.environ | {
            "PATH": os.pathsep.join((_command_folder(folder), str(Path(sys.executable).parent), os.environ["PATH"])),
            "PYTHONPATH": str(package_root),
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "TERM": "dumb",
        }

    def run(self, page: Path) -> None:
        """Run every block of the page; AssertionError names the first line that does not hold."""
        for outcome in self.outcomes(page):
            assert outcome.problem is None, f"{outcome.place}\n{outcome.problem}\n--- printed:\n{outcome.printed}"

    def outcomes(self, page: Path) -> Iterator[Outcome]:
        """Run the blocks of the page one after another; yield what came of each command and statement."""
        for block in blocks(page.read_text(encoding="utf-8")):
            place = f"{page.name}:{block.line}"
            match block.what:
                case "file":
                    target = self.folder / block.target
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(block.text, encoding="utf-8")
                case "insert":
                    insert(self.folder / block.target, block.text, block.anchor)
                case "console":
                    yield from self._console(block, place)
                case "python":
                    yield self._program(block, place)
                case _:
                    yield from self._session(block, place)

    def _console(self, block: Block, place: str) -> Iterator[Outcome]:
        steps = list(commands(block.text))
        mark = "-- end of output of block " + place
        # `$?` passes from one command to the next as it would at a prompt
        after = f"__code=$?; printf '%s %s\\n' {shlex.quote(mark)} $__code; (exit $__code)"
        script = "".join(f"{step.text}\n{after}\n" for step in steps)
        done = subprocess.run(
            ["bash"],
            input=script.encode(),
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=300,
        )
        outputs = re.split(rf"{re.escape(mark)} (\d+)\n", done.stdout.decode())
        assert len(outputs) == 2 * len(steps) + 1, f"{place}: the shell ended early:\n{done.stdout.decode()}"
        for k, step in enumerate(steps):
            output, code = outputs[2 * k], int(outputs[2 * k + 1])
            told = k + 1 < len(steps) and steps[k + 1].text == "echo $?"
            failure = None if code == 0 or told else f"failed with {code}"
            if step.text == "echo $?" and step.shown.strip() != output.strip():
                failure = f"the page shows the exit code {step.shown.strip()}, not {output.strip()}"
            printed = INCIDENTAL.sub("", output)
            at = block.line + step.at
            yield Outcome(f"{place}: $ {step.text}", at, block.indent, step.shown, printed, failure)

    def _program(self, block: Block, place: str) -> Outcome:
        program = [sys.executable, "-c", block.text]
        done = subprocess.run(program, cwd=self.folder, env=self._environment, capture_output=True, check=False)
        failure = f"failed with {done.returncode}:\n{done.stderr.decode()}" if done.returncode else None
        return Outcome(place, block.line, block.indent, "", "", failure)

    def _session(self, block: Block, place: str) -> Iterator[Outcome]:
        test = doctest.DocTestParser().get_doctest(block.text, self._names, place, place, 0)
        test.globs = self._names
        runner = _Statements()
        runner.run(test, clear_globs=False)
        for example, printed, failure in runner.outcomes:
            at = block.line + example.lineno + example.source.count("\n")
            yield Outcome(f"{place}: >>> {example.source.rstrip()}", at, block.indent, example.want, printed, failure)


class _Statements(doctest.DocTestRunner):
    """Keeps what each statement printed, and the last words of an exception that it raised unasked."""

    def __init__(self) -> None:
        super().__init__(checker=_Checker(), verbose=False)
        self.outcomes: list[tuple[doctest.Example, str, str | None]] = []

    def report_success(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        self.outcomes.append((example, example.want, None))

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        failure = "another exception, or none" if example.exc_msg is not None else None
        self.outcomes.append((example, got, failure))

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        self.outcomes.append((example, "", "".join(traceback.format_exception(*exc_info))))


class _Checker(doctest.OutputChecker):
    """Compares as the module's docstring says."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return difference(want, got) is None


def page_path(name: str) -> Path:
    """Return the file of a page, whose name is its path in docs/, or README.md."""
    return ROOT / name if name == "README.md" else DOCS / name


def page_names() -> list[str]:
    """Return the names of all pages that have blocks to run, in order."""
    names = [
        path.relative_to(ROOT).as_posix().removeprefix("docs/") for path in [ROOT / "README.md", *DOCS.rglob("*.md")]
    ]
    return sorted(
        name
        for name in names
        if not name.startswith(("_build/", "reference/generated/"))
        and any(blocks(page_path(name).read_text(encoding="utf-8")))
    )


def session(name: str, folder: Path) -> Session:
    """Return a session for a page in a new folder, with what the page's reader has there."""
    if name in FOLLOWED:
        copy_checkout(folder)
        return Session(folder, package_root=folder)
    folder.mkdir()
    if name == "README.md":  # it is read in a checkout
        (folder / "games").symlink_to(ROOT / "games")
    return Session(folder)


def copy_checkout(folder: Path) -> None:
    """Copy what a checkout holds into a new folder."""
    for part in ("eqsolve", "games", "docs", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=NOT_COPIED)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, folder / file)


def commands(text: str) -> Iterator[Command]:
    """Split a console block into its commands, each with the output shown below it."""
    lines = text.splitlines()
    k = 0
    while k < len(lines):
        assert lines[k].startswith("$ "), f"expected a line with `$ `, found: {lines[k]}"
        command = [lines[k][2:]]
        k += 1
        while command[-1].endswith("\\"):
            command.append(lines[k])
            k += 1
        if here := re.search(r"<<\s*'?(\w+)'?", command[-1]):
            while command[-1] != here[1]:
                command.append(lines[k])
                k += 1
        first = k
        while k < len(lines) and not lines[k].startswith("$ "):
            k += 1
        yield Command("\n".join(command), "\n".join(lines[first:k]), first)


def insert(file: Path, text: str, anchor: str) -> None:
    """Puts `text` after the one line of `file` that begins with `anchor`."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = [k for k, line in enumerate(lines) if line.lstrip().startswith(anchor)]
    assert len(at) == 1, f"{file.name}: {len(at)} lines begin with {anchor!r}"
    file.write_text("".join([*lines[: at[0] + 1], text, *lines[at[0] + 1 :]]), encoding="utf-8")


def _command_folder(folder: Path) -> str:
    """A folder with the command `eqsolve`, run by the interpreter that runs the tests."""
    commands = folder.parent / "commands"
    commands.mkdir(exist_ok=True)
    script = commands / "eqsolve"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m eqsolve "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return str(commands)
