"""Expected costs by windows of loads: crowds too large for enumeration, against exact sums over all loads."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, lgamma, log, log1p
from random import Random

import numpy as np
import pytest

from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.kernels.congestion import STORED, TAIL, load_distributions
from reference.congestion import Congestion, load_of
from reference.forms import congestion_game

#: Unlike, equal, rare and sure users; the last two leave one load alone to be possible.
CROWDS: dict[str, Sequence[Fraction]] = {
    "unlike": [Fraction(Random(i).randint(0, 64), 64) for i in range(40)],
    "alike": [Fraction(1, 3)] * 40,
    "rare": [Fraction(1, 2**40)] * 25 + [Fraction(1, 2)] * 15,
    "nearly sure": [1 - Fraction(1, 2**40)] * 25 + [Fraction(1, 2)] * 15,
    "never": [Fraction(0)] * 40,
    "always": [Fraction(1)] * 40,
}


def two_roads(costs: Sequence[int], weights: Sequence[int]) -> CongestionGame:
    """One road that costs, and one that does not."""
    free = [0] * sum(weights)
    return congestion_game(Congestion({"a": costs, "b": free}, [[["a"], ["b"]]] * len(weights), weights))


def loads_met(weights: Sequence[int], p: Sequence[Fraction]) -> list[dict[int, Fraction]]:
    """For each player the distribution of the load on the road that costs if they take it."""
    found: dict[tuple[int, Fraction], dict[int, Fraction]] = {}
    for i, kind in enumerate(zip(weights, p, strict=True)):
        if kind not in found:
            others = load_of([*weights[:i], *weights[i + 1 :]], [*p[:i], *p[i + 1 :]])
            found[kind] = {load + kind[0]: mass for load, mass in others.items()}
    return [found[kind] for kind in zip(weights, p, strict=True)]


def mean(loads: dict[int, Fraction], costs: Sequence[int]) -> Fraction:
    return sum((mass * costs[load - 1] for load, mass in loads.items()), Fraction(0))


def paid(form: CongestionGame, p: Sequence[Fraction]) -> list[float]:
    profile = tuple(np.array([float(chance), float(1 - chance)]) for chance in p)
    return [-float(payoffs[0]) for payoffs in form.backup(profile)]


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("heaviest", [1, 4])
def test_costs_expected_by_a_crowd_are_exact_to_12_digits(crowd: str, heaviest: int) -> None:
    p = CROWDS[crowd]
    weights = [1 + i % heaviest for i in range(len(p))]
    costs = [load**4 + 3 for load in range(1, sum(weights) + 1)]
    truth = [float(mean(loads, costs)) for loads in loads_met(weights, p)]
    np.testing.assert_allclose(paid(two_roads(costs, weights), p), truth, rtol=1e-12)


@pytest.mark.parametrize("crowd", CROWDS)
def test_costs_that_explode_stay_within_the_stated_error(crowd: str) -> None:
    """Costs of 10^30 where the load hardly ever comes: a window that ended too early would show."""
    p, weights = CROWDS[crowd], [1] * len(CROWDS[crowd])
    met = loads_met(weights, p)
    for edge in (4, 20, 32, 39):
        costs = [1 if load < edge else 10**30 for load in range(1, len(p) + 1)]
        for ours, loads in zip(paid(two_roads(costs, weights), p), met, strict=True):
            truth = mean(loads, costs)
            assert abs(ours - float(truth)) <= 6 * len(p) * TAIL * 1e30 + 1e-12 * float(truth)


def test_a_player_far_heavier_than_the_rest_may_come_first_or_last() -> None:
    p = [Fraction(k % 7 + 1, 9) for k in range(25)]
    for weights in ([200] + [1] * 24, [1] * 24 + [200], [1] * 12 + [200] + [1] * 12):
        costs = [load * load for load in range(1, sum(weights) + 1)]
        truth = [float(mean(loads, costs)) for loads in loads_met(weights, p)]
        np.testing.assert_allclose(paid(two_roads(costs, weights), p), truth, rtol=1e-12)


@pytest.mark.parametrize("crowd", CROWDS)
def test_windows_hold_all_but_the_mass_that_they_may_lose(crowd: str) -> None:
    p = CROWDS[crowd]
    low, high, begin = (np.empty(len(p) + 1, dtype=np.int64) for _ in range(3))
    low[0], high[0] = 0, 1
    ones = np.ones(len(p), dtype=np.int64)
    store = load_distributions(ones, np.array(p, dtype=float), 0, len(p), low, high, begin, np.ones(2))
    for i in (0, 1, 30, len(p)):
        truth = load_of([1] * i, p[:i])
        window = range(low[i], high[i])
        assert sum(mass for load, mass in truth.items() if load not in window) <= 2 * i * TAIL
        ours = store[begin[i] : begin[i] + len(window)]
        np.testing.assert_allclose(ours, [float(truth.get(load, 0)) for load in window], rtol=1e-12, atol=2 * i * TAIL)


def test_pure_policies_leave_windows_of_one_load() -> None:
    p = np.array([1.0, 0.0] * 500)
    low, high, begin = (np.empty(1001, dtype=np.int64) for _ in range(3))
    low[0], high[0] = 0, 1
    store = load_distributions(np.ones(1000, dtype=np.int64), p, 0, 1000, low, high, begin, np.ones(2))
    assert (high - low == 1).all()
    assert low[-1] == 500
    assert store[begin].tolist() == [1.0] * 1001


def test_a_crowd_of_a_thousand_on_twenty_links_keeps_to_the_order_of_its_players() -> None:
    """Turning the players round turns their payoffs round: windows grow from the other end."""
    rng = np.random.default_rng(0)
    n, links = 1000, 20
    costs = rng.uniform(1, 2, (links, 1)) * np.arange(n + 1.0) ** 2
    form = CongestionGame(
        tuple(map(str, range(n))),
        (tuple(map(str, range(links))),) * n,
        np.ones(n, dtype=np.int64),
        costs,
        (np.eye(links) == 1,) * n,
    )
    profile = tuple(rng.dirichlet(np.ones(links)) for _ in range(n))
    turned = form.backup(profile[::-1])[::-1]
    for ours, theirs in zip(form.backup(profile), turned, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def binomial(n: int, p: float) -> np.ndarray:
    """The distribution of a load of n users alike, [n + 1]."""
    return np.array(
        [
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p))
            for k in range(n + 1)
        ]
    )


def test_costs_are_the_same_where_distributions_are_made_again_block_by_block() -> None:
    n = STORED
    costs = [load**2 + 3 for load in range(1, 2 * n + 1)]
    # two halves alike in themselves, so that the truth is a convolution of binomials
    found = paid(two_roads(costs, [1] * 2 * n), [Fraction(1, 4)] * n + [Fraction(1, 2)] * n)
    for first, last, mine in ((0, n, (n - 1, n)), (n, 2 * n, (n, n - 1))):
        others = np.convolve(binomial(mine[0], 0.25), binomial(mine[1], 0.5))
        np.testing.assert_allclose(found[first:last], others @ np.array(costs, dtype=float), rtol=1e-10)
