"""At which iterations of a run its answer is measured."""

from __future__ import annotations


def next_measuring_point(n: int, every: int | None = None) -> int:
    """The first measuring point after iteration n: 0, 1, 2, …, 10, 11, 13, 15, …, or the multiples of `every`."""
    if every is not None:
        return (n // every + 1) * every
    point = 0
    while point <= n:
        point = max(point + 1, (11 * point + 9) // 10)  # ⌈1.1 point⌉, exactly
    return point


def is_measuring_point(n: int, every: int | None = None) -> bool:
    """Whether iteration n is one."""
    return n == 0 or next_measuring_point(n - 1, every) == n
