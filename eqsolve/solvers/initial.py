"""First profiles, drawn from a counter keyed by the seed: uniform, Dirichlet, or normal logits.

Only uniform variates of Philox are used, and the transforms are written out: a profile drawn with a seed is the same
with every version of numpy.
"""

from __future__ import annotations

import math

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.forms.mixed import Mixed

INITS = ("dirichlet", "uniform", "logits-normal")


def init_metadata(symbol: str) -> dict[str, str]:
    """Return the metadata of the hyperparameter that names where a run without a start begins."""
    return {"name": "init", "symbol": symbol, "help": f"first profile, drawn by seed: {', '.join(INITS)}"}


def check_init(initial: str) -> None:
    """UsageError unless it is the word of a first profile."""
    if initial not in INITS:
        raise UsageError(f"init: expected one of {', '.join(INITS)}, got '{initial}'")


def check_step(size: float | None) -> None:
    """UsageError unless it is a step, or None for the default."""
    if size is not None and not (math.isfinite(size) and size > 0):
        raise UsageError(f"step: expected a positive number, got {size}")


def draw_logits(form: Mixed, init: str, seed: int) -> Array:
    """Logits of a first profile, packed; every row's largest is 0, those of illegal actions −∞. `init` is in INITS.

    `dirichlet`: each row uniform on the simplex, Dirichlet(1, …, 1). `logits-normal`: independent N(0, 1) logits.
    `uniform`: every action alike.
    """
    total = int(form.offsets[-1])
    uniforms = np.random.Generator(np.random.Philox(key=seed)).random((2, total))
    exponentials = -np.log1p(-uniforms)
    if init == "uniform":
        logits = np.zeros(total)
    elif init == "dirichlet":
        logits = np.log(exponentials[0])  # independent exponentials, normalised, are Dirichlet(1, …, 1)
    else:
        logits = np.sqrt(2 * exponentials[0]) * np.cos(2 * np.pi * uniforms[1])
    if form.legal is not None:
        logits[~np.concatenate([mask.ravel() for mask in form.legal])] = -np.inf
    rows = form.row_offsets
    top: Array = np.maximum.reduceat(logits, rows[:-1])
    return np.asarray(logits - np.repeat(top, np.diff(rows)))
