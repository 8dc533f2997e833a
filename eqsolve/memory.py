"""Bytes: what objects hold, what the process takes now and at its peak, and what there is.

The system's own figures are read where it has them (Linux); elsewhere they are None and only counted bytes remain.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

PROCESS, MACHINE = Path("/proc/self/status"), Path("/proc/meminfo")
#: Writing 5 there sets the process's recorded peak back to what it takes now.
RESET = Path("/proc/self/clear_refs")


def held(*things: Any) -> int:
    """Bytes of all arrays and byte strings within `things` and their fields, each buffer once."""
    found: dict[int, int] = {}
    for thing in things:
        _collect(thing, found)
    return sum(found.values())


def _collect(thing: Any, found: dict[int, int]) -> None:
    if isinstance(thing, np.ndarray):
        while isinstance(thing.base, np.ndarray):
            thing = thing.base
        found[id(thing)] = thing.nbytes
    elif isinstance(thing, bytes):
        found[id(thing)] = len(thing)
    elif isinstance(thing, Mapping):
        _collect_all(thing.values(), found)
    elif isinstance(thing, tuple | list):
        # a list of numbers or labels holds no arrays, however long it is
        if thing and not isinstance(thing[0], int | float | str):
            _collect_all(thing, found)
    elif is_dataclass(thing):
        # what is made when it is asked for, and was not, takes nothing
        _collect_all((vars(thing).get(field.name) for field in fields(thing)), found)
    elif hasattr(type(thing), "model_fields"):
        _collect_all(vars(thing).values(), found)


def _collect_all(things: Iterable[Any], found: dict[int, int]) -> None:
    for thing in things:
        _collect(thing, found)


def resident() -> int | None:
    """What the process takes now."""
    return _figure(PROCESS, "VmRSS")


def available() -> int | None:
    """What a process could still take: of the machine's memory, or below its own limit."""
    machine = _figure(MACHINE, "MemAvailable")
    with suppress(ImportError, OSError):
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        taken = _figure(PROCESS, "VmSize")
        if limit != resource.RLIM_INFINITY and taken is not None:
            return min(max(limit - taken, 0), machine if machine is not None else limit)
    if machine is None:
        with suppress(AttributeError, ValueError, OSError):
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return machine


def gib(size: int) -> str:
    """A size in GiB, for people."""
    return f"{size / 2**30:.3g} GiB"


class Peak:
    """A `with` block, and by how much the process grew in it at most: `growth`, 0 where nothing tells."""

    growth = 0

    def __enter__(self) -> Self:
        self._before: int | None = None
        # what earlier work freed goes back to the system first: else growth into it would not be seen
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
        with suppress(OSError):
            RESET.write_text("5")
            self._before = resident()
        return self

    def __exit__(self, *exception: object) -> None:
        peak = _figure(PROCESS, "VmHWM")
        if self._before is not None and peak is not None:
            self.growth = max(0, peak - self._before)


def _figure(file: Path, name: str) -> int | None:
    """A line such as `VmRSS:  1234 kB` of one of the system's tables, in bytes."""
    with suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return None
