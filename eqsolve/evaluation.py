"""Algorithms compared over many games: each runs on each game for each budget, and every answer is judged.

A budget is a number of iterations or of seconds. A gap is the sum of the players' regrets, from the start of the game,
of the answer that such a run gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, NamedTuple

from eqsolve.errors import MismatchError, UsageError
from eqsolve.report.evaluation import SCHEMA
from eqsolve.run.options import RunOptions
from eqsolve.solving import run_on
from eqsolve.spec.load import GameSpec


class Contender(NamedTuple):
    """An algorithm with hyperparameters, and what a table calls it."""

    name: str
    algorithm: str
    parameters: Mapping[str, Any]


class Budget(NamedTuple):
    """So many `iterations`, or, where these are None, so many `seconds`."""

    iterations: int | None
    seconds: float | None

    def __str__(self) -> str:
        return f"{self.seconds:g} s" if self.iterations is None else str(self.iterations)


class Outcome(NamedTuple):
    """One run: its answer's name, the sum of the players' regrets in payoff units; iterations, seconds of steps."""

    answer: str
    gap: float
    iterations: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """A contender at a budget: its outcomes, game by game, and the hyperparameters that were used on the first."""

    contender: Contender
    budget: Budget
    outcomes: tuple[Outcome, ...]
    parameters: Mapping[str, Any]

    def solved(self, within: float) -> float:
        """Return the share of games whose gap is at most `within`."""
        return fmean(one.gap <= within for one in self.outcomes)

    @property
    def gaps(self) -> list[float]:
        """The gaps, game by game."""
        return [one.gap for one in self.outcomes]

    @property
    def mean(self) -> float:
        """The mean of the gaps."""
        return fmean(self.gaps)

    @property
    def median(self) -> float:
        """The median of the gaps."""
        return median(self.gaps)

    @property
    def answers(self) -> Mapping[str, int]:
        """How often which answer was the one that was given."""
        return dict(Counter(one.answer for one in self.outcomes).most_common())


def evaluate(
    games: Iterable[GameSpec],
    contenders: Sequence[Contender],
    budgets: Sequence[Budget],
    *,
    answer: str = "best",
    seed: int = 0,
    said: Callable[[int, int], None] = lambda games, runs: None,
) -> list[Row]:
    """Run every contender on every game for every budget; return a row for each contender and budget, in that order.

    `answer` as in RunOptions: 'best' of all measured points and averages, or one by its name where the run ends. `said`
    hears how many games and runs are done. UsageError where there is nothing to run, MismatchError where a contender
    does not accept a game.
    """
    if not contenders or not budgets:
        raise UsageError("nothing to compare: expected an algorithm and a number of iterations or seconds")
    found: dict[tuple[int, int], list[Outcome]] = {}
    used: dict[int, Mapping[str, Any]] = {}
    runs = done = 0
    for done, game in enumerate(games, 1):
        for c, contender in enumerate(contenders):
            for b, budget in enumerate(budgets):
                outcome, parameters = _run(game, contender, budget, answer, seed)
                found.setdefault((c, b), []).append(outcome)
                used.setdefault(c, parameters)
                runs += 1
                said(done, runs)
    if not done:
        raise UsageError("nothing to compare: there are no games")
    return [
        Row(contender, budget, tuple(found[c, b]), used[c])
        for c, contender in enumerate(contenders)
        for b, budget in enumerate(budgets)
    ]


def evaluation_document(source: str, seed: int, rows: Sequence[Row], answer: str, within: float) -> dict[str, Any]:
    """Return the document: for each algorithm and budget the figures over all games, and each game's gap."""
    return {
        "schema": SCHEMA,
        "source": source,
        "games": len(rows[0].outcomes),
        "seed": seed,
        "answer": answer,
        "solved_within": within,
        "rows": [
            {
                "algorithm": row.contender.algorithm,
                "name": row.contender.name,
                "parameters": dict(row.parameters),
                "max_iter": row.budget.iterations,
                "time_limit": row.budget.seconds,
                "mean": row.mean,
                "median": row.median,
                "worst": max(row.gaps),
                "solved": row.solved(within),
                "answers": dict(row.answers),
                "nash_conv": row.gaps,
                "iterations": [one.iterations for one in row.outcomes],
                "work_seconds": [one.seconds for one in row.outcomes],
            }
            for row in rows
        ],
    }


def _run(
    game: GameSpec, contender: Contender, budget: Budget, answer: str, seed: int
) -> tuple[Outcome, Mapping[str, Any]]:
    """Return the outcome of one run, and the hyperparameters that it used."""
    options = RunOptions.of(tol=0, max_iter=budget.iterations, time_limit=budget.seconds, answer=answer, seed=seed)
    try:
        result = run_on(game, contender.algorithm, contender.parameters, options)
    except MismatchError as error:
        raise MismatchError(f"{game.origin}: {error.message}", error.hint) from error
    if result.answer is None:
        raise MismatchError(f"{contender.name}: gave no profile on {game.origin} within {budget}", "allow more")
    record = result.answer.record
    outcome = Outcome(record.answer, float(record.measured["nash_conv"]), result.iterations, result.clocks.work)
    return outcome, result.algorithm.parameters
