"""Whatever a method lists or stands by as converged has, in exact arithmetic, the regret that it was printed with."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.base import Profile
from eqsolve.run.result import Status
from eqsolve.spec.load import GameSpec, parse
from reference import normal

#: Seeds of drawn games: a tenth of them in the fast tier.
SEEDS = [range(25), pytest.param(range(25, 250), marks=pytest.mark.slow)]
#: With these payoffs ties, dominated actions and components of equilibria are common.
LARGEST = 2
TOLERANCE = 1e-9
TWO = (
    "bimatrix", "lemke-howson", "small-supports", "vertex-enumeration", "support-enumeration", "pure", "qre", "neppo",
)  # fmt: skip
SEVERAL = ("n-player", "pure", "neppo", "support-enumeration")


def drawn(shape: tuple[int, ...], seed: int) -> tuple[np.ndarray[Any, np.dtype[np.int64]], GameSpec]:
    """Integer payoffs [N, A_1, …] and the game that a user would write of them."""
    payoffs = np.random.default_rng(seed).integers(-LARGEST, LARGEST + 1, size=(len(shape), *shape))
    if len(shape) == 2:
        return payoffs, parse(f"{{kind: matrix, payoffs: {np.moveaxis(payoffs, 0, -1).tolist()}}}", "drawn")
    named = ", ".join(f"P{i}: {own.tolist()}" for i, own in enumerate(payoffs))
    return payoffs, parse(f"{{kind: matrix, payoffs: {{{named}}}}}", "drawn")


def largest_regret(payoffs: np.ndarray[Any, np.dtype[np.int64]], profile: Profile) -> Fraction:
    """By the definition, over all pure profiles, the floats of the profile taken by their word and brought to sum 1."""
    policies = [[Fraction(p) for p in policy.tolist()] for policy in profile]
    policies = [[p / sum(policy) for p in policy] for policy in policies]
    game = normal.Game(payoffs.shape[1:], lambda joint: [int(own[joint]) for own in payoffs])
    return Fraction(max(normal.regrets(game, policies)))


def equilibria_of(result: Any) -> list[Any]:
    """All that is printed as an equilibrium: those listed, and the answer of a run that converged."""
    converged = result.status is Status.CONVERGED and result.answer is not None
    return [*(result.equilibria or ()), *([result.answer] if converged else [])]


@pytest.mark.parametrize("seeds", SEEDS, ids=["few", "many"])
@pytest.mark.parametrize(
    ("algorithm", "shapes"),
    [(name, [(2, 2), (2, 3), (3, 2), (3, 3)]) for name in TWO] + [(name, [(2, 2, 2), (2, 3, 2)]) for name in SEVERAL],
    ids=[*(f"{name}-two" for name in TWO), *(f"{name}-three" for name in SEVERAL)],
)
def test_what_is_printed_as_an_equilibrium_is_one(algorithm: str, shapes: list[tuple[int, ...]], seeds: range) -> None:
    stood_by = 0
    for seed in seeds:
        payoffs, game = drawn(shapes[seed % len(shapes)], seed)
        result = api.solve(game, algorithm, tol=TOLERANCE, max_iter=2000)
        stood_by += bool(printed := equilibria_of(result))
        for measured in printed:
            assert measured.record.nash_gap <= TOLERANCE
            assert abs(largest_regret(payoffs, measured.answer) - Fraction(measured.record.nash_gap)) <= Fraction(
                1, 10**12
            )
    assert stood_by >= len(seeds) / 2


@pytest.mark.parametrize(
    "algorithm", ["bimatrix", "lemke-howson", "small-supports", "vertex-enumeration", "support-enumeration", "pure"]
)
def test_what_is_printed_of_payoffs_in_decimals_is_one_of_the_payoffs_as_written(algorithm: str) -> None:
    """One player's payoffs are large beside their differences; few numbers are drawn, so that many are equal."""
    stood_by = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        shape, places = rng.integers(2, 4, 2), int(rng.integers(1, 9))
        numbers = rng.integers(-(10**places), 10**places, 4)
        payoffs = rng.choice(numbers, (2, *shape)) + np.array([0, 10 ** (places + 9)]).reshape(2, 1, 1)
        row, column = ([[f"{Decimal(int(x)).scaleb(-places):f}" for x in line] for line in own] for own in payoffs)
        game = parse(f"{{kind: matrix, row: {row}, column: {column}}}".replace("'", ""), "drawn")
        result = api.solve(game, algorithm, rtol=TOLERANCE, max_iter=2000)
        stood_by += bool(printed := equilibria_of(result))
        for measured in printed:
            gain = largest_regret(payoffs, measured.answer) / 10**places
            assert abs(gain - Fraction(measured.record.nash_gap)) <= Fraction(1, 10**12)
            assert gain <= 3 * TOLERANCE
    assert stood_by >= 50 - 20 * (algorithm == "pure")
