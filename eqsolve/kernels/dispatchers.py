"""numba's dispatchers with a cache of our own, in the folder of compiled kernels.

The cache survives damage and full disks: where a file is broken the kernel is compiled over it, and where there is no
folder kernels are compiled afresh in each process. Nothing is printed here: the listeners in `kernels.on_compile` hear
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pickle import loads  # numba's own cache is one of pickles, in a folder that is the user's alone
from typing import Any

import numba
from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.serialize import dumps

from eqsolve.kernels import loading, on_compile
from eqsolve.kernels.cache import cache_folder


def dispatcher(function: Callable[..., Any], options: Mapping[str, Any]) -> Any:
    """Return numba's dispatcher of `function`, with numba's own `options`, its compiled code kept."""
    made = numba.njit(function, error_model="numpy", **options)
    folder = cache_folder()
    if folder is None:
        made._cache = _Uncached(function.__name__)
        return made
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read while the cache is made; the host process has its own setting
    try:
        made._cache = _KernelCache(function)
    finally:
        settings.CACHE_DIR = before
    return made


class _Loading(event.Listener):
    """Lets the stopwatch run whenever numba compiles, or loads what it compiled before: it then holds a lock."""

    def on_start(self, event: Any) -> None:
        loading.__enter__()

    def on_end(self, event: Any) -> None:
        loading.__exit__(None, None, None)


event.register("numba:compiler_lock", _Loading())


class _KernelCache(FunctionCache):
    """numba's cache with a checksum; where files are damaged or the disk is full it compiles, or goes on uncached."""

    def _save_overload(self, sig: Any, data: Any) -> None:
        if self._enabled and self._impl.check_cachable(data):
            self._impl.locator.ensure_cache_path()
            code = dumps(self._impl.reduce(data))
            self._cache_file.save(self._index_key(sig, data.codegen), (sha256(code).digest(), code))

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        stored = self._cache_file.load(self._index_key(sig, target_context.codegen())) if self._enabled else None
        if stored is None:
            return None
        digest, code = stored
        if sha256(code).digest() != digest:  # machine code with a wrong bit would take the process down
            raise ValueError("damaged")
        return self._impl.rebuild(target_context, loads(code))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling damaged bytes raises
            self._start_over()
            found = None
        if found is None:
            for listener in on_compile:
                listener(self._py_func.__name__, True)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except Exception:  # a full disk, or an index that another process damaged: the kernel itself is fine
            self._start_over()

    def _start_over(self) -> None:
        try:
            self.flush()
        except OSError:
            self.disable()


class _Uncached:
    """What stands in for the cache where there is none."""

    cache_path = None

    def __init__(self, name: str) -> None:
        self._name = name

    def load_overload(self, sig: Any, target_context: Any) -> None:
        for listener in on_compile:
            listener(self._name, False)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Nowhere to save to."""

    def flush(self) -> None:
        """Nothing to flush."""
