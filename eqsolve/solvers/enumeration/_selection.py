"""Which of several equilibria of a normal form to stand by: the best of those found, by one criterion after another.

Welfare is the sum of the players' payoffs; max-min is their least; entropy −Σ p log p is summed over the players, and
so are the sizes of supports. Harsanyi and Selten 1988 is the classic on why one would choose, and how else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm

#: Scores that differ by less than this fraction of the largest are equal: the first found is taken.
EQUAL_SCORES = 1e-9
#: Policies that differ by no more than this in any probability are the same, found twice.
SAME_POLICIES = 1e-9

#: The answers that a method offers which lists equilibria: the first it found, and the best by each criterion.
ANSWERS = ("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support")


def selected(game: NormalForm, found: Sequence[Profile]) -> dict[str, Profile]:
    """The answers by their names; empty where nothing was found."""
    if not found:
        return {}
    paid = np.array([[policy @ worth for policy, worth in zip(p, game.backup(p), strict=True)] for p in found])
    packed = np.array([game.pack(p) for p in found])
    entropy = -(packed * np.log(np.where(packed > 0, packed, 1.0))).sum(axis=1)
    scores = (paid.sum(axis=1), paid.min(axis=1), entropy, -np.count_nonzero(packed, axis=1))
    return dict(zip(ANSWERS, [found[0], *(found[_first_best(score)] for score in scores)], strict=True))


def _first_best(scores: Array) -> int:
    best = scores.max()
    return int(np.argmax(scores >= best - EQUAL_SCORES * max(1e-300, np.abs(scores).max())))
