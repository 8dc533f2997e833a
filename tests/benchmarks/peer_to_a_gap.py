"""A peer on one game until NashConv is small: `peer_to_a_gap.py OpenSpiel|LiteEFG METHOD GAME NASH_CONV SECONDS`.

A process of its own, so that its whole time and memory can be taken. Measured by the peer's own code, at the points at
which eqsolve measures (1, 2, …, then ever 10 % later); SECONDS of steps are the most. The last line printed is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any


def openspiel(method: str, game: Any) -> tuple[Callable[[], object], Callable[[], float]]:
    """One iteration, and NashConv of the average."""
    spiel = import_module("pyspiel")
    solver = getattr(spiel, method)(game)
    return solver.evaluate_and_update_policy, lambda: float(spiel.nash_conv(game, solver.average_policy()))


def liteefg(method: str, game: Any) -> tuple[Callable[[], object], Callable[[], float]]:
    """The same; DCFR keeps its average itself, for the others the environment keeps a linear one."""
    lite = import_module("LiteEFG")
    environment = lite.OpenSpielEnv(game, traverse_type="Enumerate", regenerate=True)
    graph = import_module(f"LiteEFG.baselines.{method}").graph()
    environment.set_graph(graph)
    own = method == "DCFR"
    average = graph.current_strategy("average-iterate") if own else graph.current_strategy()

    def iterate() -> None:
        graph.update_graph(environment)
        environment.update_strategy(average)

    kind = "last-iterate" if own else "linear-avg-iterate"
    return iterate, lambda: float(sum(environment.exploitability(average, kind)))


def main(who: str, method: str, name: str, nash_conv: float, seconds: float) -> dict[str, float]:
    game = import_module("pyspiel").load_game(name)
    clock = time.perf_counter()
    iterate, measured = {"OpenSpiel": openspiel, "LiteEFG": liteefg}[who](method, game)
    set_up, work, iterations, gap = time.perf_counter() - clock, 0.0, 0, float("inf")
    while gap > nash_conv and work < seconds:
        clock = time.perf_counter()
        for _ in range(max(iterations + 1, -(-11 * iterations // 10)) - iterations):
            iterate()
            iterations += 1
        work += time.perf_counter() - clock
        gap = measured()
    return {"set_up": set_up, "work": work, "iterations": iterations, "gap": gap}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4], *map(float, sys.argv[4:6]))))  # type: ignore[arg-type]  # noqa: T201
