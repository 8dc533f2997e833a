"""Projected policy gradient against its formula, and against what is known of its dynamics."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, Profile, readonly
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import iterates
from eqsolve.solvers.gradient.inpg import INPG
from eqsolve.solvers.gradient.ipg import IPG
from eqsolve.solvers.initial import INITS
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import load, parse
from reference import draws, markov, normal
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, congestion_game, crowding_game, dense_game, tensor_game
from reference.simplex import projected
from reference.specs import spec
from solvers.gradient.teams import assert_a_team_gains


def last(solver: IPG | INPG, form: Form, state: Any) -> Profile:
    return solver.answers(as_mixed(form), state)["last"]


def stepped(form: Form, profile: Profile, eta: float) -> Profile:
    """One step from `profile`."""
    solver = IPG(step_size=eta)
    return last(solver, form, solver.step(as_mixed(form), solver.init(as_mixed(form), 0, profile), 1))


def scale(form: Form) -> float:
    return max(1.0, as_mixed(form).payoff_range)


@on_random_games(150)
def test_a_step_projects_the_policy_plus_its_payoffs(whole: Whole) -> None:
    rules, eta = draws.congestion(whole), Fraction(whole(1, 40), 100)
    for form, game in ((tensor_game(own := draws.normal(whole)), own), (congestion_game(rules), rules.game)):
        profile = draws.profile(whole, game.sizes)
        after = stepped(form, arrays(profile), float(eta))
        for i in game.players:
            payoffs = normal.action_payoffs(game, profile, i)
            nearest = projected([p + eta * u for p, u in zip(profile[i], payoffs, strict=True)])
            np.testing.assert_allclose(after[i], [float(p) for p in nearest], rtol=0, atol=1e-12 * scale(form))


@on_random_games(100)
def test_in_a_markov_game_states_weigh_by_their_visits(whole: Whole) -> None:
    game, eta = draws.markov(whole), Fraction(whole(1, 20), 100)
    form, profile = dense_game(game), draws.stationary(whole, game)
    after, visits = stepped(form, arrays(profile), float(eta)), markov.visits(game, profile)
    for i in game.players:
        for s, row in enumerate(markov.action_values(game, profile, i)):
            nearest = projected([p + eta * visits[s] * q for p, q in zip(profile[i][s], row, strict=True)])
            np.testing.assert_allclose(after[i][s], [float(p) for p in nearest], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("game", "eta"), [("pennies", 1 / 2), ("asymmetric", 0.2 / 4), ("ends", 1 / 4), ("all alike", 1.0)]
)
def test_the_default_step_is_the_share_of_the_first_stage_over_the_range_of_rewards(game: str, eta: float) -> None:
    """(1 − γ) / range: at one and the same effective step, η = (1 − γ) k, it is INPG's default."""
    form = spec(game).form
    assert IPG().eta(as_mixed(form)) == pytest.approx(eta, rel=1e-12)
    assert IPG().adapted(as_mixed(form)).step_size == IPG().eta(as_mixed(form))
    assert IPG(step_size=0.3).adapted(as_mixed(form)).step_size == 0.3


def test_the_default_step_grows_with_small_rewards() -> None:
    form = TensorGame(("A", "B"), (("a", "b"),) * 2, np.array([[[0.25, 0], [0, 0.25]]] * 2))
    assert IPG().eta(form) == 4.0


@pytest.mark.parametrize("init", INITS)
def test_the_first_profile_is_the_one_that_inpg_would_draw(init: str) -> None:
    form = spec("asymmetric").form
    ours, theirs = IPG(initial=init), INPG(initial=init)
    first = theirs.answers(as_mixed(form), theirs.init(as_mixed(form), 4))["last"]
    for policy, expected in zip(last(ours, form, ours.init(as_mixed(form), 4)), first, strict=True):
        np.testing.assert_array_equal(policy, expected)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_step_that_is_not_positive_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="step: expected a positive number"):
        configure(IPG, {"step": value})


def test_an_unknown_init_is_refused() -> None:
    with pytest.raises(UsageError, match="init: expected one of dirichlet, uniform, logits-normal, got 'random'"):
        configure(IPG, {"init": "random"})


