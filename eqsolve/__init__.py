"""eqsolve: equilibria of games, each answer with a regret measured by code that never saw the solver.

The names below are resolved when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eqsolve.api import deviations, iterates, solve
    from eqsolve.constructors import congestion, extensive, load, markov, matrix, parse
    from eqsolve.run.result import Status
    from eqsolve.solved import SolveResult
    from eqsolve.spec.load import GameSpec

__version__ = "0.1.0"
__all__ = [
    "GameSpec",
    "SolveResult",
    "Status",
    "__version__",
    "congestion",
    "deviations",
    "extensive",
    "iterates",
    "load",
    "markov",
    "matrix",
    "parse",
    "solve",
]

_HOMES = {
    "GameSpec": "eqsolve.spec.load",
    "SolveResult": "eqsolve.solved",
    "Status": "eqsolve.run.result",
    "congestion": "eqsolve.constructors",
    "deviations": "eqsolve.api",
    "extensive": "eqsolve.constructors",
    "iterates": "eqsolve.api",
    "load": "eqsolve.constructors",
    "markov": "eqsolve.constructors",
    "matrix": "eqsolve.constructors",
    "parse": "eqsolve.constructors",
    "solve": "eqsolve.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'eqsolve' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
