"""At which iterations of a run its answer is measured: a function of the iteration and of counts of the game alone.

Nothing here looks at a clock, so that a run measures at the same points on every machine and however it is interrupted.
"""

from __future__ import annotations

from eqsolve.forms.base import Form

#: Leaves times players: in an extensive game with fewer, a measurement takes about a millisecond, and none is put off.
SMALL = 50_000
#: The judge reads each leaf about 100 times as slowly as a jitted sweep does, and judges two answers: in larger games a
#: measurement takes as long as some 200 iterations, and four times as many lie between two.
WIDEST = 800
#: In arrays beyond the processor's caches sweeps slow down, at last to a quarter of the judge's pace: no more visits of
#: leaves by players than this lie between two points, a few seconds; but in any case NARROWEST iterations.
VISITS, NARROWEST = 10**9, 16


def spacing(form: Form) -> int:
    """Return how many iterations lie between two measuring points after the first ones: 1 but in large trees.

    So measurements take about a fifth of a run's time at most, of a method whose iterations visit every leaf. Those
    that sample histories make so many iterations that a tenth is more. In other forms a measurement takes milliseconds.
    """
    leaves = form.counts.get("leaves", 0)
    visits = leaves * len(form.players) if isinstance(leaves, int) else 0
    return 1 if visits < SMALL else max(NARROWEST, min(WIDEST, VISITS // visits))


def next_measuring_point(n: int, every: int | None = None, apart: int = 1) -> int:
    """Return the first measuring point after iteration n.

    These are the multiples of `every`; without it 0, 1, 2, …, 10, 11, 13, 15, …, a tenth apart. With `apart` above 1
    the first are 0, 1, 4, 16, …, until they lie so far apart; the others lie `apart`, or a tenth where that is more.
    """
    if every is not None:
        return (n // every + 1) * every
    point = 0
    while point <= n:
        # ⌈1.1 point⌉, exactly
        point = max(point + 1, min(4 * point, point + apart), (11 * point + 9) // 10)
    return point


def is_measuring_point(n: int, every: int | None = None, apart: int = 1) -> bool:
    """Tell whether iteration n is one."""
    return n == 0 or next_measuring_point(n - 1, every, apart) == n
