"""Supports of three actions each: which columns can be best replies, and what makes the rows pay alike."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit


@jit
def next_triple(first, second, third, m):
    """Return the triple of rows below m that comes next, the last row fastest; its last row is m after the last one."""
    third += 1
    if third == m:
        second += 1
        third = second + 1
        if third == m:
            first += 1
            second = first + 1
            third = second + 1
    return first, second, third


@jit
def triple(game, r0, r1, r2, front, x, y):
    """Tell whether rows r0, r1 and r2 of `Payoffs`, all mixed, and three columns are an equilibrium.

    front int64 [B] is work space, modified in place: the columns that no other dominates. The equilibrium is written to
    x [A] and y [B], modified in place.
    """
    a, b, tie_a, tie_b = game.a, game.b, game.tie_a, game.tie_b
    p, q, r = b[r0], b[r1], b[r2]
    count = undominated(p, q, r, front)
    for i in range(count):
        c0 = front[i]
        for j in range(i + 1, count):
            c1 = front[j]
            for k in range(j + 1, count):
                c2 = front[k]
                u, v, w = equalising(
                    p[c0] - p[c1], q[c0] - q[c1], r[c0] - r[c1], p[c0] - p[c2], q[c0] - q[c2], r[c0] - r[c2]
                )
                if u < 0.0:
                    continue
                level = u * p[c0] + v * q[c0] + w * r[c0] + tie_b
                better = False
                for t in range(count):
                    f = front[t]
                    if u * p[f] + v * q[f] + w * r[f] > level:
                        better = True
                        break
                if better:
                    continue
                e, f, g = equalising(
                    a[r0, c0] - a[r1, c0], a[r0, c1] - a[r1, c1], a[r0, c2] - a[r1, c2],
                    a[r0, c0] - a[r2, c0], a[r0, c1] - a[r2, c1], a[r0, c2] - a[r2, c2],
                )  # fmt: skip
                if e < 0.0:
                    continue
                level = e * a[r0, c0] + f * a[r0, c1] + g * a[r0, c2] + tie_a
                for t in range(a.shape[0]):
                    if e * a[t, c0] + f * a[t, c1] + g * a[t, c2] > level:
                        better = True
                        break
                if not better:
                    x[r0], x[r1], x[r2] = u, v, w
                    y[c0], y[c1], y[c2] = e, f, g
                    return True
    return False


@jit
def undominated(p, q, r, front):
    """Return how many columns have no other at least as good in all of p, q and r [B].

    front int64 [B] is modified in place and begins with these columns.
    """
    count = 0
    for k in range(p.size):
        kept, dominated = 0, False
        for t in range(count):
            f = front[t]
            if p[f] >= p[k] and q[f] >= q[k] and r[f] >= r[k]:
                dominated = True
                break
        if dominated:
            continue
        for t in range(count):
            f = front[t]
            if p[f] > p[k] or q[f] > q[k] or r[f] > r[k]:
                front[kept] = f
                kept += 1
        front[kept] = k
        count = kept + 1
    return count


@jit
def equalising(d0, d1, d2, e0, e1, e2):
    """Return the three positive weights, sum 1, that are orthogonal to d and e; −1, −1, −1 where there are none."""
    u = d1 * e2 - d2 * e1
    v = d2 * e0 - d0 * e2
    w = d0 * e1 - d1 * e0
    total = u + v + w
    u, v, w = u / total, v / total, w / total
    if u > 0.0 and v > 0.0 and w > 0.0 and u < np.inf and v < np.inf and w < np.inf:
        return u, v, w
    return -1.0, -1.0, -1.0
