"""`jit`: functions compiled by numba on their first call, and kept for later processes.

numba is imported with the first call and not with the decorator: importing it, and what loading the first kernel pulls
in, takes longer than solving many a small game. Such games run the same text uncompiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial, update_wrapper
from threading import Lock
from typing import Any

import numpy as np

from eqsolve.kernels import loading

#: Two threads that call a kernel for the first time are to make one dispatcher.
_making = Lock()
#: Whether kernels run as the Python that they are written in, one calling the other.
_interpreted: ContextVar[bool] = ContextVar("_interpreted", default=False)


class Kernel:
    """A function that numba compiles when it is first called, from Python or from another kernel."""

    def __init__(self, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self._made: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """Run the compiled code for arguments of these types, compiling or loading it first where need be."""
        if _interpreted.get():
            return self.py_func(*arguments)
        return (self._made or self.dispatcher)(*arguments)

    def interpreted(self, *arguments: Any) -> Any:
        """Run the function, and every kernel that it calls, as plain Python: for arrays of a few hundred numbers.

        Results may differ from those of compiled code in the last bits, which fuses and reorders operations; so whoever
        chooses between the two must choose by the game alone.
        """
        token = _interpreted.set(True)
        try:
            with np.errstate(all="ignore"):  # as compiled code does
                return self.py_func(*arguments)
        finally:
            _interpreted.reset(token)

    @property
    def dispatcher(self) -> Any:
        """Numba's dispatcher, made when it is first asked for."""
        with loading, _making:
            from eqsolve.kernels.dispatchers import dispatcher

            if self._made is None:
                self._made = dispatcher(self.py_func, self._options)
        return self._made

    @property
    def _numba_type_(self) -> Any:
        """How numba types a kernel that another one calls."""
        return self.dispatcher._numba_type_


def jit(function: Callable[..., Any] | None = None, *, fastmath: Any = False, threaded: bool = False) -> Any:
    """Decorator: `function` as a `Kernel`; bare, or with options.

    `fastmath` names liberties that LLVM may take with floating-point numbers. A `threaded` kernel lets go of Python's
    lock while it runs, so that several may run at once.
    """
    if function is None:
        return partial(jit, fastmath=fastmath, threaded=threaded)
    return Kernel(function, {"fastmath": fastmath, "nogil": threaded})
