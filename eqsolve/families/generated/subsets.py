"""All subsets of one size, as rows of an array."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def subsets(n: int, size: int) -> NDArray[np.int64]:
    """[C(n, size), size]: subsets of 0 … n − 1, ascending, in colexicographic order: by the largest member first."""
    import numpy as np

    found = np.array(list(combinations(range(n), size)), dtype=np.int64).reshape(comb(n, size), size)
    return found[np.argsort(ranks(found), kind="stable")]


def ranks(members: NDArray[Any]) -> NDArray[np.int64]:
    """The places of subsets, ascending along the last axis, in that order: sum of C(k-th member, k), k from 1."""
    import numpy as np

    found = np.zeros(members.shape[:-1], dtype=np.int64)
    for k in range(members.shape[-1]):
        # C(member, k + 1) from the left, each division without a remainder
        term = np.ones_like(found)
        for factor in range(k + 1):
            term = term * (members[..., k] - factor) // (factor + 1)
        found += term
    return found
