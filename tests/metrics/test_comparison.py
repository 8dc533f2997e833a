"""Profiles against each other, by sums over pure profiles."""

from __future__ import annotations

import numpy as np

from eqsolve.metrics.comparison import compared, distances
from eqsolve.spec.load import parse
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, tensor_game


@on_random_games(200)
def test_values_head_to_head_are_those_of_the_mixed_seats(whole: Whole) -> None:
    game = draws.normal(whole)
    first, second = (draws.profile(whole, game.sizes) for _ in range(2))
    form = tensor_game(game)
    found = compared(form, arrays(first), arrays(second))
    scale = 1e-12 * max(1.0, form.payoff_range)
    for i in game.players:
        for one, others, values in ((first, second, found.first_in_seat), (second, first, found.second_in_seat)):
            mixed = normal.replaced(others, i, one[i])
            expected = [float(normal.value(game, mixed, j)) for j in game.players]
            np.testing.assert_allclose(values[i], expected, rtol=0, atol=scale)
    own = [float(normal.value(game, normal.replaced(second, i, first[i]), i)) for i in game.players]
    np.testing.assert_allclose(found.first_mean, np.mean(own), rtol=0, atol=scale)


@on_random_games(200)
def test_distances_are_total_variation(whole: Whole) -> None:
    game = draws.normal(whole)
    first, second = (draws.profile(whole, game.sizes) for _ in range(2))
    found = distances(tensor_game(game), arrays(first), arrays(second))
    expected = [
        float(sum(abs(p - q) for p, q in zip(a, b, strict=True)) / 2) for a, b in zip(first, second, strict=True)
    ]
    np.testing.assert_allclose(found.largest, expected, atol=1e-12)
    np.testing.assert_allclose(found.mean, expected, atol=1e-12)


def test_distances_of_trees_leave_out_the_empty_sequence_and_name_the_row() -> None:
    form = parse("{kind: kuhn}", "kuhn").form
    uniform = as_mixed(form).uniform()
    other = [policy.copy() for policy in uniform]
    other[1][3:5] = [1, 0]  # the second information set of the second player
    found = distances(as_mixed(form), uniform, tuple(other))
    assert found.largest.tolist() == [0, 0.5]
    assert found.row.tolist() == [0, 1]
    np.testing.assert_allclose(found.mean, [0, 0.5 / 6])
