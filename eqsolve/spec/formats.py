"""The registry of file formats of games: which are read, which can be written. Targets are strings: nothing loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from eqsolve.forms.rules import Rules
    from eqsolve.spec.base import Family


class Format(NamedTuple):
    """One row. A reader takes (text, origin) and gives a Family or raises SpecError; None: the text is a YAML spec.

    A writer takes (rules, title, description) and yields the text in pieces; it raises UsageError where the format
    cannot say what the game is.
    """

    name: str
    suffixes: tuple[str, ...]
    opening: str | None  # the word that texts of this format begin with
    reader: str | None
    writer: str
    summary: str

    def read(self, text: str, origin: str) -> Family:
        """The game in `text`, which is not YAML; raises SpecError."""
        return _target(self.reader)(text, origin)  # type: ignore[no-any-return]  # the table's own promise

    def pieces(self, rules: Rules, title: str, description: str) -> Iterator[str]:
        """The game as a text of this format; UsageError where it cannot be one."""
        return _target(self.writer)(rules, title, description)  # type: ignore[no-any-return]  # as above


FORMATS: tuple[Format, ...] = (
    Format(
        "yaml",
        (".yaml", ".yml"),
        None,
        None,
        "eqsolve.formats.yaml_tree:write",
        "a spec of the kind extensive",
    ),
    Format(
        "efg",
        (".efg",),
        "EFG",
        "eqsolve.formats.efg:read",
        "eqsolve.formats.efg_writer:write",
        "Gambit's extensive form",
    ),
)


def named(name: str) -> Format | None:
    """The row `name`."""
    return next((row for row in FORMATS if row.name == name), None)


def of_name(file: str) -> Format | None:
    """The format that a file's suffix tells."""
    suffix = Path(file).suffix.lower()
    return next((row for row in FORMATS if suffix in row.suffixes), None)


def foreign(text: str, origin: str) -> Format | None:
    """The format of a text that is not YAML: by how it begins, else by the suffix of its file."""
    first = text[:1000].split(maxsplit=1)
    opening = first[0] if first else ""
    told = next((row for row in FORMATS if row.opening and opening == row.opening), None) or of_name(origin)
    return told if told is not None and told.reader is not None else None


def suffixes(rows: Iterable[Format] = FORMATS) -> str:
    """`.yaml, .yml, .efg`."""
    return ", ".join(suffix for row in rows for suffix in row.suffixes)


def _target(path: str | None) -> Callable[..., Any]:
    module, _, name = (path or "").partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]  # as above
