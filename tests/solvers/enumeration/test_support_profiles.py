"""All equilibria of several players: by hand, by Newton's method from many starts, and by the sum of their indices."""

from __future__ import annotations

from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import MismatchError
from eqsolve.forms.base import Array, frozen
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration import _support_profiles as support_profiles
from eqsolve.solvers.enumeration._multilinear import contracted, least, linearised, preconditioned, scratch
from eqsolve.solvers.enumeration._support_boxes import GONE, ONE, alone, centred, examined
from eqsolve.solvers.enumeration._supports import members_of, system_of
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import load, parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game
from reference.normal import Game, joints, pure_equilibria
from reference.surds import Surd
from reference.three_players import IrregularError, equilibria

ALL = "every equilibrium"


def listed(payoffs: Array, chunk: int = 10**6) -> tuple[list[Array], str]:
    """The packed profiles found in a game [N, A_1, …, A_N], in order, and what the method says that they are."""
    form = TensorGame(numbered(len(payoffs)), tuple(map(numbered, payoffs.shape[1:])), payoffs)
    state = support_profiles.begun(form)
    while not support_profiles.ended(state):
        state = support_profiles.continued(form, state, chunk)
    for row in state.profiles:
        assert deviations(form, form.check(form.unpack(row)).profile).nash_gap <= 1e-12 * form.payoff_range
    return list(state.profiles), support_profiles.coverage(state)


def normal(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=(len(shape), *shape))


def near(profile: Array, others: list[Array]) -> bool:
    return any(np.abs(profile - other).max() < 1e-8 for other in others)


def gains(payoffs: Array, supports: tuple[tuple[int, ...], ...], x: list[Array]) -> Array:
    """What each action of a support pays more than the first; x [K, A_i] per player: [K, equations]."""
    columns = []
    for i, own in enumerate(supports):
        worth = payoffs[i][None]
        for j in reversed(range(len(x))):
            if j != i:
                axis = np.expand_dims(x[j], tuple(k for k in range(1, worth.ndim) if k != j + 1))
                worth = (worth * axis).sum(axis=j + 1, keepdims=True)
        worth = worth.reshape(len(worth), -1)
        columns += [worth[:, a] - worth[:, own[0]] for a in own[1:]]
    return np.stack(columns, axis=1) if columns else np.empty((len(x[0]), 0))


def slopes(payoffs: Array, supports: tuple[tuple[int, ...], ...], x: list[Array]) -> Array:
    """Derivatives of these by the weights of all but the first actions: gains are linear in each player's weights."""
    here, columns = gains(payoffs, supports, x), []
    for j, own in enumerate(supports):
        for b in own[1:]:
            moved = [policy.copy() for policy in x]
            moved[j][:, b] += 1
            moved[j][:, own[0]] -= 1
            columns.append(gains(payoffs, supports, moved) - here)
    return np.stack(columns, axis=2) if columns else here[:, :, None]


def index(payoffs: Array, profile: Array) -> int:
    """Sign of det(−D), D the derivatives of gains on the support: +1 for pure ones (Ritzberger 1994)."""
    x = [part[None] for part in np.split(profile, np.cumsum(payoffs.shape[1:])[:-1])]
    supports = tuple(tuple(np.flatnonzero(part[0]).tolist()) for part in x)
    if all(len(own) == 1 for own in supports):
        return 1
    return int(np.sign(np.linalg.det(-slopes(payoffs, supports, x)[0])))


@pytest.mark.parametrize(
    ("shape", "games"),
    [
        ((2,) * 3, 300),
        ((3, 2, 2), 150),
        ((3, 3, 2), 60),
        ((2,) * 4, 60),
        ((3, 3, 3), 12),
        ((4, 3, 2), 20),
        ((2,) * 5, 6),
    ],
    ids=str,
)
def test_the_indices_of_a_regular_game_sum_to_one(shape: tuple[int, ...], games: int) -> None:
    """Whatever is missed, or listed twice, changes the sum or the parity."""
    several = 0
    for seed in range(games):
        payoffs = normal(shape, seed)
        profiles, coverage = listed(payoffs)
        assert coverage == ALL
        assert len(profiles) % 2 == 1
        assert sum(index(payoffs, profile) for profile in profiles) == 1
        assert all(not near(a, [b]) for a, b in combinations(profiles, 2))
        several += len(profiles) > 1
    assert several > games / 4


