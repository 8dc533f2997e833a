"""Zip archives of strangers: which kind of file one is, and what is in it, never more than was allowed."""

from __future__ import annotations

from io import BytesIO

from eqsolve.errors import InputError

#: Files in one archive; more is no game.
MAX_FILES = 10_000


def is_arrays(raw: bytes) -> bool:
    """Tell whether an archive holds numpy arrays: a file of numpy's, or nothing that any other program would write."""
    names = _names(raw)
    return any(name.endswith(".npy") for name in names) or not any(map(_is_of_an_office, names))


def is_workbook(raw: bytes) -> bool:
    """Tell whether an archive is a spreadsheet in Excel's format (.xlsx)."""
    return any(name.lower().startswith("xl/") for name in _names(raw))


def stored(raw: bytes, origin: str, most: int) -> bytes:
    """Return the archive with nothing in it compressed; InputError where it is damaged or larger than `most` bytes.

    No entry is trusted to be as large as it says: each is unpacked up to that size and its checksum compared.
    """
    import zipfile
    import zlib

    from eqsolve import memory

    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
            if all(entry.compress_type == zipfile.ZIP_STORED for entry in entries):
                return raw
            size = sum(entry.file_size for entry in entries)
            available = memory.available()
            if size > most or len(entries) > MAX_FILES:
                raise InputError(f"{origin}: unpacked larger than {most // 2**20} MiB, the most that is read")
            if available is not None and 3 * size > available:
                raise InputError(
                    f"{origin}: unpacked {memory.gib(size)}, which takes three times that to read; there are "
                    f"{memory.gib(available)}"
                )
            plain = BytesIO()
            with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as out:
                for entry in entries:
                    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                        raise InputError(f"{origin}: is encrypted, or packed in a way that is not read")
                    with archive.open(entry) as file:
                        data = file.read(entry.file_size + 1)
                    if len(data) != entry.file_size:
                        raise zipfile.BadZipFile("an entry is shorter than it says")
                    out.writestr(zipfile.ZipInfo(entry.filename), data)
            return plain.getvalue()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise InputError(f"{origin}: damaged, or not a zip archive: {reason}") from error


def _names(raw: bytes) -> list[str]:
    """Names of the files in an archive; none where it is damaged."""
    import zipfile

    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        return []


def _is_of_an_office(name: str) -> bool:
    return name in ("mimetype", "[Content_Types].xml", "content.xml") or name.lower().startswith(("xl/", "word/"))
