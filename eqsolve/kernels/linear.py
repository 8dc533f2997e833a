"""Small dense linear systems inside a sweep: Gaussian elimination with partial pivoting.

A library call would tie a run's bits to the threads of the BLAS and pull scipy into every jitted process.
"""

from __future__ import annotations

from eqsolve.kernels.jit import jit


@jit
def solve_columns(a, b):
    """Solve a x = b for a [n, n] and b [n, m]: b becomes x. Both are modified in place."""
    n = a.shape[0]
    for c in range(n):
        pivot = c
        for r in range(c + 1, n):
            if abs(a[r, c]) > abs(a[pivot, c]):
                pivot = r
        if pivot != c:
            for k in range(n):
                a[c, k], a[pivot, k] = a[pivot, k], a[c, k]
            for k in range(b.shape[1]):
                b[c, k], b[pivot, k] = b[pivot, k], b[c, k]
        above = a[c, c + 1 :]
        for r in range(c + 1, n):
            factor = a[r, c] / a[c, c]
            if factor != 0.0:
                row = a[r, c + 1 :]  # views, indexed from 0, let the compiler use vector lanes
                for k in range(row.size):
                    row[k] -= factor * above[k]
                for k in range(b.shape[1]):
                    b[r, k] -= factor * b[c, k]
    for r in range(n - 1, -1, -1):
        for k in range(b.shape[1]):
            total = b[r, k]
            for c in range(r + 1, n):
                total -= a[r, c] * b[c, k]
            b[r, k] = total / a[r, r]
