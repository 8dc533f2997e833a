"""A game's spec from a file, standard input, the catalogue or a text: read, checked, ready to build.

The text is YAML, or of one of the formats in `spec/formats.py`; a file that is no text becomes one, and array files.

`load("game.yaml")`, `load("-")`, `load("@distancing/eight-agents")`, `parse(text, origin)`.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import ValidationError

from eqsolve.errors import InputError, Problem, SpecError, TreeError
from eqsolve.spec import formats, reader, stage
from eqsolve.spec.digest import digest
from eqsolve.spec.faults import MAX_FAULTS, Fault, describe, faults_of, nearest
from eqsolve.spec.files import MAX_ARRAY_BYTES, Files
from eqsolve.spec.kinds import blamed, family, kinds
from eqsolve.spec.positions import Path as Trail
from eqsolve.stopwatch import Stopwatch

if TYPE_CHECKING:
    from eqsolve.forms.base import Form
    from eqsolve.spec.base import Family

#: An archive of arrays: these and their headers.
MAX_ARCHIVE = MAX_ARRAY_BYTES + 2**20
#: Bytes read at once, since a limit may be far above what a file has.
BYTES_AT_ONCE = 2**24
#: What a game of OpenSpiel is named with: `openspiel:leduc_poker(players=3)`.
OPENSPIEL = "openspiel:"


@dataclass(frozen=True, repr=False)
class GameSpec:
    """A valid spec: its model, its text as written, and the bytes of the array files it names.

    `in_python`: the game was made of Python values, so that nobody has seen its text, which may be empty.
    """

    family: Family
    text: str
    origin: str
    name: str
    files: Mapping[str, bytes]
    clock: Stopwatch = field(default_factory=Stopwatch, compare=False, repr=False)
    in_python: bool = False

    def __repr__(self) -> str:
        return f"GameSpec({self.name!r}, kind={self.kind!r})"

    @property
    def reading_seconds(self) -> float:
        """Seconds that reading, hashing and building the game have taken so far."""
        return self.clock.seconds

    @property
    def kind(self) -> str:
        """The family's name."""
        return self.family.kind

    @cached_property
    def hash(self) -> str:
        """64 hexadecimal digits that name the game, whatever its text looks like."""
        with _stage(f"hashing {self.origin}"), self.clock, self._blamed:
            return digest(self.family)

    @property
    def solver(self) -> Mapping[str, Any]:
        """The spec's own defaults for the command line: `algo` (or None) and `parameters`."""
        return self.family.solver.model_dump() if self.family.solver else {"algo": None, "parameters": {}}

    @cached_property
    def form(self) -> Form:
        """The game as arrays; InputError where building it shows that it is none."""
        try:
            with _stage(f"building the game of {self.origin}"), self.clock, self._blamed:
                return self.family.build()
        except TreeError as error:
            if self.in_python:
                raise InputError(f"{self.origin}: {error.message}", error.hint) from error
            line, column = self.family.place(self.text, error.state)
            problem = Problem(error.message, line=line, column=column, hint=error.hint)
            raise SpecError(self.origin, [problem], self.text) from error
        except InputError as error:
            raise InputError(f"{self.origin}: {error.message}", error.hint) from error

    @property
    def _blamed(self) -> AbstractContextManager[None]:
        """Errors of another package's family are told in one line; those of a caller's own object as they are."""
        return blamed(type(self.family), self.kind) if self.text else nullcontext()


def load(source: str | Path, stdin: BinaryIO | None = None) -> GameSpec:
    """The game in a file, `-` for standard input, `@family/name` from the catalogue, `openspiel:NAME`; InputError."""
    origin = str(source)
    if origin.startswith(OPENSPIEL):
        game = origin[len(OPENSPIEL) :]
        return parse(f"kind: openspiel\ngame: {json.dumps(game)}\n", origin, name=game)
    return _decoded(*opened(source, stdin))


def opened(source: str | Path, stdin: BinaryIO | None = None) -> tuple[bytes, str, Path, str]:
    """Return what a file, standard input (`-`) or a game of the catalogue holds, its origin, folder and name."""
    origin = str(source)
    if origin == "-":
        if stdin is None and sys.stdin is None:
            raise InputError("-: standard input is closed")
        return _all(stdin or sys.stdin.buffer, origin), origin, Path(), "stdin"
    if origin.startswith("@"):
        from eqsolve.spec import catalogue

        path, name = catalogue.path(origin[1:]), origin[1:]
    else:
        path, name = Path(source), Path(source).stem
    return _bytes(path, origin), origin, path.parent, name


def parse(
    text: str,
    origin: str,
    *,
    folder: Path | None = None,
    files: Mapping[str, bytes] | None = None,
    name: str | None = None,
) -> GameSpec:
    """The game in `text`; raises SpecError with every problem found.

    Array files are taken from `files` (bytes by name), else from `folder`. `name` is used where the spec has none.
    A text that is not YAML is known by its first word, or by the suffix of `origin`.
    """
    array_files = Files(folder, files)
    foreign = formats.of_text(text, origin)
    clock = Stopwatch()
    with _stage(f"reading {origin}"), clock:
        model = foreign.read(text, origin) if foreign else _model(text, origin, array_files)
    title = " ".join((model.name or "").split())
    return GameSpec(model, text, origin, title or name or Path(origin).stem, array_files.read, clock)


