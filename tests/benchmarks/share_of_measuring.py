"""What share of a run's seconds measuring takes, by game and method: a table to look at, on a quiet machine.

    python tests/benchmarks/share_of_measuring.py [seconds]

The rule is in eqsolve/run/schedule.py. `share` is measuring / (measuring + steps), of the result's own clocks, with the
last measurement in it. Beside it stands what the run took once, after its last step, to fill rows that play does not
reach. Runs that end at the tolerance after milliseconds say nothing.
"""

from __future__ import annotations

import sys

import eqsolve
from eqsolve.spec.load import load, parse

GAMES = {
    "Leduc, three players, suits merged": "{kind: leduc, players: 3}",
    "Leduc, three players": "{kind: leduc, players: 3, merge_suits: false}",
    "liar's dice 1×6": "{kind: liars-dice, dice: 1, sides: 6}",
    "goofspiel 5": "{kind: goofspiel, cards: 5}",
    "Kuhn, four players": "{kind: kuhn, players: 4}",
    "distancing, eight agents": "@distancing/eight-agents",
    "matrix 200×200": "{kind: random-matrix, players: 2, actions: 200, seed: 1}",
    "matrix, ten players": "{kind: random-matrix, players: 10, actions: 3, seed: 1}",
}
METHODS = {
    "sequence": ("cfr", "pcfr+", "hedge-cfr", "mmd", "fictitious-play", "mccfr-external", "mccfr-outcome"),
    "markov": ("inpg", "ipg"),
    "normal": ("regret-matching+", "omwu", "replicator", "fictitious-play", "inpg", "softmax-pg", "neppo"),
}


def main(seconds: float) -> None:
    """Print a line for each game and method."""
    for name, text in GAMES.items():
        game = load(text) if text.startswith("@") else parse(text, "benchmark")
        for method in METHODS[game.form.name]:
            result = eqsolve.solve(game, method, time_limit=seconds)
            steps, measuring = result.clocks.work, result.clocks.check
            share = measuring / max(steps + measuring, 1e-9)
            print(  # noqa: T201  what a benchmark is for
                f"{name:36}{method:20}{result.iterations:9} iterations {len(result.records):4} points  "
                f"steps {steps:6.2f} s  measuring {measuring:6.2f} s  share {share:4.2f}  "
                f"finishing {result.clocks.finish:5.2f} s  {result.status}",
                flush=True,
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
