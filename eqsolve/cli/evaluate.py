"""`eqsolve evaluate`: algorithms over many games drawn from a distribution."""

from __future__ import annotations

from typing import Annotated

import typer

from eqsolve.cli import completion
from eqsolve.cli.options import Debug, Format, OutputFormat, Quiet, answer_option, duration, number, option, whole
from eqsolve.cli.streams import clear_status, say, status
from eqsolve.errors import UsageError


def evaluate(
    distribution: Annotated[
        str, typer.Argument(metavar="DISTRIBUTION", help="A spec in which numbers are drawn (.yaml), or - for stdin.")
    ],
    algo: Annotated[
        list[str],
        typer.Option(
            "--algo",
            "-a",
            metavar='"NAME p=v …"',
            help="An algorithm, and its hyperparameters in the same word; may be repeated.",
            autocompletion=completion.chosen_algorithms,
        ),
    ],
    games: Annotated[str, typer.Option("--games", "-n", metavar="N", help="How many games.")] = "64",
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Seed of the games and of the runs.")] = "0",
    max_iter: Annotated[
        list[str] | None,
        typer.Option("--max-iter", metavar="N", help="Run for N iterations; may be repeated, or N,N,…"),
    ] = None,
    time_limit: Annotated[
        list[str] | None,
        typer.Option("--time-limit", metavar="T", help="Run for a time such as 0.5s; may be repeated, or T,T,…"),
    ] = None,
    answer: Annotated[
        str,
        answer_option("best: of all measured points and answers; or an answer by its name, where the run ends."),
    ] = "best",
    solved: Annotated[
        str, typer.Option("--solved", metavar="X", help="A game is solved from this sum of regrets on.")
    ] = "1e-5",
    output_format: OutputFormat = Format.TEXT,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare algorithms on many games drawn from DISTRIBUTION, each run judged.

    For each algorithm and each number of iterations or time: mean, median and worst of the sums of the players' regrets
    over the games, and the share of games that were solved. Each run begins anew.

    \b
    eqsolve evaluate pots.yaml -a pcfr+ -a "pcfr+ gamma=5" --max-iter 64,1024
    eqsolve evaluate pots.yaml -a portfolio --time-limit 0.2s --format json
    """
    budgets = [("--max-iter", text, True) for text in _words(max_iter)]
    budgets += [("--time-limit", text, False) for text in _words(time_limit)]
    if not budgets:
        raise UsageError("for how long should they run?", "--max-iter 64,1024 or --time-limit 0.5s")
    count, first = option("--games", games, whole, 1) or 0, option("--seed", seed, whole, 0) or 0
    within = option("--solved", solved, number, 0) or 0.0

    from eqsolve.distributions import distribution as read
    from eqsolve.evaluation import Budget, Contender, evaluation_document
    from eqsolve.evaluation import evaluate as evaluated
    from eqsolve.report import json_text
    from eqsolve.report.evaluation import evaluation_text

    allowed = [
        Budget(option(name, text, whole, 1), None) if steps else Budget(None, option(name, text, duration, 0))
        for name, text, steps in budgets
    ]
    contenders = [Contender(" ".join(text.split()), *_algorithm(text)) for text in algo]
    names = [one.name for one in contenders]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--algo '{twice}': given twice")
    drawn, runs = read(distribution), count * len(contenders) * len(allowed)

    def said(game: int, run: int) -> None:
        if not quiet:
            status(f"game {game} of {count}, run {run} of {runs}")

    sampled = (drawn.game(first, k) for k in range(count))
    rows = evaluated(sampled, contenders, allowed, answer=answer, seed=first, said=said)
    clear_status()
    document = evaluation_document(drawn.origin, first, rows, answer, within)
    say(json_text(document) if output_format == Format.JSON else evaluation_text(document))


def _words(texts: list[str] | None) -> list[str]:
    return [word for text in texts or () for word in text.split(",") if word.strip()]


def _algorithm(text: str) -> tuple[str, dict[str, object]]:
    """Return the algorithm that a text names, and its hyperparameters; UsageError where there is none such."""
    from eqsolve.cli.parameters import converted, split
    from eqsolve.solvers import find
    from eqsolve.solvers.parameters import parameters_of

    name, *pairs = text.split() or [""]
    row = None if name == "auto" else find(name)
    return name, converted(split(pairs), [] if row is None else parameters_of(row))
