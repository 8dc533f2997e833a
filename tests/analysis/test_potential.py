"""Cycles of four moves: against enumeration, and on games whose rules give them a potential, or none."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice, product

import numpy as np
import pytest

from eqsolve.analysis.potential import Cycle, drawn_cycles, draws, every_cycle, measured
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import values
from reference import draws as games
from reference import markov, normal
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, crowding_game, dense_game, numbered, tensor_game


def corners(cycle: Cycle) -> list[Profile]:
    """The four profiles, rebuilt."""
    out = []
    for moves_i, moves_j in ((False, False), (True, False), (True, True), (False, True)):
        profile = list(cycle.profile)
        if moves_i:
            profile[cycle.i] = cycle.other_i
        if moves_j:
            profile[cycle.j] = cycle.other_j
        out.append(tuple(profile))
    return out


def assert_consistent(form: Form, cycle: Cycle) -> None:
    """The values are those of the policies, and the sum is that of what the movers gain."""
    found = [values(form, profile)[[cycle.i, cycle.j]] for profile in corners(cycle)]
    if cycle.start is not None:
        found = [each[:, [cycle.start]] for each in found]
    np.testing.assert_allclose(cycle.corners, np.array(found)[:, :, 0], rtol=1e-12, atol=1e-12)
    (a, b), (c, d), (e, f), (g, h) = cycle.corners
    assert cycle.total == pytest.approx((c - a) + (f - d) + (g - e) + (b - h), abs=1e-9)


def largest_sum(game: normal.Game) -> int:
    """By definition, over all pure cycles."""
    worst = 0
    for joint in normal.joints(game.sizes):
        for i, j in combinations(game.players, 2):
            for a, b in product(range(game.sizes[i]), range(game.sizes[j])):
                at, around = list(joint), 0
                for player, action in ((i, a), (j, b), (i, joint[i]), (j, joint[j])):
                    before = game.payoff(tuple(at))[player]
                    at[player] = action
                    around += int(game.payoff(tuple(at))[player] - before)
                worst = max(worst, abs(around))
    return worst


@on_random_games(150)
def test_games_that_have_a_potential_pass(whole: Whole) -> None:
    search = every_cycle(tensor_game(games.potential(whole)))
    assert search.open_cycle is None
    assert search.exhaustive
    assert search.largest <= 1e-9


@on_random_games(150)
def test_a_payoff_changed_at_one_joint_action_is_caught(whole: Whole) -> None:
    form = tensor_game(games.potential(whole))
    sizes = form.payoffs.shape[1:]
    i = whole(0, len(sizes) - 1)
    payoffs = form.payoffs.copy()
    payoffs[i][tuple(whole(0, size - 1) for size in sizes)] += 1
    changed = TensorGame(form.players, form.actions, payoffs)
    choices = [k for k, size in enumerate(sizes) if size > 1]
    search = every_cycle(changed)
    if i in choices and len(choices) > 1:
        assert search.open_cycle is not None
        assert i in (search.open_cycle.i, search.open_cycle.j)
        assert search.largest == pytest.approx(abs(search.open_cycle.total)) == pytest.approx(1)
        assert_consistent(changed, search.open_cycle)
    else:
        assert search.open_cycle is None


@on_random_games(150)
def test_the_worst_cycle_of_a_normal_form_is_the_worst_by_enumeration(whole: Whole) -> None:
    game = games.normal(whole, most=3)
    form, worst = tensor_game(game), largest_sum(game)
    search = every_cycle(form)
    assert search.largest == pytest.approx(worst, rel=1e-12)
    assert (search.open_cycle is None) == (worst == 0)
    if search.open_cycle is not None:
        assert abs(search.open_cycle.total) == pytest.approx(worst)
        assert_consistent(form, search.open_cycle)


@on_random_games(60)
def test_drawn_cycles_of_a_markov_game_have_the_values_of_their_policies(whole: Whole) -> None:
    game = games.markov(whole)
    form = dense_game(game)
    for cycle in islice(draws(form, 3), 2):
        assert_consistent(form, cycle)
        for profile, (v_i, v_j) in zip(corners(cycle), cycle.corners, strict=True):
            policies = [[[Fraction(float(p)) for p in row] for row in policy] for policy in profile]
            start = cycle.start or 0
            assert v_i == pytest.approx(float(markov.values(game, policies, cycle.i)[start]), rel=1e-9, abs=1e-9)
            assert v_j == pytest.approx(float(markov.values(game, policies, cycle.j)[start]), rel=1e-9, abs=1e-9)


def team(seed: int) -> DenseMarkovGame:
    """Three players, three states, one reward for all."""
    rng = np.random.default_rng(seed)
    transitions = rng.dirichlet(np.ones(3), (3, 2, 3, 2))
    rewards = np.stack([rng.normal(size=(3, 2, 3, 2))] * 3)
    return dense(rewards, transitions)


def action_independent(seed: int) -> DenseMarkovGame:
    """A potential game in each of three states (a common part and something of the others'), moves left to chance."""
    rng = np.random.default_rng(seed)
    common, sizes = rng.normal(size=(3, 2, 3, 2)), (2, 3, 2)
    rewards = np.empty((3, 3, *sizes))
    for i in range(3):
        others = [3, *sizes]
        others[1 + i] = 1
        rewards[i] = common + rng.normal(size=others)
    moves = rng.dirichlet(np.ones(3), 3)
    return dense(rewards, np.broadcast_to(moves[:, None, None, None, :], (3, *sizes, 3)))


def dense(rewards: np.ndarray, transitions: np.ndarray) -> DenseMarkovGame:
    actions = tuple(map(numbered, rewards.shape[2:]))
    return DenseMarkovGame(numbered(3), actions, numbered(3), rewards, transitions, 0.9, np.array([1.0, 0, 0]))


def distancing(discount: Fraction) -> Form:
    rules = Distancing(4, (1, 2, 4, 6), 100, 2, 1, discount, (Fraction(1, 2), Fraction(1, 2)))
    return crowding_game(rules)


@pytest.mark.parametrize(
    "form",
    [
        team(1),
        action_independent(2),
        distancing(Fraction(0)),
        RoutingGame(numbered(2), 2, 2),
        LocalRoutingGame(numbered(3), 2, 2),
        LocalRoutingGame(numbered(4), 2, 2, continuing=True, discount=0.9),
    ],
    ids=["team", "moves left to chance", "distancing γ = 0", "routing n = 2", "routing local", "local, continuing"],
)
def test_drawn_cycles_close_to_rounding_in_markov_potential_games(form: Form) -> None:
    search = drawn_cycles(as_mixed(form), 0, 100, None)
    assert search.cycles == 100
    assert search.open_cycle is None
    assert search.largest <= 1e-13 * max(1.0, as_mixed(form).payoff_range)


def test_distancing_has_open_cycles_of_more_than_a_thousand() -> None:
    form = distancing(Fraction(99, 100))
    search = drawn_cycles(as_mixed(form), 0, 100, None)
    assert search.open_cycle is not None
    assert search.largest == abs(search.open_cycle.total) >= 1188
    assert_consistent(form, search.open_cycle)
    mixed = [abs(cycle.total) for cycle in islice(draws(as_mixed(form), 0), 1, 100, 2)]
    assert max(mixed) > 100


def test_routing_with_three_players_has_the_cycle_of_minus_two_that_is_worked_out_by_hand() -> None:
    """Players 1 and 2 go to vertex 0; 2 then goes where 0 stands; 0 picks x, then 0; 1 then picks y."""
    form = RoutingGame(numbered(3), 2, 2)
    at = {label: row for row, label in enumerate(form.states)}
    zero = np.zeros((len(form.states), 2))
    zero[:, 0] = 1.0
    follows = zero.copy()
    for label, row in at.items():
        if label.startswith("layer 1: 1"):
            follows[row] = (0, 1)
    picks_x, picks_y = zero.copy(), zero.copy()
    picks_x[at["source"]] = (0, 1)
    for label, row in at.items():
        if label.startswith("layer 1"):
            picks_y[row] = (0, 1)
    # only the state before the second layer matters: the source is one of many start states
    cycle = measured(form, 0, 1, (zero, zero, follows), picks_x, picks_y)
    assert cycle.start is not None
    value = np.array([values(form, profile)[:2, at["source"]] for profile in corners(cycle)])
    np.testing.assert_allclose(value, np.array([[1, 1], [5 / 2, 2], [3, 3 / 2], [4 / 3, 7 / 3]]), rtol=1e-14)
    assert cycle.start == at["source"]
    assert cycle.total == pytest.approx(-2, abs=1e-14)
    assert cycle.changes == pytest.approx((3 / 2, -1 / 2, -5 / 3, -4 / 3))


def test_routing_with_three_and_four_players_has_open_cycles_of_two_and_more() -> None:
    for players in (3, 4):
        search = drawn_cycles(RoutingGame(numbered(players), 2, 2), 0, 200, None)
        assert search.open_cycle is not None
        assert search.largest >= 2


def test_simplifying_a_cycle_keeps_or_raises_its_sum() -> None:
    form = RoutingGame(numbered(3), 2, 2)
    drawn = max((cycle for cycle in islice(draws(form, 5), 40)), key=lambda cycle: abs(cycle.total))
    search = drawn_cycles(form, 5, 40, None)
    assert search.open_cycle is not None
    assert abs(search.open_cycle.total) >= abs(drawn.total) * (1 - 1e-9)
    assert_consistent(form, search.open_cycle)

    def rows_changed(cycle: Cycle) -> int:
        pairs = ((cycle.i, cycle.other_i), (cycle.j, cycle.other_j))
        return sum(int((cycle.profile[k] != other).any(axis=1).sum()) for k, other in pairs)

    assert rows_changed(search.open_cycle) < rows_changed(drawn)


def test_cycles_are_drawn_by_the_seed_and_their_number_alone() -> None:
    form = distancing(Fraction(1, 2))
    one, again, other = (list(islice(draws(as_mixed(form), seed), 4)) for seed in (7, 7, 8))
    assert [c.corners for c in one] == [c.corners for c in again]
    assert [c.corners for c in one] != [c.corners for c in other]


def test_where_one_player_alone_has_a_choice_there_is_nothing_to_draw() -> None:
    form = TensorGame(("a", "b"), (("x", "y"), ("z",)), np.array([[[1.0], [2]], [[3], [4]]]))
    assert drawn_cycles(form, 0, 10, None).cycles == 0
    assert every_cycle(form).cycles == 0


def test_actions_that_are_not_there_are_never_drawn() -> None:
    form = RoutingGame(numbered(3), 2, 2)
    for cycle in islice(draws(form, 1), 6):
        for profile in corners(cycle):
            form.check(profile)
