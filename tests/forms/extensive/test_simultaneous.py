"""Normal forms as trees in which everybody moves once."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.extensive.simultaneous import with_empty, without_empty
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations


def test_regrets_and_values_are_those_of_the_normal_form() -> None:
    rng = np.random.default_rng(4)
    for shape in ((3,), (1, 2), (2, 4), (2, 3, 2)):
        actions = tuple(tuple(f"a{k}" for k in range(size)) for size in shape)
        players = tuple(f"P{i}" for i in range(len(shape)))
        game = TensorGame(players, actions, rng.normal(size=(len(shape), *shape)))
        profile = tuple(rng.dirichlet(np.ones(size)) for size in shape)
        tree, there = game.tree, with_empty(profile)
        assert tree.check(there).notes == ()
        ours, theirs = deviations(tree, there), deviations(game, profile)
        np.testing.assert_allclose(ours.regrets, theirs.regrets, rtol=0, atol=1e-14)
        np.testing.assert_allclose(ours.values + game.lowered[1], theirs.values, rtol=0, atol=1e-14)
        assert all(map(np.array_equal, without_empty(there), profile))


def test_payoffs_far_from_zero_keep_their_differences() -> None:
    """Sums of 1e9 and small numbers lose the latter's digits: what is common is left out of the tree."""
    small = np.array([[[1.0, 0.0], [0.0, 2.0]], [[0.0, 1.0], [3.0, 0.0]]])
    game = TensorGame(("A", "B"), (("a", "b"), ("c", "d")), 2.0**40 + small)
    np.testing.assert_array_equal(
        game.tree.leaves.payoffs.reshape(2, 2, 2) - game.tree.leaves.payoffs[:, :1, None], small - small[:, :1, :1]
    )
    assert abs(game.tree.leaves.payoffs).max() < 10