@on_random_games(200)
def test_two_by_two_by_two_by_hand(whole: Whole) -> None:
    table = {joint: [whole(-40, 40) for _ in range(3)] for joint in joints((2, 2, 2))}
    game = Game((2, 2, 2), table.__getitem__)
    try:
        expected = equilibria(game)
    except IrregularError:
        return
    profiles, coverage = listed(np.array(tensor_game(game).payoffs))
    assert coverage == ALL
    assert len(profiles) == len(expected)
    assert all(near(np.array([float(w) for policy in one for w in policy]), profiles) for one in expected)


def test_by_hand_most_games_are_regular_and_some_have_irrational_equilibria() -> None:
    """Else the test before would look at nothing."""
    whole, regular, mixed = draws.seeded("by hand"), 0, 0
    for _ in range(100):
        table = {joint: [whole(-40, 40) for _ in range(3)] for joint in joints((2, 2, 2))}
        try:
            found = equilibria(Game((2, 2, 2), table.__getitem__))
        except IrregularError:
            continue
        regular += 1
        mixed += any(isinstance(w, Surd) for one in found for policy in one for w in policy)
    assert regular > 75
    assert mixed > 10


def from_many_starts(payoffs: Array, starts: int) -> list[Array]:
    """Equilibria found by Newton's method on every profile of supports from drawn weights."""
    rng, found = np.random.default_rng(0), list[Array]()
    sizes = payoffs.shape[1:]
    choices = [[own for k in range(1, size + 1) for own in combinations(range(size), k)] for size in sizes]
    for supports in product(*choices):
        x = [np.zeros((starts, size)) for size in sizes]
        for policy, own in zip(x, supports, strict=True):
            policy[:, own] = rng.dirichlet(np.ones(len(own)), starts)
        ends = np.cumsum([len(own) - 1 for own in supports])
        for _ in range(12 if ends[-1] else 0):
            d = slopes(payoffs, supports, x)
            if not (np.linalg.matrix_rank(d) == ends[-1]).all():
                break
            moves = np.split(np.linalg.solve(d, -gains(payoffs, supports, x)[:, :, None])[:, :, 0], ends[:-1], axis=1)
            for policy, own, move in zip(x, supports, moves, strict=True):
                policy[:, own[1:]] += np.clip(move, -2, 2)
                policy[:, own[0]] -= np.clip(move, -2, 2).sum(axis=1)
        for policies in zip(*x, strict=True):
            if min(policy.min() for policy in policies) < 0:
                continue
            form = TensorGame(numbered(len(sizes)), tuple(map(numbered, sizes)), payoffs)
            profile = np.concatenate(policies)
            if deviations(form, frozen(policies)).nash_gap < 1e-10 and not near(profile, found):
                found.append(profile)
    return found


@pytest.mark.parametrize("shape", [(3, 2, 2), (3, 3, 2), (2,) * 4], ids=str)
def test_whatever_many_starts_find_is_found(shape: tuple[int, ...]) -> None:
    total = 0
    for seed in range(3):
        payoffs = np.random.default_rng(seed).integers(-99, 100, size=(len(shape), *shape)).astype(float)
        profiles, coverage = listed(payoffs)
        assert coverage == ALL
        theirs = from_many_starts(payoffs, 6)
        assert all(near(profile, profiles) for profile in theirs)
        total += len(theirs)
    assert total > 2


def test_two_players_by_boxes_and_by_vertices() -> None:
    for seed in range(40):
        payoffs = normal((3, 4), seed)
        form = TensorGame(("1", "2"), (numbered(3), numbered(4)), payoffs)
        expected = VertexEnumeration().step(form, VertexEnumeration().init(form, 0), 10**6).profiles
        profiles, coverage = listed(payoffs)
        assert coverage == ALL
        assert len(profiles) == len(expected)
        assert all(near(profile, profiles) for profile in expected)


