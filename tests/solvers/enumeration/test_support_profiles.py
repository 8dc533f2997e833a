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
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import load, parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game
from reference.normal import Game, joints, pure_equilibria
from reference.surds import Surd
from reference.three_players import IrregularError, equilibria
from solvers.enumeration.listed import ALL, gains, listed, near, normal, slopes


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
        assert near(np.concatenate(rows), [np.concatenate(one.answer) for one in result.equilibria])


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
        patch.setattr(support_profiles, "PROFILES_PER_CALL", support_profiles.BOXES)
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
    assert best.record.measured["welfare"] == max(one.record.measured["welfare"] for one in found) == 29


def test_games_of_too_many_profiles_of_supports_are_refused_with_their_number() -> None:
    game = parse("{kind: random-matrix, players: 13, actions: 2, seed: 0}", "game.yaml")
    assert prod([3] * 13) > 10**6
    with pytest.raises(MismatchError, match=r"it has about 1\.6e\+06 profiles of supports, more than 1000000"):
        api.solve(game, "support-enumeration")
