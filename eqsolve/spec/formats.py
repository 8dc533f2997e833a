"""The registry of file formats of games: which are read, which can be written. Targets are strings: nothing loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable
    from eqsolve.forms.rules import Rules
    from eqsolve.spec.base import Family

#: What a zip archive begins with, and so a game in one.
ARCHIVE = b"PK"


class Format(NamedTuple):
    """One row. A reader takes (text, origin) and gives a Family or raises SpecError; None: the text is a YAML spec.

    A writer of trees takes (rules, title, description), one of tables (payoff table, title, description); each yields
    the file in pieces and raises UsageError where the format cannot say what the game is. None: it has no place for
    such games.
    """

    name: str
    suffixes: tuple[str, ...]
    opening: str | None  # a regular expression that texts of this format begin with
    reader: str | None
    trees: str | None
    tables: str | None
    summary: str

    def read(self, text: str, origin: str) -> Family:
        """The game in `text`, which is not YAML; raises SpecError."""
        return _target(self.reader)(text, origin)  # type: ignore[no-any-return]  # the table's own promise

    def tree_pieces(self, rules: Rules, title: str, description: str) -> Iterator[str]:
        """The game as a text of this format; UsageError where it cannot be one."""
        return _target(self.trees)(rules, title, description)  # type: ignore[no-any-return]  # as above

    def table_pieces(self, table: PayoffTable, title: str, description: str) -> Iterator[str | bytes]:
        """The game as a file of this format; UsageError where it cannot be one."""
        return _target(self.tables)(table, title, description)  # type: ignore[no-any-return]  # as above


FORMATS: tuple[Format, ...] = (
    Format(
        "yaml",
        (".yaml", ".yml"),
        None,
        None,
        "eqsolve.formats.yaml_tree:write",
        "eqsolve.formats.yaml_table:write",
        "a spec of the kind extensive or matrix",
    ),
    Format(
        "efg",
        (".efg",),
        r"EFG(?!\S)",
        "eqsolve.formats.efg:read",
        "eqsolve.formats.efg_writer:write",
        None,
        "Gambit's extensive form",
    ),
    Format(
        "nfg",
        (".nfg",),
        r"NFG(?!\S)",
        "eqsolve.formats.nfg:read",
        None,
        "eqsolve.formats.nfg_writer:write",
        "Gambit's normal form",
    ),
    Format(
        "gam",
        (".gam",),
        r"(?:#.*\n\s*)*+[0-9]++\s++[0-9]++(?!\S)",  # comments of GAMUT; then no YAML spec begins with two integers
        "eqsolve.formats.gam:read",
        None,
        "eqsolve.formats.gam:write",
        "GameTracer's payoff tables",
    ),
    Format("npz", (".npz",), None, None, None, "eqsolve.formats.npz:write", "payoffs as numpy arrays"),
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
    begun = (row for row in FORMATS if row.opening and re.match(r"\s*+" + row.opening, text))
    told = next(begun, None) or of_name(origin)
    return told if told is not None and told.reader is not None else None


def unpacked(raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
    """The game in an archive of arrays: a spec in YAML, and the array files that it names; raises InputError."""
    return _target("eqsolve.formats.npz:read")(raw, origin)  # type: ignore[no-any-return]  # its own promise


def suffixes(rows: Iterable[Format] = FORMATS) -> str:
    """`.yaml, .yml, .efg`."""
    return ", ".join(suffix for row in rows for suffix in row.suffixes)


def _target(path: str | None) -> Callable[..., Any]:
    module, _, name = (path or "").partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]  # as above
