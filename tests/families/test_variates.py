"""Random numbers of generated games: the same for ever, and distributed as they say."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.families.variates import draw, generator, simplex


def test_the_stream_of_a_seed_is_philox_and_never_changes() -> None:
    assert (generator(0).random(4) * 2**53).tolist() == [
        104003916602523,
        2175681743263000,
        1003634882753029,
        5083794959104694,
    ]
    seeds = (0, 1, 2, 2**32, 2**63 - 1)
    assert len({generator(seed).random() for seed in seeds}) == len(seeds)


def test_integers_are_those_from_minus_9_to_9_all_alike() -> None:
    drawn = draw(generator(1), "integers", (200_000,))
    found, counts = np.unique(drawn, return_counts=True)
    assert found.tolist() == list(range(-9, 10))
    assert abs(counts / 200_000 - 1 / 19).max() < 6 * (1 / 19 / 200_000) ** 0.5


def test_normal_variates_are_normal_and_multiples_of_a_power_of_2() -> None:
    drawn = draw(generator(2), "normal", (200_000,))
    assert abs(drawn.mean()) < 6 / 200_000**0.5
    assert drawn.var() == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(np.quantile(drawn, [0.0228, 0.1587, 0.8413]), [-2, -1, 1], atol=0.03)
    assert (drawn * 2**32 == np.rint(drawn * 2**32)).all()


def test_uniform_variates_are_uniform() -> None:
    drawn = draw(generator(3), "uniform", (200_000,))
    np.testing.assert_allclose(np.quantile(drawn, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.005)
    assert drawn.min() >= 0
    assert drawn.max() < 1


def test_gaps_between_sorted_uniforms_are_uniform_on_the_simplex() -> None:
    """Of three probabilities each has mean 1/3 and variance 1/18."""
    drawn = simplex(generator(4), (20_000, 3))
    np.testing.assert_allclose(drawn.sum(axis=1), 1, rtol=0, atol=1e-15)
    assert drawn.min() >= 0
    np.testing.assert_allclose(drawn.mean(axis=0), 1 / 3, atol=6 * (1 / 18 / 20_000) ** 0.5)
    np.testing.assert_allclose(drawn.var(axis=0), 1 / 18, rtol=0.05)
    assert simplex(generator(4), (2, 1)).tolist() == [[1.0], [1.0]]