def test_probabilities_come_back_from_zero() -> None:
    form = spec("general 3x2").form
    pure = form.check([[0, 0, 1], [1, 0]]).profile
    solver = IPG(step_size=0.05)
    state = solver.step(as_mixed(form), solver.init(as_mixed(form), 0, pure), 20)
    assert last(solver, form, state)[0][0] > 0


@dataclass(frozen=True, eq=False)
class Forbidding(DenseMarkovGame):
    """Tables in which nobody may take their last action, except where it is the only one."""

    @property
    def legal(self) -> tuple[np.ndarray, ...]:
        masks = [np.ones(shape, dtype=np.bool_) for shape in self.shapes]
        for mask in masks:
            mask[:, 1:][:, -1:] = False
        return tuple(readonly(mask) for mask in masks)


def test_actions_that_are_not_there_get_no_probability_and_the_others_all() -> None:
    whole = draws.seeded("illegal")
    for _ in range(20):
        tables = dense_game(draws.markov(whole))
        form = Forbidding(*(getattr(tables, name) for name in tables.__dataclass_fields__))
        solver = IPG(step_size=0.1)
        for seed in range(3):
            profile = last(solver, form, solver.step(form, solver.init(form, seed), 5))
            assert form.check(profile).notes == ()


def test_a_state_that_is_never_visited_keeps_its_policy() -> None:
    """So the profile can rest where the gap is 0 and the regret elsewhere is not."""
    text = """
    kind: markov
    discount: 0.5
    states: [here, elsewhere]
    actions: [[a, b], [only]]
    start: [1, 0]
    rewards: [[[[1], [0]], [[0], [1]]], [[[0], [0]], [[0], [0]]]]
    transitions: [[[[1, 0]], [[1, 0]]], [[[0, 1]], [[0, 1]]]]
    """
    form = parse(text, "game.yaml").form
    solver = IPG()
    first = solver.init(as_mixed(form), 2)
    before, after = last(solver, form, first), last(solver, form, solver.step(as_mixed(form), first, 200))
    np.testing.assert_allclose(after[0][1], before[0][1], rtol=0, atol=1e-15)
    assert after[0][0].tolist() == [1, 0]
    found = deviations(form, after)
    assert found.nash_gap == 0
    assert found.max_regret > 0.1


def test_the_value_of_a_team_never_falls_at_a_small_step() -> None:
    assert_a_team_gains(IPG(step_size=0.001))


def first_below(form: Form, solver: IPG | INPG, tolerance: float, seed: int, limit: int) -> int:
    """The first iteration whose gap is at most `tolerance`."""
    for state in iterates(form, solver, seed=seed):
        if state.iteration > limit or deviations(form, last(solver, form, state)).nash_gap <= tolerance:
            return int(state.iteration)
    raise AssertionError


def test_distancing_of_eight_players_is_solved_in_a_hundred_to_four_hundred_iterations() -> None:
    """η = 1e-4 from Dirichlet starts: the bulk of ten runs; single ones may be faster still."""
    half = Fraction(1, 2)
    form = crowding_game(Distancing(8, [1, 2, 4, 6], 100, 4, 2, Fraction(99, 100), [half, half]))
    counts = sorted(first_below(form, IPG(step_size=1e-4), 1e-6, seed, 420) for seed in range(10))
    assert counts[-1] <= 420
    assert 100 <= median(counts) <= 300


@pytest.mark.parametrize(("method", "k", "published"), [(INPG, 1.0, 25), (INPG, 5.0, 7), (IPG, 0.1, 70), (IPG, 1.0, 9)])
def test_at_matched_effective_steps_routing_takes_as_long_as_is_known(
    method: type[IPG | INPG], k: float, published: int
) -> None:
    """Four players, exact values, to a gap of 1e-3 (γ = 1, so η = k): projection is no slower than multiplication."""
    form = load("@routing/four-players").form
    counts = [first_below(form, method(step_size=k), 1e-3, seed, 4 * published) for seed in range(7)]
    assert published / 2 <= median(counts) <= 2 * published
