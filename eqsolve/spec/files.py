"""Array files named in a spec: found, checked and read without trusting them.

Specs come from strangers: a name must stay below the spec's own folder (no absolute path, no `..`, no link that
leads out), and a `.npy` file is read by its header alone: numbers only, and the size that the header claims must be
the size that is there before anything is allocated. Pickled objects are never loaded.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from math import prod
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from eqsolve.spec.faults import Refusal, describe

if TYPE_CHECKING:
    from eqsolve.forms.base import Array

#: All array files of one spec together.
MAX_ARRAY_BYTES = 2**30
#: Numbers of one array: 1 GiB as float64, however narrow they are in the file.
MAX_ENTRIES = 2**27


class Files:
    """The array files of one spec: beside it in `folder`, or `embedded` in the policy file that it came from."""

    def __init__(self, folder: Path | None = None, embedded: Mapping[str, bytes] | None = None) -> None:
        self._folder = folder
        self._embedded = embedded or {}
        #: What was read, by the name that the spec uses.
        self.read: dict[str, bytes] = {}

    def array(self, name: str) -> Array:
        """The numbers in the file `name`, float64 in C order, not looked at one by one; raises Refusal."""
        if name not in self.read:
            self.read[name] = self._bytes(name)
        return decode(self.read[name], name)

    def _bytes(self, name: str) -> bytes:
        if name in self._embedded:
            return self._embedded[name]
        if self._folder is None:
            raise Refusal(f"the array file {describe(name)} is not at hand here")
        # Windows' rules see the anchors and separators of both worlds.
        parts = PureWindowsPath(name)
        if parts.anchor or ".." in parts.parts or not name.isprintable():
            raise Refusal(f"the file {describe(name)} is not below the spec's own folder", "copy it there")
        try:
            folder = self._folder.resolve()
            path = (folder / name).resolve(strict=True)
            if not path.is_relative_to(folder):
                raise Refusal(f"the file {describe(name)} is a link that leads out of the spec's own folder")
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise Refusal(f"{describe(name)} is not a file")
            if status.st_size + sum(map(len, self.read.values())) > MAX_ARRAY_BYTES:
                raise Refusal(
                    f"the file {describe(name)} is too large: the limit is {MAX_ARRAY_BYTES // 2**20} MiB in all"
                )
            return path.read_bytes()
        except FileNotFoundError:
            raise Refusal(f"there is no file {describe(name)} beside the spec") from None
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            reason = getattr(error, "strerror", None) or "links in a circle"
            raise Refusal(f"cannot read the file {describe(name)}: {reason}") from None


def decode(raw: bytes, name: str) -> Array:
    """The array in the bytes of a `.npy` file, as float64 in C order; raises Refusal."""
    import numpy as np

    dtype, fortran, shape, at = _header(raw, name)
    if prod(shape) * dtype.itemsize != len(raw) - at:
        raise Refusal(
            f"{name}: shape {list(shape)} of {dtype} needs {prod(shape) * dtype.itemsize} bytes, found {len(raw) - at}"
        )
    if prod(shape) > MAX_ENTRIES:
        raise Refusal(f"{name}: {prod(shape)} numbers are more than the {MAX_ENTRIES} that fit")
    flat = np.frombuffer(raw, dtype, offset=at)
    return np.ascontiguousarray(flat.reshape(shape, order="F" if fortran else "C"), dtype=np.float64)


def _header(raw: bytes, name: str) -> tuple[Any, bool, tuple[int, ...], int]:
    """dtype, Fortran order, shape and where the data begins: the `.npy` format, versions 1 and 2."""
    import numpy as np

    if raw[:6] != b"\x93NUMPY" or raw[6:7] not in (b"\x01", b"\x02"):
        raise Refusal(f"{name}: not a .npy file of numbers")
    width = 2 if raw[6] == 1 else 4
    at = 8 + width + int.from_bytes(raw[8 : 8 + width], "little")
    text = raw[8 + width : min(at, 10_000)].decode("latin-1")
    descr = re.search(r"'descr':\s*'([<>|=]?)([a-zA-Z])([0-9]*)[^']*'", text)
    order = re.search(r"'fortran_order':\s*(True|False)", text)
    dims = re.search(r"'shape':\s*\(([0-9, ]*)\)", text)
    sizes = re.findall("[0-9]+", dims[1]) if dims else []
    if not (descr and order and dims) or any(len(size) > 18 for size in sizes):
        raise Refusal(f"{name}: a damaged or structured .npy file, expected a plain array of numbers")
    endian, kind, bytes_each = descr.groups()
    if kind not in "iuf" or bytes_each not in ("1", "2", "4", "8") or (kind, bytes_each) == ("f", "1"):
        what = {"O": "pickled objects", "c": "complex numbers", "b": "booleans", "U": "text", "S": "text"}
        raise Refusal(
            f"{name}: expected numbers (float64, or integers), got {what.get(kind, f'type {kind}{bytes_each}')}"
        )
    shape = tuple(map(int, sizes))
    if not shape or 0 in shape:
        raise Refusal(f"{name}: an array of shape {list(shape)} holds no list of numbers")
    if len(shape) > 32:
        raise Refusal(f"{name}: an array of {len(shape)} dimensions, at most 32 are accepted")
    return np.dtype(f"{endian}{kind}{bytes_each}"), order[1] == "True", shape, at
