"""Normal variates of which any two of the same draw have one correlation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eqsolve.families.variates import draw

if TYPE_CHECKING:
    from numpy.random import Generator

    from eqsolve.forms.base import Array


def correlated(stream: Generator, n: int, shape: tuple[int, ...], rho: float) -> Array:
    """[n, *shape] standard normal variates, every two along the first axis with covariance ρ, −1 / (n − 1) ≤ ρ ≤ 1.

    x_i = √(1 − ρ) (z_i − z̄) + √(1 + (n − 1) ρ) z̄ with independent z: where ρ = −1 / (n − 1) they sum to 0.
    """
    import numpy as np

    z = draw(stream, "normal", (n, *shape))
    mean = z.sum(axis=0) / n
    return np.asarray(np.sqrt(1 - rho) * (z - mean) + np.sqrt(max(0.0, 1 + (n - 1) * rho)) * mean)
