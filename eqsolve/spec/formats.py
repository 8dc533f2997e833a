"""The registry of file formats of games: which are read, which can be written. Targets are strings: nothing loads.

What a file is, its content says first and its name's suffix second. `FOREIGN` names files that others use for games, or
that are taken for one, and what to do with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eqsolve.errors import InputError

if TYPE_CHECKING:
    from eqsolve.forms.rules import Rules
    from eqsolve.spec.base import Family

#: What a zip archive begins with.
ARCHIVE = rb"PK(?:\x03\x04|\x05\x06)"
#: Bytes that tell what a file is.
START_BYTES = 4096


class Format(NamedTuple):
    """One row.

    A text is told by `opening`, a regular expression that it begins with, and by `sniff`, which is asked (text, suffix)
    where that is not enough; `reader` makes a Family of (text, origin) or raises SpecError. A file that is no text is
    told by `magic`, likewise, and by `sniff`, asked (bytes); `unpacker` makes of (bytes, origin) a spec in YAML and the
    array files that it names. Without either the file is a spec in YAML.

    A writer of `trees` takes (rules, title, description), one of `tables` (payoff table, title, description); each
    yields the file in pieces and raises UsageError where the format cannot say what the game is. None: it has no place
    for such games. Texts of a format that is `large` may be as long as the memory allows.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    opening: str | None = None
    magic: bytes | None = None
    sniff: str | None = None
    reader: str | None = None
    unpacker: str | None = None
    trees: str | None = None
    tables: str | None = None
    large: bool = False

    def read(self, text: str, origin: str) -> Family:
        """Return the game in `text`, which is not YAML; raises SpecError."""
        return _target(self.reader)(text, origin)  # type: ignore[no-any-return]  # the table's own promise

    def unpack(self, raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
        """Return the spec in YAML that a file which is no text stands for, and its array files; raises InputError."""
        return _target(self.unpacker)(raw, origin)  # type: ignore[no-any-return]  # as above

    def tree_pieces(self, rules: Rules, title: str, description: str) -> Iterator[str]:
        """Yield the game as a text of this format; UsageError where it cannot be one."""
        return _target(self.trees)(rules, title, description)  # type: ignore[no-any-return]  # as above

    def table_pieces(self, table: Any, title: str, description: str) -> Iterator[str | bytes]:
        """Yield the game as a file of this format; UsageError where it cannot be one."""
        return _target(self.tables)(table, title, description)  # type: ignore[no-any-return]  # as above


#: Comments of GAMUT, then two integers, which no YAML spec begins with.
_INTEGERS = r"(?:#.*\n\s*)*+[0-9]++\s++[0-9]++(?!\S)"

#: Comments, then nothing that a spec in YAML or JSON begins with.
_NO_SPEC = r"""(?:#.*\n\s*)*+(?![{\[%&*!|>@`]|-{3}|[-?]\s|(["']?)\w[\w .-]*\1[ \t]*:(?:\s|\Z))"""

FORMATS: tuple[Format, ...] = (
    Format(
        "yaml",
        (".yaml", ".yml"),
        "a spec of the kind extensive or matrix",
        trees="eqsolve.formats.yaml_tree:write",
        tables="eqsolve.formats.yaml_table:write",
    ),
    Format(
        "efg",
        (".efg",),
        "Gambit's extensive form",
        opening=r"EFG(?!\S)",
        reader="eqsolve.formats.efg:read",
        trees="eqsolve.formats.efg_writer:write",
    ),
    Format(
        "nfg",
        (".nfg",),
        "Gambit's normal form",
        opening=r"NFG(?!\S)",
        reader="eqsolve.formats.nfg:read",
        tables="eqsolve.formats.nfg_writer:write",
        large=True,
    ),
    Format(
        "gam",
        (".gam",),
        "GameTracer's payoff tables",
        opening=_INTEGERS,
        sniff="eqsolve.formats.bare:is_gam",
        reader="eqsolve.formats.gam:read",
        tables="eqsolve.formats.gam:write",
        large=True,
    ),
    Format(
        "lrs",
        (".lrs",),
        "lrsnash's two matrices",
        opening=_INTEGERS,
        sniff="eqsolve.formats.bare:is_lrs",
        reader="eqsolve.formats.lrs:read",
        tables="eqsolve.formats.lrs:write",
        large=True,
    ),
    Format(
        "tsv",
        (".tsv",),
        "two players' tables, with tabs",
        opening=_NO_SPEC,
        sniff="eqsolve.formats.csv_table:looks_tabbed",
        reader="eqsolve.formats.csv_table:read",
        tables="eqsolve.formats.csv_table:write_tabs",
        large=True,
    ),
    Format(
        "csv",
        (".csv",),
        "two players' tables",
        opening=_NO_SPEC,
        sniff="eqsolve.formats.csv_table:looks",
        reader="eqsolve.formats.csv_table:read",
        tables="eqsolve.formats.csv_table:write",
        large=True,
    ),
    Format(
        "xlsx",
        (".xlsx",),
        "a spreadsheet of two players' tables",
        magic=ARCHIVE,
        sniff="eqsolve.formats.zipped:is_workbook",
        unpacker="eqsolve.formats.excel:read",
    ),
    Format(
        "npz",
        (".npz",),
        "payoffs as numpy arrays",
        magic=ARCHIVE,
        sniff="eqsolve.formats.zipped:is_arrays",
        unpacker="eqsolve.formats.npz:read",
        tables="eqsolve.formats.npz:write",
    ),
    Format(
        "npy",
        (".npy",),
        "all payoffs as one numpy array",
        magic=rb"\x93NUMPY",
        unpacker="eqsolve.formats.npz:read_array",
    ),
)


class Foreign(NamedTuple):
    """A kind of file that is not read: what its first bytes match (None: only its suffix tells), and what to do."""

    what: str
    suffixes: tuple[str, ...]
    opening: bytes | None
    hint: str


_EXPORT = "open it in Gambit and save it as .nfg or .efg"
_XML = rb"(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*"

FOREIGN: tuple[Foreign, ...] = (
    Foreign("an action-graph game (.agg)", (".agg",), rb"\s*#AGG", _EXPORT),
    Foreign("a Bayesian action-graph game (.bagg)", (".bagg",), rb"\s*#BAGG", _EXPORT),
    Foreign("a workbook of Gambit (.gbt)", (".gbt",), _XML + rb"<gambit:document", _EXPORT),
    Foreign("a game of Game Theory Explorer (XML)", (), _XML + rb"<gte\b", "export its payoffs, or its tree as .efg"),
    Foreign("an XML file", (".xml",), rb"<\?xml|<!--|<[A-Za-z!][^<>]*>", "what is read: {}"),
    Foreign(
        "a poker game of the ACPC server (GAMEDEF)",
        (".game",),
        rb"\s*(?:#.*\n\s*)*(?i:gamedef)\b",
        "`eqsolve new kuhn`, `eqsolve new leduc`, or OpenSpiel's: `openspiel:universal_poker(...)`",
    ),
    Foreign(
        "a polytope of lrs, one of the two that setupnash makes",
        (".ine", ".ext"),
        rb"(?:.*\n){0,20}?\s*(?:H-representation|V-representation)\s",
        "give what setupnash was given: m n, then the two matrices",
    ),
    Foreign("a result of eqsolve, not a game", (), rb'\s*\{\s*"schema":\s*"eqsolve\.', "`eqsolve regret` measures it"),
    Foreign(
        "an OpenDocument spreadsheet (.ods)", (".ods",), rb"PK.{28}mimetype.*opendocument", "save it as .xlsx or .csv"
    ),
    Foreign("a zip archive without a game", (".zip",), ARCHIVE, "unpack it, and name the file in it"),
    Foreign("an old spreadsheet (.xls)", (".xls",), rb"\xd0\xcf\x11\xe0", "save it as .xlsx or .csv"),
    Foreign("an array file of MATLAB (.mat)", (".mat",), rb"MATLAB 5.0", "save the payoffs as .npz or .csv"),
    Foreign("an HDF5 file", (".h5", ".hdf5"), rb"\x89HDF", "save the payoffs as .npz or .csv"),
    Foreign(
        "a pickle, which would run whatever it says", (".pkl", ".pickle"), rb"\x80[\x02-\x05]", "np.savez makes an .npz"
    ),
    Foreign(
        "compressed", (".gz", ".bz2", ".xz", ".zst"), rb"\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd", "unpack it first"
    ),
    Foreign("a PDF", (".pdf",), rb"%PDF", "what is read: {}"),
    Foreign("a text in UTF-16", (), rb"\xff\xfe|\xfe\xff", "save it in UTF-8; in a spreadsheet program as `CSV UTF-8`"),
)


def named(name: str) -> Format | None:
    """Return the row `name`."""
    return next((row for row in FORMATS if row.name == name), None)


def of_name(file: str) -> Format | None:
    """Return the format that a file's suffix tells."""
    suffix = _suffix(file)
    return next((row for row in FORMATS if suffix in row.suffixes), None)


def of_text(text: str, origin: str) -> Format | None:
    """Return the format of a text that is not YAML: by how it begins, else by the suffix of its file.

    None for YAML; InputError names a kind of file that is not read.
    """
    refuse_foreign(text[:START_BYTES].encode(errors="replace"), origin)
    suffix = _suffix(origin)
    for row in FORMATS:
        begins = row.opening is not None and re.match(r"\s*+" + row.opening, text)
        if begins and (row.sniff is None or _target(row.sniff)(text, suffix)):
            return row
    named_so = of_name(origin)
    if (named_so is not None and named_so.reader is None) or re.search(r"\bkind[\"']?\s*:", text):
        return None
    if named_so is None:
        refuse_suffix(origin)
    return named_so


def of_bytes(raw: bytes, origin: str) -> Format | None:
    """Return the format of a file that is no text; InputError names one that is not read."""
    for row in FORMATS:
        begins = row.magic is not None and re.match(row.magic, raw)
        if begins and (row.sniff is None or _target(row.sniff)(raw)):
            return row
    refuse_foreign(raw, origin)
    named_so = of_name(origin)
    return named_so if named_so is not None and named_so.magic is not None else None


def is_large(start: str, origin: str) -> bool:
    """Tell whether a text that begins so may be as long as the memory allows."""
    row = of_text(start, origin)
    return row is not None and row.large


def refuse_foreign(start: bytes, origin: str) -> None:
    """Raise InputError that names the kind of a file which is not read: told by how it begins."""
    for row in FOREIGN:
        if row.opening is not None and re.match(
            row.opening, start[:START_BYTES], re.DOTALL if b"<" in row.opening else 0
        ):
            raise _unread(row, origin)


def refuse_suffix(origin: str) -> None:
    """Raise InputError that names the kind of a file which is not read: told by its suffix alone."""
    for row in FOREIGN:
        if _suffix(origin) in row.suffixes:
            raise _unread(row, origin)


def _unread(row: Foreign, origin: str) -> InputError:
    return InputError(f"{origin}: is {row.what}; such files are not read", row.hint.format(suffixes()))


def suffixes(rows: Iterable[Format] = FORMATS) -> str:
    """Return `.yaml, .yml, .efg`."""
    return ", ".join(suffix for row in rows for suffix in row.suffixes)


def _suffix(file: str) -> str:
    return Path(file).suffix.lower()


def _target(path: str | None) -> Callable[..., Any]:
    module, _, name = (path or "").partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]  # as above
