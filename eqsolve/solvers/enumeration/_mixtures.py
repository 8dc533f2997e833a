"""The mixtures at vertices of a polytope {z ≥ 0, M z ≤ 1}, from the labels of the vertices alone."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit


@jit
def mixtures(matrix, labels, vertices):
    """Return vertices [K, d] of {z ≥ 0, M z ≤ 1}, matrix M [e, d], by their masks of zero variables, scaled to sum 1.

    The inequalities that hold as equations, which may be more than needed, are solved by Gaussian elimination. labels
    [d + e]: the numbers of the variables, then of the slacks.
    """
    e, d = matrix.shape
    found = np.zeros((vertices.size, d))
    rows = np.empty((e, d + 1))
    support = np.empty(d, np.int64)
    for v in range(vertices.size):
        played, height = 0, 0
        for c in range(d):
            if not vertices[v] >> labels[c] & 1:
                support[played] = c
                played += 1
        for r in range(e):
            if vertices[v] >> labels[d + r] & 1:
                for c in range(played):
                    rows[height, c] = matrix[r, support[c]]
                rows[height, played] = 1.0
                height += 1
        for c in range(played):
            best = c
            for r in range(c + 1, height):
                if abs(rows[r, c]) > abs(rows[best, c]):
                    best = r
            for k in range(c, played + 1):
                rows[c, k], rows[best, k] = rows[best, k], rows[c, k]
            for r in range(c + 1, height):
                factor = rows[r, c] / rows[c, c]
                for k in range(c + 1, played + 1):
                    rows[r, k] -= factor * rows[c, k]
        total = 0.0
        for c in range(played - 1, -1, -1):
            right = rows[c, played]
            for k in range(c + 1, played):
                right -= rows[c, k] * found[v, support[k]]
            found[v, support[c]] = right / rows[c, c]
            total += found[v, support[c]]
        for c in range(d):
            found[v, c] /= total
    return found
