"""`.npz` archives of plain arrays and one JSON document, as bytes: written alike every time, read with suspicion.

An archive is a zip of `.npy` entries, uncompressed as `numpy.savez` writes them. Nothing in it is trusted: sizes and
headers are compared with the bytes that are really there before anything is allocated, and objects (pickles) are
refused.
"""

from __future__ import annotations

import json
import math
import sys
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from eqsolve.errors import StoreError

Meta = TypeVar("Meta", bound=BaseModel)

#: Kinds of numbers, and text: what an entry may hold.
PLAIN = "biufU"


def pack(arrays: Mapping[str, Any], meta: Mapping[str, Any]) -> bytes:
    """An archive with these arrays and `meta`, JSON in a string array; the same bytes for the same content."""
    buffer = BytesIO()
    # Plain savez: uncompressed, and every entry dated 1980.
    np.savez(buffer, allow_pickle=False, **arrays, meta=np.array(json.dumps(meta)))
    return buffer.getvalue()


def content_digest(arrays: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    """Return 64 hexadecimal digits that name the content: every array's name, type, shape and bytes, and `meta`."""
    digest = sha256(json.dumps(meta, sort_keys=True).encode())
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        digest.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def unpack(data: bytes, origin: str) -> dict[str, NDArray[Any]]:
    """The arrays of an archive by name; StoreError where it is damaged or not plain. Arrays are read-only views."""
    # zipfile and the header parser meet hostile bytes with a dozen exception types of their own.
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > len(data):
                raise _DamageError("it declares more bytes than it has")
            return {_name(entry): _array(archive.read(entry), entry.filename) for entry in entries}
    except _DamageError as error:
        raise StoreError(f"{origin}: damaged, or not written by eqsolve: {error}") from error
    except Exception as error:
        raise StoreError(f"{origin}: damaged, or not an .npz archive: {_one_line(error)}") from error


def read_meta(arrays: dict[str, NDArray[Any]], model: type[Meta], origin: str) -> Meta:
    """Takes `meta` out of the arrays of an archive and checks it against `model`, its format version first."""
    entry = arrays.pop("meta", None)
    if entry is None or entry.dtype.kind != "U" or entry.shape != ():
        raise StoreError(f"{origin}: has no `meta`; eqsolve did not write this file")
    try:
        document = json.loads(str(entry))
        found = document["format"]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise StoreError(f"{origin}: `meta` is not the JSON that eqsolve writes") from error
    expected = model.model_fields["format"].default
    if found != expected:
        raise StoreError(f"{origin}: format {found!r}; this version of eqsolve reads {expected!r}")
    return validated(document, model, f"{origin}: `meta` is damaged")


def validated(document: Any, model: type[Meta], complaint: str) -> Meta:
    """Return a document as a record of `model`; StoreError with `complaint` and the first thing that is wrong."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StoreError(f"{complaint}: {place}: {first['msg']}") from error


class _DamageError(Exception):
    """What is wrong with an archive, in words of ours."""


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
        raise _DamageError(f"entry {entry.filename!r} is compressed or encrypted")
    if not entry.filename.endswith(".npy"):
        raise _DamageError(f"entry {entry.filename!r} is not an array")
    return entry.filename.removesuffix(".npy")


def _array(data: bytes, name: str) -> NDArray[Any]:
    """The array of one `.npy` entry, a view of `data`."""
    stream = BytesIO(data)
    read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(stream)
    if version not in read_header:
        raise _DamageError(f"entry {name!r} has npy version {version}")
    shape, fortran_order, dtype = read_header[version](stream)
    if dtype.hasobject or dtype.kind not in PLAIN:
        raise _DamageError(f"entry {name!r} holds {dtype}, not numbers or text")
    if math.prod(shape) * dtype.itemsize != len(data) - stream.tell() or min(shape, default=0) < 0:
        raise _DamageError(f"entry {name!r} says shape {shape}, which is not what it holds")
    array = np.ndarray(shape, dtype, data, stream.tell(), order="F" if fortran_order else "C")
    if dtype.kind == "U" and dtype.itemsize and (_code_points(array) > sys.maxunicode).any():
        raise _DamageError(f"entry {name!r} holds numbers that are no characters")
    return array


def _code_points(text: NDArray[Any]) -> NDArray[np.uint32]:
    """The characters of an array of text as numbers; Python makes no string of those beyond Unicode."""
    return np.ascontiguousarray(text).reshape(-1).view(np.dtype(np.uint32).newbyteorder(text.dtype.byteorder))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
