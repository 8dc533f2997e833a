"""How the time of an inpg iteration grows with the players: prints exponents and draws docs/_static/growth.svg.

    python tests/benchmarks/growth.py [FIGURE]

An exponent is the slope of log time over log n, by least squares over the players from LARGE on: below it, what an
iteration costs besides (a linear system, calls) hides the growth.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from eqsolve.forms.base import Array, Form
from eqsolve.plotting.curves import Curve, Series
from eqsolve.plotting.figures import Scale
from eqsolve.plotting.plot import Look, draw
from eqsolve.solvers.gradient.inpg import INPG
from eqsolve.spec.load import parse
from eqsolve.store import write_bytes
from reference.forms import as_mixed

PLAYERS = {
    "distancing, 4 places": (4, 6, 8, 12, 16, 24, 32, 40, 50),
    "congestion, 20 links": (4, 8, 16, 32, 50, 128, 256, 512, 1000),
}
LARGE = 16
#: Seconds that a measurement takes at least, and measurements of which the quickest counts.
LENGTH, REPEATS = 0.1, 9
FIGURE = Path(__file__).parents[2] / "docs" / "_static" / "growth.svg"


def game(kind: str, n: int) -> Form:
    """The game of n players."""
    if kind.startswith("distancing"):
        return parse(
            f"{{kind: distancing, players: {n}, weights: {{A: 1, B: 2, C: 4, D: 6}}, penalty: 100, "
            f"spread_above: {n // 2}, safe_at_most: {n // 4}, discount: 0.99, start: [0.5, 0.5]}}",
            kind,
        ).form
    links = [f"l{k}" for k in range(20)]
    costs = ", ".join(f"{link}: {{affine: [1, {k}]}}" for k, link in enumerate(links))
    strategies = ", ".join(f"[{link}]" for link in links)
    return parse(f"{{kind: congestion, players: {n}, resources: {{{costs}}}, strategies: [{strategies}]}}", kind).form


def seconds(forms: Sequence[Form]) -> Array:
    """Of one iteration of each game: the quickest of some measurements, each long enough for the clock.

    The games take turns, so that what else the machine does meets them alike.
    """
    solvers = [INPG().adapted(as_mixed(form)) for form in forms]
    states = [
        solver.step(as_mixed(form), solver.init(as_mixed(form), 0), 1)
        for solver, form in zip(solvers, forms, strict=True)
    ]
    steps = [1] * len(forms)
    quickest = np.full(len(forms), np.inf)
    for _ in range(REPEATS):
        for k, (form, solver, state) in enumerate(zip(forms, solvers, states, strict=True)):
            took = 0.0
            while took < LENGTH:
                clock = perf_counter()
                solver.step(as_mixed(form), state, steps[k])
                took = perf_counter() - clock
                steps[k] *= 2 if took < LENGTH else 1
            quickest[k] = min(quickest[k], took / steps[k])
    return quickest


def main(figure: Path) -> None:
    """Measures, prints a line per game and draws."""
    curves = []
    for kind, players in PLAYERS.items():
        n, times = np.array(players, dtype=float), seconds([game(kind, n) for n in players])
        large = n >= LARGE
        exponent, _ = np.polyfit(np.log(n[large]), np.log(times[large]), 1)
        first, last = (np.log(times[k + 1] / times[k]) / np.log(n[k + 1] / n[k]) for k in (large.argmax(), -2))
        label = f"{kind}: exponent {exponent:.1f}"
        shown = ", ".join(f"{k}: {t * 1e3:.3g}" for k, t in zip(players, times, strict=True))
        print(f"{label} from n = {LARGE} on (first step {first:.1f}, last {last:.1f}); ms by n: {shown}")  # noqa: T201  what it is for
        curves.append(Curve(label, (Series(n, times),), label, shown))
    look = Look("players n", "time of an inpg iteration (s)", Scale.LOG_LOG)
    write_bytes(figure, draw(curves, look, figure.suffix.removeprefix(".")).data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIGURE)
