"""Jitted helpers that two or more callers share: flat arrays and NamedTuples in, arrays out. Importing this loads no
numba; each module does.
"""

from __future__ import annotations

from collections.abc import Callable

from eqsolve.stopwatch import Stopwatch

#: Called before a kernel is compiled, with its name and whether the result will be kept for later processes.
on_compile: list[Callable[[str, bool], None]] = []

#: Runs while kernels are compiled or loaded, and libraries imported that only some methods need: whenever that is, it
#: is no step and no measurement.
loading = Stopwatch()