@contextmanager
def _stage(what: str) -> Iterator[None]:
    """Tell the listeners what goes on, and pause the cyclic garbage collector meanwhile.

    The collector would search the values of a large text, all of which are in use, again and again: half of the time
    that reading takes.
    """
    pause = gc.isenabled()
    if pause:
        gc.disable()
    try:
        with stage(what):
            yield
    finally:
        if pause:
            gc.enable()


def _decoded(raw: bytes, origin: str, folder: Path, name: str) -> GameSpec:
    """The game in the bytes of a file: a text, or what becomes one."""
    row = formats.of_bytes(raw, origin)
    if row is None:
        text = reader.decode(raw, origin, _limit(raw[: formats.START_BYTES], origin))
        del raw  # of a large table there is no room for both
        return parse(text, origin, folder=folder, name=name)
    if len(raw) > MAX_ARCHIVE:
        raise InputError(f"{origin}: larger than {MAX_ARCHIVE // 2**20} MiB")
    text, files = row.unpack(raw, origin)
    try:
        return parse(text, origin, files=files, name=name)
    except SpecError as error:  # the lines of that text are none that its reader has seen
        problem = error.problems[0]
        raise InputError(f"{origin}: {problem.path}: {problem.message}", problem.hint) from error


def _model(text: str, origin: str, array_files: Files) -> Family:
    """The game in a YAML text; raises SpecError."""
    document = reader.read(text, origin)
    model, faults = validate(document.value, array_files)
    problems = document.problems + _located(document, faults)
    if model is None or problems:
        raise SpecError(origin, first_problems(problems, text.count("\n") + 2), text)
    return model


def validate(value: Any, files: Files) -> tuple[Family | None, list[Fault]]:
    """Return the game that the mapping `value` tells, or None, and what is wrong with it."""
    if not isinstance(value, dict):
        return None, [Fault((), f"expected a mapping with a `kind`, got {describe(value)}", "e.g. `kind: matrix`")]
    if "kind" not in value:
        return None, [Fault((), "the key `kind` is missing", f"known kinds: {', '.join(kinds())}")]
    kind = value["kind"]
    try:
        model = family(kind)
    except (KeyError, TypeError):  # TypeError: no text, and no key of a table
        known = kinds()
        otherwise = f"known kinds: {', '.join(known)}"
        hint = nearest(kind, known, otherwise) if isinstance(kind, str) else otherwise
        return None, [Fault(("kind",), f"expected the name of a family, got {describe(kind)}", hint)]
    with blamed(model, kind):
        try:
            return model.model_validate(value, context=files), []
        except ValidationError as error:
            return None, faults_of(error)


def _located(document: reader.Document, faults: list[Fault]) -> list[Problem]:
    if not faults:
        return []
    places = document.locate(fault.path for fault in faults)
    found = []
    for fault in faults:
        line, column = places[fault.path].key if fault.at_key else places[fault.path].value
        found.append(Problem(fault.message, spelt(fault.path), line, column, fault.hint))
    return found


def first_problems(problems: list[Problem], after: int = 0) -> list[Problem]:
    """Return as many problems as one reads, from the top of the file, and a word on the others, at line `after`."""
    if len(problems) <= MAX_FAULTS:
        return problems
    shown = sorted(problems, key=lambda p: (p.line, p.column))[:MAX_FAULTS]
    return [*shown, Problem("there are more problems than these", line=after)]


def spelt(path: Trail) -> str:
    """`payoffs[1][0]`, `resources.up.affine`."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        elif part.replace("-", "_").isidentifier():
            out += f".{part}" if out else part
        else:
            out += f"[{describe(part)}]"
    return out


def _bytes(path: Path, origin: str) -> bytes:
    try:
        with path.open("rb") as file:
            return _all(file, origin)
    except FileNotFoundError:
        raise InputError(f"{origin}: there is no such file", _elsewhere(path)) from None
    except OSError as error:
        raise InputError(f"{origin}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{describe(origin)}: not the name of a file") from error


def _all(file: BinaryIO, origin: str) -> bytes:
    """What the file holds, up to a byte more than is accepted of its kind."""
    raw = bytearray(file.read(formats.START_BYTES))
    limit = _limit(bytes(raw), origin)
    while len(raw) <= limit and (more := file.read(min(BYTES_AT_ONCE, limit + 1 - len(raw)))):
        raw += more
    return bytes(raw)


def _limit(start: bytes, origin: str) -> int:
    """How many bytes are read of a file that begins so."""
    if any(row.magic is not None and re.match(row.magic, start) for row in formats.FORMATS):
        return MAX_ARCHIVE
    if not formats.is_large(start.decode("utf-8-sig", "replace"), origin):
        return reader.MAX_TEXT_BYTES
    from eqsolve import memory

    # the bytes and their text, and as much again for what is made of it
    return max(reader.MAX_TEXT_BYTES, (memory.available() or 4 * MAX_ARCHIVE) // 4)


def _elsewhere(path: Path) -> str | None:
    """The catalogue's game of that name, else a file beside it with a similar one."""
    from eqsolve.spec import catalogue

    name = "/".join(path.with_suffix("").parts[-2:])
    if name in catalogue.names():
        return f"the catalogue has it: `@{name}`"
    try:
        return nearest(path.name, [p.name for p in path.parent.iterdir()])
    except OSError:
        return None