@pytest.mark.parametrize(("name", "count"), [("nine-equilibria", 9), ("two-mixed-of-three", 3)])
def test_the_catalogues_equilibria_are_all(name: str, count: int) -> None:
    game = load(f"@matrix/{name}")
    result = api.solve(game, "support-enumeration")
    assert result.complete == ALL
    assert result.equilibria is not None
    assert len(result.equilibria) == count
    assert max(one.record.nash_gap for one in result.equilibria) <= 1e-12
    known: Any = game.family.known
    for stated in known.equilibria:
        rows = [[float(label == row) for label in "UD"] if isinstance(row, str) else row for row in stated]
        assert near(np.concatenate(rows), [np.concatenate(one.profile) for one in result.equilibria])


@on_random_games(120)
def test_ties_are_told_and_pure_equilibria_are_all_there(whole: Whole) -> None:
    shape = [(2, 2, 2), (3, 2, 2), (2, 3, 1), (2, 2, 2, 2)][whole(0, 3)]
    table = {joint: [whole(-2, 2) for _ in shape] for joint in joints(shape)}
    game = Game(shape, table.__getitem__)
    profiles, coverage = listed(np.array(tensor_game(game).payoffs))
    assert coverage == ALL or coverage.startswith("at least these equilibria")
    for joint in pure_equilibria(game):
        pure = np.concatenate([np.eye(size)[a] for size, a in zip(shape, joint, strict=True)])
        assert near(pure, profiles)


def bent(apart: float) -> Array:
    """Two completely mixed equilibria with weights p = q = 1/2 ± `apart`, r = 2p − 1/2, and one more."""
    payoffs = np.zeros((3, 2, 2, 2))
    for a, b in product(range(2), repeat=2):
        payoffs[0, 0, a, b] = 4 * (1 - a) - 1 - 2 * (1 - b)
        payoffs[1, a, 0, b] = 1 + 2 * (1 - b) - 4 * (1 - a)
        payoffs[2, a, b, 0] = 4 * (1 - a - 0.5 + apart) * (1 - b - 0.5 - apart)
    return payoffs


@pytest.mark.parametrize("apart", [0.1, 1e-3, 1e-5])
def test_solutions_close_to_each_other_are_told_apart(apart: float) -> None:
    profiles, coverage = listed(bent(apart))
    assert coverage == ALL
    for p in (0.5 + apart, 0.5 - apart):
        assert near(np.array([p, 1 - p, p, 1 - p, 2 * p - 0.5, 1.5 - 2 * p]), profiles)


@pytest.mark.parametrize("apart", [0.0, 1e-9])
def test_a_double_solution_is_listed_and_the_list_not_called_complete(apart: float) -> None:
    profiles, coverage = listed(bent(apart))
    told = "undecided: 1 of 27 profiles of supports, where solutions may not be isolated or ties not exact"
    assert coverage == f"at least these equilibria ({told})"
    assert any(np.abs(profile - 0.5).max() < 1e-6 for profile in profiles)


def test_of_a_continuum_some_are_listed() -> None:
    """First and second are indifferent at any weights p = q, and the third then, too."""
    payoffs = np.zeros((3, 2, 2, 2))
    for a, b in product(range(2), repeat=2):
        payoffs[0, 0, a, b] = b - a
        payoffs[1, a, 0, b] = a - b
        payoffs[2, a, b, 0] = a - b
    profiles, coverage = listed(payoffs)
    assert coverage.startswith("at least these equilibria (undecided: ")
    assert len(profiles) > 1


@pytest.mark.parametrize("shape", [(1, 1, 1), (4,), (1, 5, 1), (1, 2, 1, 2)], ids=str)
def test_single_actions_and_players_are_no_special_cases(shape: tuple[int, ...]) -> None:
    profiles, coverage = listed(normal(shape, 1))
    assert coverage == ALL
    assert len(profiles) % 2 == 1


