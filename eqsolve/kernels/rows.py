"""Rows of a packed profile: logits and regrets to probabilities."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit


@jit
def softmax_rows(rows, logits, x):
    """x[row] ∝ exp(logits[row]); x is modified in place. Every row holds a finite logit."""
    for r in range(rows.size - 1):
        top = -np.inf
        for e in range(rows[r], rows[r + 1]):
            top = max(top, logits[e])
        total = 0.0
        for e in range(rows[r], rows[r + 1]):
            x[e] = np.exp(logits[e] - top)
            total += x[e]
        for e in range(rows[r], rows[r + 1]):
            x[e] /= total


@jit
def matching_rows(rows, regrets, x):
    """x[row] ∝ max(regrets[row], 0), uniform where none is positive; x is modified in place."""
    for r in range(rows.size - 1):
        total = 0.0
        for e in range(rows[r], rows[r + 1]):
            total += max(regrets[e], 0.0)
        for e in range(rows[r], rows[r + 1]):
            x[e] = max(regrets[e], 0.0) / total if total > 0.0 else 1.0 / (rows[r + 1] - rows[r])
