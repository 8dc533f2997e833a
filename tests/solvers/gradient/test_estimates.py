"""Learning from episodes: the laws of states, refusals, and what the published estimator makes of its game."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.gradient.inpg import INPG
from eqsolve.solvers.gradient.ipg import IPG
from eqsolve.spec.load import load
from reference.specs import spec

GAMES = ("asymmetric", "a list of moves", "over a horizon", "distancing")
SOLVERS = (INPG(estimator="sampled", episode=5, samples=3), IPG(step_size=0.01, estimator="published", samples=2))


@pytest.mark.parametrize("solver", SOLVERS, ids=["inpg", "ipg"])
@pytest.mark.parametrize("name", GAMES)
def test_chunks_add_up_and_a_seed_names_a_run(solver: Any, name: str) -> None:
    form = spec(name).form
    state = solver.init(form, 2**64 - 1)
    whole = solver.step(form, state, 9)
    parts = solver.step(form, solver.step(form, state, 4), 5)
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)
    other = solver.step(form, state._replace(seed=1), 9)
    assert (np.asarray(whole[1]) != np.asarray(other[1])).any()


@pytest.mark.parametrize("algo", ["inpg", "ipg"])
def test_games_without_episodes_are_refused(algo: str) -> None:
    for game in (spec("pennies"), load("@routing/local-five-players")):
        with pytest.raises(UsageError, match="policies see the whole state"):
            api.solve(game, algo, {"estimator": "sampled"}, max_iter=1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"estimator": "guessed"}, "expected one of exact, sampled, published"),
        ({"episode": 3}, "say estimator=sampled"),
        ({"samples": 3}, "say estimator=sampled"),
        ({"estimator": "sampled", "episode": 0}, "at least 1"),
        ({"estimator": "published", "samples": 0}, "at least 1"),
    ],
)
def test_numbers_without_a_meaning_are_refused(values: dict[str, Any], message: str) -> None:
    for solver in (INPG, IPG):
        with pytest.raises(UsageError, match=message):
            solver(**values)


def test_defaults_are_the_papers_and_are_said() -> None:
    result = api.solve(spec("asymmetric"), "inpg", {"estimator": "sampled"}, max_iter=1)
    assert (result.algorithm.parameters["episode"], result.algorithm.parameters["samples"]) == (20, 20)


def at_rest(step: float, estimator: str, seed: int, most: int) -> tuple[int, Profile]:
    """Iterations until no profile moved by more than 1e-5 (mean over players of the L1 distance), and the last one."""
    game = load("@routing-published/four-players")
    parameters = {"step": step, "init": "uniform", "estimator": estimator}
    before: Profile | None = None
    for n, (_, answers) in enumerate(islice(api.iterates(game, "inpg", parameters, seed=seed), most + 1)):
        now = answers["last"]
        if before is not None and sum(abs(a - b).sum() for a, b in zip(now, before, strict=True)) / 4 < 1e-5:
            return n, now
        before = now
    return most + 1, now


def test_the_published_estimator_comes_to_rest_soon_and_often_where_no_equilibrium_is() -> None:
    """Its counts are those of the paper's figure 4, some 50; its gaps are 0, or 16.7 or 75 of a range of 75."""
    runs = [at_rest(0.02, "published", seed, 200) for seed in range(8)]
    form = load("@routing-published/four-players").form
    gaps = [deviations(form, form.check(list(profile)).profile).regrets.max() for _, profile in runs]
    assert all(30 <= count <= 70 for count, _ in runs)
    assert all(min(abs(gap - at) for at in (0, 50 / 3, 75)) < 0.05 for gap in gaps)
    assert max(gaps) > 16


def test_credited_where_they_belong_rewards_lead_later_to_an_equilibrium() -> None:
    assert at_rest(0.02, "sampled", 0, 500)[0] == 501
    count, profile = at_rest(0.1, "sampled", 0, 2000)
    assert 1000 < count <= 2000
    form = load("@routing-published/four-players").form
    assert deviations(form, form.check(list(profile)).profile).regrets.max() < 0.01
