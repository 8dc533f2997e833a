"""Sequential replies against their definition, and what they find in games with and without a potential."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.dynamics.best_response import BestResponse, State
from eqsolve.solvers.parameters import configure
from reference import draws, normal
from reference.congestion import Congestion
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, numbered, tensor_game
from reference.specs import spec

SOLVERS = {"best": BestResponse(), "better": BestResponse(reply="better")}


def normal_form(name: str) -> NormalForm:
    form = spec(name).form
    assert isinstance(form, NormalForm)
    return form


def after_reply(game: normal.Game, joint: normal.Joint, i: int, reply: str) -> normal.Joint:
    """The joint action after player i's reply, from payoffs at joint actions."""
    payoffs = [game.payoff((*joint[:i], a, *joint[i + 1 :]))[i] for a in range(game.sizes[i])]
    gains = [a for a, u in enumerate(payoffs) if u > payoffs[joint[i]]]
    if not gains:
        return joint
    chosen = gains[0] if reply == "better" else payoffs.index(max(payoffs))
    return (*joint[:i], chosen, *joint[i + 1 :])


def actions(state: State) -> normal.Joint:
    return tuple(int(action) for action in state.actions)


@on_random_games(300)
def test_a_step_is_one_players_reply_in_turn(whole: Whole) -> None:
    rules, own = draws.congestion(whole), draws.normal(whole)
    forms: list[tuple[NormalForm, normal.Game]] = [(tensor_game(own), own), (congestion_game(rules), rules.game)]
    for form, game in forms:
        for reply, solver in SOLVERS.items():
            state = solver.init(form, whole(0, 9))
            joint = actions(state)
            for t in range(12):
                state = solver.step(form, state, 1)
                if state.iteration == t:
                    assert solver.finished(state)
                    break
                joint = after_reply(game, joint, t % len(game.sizes), reply)
                assert actions(state) == joint


@on_random_games(300)
def test_where_it_ends_nobody_gains_and_everybody_has_been_asked(whole: Whole) -> None:
    game = draws.normal(whole)
    form, solver = tensor_game(game), SOLVERS[("best", "better")[whole(0, 1)]]
    state = solver.step(form, solver.init(form, 3), 500)
    assert solver.finished(state) == (actions(state) in normal.pure_equilibria(game))
    if solver.finished(state):
        earlier = solver.step(form, solver.init(form, 3), max(0, state.iteration - 1))
        assert not solver.finished(earlier)
    else:
        assert state.iteration == 500


@on_random_games(200)
def test_in_potential_games_it_always_ends(whole: Whole) -> None:
    rules, game = draws.congestion(whole, heaviest=1), draws.potential(whole)
    for form in (tensor_game(game), congestion_game(rules)):
        for solver in SOLVERS.values():
            state = solver.step(form, solver.init(form, whole(0, 9)), 10_000)
            assert solver.finished(state)
            assert deviations(form, solver.answers(form, state)["last"]).nash_gap <= PAYOFF_ROUNDING * form.payoff_range


def test_replies_in_matching_pennies_go_round_until_the_limit() -> None:
    result = api.solve(spec("pennies"), "best-response", max_iter=1000)
    assert (result.status, result.iterations) == ("iteration_limit", 1000)
    assert result.answer is not None
    assert result.answer.record.nash_gap == 2


def test_without_a_tolerance_an_equilibrium_exhausts_it() -> None:
    result = api.solve(spec("congestion"), "best-response", max_iter=1000)
    assert result.status == "exhausted"
    assert result.answer is not None
    assert result.answer.record.nash_gap == 0


def test_of_two_best_actions_the_first_is_taken_and_of_equal_ones_the_present_kept() -> None:
    form = normal_form("one player")  # pays 1, 4, 4, 2
    for at, moved in ((0, 1), (1, 1), (2, 2), (3, 1)):
        solver = BestResponse()
        pure = form.check([np.eye(4)[at]]).profile
        assert actions(solver.step(form, solver.init(form, 0, pure), 1)) == (moved,)


def test_a_pure_start_is_where_it_begins_and_a_mixed_one_is_refused() -> None:
    form = normal_form("general 3x2")
    solver = BestResponse()
    state = solver.init(form, 0, form.check([[0, 0, 1], [0, 1]]).profile)
    assert [policy.tolist() for policy in solver.answers(form, state)["last"]] == [[0, 0, 1], [0, 1]]
    with pytest.raises(UsageError, match="takes no --start that mixes"):
        solver.init(form, 0, form.check([[0, 0.5, 0.5], [0, 1]]).profile)


def test_seeds_draw_every_pure_profile_alike_and_first_is_the_first() -> None:
    form = normal_form("general 3x2")
    drawn = [actions(BestResponse().init(form, seed)) for seed in range(600)]
    counts = [drawn.count(joint) for joint in normal.joints((3, 2))]
    assert min(counts) > 60
    assert actions(BestResponse(initial="first").init(form, 7)) == (0, 0)


@pytest.mark.parametrize("name", ["reply", "init"])
def test_an_unknown_word_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name}: expected one of .*, got 'worst'"):
        configure(BestResponse, {name: "worst"})


def links(players: int, count: int, weights: list[int]) -> CongestionGame:
    """Everybody picks one of several links whose costs are random slopes times the load."""
    rng = np.random.default_rng(players)
    loads = np.arange(sum(weights) + 1)
    costs = (rng.integers(1, 10, count)[:, None] * loads).astype(float)
    uses = (np.eye(count, dtype=np.bool_),) * players
    return CongestionGame(numbered(players), (numbered(count),) * players, np.array(weights), costs, uses)


def test_a_thousand_players_find_an_equilibrium() -> None:
    form = links(1000, 20, [1] * 1000)
    solver = BestResponse()
    state = solver.step(form, solver.init(form, 0), 100_000)
    assert solver.finished(state)
    assert deviations(form, solver.answers(form, state)["last"]).nash_gap <= 1e-9


def test_so_do_hundreds_of_unequal_weights_on_links_of_linear_cost() -> None:
    """Rosenthal's potential is gone, but linear costs leave a weighted one (Fotakis et al. 2005)."""
    rng = np.random.default_rng(0)
    form = links(300, 10, rng.integers(1, 6, 300).tolist())
    assert not form.has_potential
    solver = BestResponse()
    state = solver.step(form, solver.init(form, 0), 100_000)
    assert solver.finished(state)
    assert deviations(form, solver.answers(form, state)["last"]).nash_gap <= 1e-9


def test_a_link_of_equal_costs_is_shared_evenly() -> None:
    rules = Congestion({"a": range(1, 7), "b": range(1, 7), "c": range(1, 7)}, [[["a"], ["b"], ["c"]]] * 6, [1] * 6)
    form, solver = congestion_game(rules), BestResponse()
    for seed in range(5):
        state = solver.step(form, solver.init(form, seed), 100)
        assert solver.finished(state)
        assert np.bincount(state.actions).tolist() == [2, 2, 2]


def test_a_state_of_actions_that_there_are_not_is_none_of_the_game() -> None:
    form, solver = normal_form("general 3x2"), BestResponse()
    state = solver.init(form, 0)
    for actions_of, good in (([2, 1], True), ([3, 1], False), ([2, 2], False), ([-1, 1], False)):
        assert solver.is_state(form, state._replace(actions=np.array(actions_of, dtype=state.actions.dtype))) is good
