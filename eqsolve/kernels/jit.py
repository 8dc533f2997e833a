"""`jit`: numba's njit with a cache of our own, in the user's cache folder, keyed by all our jitted sources.

numba notices when the file of a cached kernel changes but not when a helper in another file does; so the folder's
name carries a hash of every file that may hold jitted code. Where no folder can be written, kernels are compiled
afresh in each process. Nothing is printed here: the listeners in `kernels.on_compile` hear of it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from pickle import loads  # numba's own cache is one of pickles, in a folder of the user's
from typing import Any

import numba
from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.serialize import dumps

from eqsolve.kernels import loading, on_compile

_PACKAGE = Path(__file__).parent.parent


@cache
def cache_folder() -> Path | None:
    """The folder of compiled kernels, created if need be; None where it cannot be written.

    `EQSOLVE_CACHE_DIR` names another place than the user's cache folder.
    """
    root = os.environ.get("EQSOLVE_CACHE_DIR")
    if not root:
        from platformdirs import user_cache_dir

        root = user_cache_dir("eqsolve", appauthor=False)
    folder = Path(root) / f"kernels-{_sources_hash()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def jit(function: Callable[..., Any], *, threaded: bool = False) -> Any:
    """Decorator: `function` compiled on its first call for given types and kept in `cache_folder()`.

    A `threaded` one lets go of Python's lock while it runs, so that several may run at once.
    """
    dispatcher = numba.njit(function, error_model="numpy", nogil=threaded)
    folder = cache_folder()
    if folder is None:
        dispatcher._cache = _Uncached(function.__name__)
        return dispatcher
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read while the cache is made; the host process has its own setting
    try:
        dispatcher._cache = _KernelCache(function)
    finally:
        settings.CACHE_DIR = before
    return dispatcher


class _Loading(event.Listener):  # type: ignore[misc]  # numba has no types
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


def _sources_hash() -> str:
    """SHA-256 of every file of ours that may hold jitted code."""
    digest = sha256(numba.__version__.encode())
    for folder in ("kernels", "solvers"):
        for file in sorted((_PACKAGE / folder).glob("*.py")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
