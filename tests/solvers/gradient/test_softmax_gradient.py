"""Softmax policy gradient: one iteration by hand, and the baselines of NePPO's table."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.run.result import Status
from eqsolve.solvers.gradient.softmax_gradient import SoftmaxGradient
from reference.forms import of_payoffs
from reference.specs import near_potential


@pytest.mark.parametrize("objective", ["own", "sum"])
def test_an_iteration_is_the_gradient_in_the_logits(objective: str) -> None:
    generator = np.random.default_rng(3)
    payoffs = generator.normal(size=(2, 2, 3))
    game = of_payoffs(payoffs)
    x, y = np.array([0.3, 0.7]), np.array([0.2, 0.5, 0.3])
    solver = SoftmaxGradient(objective=objective, step_size=0.1)
    after = solver.answers(game, solver.step(game, solver.init(game, 0, (x, y)), 1))["last"]
    ascended = payoffs if objective == "own" else np.broadcast_to(payoffs.sum(axis=0), payoffs.shape)

    def value(i: int, logits: np.ndarray) -> float:
        policies = [np.exp(part) / np.exp(part).sum() for part in np.split(logits, [2])]
        return float(policies[0] @ ascended[i] @ policies[1])

    logits = np.log(np.concatenate([x, y]))
    for i, own in enumerate((slice(0, 2), slice(2, 5))):
        steps = 1e-5 * np.eye(5)[own]
        gradient = np.array([(value(i, logits + h) - value(i, logits - h)) / 2e-5 for h in steps])
        moved = np.exp(logits[own] + 0.1 * gradient)
        np.testing.assert_allclose(after[i], moved / moved.sum(), rtol=1e-8)


@pytest.mark.parametrize("tenths", [4, 6, 8, 10])
def test_independent_learners_do_not_converge(tenths: int) -> None:
    """Table 1 says DNC up to .8; at 1 its .011 is no property of the method, which leaves matching pennies."""
    for seed in range(3):
        result = api.solve(
            near_potential(Fraction(tenths, 10)), "softmax-pg", max_iter=5000, answer="last", tol=0.05, seed=seed
        )
        late = [record.gap.value for record in result.records if record.iteration > 1000]
        assert result.status is not Status.CONVERGED or result.iterations < 1000
        assert not late or min(late) > 0.05


@pytest.mark.parametrize("tenths", [0, 2, 4, 6, 8])
def test_the_sums_maximum_is_no_equilibrium(tenths: int) -> None:
    """MAPPO's column of Table 1: it ends at (A2, B1), where Row regrets 1/2 + 3α/2."""
    game = near_potential(Fraction(tenths, 10))
    result = api.solve(game, "softmax-pg", {"objective": "sum"}, max_iter=20_000, answer="last", seed=1)
    assert result.answer is not None
    assert result.answer.record.nash_gap == pytest.approx(0.5 + 0.15 * tenths, abs=0.01)


def test_bad_settings_are_refused() -> None:
    with pytest.raises(UsageError, match="objective: expected one of own, sum, got 'all'"):
        SoftmaxGradient(objective="all")
    with pytest.raises(UsageError, match="step: expected a positive number"):
        SoftmaxGradient(step_size=0.0)
