"""The coarse-correlated gap of a run's sums against the plays themselves, one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from eqsolve.forms.normal import TensorGame
from eqsolve.forms.play import PlaySums
from eqsolve.metrics.cce import cce_gap
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import tensor_game


def summed(form: TensorGame, game: normal.Game, plays: Sequence[normal.Profile]) -> PlaySums:
    """Sums as a method keeps them, by the definitions."""
    deviation = [0.0] * int(form.offsets[-1])
    realised = [0.0] * len(game.sizes)
    for play in plays:
        payoffs = [float(u) for i in game.players for u in normal.action_payoffs(game, play, i)]
        deviation = [a + b for a, b in zip(deviation, payoffs, strict=True)]
        realised = [total + float(normal.value(game, play, i)) for i, total in enumerate(realised)]
    return PlaySums(np.array(deviation), np.array(realised), len(plays))


@on_random_games(300)
def test_the_gap_is_what_the_best_fixed_action_would_have_gained(whole: Whole) -> None:
    game = draws.normal(whole)
    form = tensor_game(game)
    plays = [draws.profile(whole, game.sizes) for _ in range(whole(1, 4))]
    expected = float(normal.cce_gap(game, plays))
    scale = max(1.0, form.payoff_range)
    assert cce_gap(form, summed(form, game, plays)) == pytest.approx(expected, abs=1e-12 * scale)


def test_before_any_play_there_is_none() -> None:
    form = tensor_game(draws.normal(draws.seeded(0)))
    nothing = PlaySums(np.zeros(int(form.offsets[-1])), np.zeros(len(form.players)), 0)
    assert cce_gap(form, nothing) is None


def test_alternating_between_the_pure_equilibria_of_chicken_leaves_no_regret() -> None:
    """The average of the two is correlated; the product of its marginals is no equilibrium."""
    payoffs: dict[normal.Joint, tuple[int, int]] = {(0, 0): (0, 0), (0, 1): (7, 2), (1, 0): (2, 7), (1, 1): (6, 6)}
    game = normal.Game((2, 2), payoffs.__getitem__)
    form = tensor_game(game)
    plays = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]
    gap = cce_gap(form, summed(form, game, plays))
    assert gap is not None
    assert gap <= 0
    assert max(normal.regrets(game, [[0.5, 0.5], [0.5, 0.5]])) > 0.1
