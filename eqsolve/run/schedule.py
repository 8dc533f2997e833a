"""At which iterations of a run its answer is measured: a function of the iteration, of the method and of counts of the
game alone.

Nothing here looks at a clock, so that a run measures at the same points on every machine and however it is interrupted.
What keeps measurements to about a fifth of a run's time is how far apart they lie: in leaves that the judge reads, and
in visits of leaves by the method's iterations.
"""

from __future__ import annotations

from eqsolve.forms.base import Form

#: Leaves times players: in an extensive game with fewer, a measurement takes about a millisecond, and none is put off.
SMALL_TREE = 50_000
#: The judge reads a leaf 30 to 90 times as slowly as a jitted sweep does, and judges two answers: in larger games a
#: measurement takes as long as up to 200 iterations, and four times as many lie between two.
MOST_APART = 800
#: In arrays beyond the processor's caches sweeps slow down, at last to a tenth of the judge's pace: no more visits of
#: leaves by players than this lie between two points, a few seconds; but in any case LEAST_APART iterations.
VISITS_APART, LEAST_APART = 22 * 10**8, 40
#: A support polish solves systems as large as the profile: in profiles of more probabilities it is tried only where the
#: iterations have grown fourfold.
SMALL_PROFILE = 64


def spacing(form: Form, visits: int | None = None) -> int:
    """Return how many iterations lie between two measuring points: 1 but in large trees.

    `visits`: of a method that samples histories, how many visits of a leaf by a sweep take as long as one iteration;
    None: an iteration visits every leaf for every player. In other forms a measurement takes milliseconds.
    """
    leaves = form.counts.get("leaves", 0)
    all_visits = leaves * len(form.players) if isinstance(leaves, int) else 0
    if all_visits < SMALL_TREE:
        return 1
    sweeps = max(LEAST_APART, min(MOST_APART, VISITS_APART // all_visits))
    return sweeps if visits is None else max(1, sweeps * all_visits // visits)


def next_measuring_point(n: int, every: int | None = None, apart: int = 1) -> int:
    """Return the first measuring point after iteration n.

    These are the multiples of `every`; without it 0, 1, 2, …, 10, 11, 13, 15, …, a tenth apart, at least `apart`.
    """
    if every is not None:
        return (n // every + 1) * every
    point = 0
    while point <= n:
        # ⌈1.1 point⌉, exactly
        point = max(point + apart, (11 * point + 9) // 10)
    return point


def is_measuring_point(n: int, every: int | None = None, apart: int = 1) -> bool:
    """Tell whether iteration n is one."""
    return n == 0 or next_measuring_point(n - 1, every, apart) == n


def is_polishing_point(n: int, every: int | None = None) -> bool:
    """Tell whether a power of four lies between the last measuring point before n, which counts no more, and n."""
    power = 1 << max(0, n.bit_length() - 1) // 2 * 2  # the largest power of four that is at most n
    return n > 0 and next_measuring_point(power - 1, every) >= n
