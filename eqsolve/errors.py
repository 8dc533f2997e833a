"""Every mistake that is not ours, as one exception each with the exit code of the command-line table.

A message says where, what was found, what was expected and what to try; `EqsolveError.lines` is what the
command line prints. Anything else that escapes is a bug (exit 70).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


class EqsolveError(Exception):
    """A mistake with a message for its maker: `message` says what, `hint` (optional) what to try."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def lines(self) -> list[str]:
        """The message as the user reads it, hint last."""
        return [self.message, *([f"  hint: {self.hint}"] if self.hint else [])]


class UsageError(EqsolveError):
    """An unknown algorithm or parameter, a bad option value, a refused overwrite."""

    exit_code = 2


class MismatchError(UsageError):
    """An algorithm was asked to solve a game that it does not accept."""


class InputError(EqsolveError):
    """A file or standard input that cannot be read as what it should be."""

    exit_code = 3


class TreeError(InputError):
    """A fault of an extensive game that shows when it is walked, and the state of its rules where it does."""

    def __init__(self, message: str, state: Any, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.state = state


class ProfileError(InputError):
    """A profile that is not one of this game: wrong shape, a bad row, a number that is not finite."""


class StoreError(InputError):
    """A policy, checkpoint or trace file that is missing, truncated, corrupt or of another game."""


class CheckpointError(StoreError):
    """A checkpoint that is damaged, altered or of another run."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "drop --resume to start afresh, or name another --checkpoint")


class WriteError(EqsolveError):
    """A file that could not be written; what was there before is intact."""

    exit_code = 74


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a spec. `line` and `column` count from 1; 0 means that the place is not known."""

    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str | None = None


class SpecError(InputError):
    """A spec with one or more problems; prints each with its source line and a caret."""

    def __init__(self, origin: str, problems: list[Problem], text: str = "") -> None:
        self.origin = origin
        self.problems = sorted(problems, key=lambda p: (p.line, p.column))
        self.text = text
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """`file:line:col: path: message`, the source line, a caret, a hint: for each problem in order."""
        source = self.text.splitlines()
        out: list[str] = []
        for p in self.problems:
            place = f"{self.origin}:{p.line}:{p.column}" if p.line else self.origin
            out.append(f"{place}: {p.path}: {p.message}" if p.path else f"{place}: {p.message}")
            if 0 < p.line <= len(source):
                excerpt, caret = _excerpt(source[p.line - 1], p.column)
                out += [f"  {excerpt}", f"  {' ' * caret}^"]
            if p.hint:
                out.append(f"  hint: {p.hint}")
        return out


def _excerpt(line: str, column: int, width: int = 96) -> tuple[str, int]:
    """The part of a source line around `column` that fits a terminal, and where the caret goes in it."""
    at = min(max(column - 1, 0), len(line))
    first = max(0, min(at - width // 2, len(line) - width))
    excerpt = line[first : first + width]
    return "".join(c if c.isprintable() else " " for c in excerpt), at - first
