"""The correlated and coarse-correlated gaps of a run's sums against the plays themselves, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.normal.game import TensorGame
from eqsolve.forms.play import PlaySums, nothing_played
from eqsolve.metrics.cce import cce_gap, ce_gap
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
    swaps = [
        float(sum(play[i][a] * normal.action_payoffs(game, play, i)[b] for play in plays))
        for i in game.players
        for a, b in product(range(game.sizes[i]), repeat=2)
    ]
    return PlaySums(np.array(deviation), np.array(realised), len(plays), np.array(swaps))


@on_random_games(300)
def test_the_gap_is_what_the_best_fixed_action_would_have_gained(whole: Whole) -> None:
    game = draws.normal(whole)
    form = tensor_game(game)
    plays = [draws.profile(whole, game.sizes) for _ in range(whole(1, 4))]
    expected = float(normal.cce_gap(game, plays))
    scale = max(1.0, form.payoff_range)
    assert cce_gap(form, summed(form, game, plays)) == pytest.approx(expected, abs=1e-12 * scale)


def swap_gap(game: normal.Game, plays: Sequence[normal.Profile]) -> float:
    """Every swap of own actions tried on every play, by the definition."""
    gaps = []
    for i in game.players:
        paid = [normal.action_payoffs(game, play, i) for play in plays]
        gains = []
        for swap in product(range(game.sizes[i]), repeat=game.sizes[i]):
            each = zip(plays, paid, strict=True)
            gains.append(sum(p * (u[swap[a]] - u[a]) for play, u in each for a, p in enumerate(play[i])))
        gaps.append(max(gains))
    return float(max(gaps)) / len(plays)


@on_random_games(200)
def test_the_correlated_gap_is_what_the_best_swap_would_have_gained(whole: Whole) -> None:
    """At least the coarse one, since a fixed action is a swap of all actions for it, and never negative."""
    game = draws.normal(whole)
    form = tensor_game(game)
    plays = [draws.profile(whole, game.sizes) for _ in range(whole(1, 4))]
    sums = summed(form, game, plays)
    scale = max(1.0, form.payoff_range)
    found, coarse = ce_gap(form, sums), cce_gap(form, sums)
    assert found == pytest.approx(swap_gap(game, plays), abs=1e-12 * scale)
    assert coarse is not None
    assert found is not None
    assert found >= max(coarse, 0) - 1e-12 * scale


def test_before_any_play_there_is_none() -> None:
    form = tensor_game(draws.normal(draws.seeded(0)))
    assert cce_gap(form, nothing_played(form)) is None
    assert ce_gap(form, nothing_played(form, swaps=True)) is None


def test_without_sums_of_swaps_there_is_no_correlated_gap() -> None:
    game = draws.normal(draws.seeded(0))
    form = tensor_game(game)
    sums = summed(form, game, [draws.profile(draws.seeded(1), game.sizes)])
    assert ce_gap(form, sums) is not None
    assert ce_gap(form, sums._replace(swaps=np.zeros(0))) is None


def test_more_sums_than_fit_are_refused() -> None:
    form = TensorGame(("A",), (tuple(map(str, range(12_000))),), np.zeros((1, 12_000)))
    with pytest.raises(UsageError, match="swaps: 144000000 sums are too many, 134217728 are the most"):
        nothing_played(form, swaps=True)


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
