"""Gaps of joint distributions against every swap and every fixed action, written out; how they relate to regrets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.correlated import JointDeviations, joint_deviations
from eqsolve.metrics.judge import deviations
from reference import correlated, draws, normal
from reference.correlated import Distribution
from reference.draws import Whole, on_random_games
from reference.forms import arrays, congestion_game, tensor_game


def drawn(whole: Whole, sizes: Sequence[int]) -> Distribution:
    """A distribution over some pure profiles."""
    every = list(normal.joints(sizes))
    return {a: p for a, p in zip(every, draws.row(whole, len(every)), strict=True) if p > 0}


def joint(distribution: Distribution) -> Joint:
    return Joint(np.array(list(distribution)), np.array([float(p) for p in distribution.values()]))


def agree(found: JointDeviations, game: normal.Game, distribution: Distribution, scale: float) -> None:
    for figures, reference in (
        (found.ce_regrets, correlated.ce_gains(game, distribution)),
        (found.cce_regrets, correlated.cce_gains(game, distribution)),
        (found.values, [correlated.value(game, distribution, i) for i in game.players]),
    ):
        np.testing.assert_allclose(figures, [float(x) for x in reference], rtol=0, atol=1e-12 * scale)


@on_random_games(300)
def test_gains_are_those_of_the_best_swap_and_the_best_fixed_action(whole: Whole) -> None:
    game = draws.normal(whole)
    form, distribution = tensor_game(game), drawn(whole, game.sizes)
    found = joint_deviations(form, joint(distribution))
    agree(found, game, distribution, max(1.0, form.payoff_range))
    assert (found.ce_gap, found.cce_gap) == (found.ce_regrets.max(), found.cce_regrets.max())
    assert found.welfare == found.values.sum()


@on_random_games(40)
def test_games_without_a_tensor_are_judged_alike(whole: Whole) -> None:
    rules = draws.congestion(whole)
    form, distribution = congestion_game(rules), drawn(whole, rules.game.sizes)
    scale = float(np.abs(form.costs).max()) * len(form.costs) + 1
    agree(joint_deviations(form, joint(distribution)), rules.game, distribution, scale)


@on_random_games(200)
def test_a_correlated_equilibrium_is_a_coarse_one(whole: Whole) -> None:
    """Fixed actions are swaps too."""
    game = draws.normal(whole)
    found = joint_deviations(tensor_game(game), joint(drawn(whole, game.sizes)))
    assert (found.cce_regrets <= found.ce_regrets + 1e-12).all()
    assert found.ce_regrets.min() >= 0


@on_random_games(200)
def test_independent_play_has_its_regrets_as_both_gains(whole: Whole) -> None:
    """A recommendation then tells nothing of the others: a Nash equilibrium is a correlated one."""
    game = draws.normal(whole)
    profile, form = draws.profile(whole, game.sizes), tensor_game(game)
    found = joint_deviations(form, joint(correlated.independent(game, profile)))
    regrets = deviations(form, arrays(profile)).regrets
    for gains in (found.ce_regrets, found.cce_regrets):
        np.testing.assert_allclose(gains, regrets, rtol=0, atol=1e-12 * max(1.0, form.payoff_range))


CHICKEN = TensorGame(("Row", "Column"), (("Dare", "Yield"),) * 2, np.array([[[0.0, 7], [2, 6]], [[0.0, 2], [7, 6]]]))


def test_aumanns_distribution_on_chicken() -> None:
    """A third each on (Dare, Yield), (Yield, Dare), (Yield, Yield): welfare 10, and nobody gains (Aumann 1974)."""
    found = joint_deviations(CHICKEN, Joint(np.array([[0, 1], [1, 0], [1, 1]]), np.ones(3) / 3))
    assert found.ce_gap == pytest.approx(0, abs=1e-15)
    assert found.welfare == pytest.approx(10)


def test_a_coarse_correlated_equilibrium_need_not_be_a_correlated_one() -> None:
    """Rock, paper, scissors, both always alike: no fixed action beats a third of each, but told rock play paper."""
    matrix = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    game = TensorGame(("A", "B"), (("rock", "paper", "scissors"),) * 2, np.array([matrix, -matrix]))
    found = joint_deviations(game, Joint(np.array([[0, 0], [1, 1], [2, 2]]), np.ones(3) / 3))
    np.testing.assert_allclose(found.cce_regrets, 0, rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.ce_regrets, 1, rtol=0, atol=1e-15)
