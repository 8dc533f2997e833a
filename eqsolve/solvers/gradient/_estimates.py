"""What a learner sees of a game: its exact action values, or estimates from episodes that they play."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.errors import UsageError
from eqsolve.forms.mixed import Mixed

ESTIMATORS = ("exact", "sampled", "published")
#: Metadata of the hyperparameters that every method with estimates has.
ESTIMATOR = {
    "symbol": "Q̂",
    "help": "action values: exact; sampled: from episodes; published: from episodes, each reward credited to the state "
    "that was visited instead of the one the episode began in, as in the published experiments",
}
EPISODE = {"symbol": "T", "help": "stages of an episode; default 20 unless exact"}
SAMPLES = {"symbol": "B", "help": "episodes from each state in each iteration; default 20 unless exact"}
DEFAULT = 20


def check_estimates(estimator: str, episode: int | None, samples: int | None) -> None:
    """UsageError for an unknown estimator, numbers below 1, and numbers that an exact method has no use for."""
    if estimator not in ESTIMATORS:
        raise UsageError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got '{estimator}'")
    for name, number in (("episode", episode), ("samples", samples)):
        if number is not None and estimator == "exact":
            raise UsageError(f"{name}: exact action values have none; say estimator=sampled as well")
        if number is not None and number < 1:
            raise UsageError(f"{name}: expected a whole number of at least 1, got {number}")


def filled(estimator: str, number: int | None) -> int | None:
    """`episode` or `samples` with its default, None where it means nothing."""
    return DEFAULT if number is None and estimator != "exact" else number


def seen(game: Mixed, estimator: str, episode: int | None, samples: int | None, seed: int, iteration: int) -> Any:
    """The game's arrays as sweeps take them after `iteration` iterations: as they are, or seen through episodes.

    UsageError where episodes mean nothing: they need a Markov game whose policies have a row for each state.
    """
    if estimator == "exact":
        return game.arrays
    from eqsolve.kernels.episodes import PLAYABLE, EpisodeArrays

    if type(game.arrays) not in PLAYABLE:
        raise UsageError(
            f"estimator={estimator} plays episodes: it needs a Markov game whose policies see the whole state",
            "leave it out: action values are then exact",
        )
    return EpisodeArrays(
        game=game.arrays,
        rows=game.row_offsets,
        start=game.start,  # type: ignore[attr-defined]  # PLAYABLE arrays are Markov games'
        players=len(game.players),
        discount=float(game.discount),
        length=DEFAULT if episode is None else episode,
        samples=DEFAULT if samples is None else samples,
        visited=estimator == "published",
        seed=np.uint64(seed),
        iteration=np.full(2, iteration, dtype=np.int64),
        scratch=0,
    )
