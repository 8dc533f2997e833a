"""Sequential replies in Markov games against exact best responses, and what they end in on named games."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.metrics.judge import deviations, values
from eqsolve.solvers.dynamics.best_response import BestResponse, State
from eqsolve.spec import catalogue
from eqsolve.spec.load import parse
from reference import draws, markov
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, crowding_game, dense_game, horizon_game, sparse_game
from reference.normal import pure
from reference.specs import TEXTS, spec

SOLVERS = {"best": BestResponse(), "better": BestResponse(reply="better")}


def profile_of(game: markov.MarkovGame, state: State) -> list[list[list[int]]]:
    """One distribution per player and state."""
    actions = state.actions.reshape(len(game.sizes), game.states)
    return [[pure(size, int(a)) for a in own] for size, own in zip(game.sizes, actions, strict=True)]


def forms_of(whole: Whole) -> tuple[markov.MarkovGame, list[MarkovGame]]:
    """A game by its rules and as every form that it can take."""
    kind = whole(0, 3)
    if kind == 0:
        rules = draws.distancing(whole)
        return rules.game, [crowding_game(rules), dense_game(rules.game)]
    if kind == 1:
        game = draws.acyclic(whole)
        return game, [dense_game(game), sparse_game(game)]
    game = draws.markov(whole)
    if kind == 2:
        return game, [dense_game(game), sparse_game(game)]
    return markov.unrolled(game, 2), [horizon_game(game, 2)]


@on_random_games(40)
def test_a_best_reply_is_a_best_response_from_every_state_and_a_better_one_loses_nowhere(whole: Whole) -> None:
    game, forms = forms_of(whole)
    form, reply = forms[whole(0, len(forms) - 1)], ("best", "better")[whole(0, 1)]
    solver = SOLVERS[reply]
    state = solver.init(form, whole(0, 9))
    for i in game.players:
        if solver.finished(state):
            break
        before, after = state, solver.step(form, state, 1)
        others = [r for r in range(state.actions.size) if r // game.states != i]
        assert after.actions[others].tolist() == before.actions[others].tolist()
        best = markov.best_values(game, profile_of(game, before), i)
        old, new = (markov.values(game, profile_of(game, s), i) for s in (before, after))
        assert all(after >= before for before, after in zip(old, new, strict=True))
        assert (old == new) == (old == best) == (after.unasked == before.unasked - 1)
        if reply == "best":
            assert new == best
        state = after


@on_random_games(20)
def test_it_ends_in_a_pure_equilibrium_of_the_enumeration_or_goes_round(whole: Whole) -> None:
    game, forms = forms_of(whole)
    form, solver = forms[whole(0, len(forms) - 1)], SOLVERS[("best", "better")[whole(0, 1)]]
    state = solver.step(form, solver.init(form, whole(0, 9)), 200)
    profile = profile_of(game, state)
    is_equilibrium = all(max(markov.gains(game, profile, i)) == 0 for i in game.players)
    assert solver.finished(state) == is_equilibrium
    if is_equilibrium:
        assert deviations(form, solver.answers(form, state)["last"]).max_regret <= PAYOFF_ROUNDING * form.payoff_range


def test_an_end_is_found_only_where_enumeration_finds_a_pure_equilibrium() -> None:
    """Every pure stationary profile of small games is tried."""
    seen = {(True, True): 0, (True, False): 0, (False, False): 0}
    for n in range(300):
        game = draws.markov(draws.seeded("enumerated", n))
        if len(game.sizes) != 2 or not 4 <= prod(size**game.states for size in game.sizes) <= 36:
            continue
        own = [list(product([pure(size, a) for a in range(size)], repeat=game.states)) for size in game.sizes]
        exists = any(all(max(markov.gains(game, both, i)) == 0 for i in range(2)) for both in product(*own))
        form = dense_game(game)
        found = any(
            solver.finished(solver.step(form, solver.init(form, seed), 200))
            for seed in range(8)
            for solver in SOLVERS.values()
        )
        seen[exists, found] += 1
    assert seen[True, True] > 10
    assert seen[False, False] > 0


@pytest.mark.parametrize("policy", ["full", "local"])
@pytest.mark.parametrize("continuing", [False, True])
def test_in_routing_it_ends_in_an_equilibrium_that_uses_no_forbidden_action(policy: str, continuing: bool) -> None:
    more = ", continuing: {discount: 0.9}" if continuing else ""
    form = parse(f"{{kind: routing, players: 3, policy: {policy}{more}}}", "game.yaml").form
    for solver in (*SOLVERS.values(), BestResponse(initial="first")):
        for seed in range(5):
            state = solver.step(as_mixed(form), solver.init(as_mixed(form), seed), 300)
            assert solver.finished(state)
            checked = form.check(solver.answers(as_mixed(form), state)["last"])
            assert checked.notes == ()
            assert deviations(form, checked.profile).max_regret <= PAYOFF_ROUNDING * as_mixed(form).payoff_range


CATALOGUE = {f"@{name}": api.load(f"@{name}").form for name in catalogue.names() if "two-dice" not in name}
POTENTIAL_GAMES = [name for name, form in CATALOGUE.items() if form.name == "markov" and form.has_potential]


def test_the_catalogue_has_markov_games_with_a_potential() -> None:
    assert len(POTENTIAL_GAMES) >= 3


@pytest.mark.parametrize("name", POTENTIAL_GAMES)
@pytest.mark.parametrize("reply", SOLVERS)
def test_it_ends_on_every_potential_game_of_the_catalogue(name: str, reply: str) -> None:
    form, solver = CATALOGUE[name], SOLVERS[reply]
    for seed in range(10):
        state = solver.init(as_mixed(form), seed)
        heights = [form.potential(solver.answers(as_mixed(form), state)["last"]) or 0.0]
        while not solver.finished(state):
            state = solver.step(as_mixed(form), state, 1)
            heights.append(form.potential(solver.answers(as_mixed(form), state)["last"]) or 0.0)
            assert state.iteration < 1000
        assert np.diff(heights).min() >= -1e-12 * as_mixed(form).payoff_range
        assert (
            deviations(form, solver.answers(as_mixed(form), state)["last"]).max_regret
            <= PAYOFF_ROUNDING * as_mixed(form).payoff_range
        )


def test_on_distancing_it_ends_in_equilibria_of_very_different_welfare() -> None:
    """All at D is where most starts of eight agents lead, and nobody gains by leaving alone."""
    form = CATALOGUE["@distancing/eight-agents"]
    welfare = []
    for seed in range(10):
        solver = BestResponse()
        state = solver.step(as_mixed(form), solver.init(as_mixed(form), seed), 1000)
        assert solver.finished(state)
        found = deviations(form, solver.answers(as_mixed(form), state)["last"])
        assert found.max_regret <= 1e-9
        welfare.append(float(found.values.sum()))
    assert max(welfare) > 0 > min(welfare)


def test_rounding_moves_nobody_where_all_actions_are_alike() -> None:
    """Rewards of 1/3 whatever is done, moves that differ: every difference of action values is rounding."""
    text = (
        "{kind: markov, discount: 0.999, states: [s, t], actions: [[a, b, c], [a, b, c]], start: [0.5, 0.5], "
        f"rewards: {[[[[1 / 3] * 3] * 3] * 2] * 2}, transitions: "
        f"{[[[[0.1 * (1 + a), 0.9 - 0.1 * a]] * 3 for a in range(3)]] * 2}}}"
    )
    form, solver = parse(text, "alike.yaml").form, BestResponse()
    for seed in range(10):
        first = solver.init(as_mixed(form), seed)
        state = solver.step(as_mixed(form), first, 10)
        assert (state.iteration, solver.finished(state)) == (2, True)
        assert state.actions.tolist() == first.actions.tolist()


def test_a_pure_start_is_where_it_begins_and_a_row_that_mixes_is_refused() -> None:
    form, solver = spec("asymmetric").form, BestResponse()
    given = form.check([[[0, 1], [1, 0]], [[0, 0, 1], [0, 1, 0]]]).profile
    state = solver.init(as_mixed(form), 0, given)
    for policy, start in zip(solver.answers(as_mixed(form), state)["last"], given, strict=True):
        np.testing.assert_array_equal(policy, start)
    with pytest.raises(UsageError, match="takes no --start that mixes"):
        solver.init(as_mixed(form), 0, form.check([[[0, 1], [0.5, 0.5]], [[0, 0, 1], [0, 1, 0]]]).profile)


def test_a_step_depends_on_nothing_but_the_state() -> None:
    """From the same actions the same reply, wherever in the run and in whichever chunk."""
    for name in TEXTS:
        form = spec(name).form
        if not isinstance(form, MarkovGame):
            continue
        solver = BestResponse(reply="better")
        state = solver.init(form, 4)
        whole = solver.step(form, state, 9)
        for steps in (2, 0, 3, 4):
            state = solver.step(form, state, steps)
        assert (state.iteration, state.unasked) == (whole.iteration, whole.unasked)
        assert state.actions.tobytes() == whole.actions.tobytes()


def test_matching_pennies_with_states_goes_round_until_the_limit() -> None:
    result = api.solve(api.load("@markov/inspection"), "best-response", max_iter=200)
    assert (result.status, result.iterations) == ("iteration_limit", 200)


def test_values_after_a_reply_are_what_the_judge_computes() -> None:
    form, solver = spec("distancing").form, BestResponse()
    state = solver.init(as_mixed(form), 1)
    before = values(form, solver.answers(as_mixed(form), state)["last"])[0]
    after = values(form, solver.answers(as_mixed(form), solver.step(as_mixed(form), state, 1))["last"])[0]
    assert (after >= before - 1e-12).all()
