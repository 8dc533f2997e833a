"""A Markov game of a common reward, in which the value of every player is the potential."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import iterates
from reference import draws, markov
from reference.forms import dense_game


def assert_a_team_gains(solver: Any) -> None:
    """Assert that the team's value falls in none of 300 iterations, and is larger after them than before."""
    drawn = draws.markov(draws.seeded("team", 3))
    shared = markov.MarkovGame(
        drawn.sizes, drawn.states, lambda i, s, a: drawn.reward(0, s, a), drawn.transition, drawn.discount, drawn.start
    )
    form = dense_game(shared)
    assert len(form.players) > 1
    values = []
    for state in iterates(form, solver):
        values.append(deviations(form, solver.answers(form, state)["last"]).values[0])
        if state.iteration == 300:
            break
    assert np.diff(values).min() >= -1e-12 * form.payoff_range
    assert values[-1] > values[0]
