"""Random numbers that are counted, not kept: a stream is a key, a variate its number in the stream.

splitmix64 (Steele, Lea and Flood 2014): the same on every machine, in any order, with no state to carry along.
"""

from __future__ import annotations

import numpy as np

from eqsolve.kernels.jit import jit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MULTIPLIER, SECOND_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@jit
def _scrambled(z):
    """Return 64 bits that hang on all bits of z: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    z = (z ^ (z >> np.uint64(30))) * FIRST_MULTIPLIER
    z = (z ^ (z >> np.uint64(27))) * SECOND_MULTIPLIER
    return z ^ (z >> np.uint64(31))


@jit
def key_of(seed, iteration, purpose):
    """Return the key of a stream of variates; `purpose` is 0, 1 or 2."""
    z = _scrambled(seed + GOLDEN)
    return _scrambled(z + GOLDEN * np.uint64(3 * iteration + purpose + 1))


@jit
def variate(key, n):
    """Return number n of the stream, in [0, 1)."""
    return np.float64(_scrambled(key + GOLDEN * np.uint64(n + 1)) >> np.uint64(11)) * 2.0**-53
