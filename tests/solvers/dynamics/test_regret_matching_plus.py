"""Regret matching+ against the algorithm written out in fractions, and its sums against the plays themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.metrics.cce import cce_gap
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import iterates
from eqsolve.solvers.dynamics.regret_matching_plus import RegretMatchingPlus
from eqsolve.solvers.parameters import configure
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import arrays, congestion_game, tensor_game


def matched(regrets: list[Fraction]) -> list[Fraction]:
    total = sum(regrets)
    return [r / total for r in regrets] if total else [Fraction(1, len(regrets))] * len(regrets)


def by_hand(
    game: normal.Game, iterations: int, gamma: int
) -> tuple[list[list[Fraction]], list[normal.Profile], list[list[Fraction]]] | None:
    """(regrets, plays, weighted average) of the algorithm as published; weights (t + γ − 1)! / (t − 1)!.

    None where the next play hangs on a regret of exactly 0, which rounding may make positive.
    """
    regrets = [[Fraction(0)] * size for size in game.sizes]
    plays: list[normal.Profile] = []
    weights: list[int] = []
    for t in range(1, iterations + 1):
        play = [matched(own) for own in regrets]
        for i in game.players:
            payoffs, value = normal.action_payoffs(game, play, i), normal.value(game, play, i)
            sums = [r + u - value for r, u in zip(regrets[i], payoffs, strict=True)]
            regrets[i] = [max(r, Fraction(0)) for r in sums]
            if max(sums) == 0 and game.sizes[i] > 1:
                return None
        plays.append(play)
        weights.append(int(np.prod(range(t, t + gamma))))
    average = [
        [sum(w * play[i][a] for w, play in zip(weights, plays, strict=True)) / sum(weights) for a in range(size)]
        for i, size in enumerate(game.sizes)
    ]
    return regrets, plays, average


@on_random_games(150)
def test_a_few_iterations_are_those_by_hand(whole: Whole) -> None:
    game, gamma, iterations = draws.normal(whole), whole(0, 3), whole(1, 6)
    by_the_book = by_hand(game, iterations, gamma)
    if by_the_book is None:
        return
    regrets, plays, average = by_the_book
    form, solver = tensor_game(game), RegretMatchingPlus(gamma=float(gamma))
    state = solver.step(form, solver.init(form, 0), iterations)
    scale = max(1.0, form.payoff_range)
    found = np.split(state.regrets, form.offsets[1:-1])
    for ours, theirs in zip(found, regrets, strict=True):
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=0, atol=1e-10 * scale)
    for ours, theirs in zip(solver.answers(form, state)["average"], average, strict=True):
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=0, atol=1e-10)
    gap = cce_gap(form, state.plays)
    assert gap == pytest.approx(float(normal.cce_gap(game, plays)), abs=1e-10 * scale)


@on_random_games(60)
def test_the_coarse_correlated_gap_is_that_of_the_stored_iterates(whole: Whole) -> None:
    """Play sums against the profiles that were played: the last iterate of each iteration is the next one's play."""
    rules = draws.congestion(whole)
    form, solver = congestion_game(rules), RegretMatchingPlus()
    plays = []
    for state in iterates(form, solver):
        if state.iteration == 12:
            break
        plays.append([[Fraction(p) for p in policy] for policy in solver.answers(form, state)["last"]])
    assert cce_gap(form, state.plays) == pytest.approx(
        float(normal.cce_gap(rules.game, plays)), abs=1e-11 * max(1.0, form.payoff_range)
    )


def test_before_the_first_iteration_there_is_no_coarse_correlated_gap() -> None:
    form = tensor_game(draws.normal(draws.seeded(1)))
    assert cce_gap(form, RegretMatchingPlus().init(form, 0).plays) is None


@on_random_games(20)
def test_the_average_of_a_zero_sum_game_obeys_the_bound_of_regret_matching(whole: Whole) -> None:
    """NashConv ≤ 2 Δ √(A / T) with uniform weights, Δ the payoff range and A the larger number of actions."""
    matrix = draws.zero_sum(whole)
    game = normal.Game(
        (len(matrix), len(matrix[0])), lambda joint: (matrix[joint[0]][joint[1]], -matrix[joint[0]][joint[1]])
    )
    form, solver = tensor_game(game), RegretMatchingPlus(gamma=0.0)
    state = solver.init(form, 0)
    for _ in range(4):
        state = solver.step(form, state, 50)
        found = deviations(form, solver.answers(form, state)["average"])
        assert found.nash_conv <= 2 * form.payoff_range * (max(game.sizes) / state.iteration) ** 0.5 + 1e-12


@on_random_games(20)
def test_the_coarse_correlated_gap_obeys_the_bound_in_any_game(whole: Whole) -> None:
    form = tensor_game(draws.normal(whole))
    solver = RegretMatchingPlus()
    state = solver.step(form, solver.init(form, 0), 200)
    gap = cce_gap(form, state.plays)
    assert gap is not None
    assert gap <= form.payoff_range * (max(map(len, form.actions)) / 200) ** 0.5 + 1e-12


def test_a_start_is_played_first_and_weighs_nothing_in_the_average() -> None:
    game = draws.normal(draws.seeded("start", 4), 2, 2)
    form, solver = tensor_game(game), RegretMatchingPlus()
    start = arrays(draws.profile(draws.seeded("start"), game.sizes))
    state = solver.init(form, 0, start)
    for played, given in zip(solver.answers(form, state)["last"], start, strict=True):
        np.testing.assert_allclose(played, given, rtol=1e-12)
    assert state.plays.iterations == 0
    after = solver.answers(form, solver.step(form, state, 1))["average"]
    for average, given in zip(after, start, strict=True):  # of one play, the start itself
        np.testing.assert_allclose(average, given, rtol=1e-12)


@pytest.mark.parametrize("gamma", [-0.5, float("nan"), float("inf")])
def test_senseless_weights_are_refused(gamma: float) -> None:
    with pytest.raises(UsageError, match="gamma: expected a number of at least 0"):
        configure(RegretMatchingPlus, {"gamma": gamma})
