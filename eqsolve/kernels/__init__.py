"""Jitted helpers that two or more callers share: flat arrays and NamedTuples in, arrays out. Importing this loads no
numba; each module does.
"""

from __future__ import annotations

from collections.abc import Callable

#: Called before a kernel is compiled, with its name and whether the result will be kept for later processes.
on_compile: list[Callable[[str, bool], None]] = []
