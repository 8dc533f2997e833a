"""Counted random numbers: splitmix64 as published, uniform, and streams of their own."""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.variates import key_of, variate


def splitmix(x: int) -> int:
    """The published finaliser, in Python's integers."""
    mask = 2**64 - 1
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & mask
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & mask
    return x ^ (x >> 31)


def test_variates_are_splitmix64s() -> None:
    """Its first numbers from seed 0 are known."""
    for n, known in enumerate((0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)):
        assert splitmix((n + 1) * 0x9E3779B97F4A7C15 % 2**64) == known
        assert variate(np.uint64(0), n) == (known >> 11) * 2.0**-53


def test_variates_are_uniform_and_streams_differ() -> None:
    seen = [
        variate(np.uint64(key_of(np.uint64(seed), iteration, purpose)), n)
        for seed in (0, 1, 2**64 - 1)
        for iteration in range(30)
        for purpose in range(3)
        for n in range(40)
    ]
    assert len(set(seen)) == len(seen)
    counts = np.histogram(seen, bins=20, range=(0, 1))[0]
    expected = len(seen) / 20
    assert ((counts - expected) ** 2 / expected).sum() < 45  # χ² of 19 degrees of freedom: beyond it once in a thousand