def test_dominated_actions_are_gone_before_supports_are_counted() -> None:
    """A dilemma of three: one profile of supports is left."""
    actions = np.indices((3, 3, 3))
    payoffs = actions.sum(axis=0) - 2.0 * actions
    form = TensorGame(numbered(3), (numbered(3),) * 3, payoffs)
    state = support_profiles.continued(form, support_profiles.begun(form), 100)
    assert (state.iteration, state.looked) == (1, 1)
    np.testing.assert_array_equal(state.profiles, [[1, 0, 0] * 3])


@on_random_games(20)
def test_chunks_and_full_lists_change_nothing(whole: Whole) -> None:
    shape, chunk = [(2, 2, 2), (3, 2, 2)][whole(0, 1)], whole(1, 5)
    payoffs = normal(shape, whole(0, 10**6))
    one = listed(payoffs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(support_profiles, "ROOM", support_profiles.BOXES)
        other = listed(payoffs, chunk)
    assert one[1] == other[1]
    np.testing.assert_array_equal(one[0], other[0])


def test_a_run_cut_short_says_how_far_it_came_and_has_the_pure_ones_first() -> None:
    result = api.solve(load("@matrix/nine-equilibria"), "support-enumeration", max_iter=8)
    assert result.complete == "at least these equilibria (8 profiles of supports examined)"
    assert result.equilibria is not None
    assert len(result.equilibria) == 4


def test_a_long_search_pauses_within_a_profile_of_supports() -> None:
    form = TensorGame(numbered(5), (numbered(2),) * 5, normal((2,) * 5, 3))
    whole = support_profiles.continued(form, support_profiles.begun(form), 10**6)
    assert whole.iteration > whole.looked == 3**5
    state = support_profiles.begun(form)
    paused = 0
    while not support_profiles.ended(state):
        state = support_profiles.continued(form, state, 1)
        paused += len(state.boxes) > 0
    assert paused > 0
    np.testing.assert_array_equal(state.profiles, whole.profiles)


def test_the_best_of_all_is_chosen_among_several_players_too() -> None:
    game = load("@matrix/nine-equilibria")
    found = api.solve(game, "support-enumeration").equilibria
    assert found is not None
    best = api.solve(game, "support-enumeration", answer="max-welfare").answer
    assert best is not None
    assert best.record.deviations.welfare == max(one.record.deviations.welfare for one in found) == 29


def test_games_of_too_many_profiles_of_supports_are_refused_with_their_number() -> None:
    game = parse("{kind: random-matrix, players: 13, actions: 2, seed: 0}", "game.yaml")
    assert prod([3] * 13) > 10**6
    with pytest.raises(MismatchError, match=r"it has about 1\.6e\+06 profiles of supports, more than 1000000"):
        api.solve(game, "support-enumeration")


def test_a_box_with_a_solution_is_never_dropped_and_one_proved_to_hold_one_leads_to_it() -> None:
    proved = 0
    for seed in range(60):
        payoffs, rng = normal((3, 2, 2), seed), np.random.default_rng(seed)
        form = TensorGame(numbered(3), (numbered(3), numbered(2), numbered(2)), payoffs)
        arrays = support_profiles.reduced(form, np.ones(7, dtype=np.bool_))
        for profile in listed(payoffs)[0]:
            parts = np.split(profile, [3, 5])
            masks = np.array([sum(1 << int(a) for a in np.flatnonzero(part)) for part in parts])
            members, starts = members_of(masks, arrays.sizes)
            system = system_of(arrays, members, starts)
            weights = profile[profile > 0]
            inside = np.concatenate([weights[starts[i] + 1 : starts[i + 1]] for i in range(3)])
            if not inside.size:
                continue
            for width in (1.0, 0.3, 1e-2, 1e-4):
                low = np.maximum(inside - width * rng.random(inside.size), 0)
                high = np.minimum(inside + width * rng.random(inside.size), 1)
                x, r, radii = np.empty(weights.size), np.empty(weights.size), np.empty(inside.size)
                status = examined(system, low, high, x, r, radii, scratch(system))
                assert status != GONE
                assert ((low <= inside + 1e-12) & (inside <= high + 1e-12)).all()
                if status == ONE:
                    proved += 1
                    np.testing.assert_allclose(x, weights, rtol=0, atol=1e-3)
    assert proved > 50


@on_random_games(100)
def test_least_and_most_are_those_of_the_corners(whole: Whole) -> None:
    """Of the weights within bounds: a corner has all but one weight at a bound."""
    size = whole(1, 4)
    weights = np.array([float(w) for w in draws.row(whole, size)])
    lightest = np.maximum(weights - whole(0, 4) / 8, 0)
    heaviest = np.minimum(weights + whole(0, 4) / 8, 1)
    values = np.array([float(whole(-9, 9)) for _ in range(size)])
    corners = []
    for free in range(size):
        for ends in product((0, 1), repeat=size - 1):
            corner = np.insert([(lightest, heaviest)[end][k + (k >= free)] for k, end in enumerate(ends)], free, 0.0)
            corner[free] = 1 - corner.sum()
            if lightest[free] - 1e-12 <= corner[free] <= heaviest[free] + 1e-12:
                corners.append(float(corner @ values))
    for sign, expected in ((1.0, min(corners)), (-1.0, max(corners))):
        found = values.copy()
        least(found, 1, size, sign, lightest, heaviest, 0, np.empty(size, dtype=np.int64))
        assert found[0] == pytest.approx(expected, abs=1e-12)


def test_no_box_with_two_solutions_is_proved_to_hold_one() -> None:
    """p = q and r = 2p − 1/2, p = 0.4 or 0.6; free coordinates are the weights of second actions."""
    form = TensorGame(numbered(3), (numbered(2),) * 3, bent(0.1))
    arrays = support_profiles.reduced(form, np.ones(6, dtype=np.bool_))
    system = system_of(arrays, *members_of(np.array([3, 3, 3]), arrays.sizes))
    ends, rng, proved = np.array([[0.6, 0.6, 0.7], [0.4, 0.4, 0.3]]), np.random.default_rng(0), 0
    for n in range(400):
        both = n % 2 == 0
        nearest, farthest = (ends.min(axis=0), ends.max(axis=0)) if both else (ends[0], ends[0])
        width = 10.0 ** -rng.integers(1, 4)
        low, high = nearest - width * rng.random(3), farthest + width * rng.random(3)
        space, x, r, radii = scratch(system), np.empty(6), np.zeros(6), np.empty(3)
        centred(system, low, high, x, r, radii)
        linearised(system, x, r, False, space)
        assert preconditioned(space)
        contracted(system, radii, space)
        held = alone(system, low, high, x, r, radii, space)
        assert not (both and held)
        proved += held
    assert proved > 20


def test_solutions_close_together_on_different_supports_are_both_listed() -> None:
    """Two coordinate, a third looks on: where both mix, each plays the second action with probability about 1e-10."""
    common = np.array([[[1e-10, 0], [0, 0]], [[0, 0], [1, 1]]], dtype=np.float64)
    common[0, 0, 1] = 1e-10  # whatever the third does, who prefers their first action
    payoffs = np.stack([common, common, np.broadcast_to(np.array([1.0, 0.0]), (2, 2, 2))])
    found, words = listed(payoffs)
    assert len(found) == 3
    assert words == ALL


def test_an_equilibrium_on_a_segment_of_them_is_listed_once() -> None:
    """Of 150 games with ties 46 listed one twice: as Newton's method found it on the segment, and as it is."""
    for seed in range(150):
        payoffs = np.random.default_rng(seed).integers(0, 3, (3, 2, 2, 2)).astype(np.float64)
        profiles, _ = listed(payoffs)
        for k, profile in enumerate(profiles):
            assert not any(np.abs(profile - other).max() < 1e-6 for other in profiles[:k])
