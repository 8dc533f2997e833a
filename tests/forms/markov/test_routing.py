"""Routing games against their rules, by enumeration, for both kinds of policies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Profile
from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame
from eqsolve.metrics.judge import deviations
from reference import draws, markov
from reference.forms import arrays, numbered
from reference.routing import Routing, best_by_induction

SIZES = [(1, 1, 2), (2, 1, 2), (2, 2, 2), (2, 2, 3), (3, 2, 2), (3, 1, 3), (4, 1, 2)]
#: (final_edge, discount of the continuing game)
KINDS = [(True, None), (False, None), (True, Fraction(9, 10)), (False, Fraction(1, 2))]


def full(rules: Routing) -> RoutingGame:
    return RoutingGame(
        numbered(rules.players),
        rules.layers,
        rules.width,
        rules.final_edge,
        rules.discount is not None,
        float(rules.discount or 1),
    )


def local(rules: Routing) -> LocalRoutingGame:
    form = full(rules)
    return LocalRoutingGame(form.players, form.layers, form.width, form.final_edge, form.continuing, form.discount)


def drawn(rules: Routing, rows: int, seed: Any) -> list[list[list[Fraction]]]:
    """One policy per player; action 0 is sure on the forced last edge, the last rows."""
    whole = draws.seeded("routing", seed)
    forced = (rows - 1) // rules.layers
    sure = [Fraction(int(k == 0)) for k in range(rules.width)]
    return [
        [sure if r >= rows - forced else draws.row(whole, rules.width) for r in range(rows)]
        for _ in range(rules.players)
    ]


def full_play(rules: Routing, seed: Any) -> tuple[RoutingGame, markov.MarkovGame, list[list[list[Fraction]]]]:
    """The game in which policies see everyone, by the form and by the rules, and a profile of it."""
    game = rules.game
    return full(rules), game, drawn(rules, game.states, seed)


@pytest.mark.parametrize(("final_edge", "discount"), KINDS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_full_policies_face_the_decision_problems_that_the_rules_give(
    size: tuple[int, int, int], final_edge: bool, discount: Fraction | None
) -> None:
    rules = Routing(*size, final_edge, discount)
    form, game, profile = full_play(rules, size)
    later = np.random.default_rng(1).normal(size=game.states)
    for i, problem in enumerate(form.mdps(arrays(profile))):
        rewards, moves = markov.decision_problem(game, profile, i)
        legal = form.legal[i]
        np.testing.assert_allclose(problem.rewards[legal], np.array(rewards, float)[legal], rtol=1e-14, atol=1e-15)
        expected = np.array(moves, float) @ later
        found = problem.expect(later, back=float(later[0]))
        np.testing.assert_allclose(found[legal], expected[legal], rtol=0, atol=1e-14)


@pytest.mark.parametrize(("final_edge", "discount"), KINDS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_full_policies_have_the_values_and_regrets_that_the_rules_give(
    size: tuple[int, int, int], final_edge: bool, discount: Fraction | None
) -> None:
    rules = Routing(*size, final_edge, discount)
    form, game, profile = full_play(rules, size)
    judged = deviations(form, arrays(profile))
    for i in range(rules.players):
        own = markov.values(game, profile, i)
        assert judged.values[i] == pytest.approx(float(own[0]), rel=1e-13)
        if discount is None:
            gains = [b - v for b, v in zip(best_by_induction(game, profile, i), own, strict=True)]
            assert judged.regrets[i] == pytest.approx(float(gains[0]), abs=1e-13)
            assert judged.max_regret >= float(max(gains)) - 1e-13


@pytest.mark.parametrize("discount", [Fraction(9, 10), Fraction(1, 3)])
def test_a_game_that_returns_is_judged_by_the_best_of_all_stationary_policies(discount: Fraction) -> None:
    rules = Routing(2, 1, 2, True, discount)
    form, game, profile = full_play(rules, discount)
    judged = deviations(form, arrays(profile))
    gains = [markov.gains(game, profile, i) for i in range(2)]
    assert judged.regrets == pytest.approx([float(g[0]) for g in gains], abs=1e-13)
    assert judged.max_regret == pytest.approx(float(max(max(g) for g in gains)), abs=1e-13)


@pytest.mark.parametrize(("final_edge", "discount"), KINDS)
@pytest.mark.parametrize("size", [(2, 2, 2), (3, 2, 2), (2, 1, 3)], ids=str)
def test_local_policies_are_judged_among_local_policies(
    size: tuple[int, int, int], final_edge: bool, discount: Fraction | None
) -> None:
    rules = Routing(*size, final_edge, discount)
    form, game = local(rules), rules.game
    rows = rules.local_rows()
    profile = drawn(rules, rows, size)
    judged = deviations(form, arrays(profile))
    free = rows - rules.width
    for i in range(rules.players):
        own = markov.values(game, rules.expanded(profile), i)[0]
        assert judged.values[i] == pytest.approx(float(own), rel=1e-13)
        best = max(
            markov.values(game, rules.expanded([*profile[:i], pure(rules, choices), *profile[i + 1 :]]), i)[0]
            for choices in product(range(rules.width), repeat=free)
        )
        assert judged.regrets[i] == pytest.approx(float(best - own), abs=1e-13)


def pure(rules: Routing, choices: Sequence[int]) -> list[list[Fraction]]:
    """The deterministic local policy that makes these choices, and the forced one on the last edge."""
    moves = [*choices, *(0 for _ in range(rules.width))]
    return [[Fraction(int(k == move)) for k in range(rules.width)] for move in moves]


def test_local_policies_have_rosenthals_potential() -> None:
    rules = Routing(3, 2, 2)
    form = local(rules)
    whole = draws.seeded("pure local", 0)
    for _ in range(20):
        choices = [[whole(0, 1) for _ in range(3)] for _ in range(3)]
        profile = arrays([pure(rules, c) for c in choices])
        first = [c[0] for c in choices]
        second = [choices[j][1 + first[j]] for j in range(3)]
        assert form.potential(profile) == pytest.approx(
            float(rules.rosenthal([tuple(first), tuple(second)])), rel=1e-14
        )


@pytest.mark.parametrize("discount", [None, Fraction(9, 10)])
def test_a_local_deviation_changes_the_potential_as_it_changes_the_deviators_value(discount: Fraction | None) -> None:
    rules = Routing(4, 2, 2, True, discount)
    form = local(rules)
    before = arrays(drawn(rules, rules.local_rows(), "before"))
    other = arrays(drawn(rules, rules.local_rows(), "after"))
    for i in range(4):
        after: Profile = (*before[:i], other[i], *before[i + 1 :])
        change = deviations(form, after).values[i] - deviations(form, before).values[i]
        assert form.potential(after) - form.potential(before) == pytest.approx(change, abs=1e-12)  # type: ignore[operator]


def test_only_teams_of_two_have_a_potential_when_everyone_sees_all() -> None:
    assert full(Routing(2, 2, 2)).has_potential
    three = full(Routing(3, 2, 2))
    assert not three.has_potential
    assert three.potential(three.uniform()) is None


def test_the_uniform_profile_of_four_players_is_a_mixed_equilibrium_of_welfare_6_4844() -> None:
    form = full(Routing(4, 2, 2))
    judged = deviations(form, form.uniform())
    assert judged.nash_gap < 1e-15
    assert judged.welfare == pytest.approx(6.484375, rel=1e-14)


def test_a_policy_with_probability_on_the_forced_edge_is_refused() -> None:
    form = full(Routing(2, 1, 2))
    profile = [np.array(policy) for policy in form.uniform()]
    profile[1][-1] = [0.5, 0.5]
    with pytest.raises(ProfileError, match=r"policy of 1, row 4 \(layer 1: 1-1\): probability on an action"):
        form.check(profile)
