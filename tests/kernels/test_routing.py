"""Sweeps over routing games against the decision problems of the form, which enumeration checks; shares of an edge."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame
from eqsolve.kernels.action_values import action_values, visitation
from eqsolve.kernels.configurations import expected_harmonic, expected_shares
from eqsolve.kernels.jit import jit

GAMES = [
    RoutingGame(("a", "b", "c"), 2, 2),
    RoutingGame(("a", "b", "c"), 1, 3, False),
    RoutingGame(("a", "b"), 3, 2, True, True, 0.9),
    RoutingGame(("a", "b", "c", "d", "e", "f"), 2, 2),  # more states in a layer than a block holds
    LocalRoutingGame(("a", "b", "c", "d"), 3, 2),
    LocalRoutingGame(("a", "b", "c"), 2, 3, False, True, 0.5),
]


@jit
def swept(game: Any, x: Array, q: Array, v: Array, d: Array, work: Array) -> None:
    action_values(game, x, q, v, work)
    visitation(game, x, d, work)


def drawn(form: RoutingGame | LocalRoutingGame) -> list[Array]:
    rng = np.random.default_rng(7)
    return [weights / weights.sum(axis=1, keepdims=True) for weights in (rng.random(m.shape) * m for m in form.legal)]


@pytest.mark.parametrize("form", GAMES, ids=lambda form: f"{type(form).__name__}-{len(form.players)}-{form.layers}")
def test_a_sweep_has_the_values_of_the_decision_problems(form: RoutingGame | LocalRoutingGame) -> None:
    profile = form.check(drawn(form)).profile
    rows, n = len(form.rows), len(form.players)
    x = form.pack(profile)
    q, v, d = np.full(x.size, np.nan), np.full(n * rows, np.nan), np.full(n * rows, np.nan)
    swept(form.arrays, x, q, v, d, np.empty(0))
    for i, problem in enumerate(form.mdps(profile)):
        own, legal = v[i * rows : (i + 1) * rows], form.legal[i]
        here = q[form.offsets[i] : form.offsets[i + 1]].reshape(legal.shape)
        expected = problem.rewards + form.discount * problem.expect(own, back=float(own[0]))
        np.testing.assert_allclose(here[legal], expected[legal], rtol=0, atol=1e-13)
        np.testing.assert_allclose((profile[i] * expected).sum(axis=1), own, rtol=0, atol=1e-13)
        # Σ visits · expected reward is the value from the source
        played = (profile[i] * problem.rewards).sum(axis=1)
        assert d[i * rows : (i + 1) * rows] @ played == pytest.approx(own[0], rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8])
def test_shares_and_harmonic_sums_equal_enumeration(n: int) -> None:
    p = [Fraction(k * k + 1, n * n + 2) for k in range(n)]
    group = np.array([k % 2 for k in range(n)])
    nodes, weights = np.polynomial.legendre.leggauss((n + 1) // 2)
    nodes, weights = 0.5 * (nodes + 1), 0.5 * weights
    shares = np.empty(n)
    expected_shares(np.array(p, dtype=float), group, nodes, weights, shares)
    harmonic = expected_harmonic(np.array(p, dtype=float), nodes, weights)
    share, total = [Fraction(0)] * n, Fraction(0)
    for taking in product((0, 1), repeat=n):
        chance = Fraction(1)
        for j, takes in enumerate(taking):
            chance *= p[j] if takes else 1 - p[j]
        total += chance * sum(Fraction(1, k) for k in range(1, sum(taking) + 1))
        for i in range(n):
            others = sum(takes for j, takes in enumerate(taking) if j != i and group[j] == group[i])
            share[i] += chance / (1 + others)
    np.testing.assert_allclose(shares, np.array(share, dtype=float), rtol=1e-14)
    assert harmonic == pytest.approx(float(total), rel=1e-14)
