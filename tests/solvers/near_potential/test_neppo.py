"""Near-potential policy optimisation against its definitions and the figures of its paper."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.run.result import Status
from eqsolve.solvers.near_potential._near_potential import FAMILIES, evaluate, smooth_maximum, workspace
from eqsolve.solvers.near_potential._neppo_descent import direction, parameter_rows
from eqsolve.solvers.near_potential.neppo import NePPO
from reference.forms import of_payoffs
from reference.specs import near_potential


class Exact(NamedTuple):
    """Rules of exact inner solvers, as far as they are read."""

    family: int
    strength: float
    scale: float
    exact: bool = True
    ascents: int = 1
    reply_ascents: int = 1
    inner_step: float = 0.1


class Found(NamedTuple):
    """What is written at a look."""

    policies: Array
    replies: Array
    discrepancies: Array
    regrets: Array


def table(tenths: int) -> TensorGame:
    """The paper's game for α in tenths."""
    game = near_potential(Fraction(tenths, 10)).form
    assert isinstance(game, TensorGame)
    return game


def looked_at(game: TensorGame, potential: str, w: Array, strength: float = 1.0) -> Found:
    """π, the replies, F_i and regrets of exact inner solvers."""
    found = Found(*np.zeros((2, int(game.offsets[-1]))), *np.zeros((2, len(game.players))))
    evaluate(game.arrays, Exact(FAMILIES[potential], strength, game.payoff_range), 1, w, found, workspace(game.arrays))
    return found


def pure_profiles(game: TensorGame) -> list[tuple[int, ...]]:
    return list(product(*(range(size) for size in game.payoffs.shape[1:])))


def expected(payoffs: Array, policies: tuple[Array, ...]) -> float:
    """By the definition: a sum over all pure profiles."""
    sizes = payoffs.shape
    return sum(
        float(payoffs[actions]) * float(np.prod([policy[a] for policy, a in zip(policies, actions, strict=True)]))
        for actions in product(*(range(size) for size in sizes))
    )


def by_definition(game: TensorGame, potential: str, w: Array, strength: float) -> tuple[Array, Array]:
    """F_i and regret_i from equation 3, with replies by trying all actions; first ones of those that tie."""
    if potential == "anchor":
        anchor = game.unpack(w)

        def phi(policies: tuple[Array, ...]) -> float:
            return -strength / 2 * sum(float(((x - a) ** 2).sum()) for x, a in zip(policies, anchor, strict=True))

        best = anchor
    else:
        if potential == "weights":
            table = sum(share * payoffs for share, payoffs in zip(w, game.payoffs, strict=True))
        else:
            table = game.payoff_range * w.reshape(game.payoffs.shape[1:])

        def phi(policies: tuple[Array, ...]) -> float:
            return expected(np.asarray(table), policies)

        first = max(pure_profiles(game), key=lambda actions: float(np.asarray(table)[actions]))
        best = tuple(np.eye(size)[a] for size, a in zip(game.payoffs.shape[1:], first, strict=True))
    found, regrets = [], []
    for i, payoffs in enumerate(game.payoffs):
        value = expected(payoffs, best)
        tried = [(*best[:i], one, *best[i + 1 :]) for one in np.eye(len(best[i]))]
        gains = [expected(payoffs, policies) - value for policies in tried]
        reply = int(np.argmax(np.round(gains, 12)))
        regrets.append(max(gains))
        found.append(phi(best) - phi(tried[reply]) + gains[reply])
    return np.array(found), np.array(regrets)


@pytest.mark.parametrize("potential", FAMILIES)
@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3, 2)])
def test_discrepancies_are_those_of_the_definition(potential: str, shape: tuple[int, ...]) -> None:
    generator = np.random.default_rng(7)
    for _ in range(10):
        game = of_payoffs(generator.normal(size=(len(shape), *shape)))
        size = {"anchor": sum(shape), "weights": len(shape), "tensor": int(np.prod(shape))}[potential]
        w = generator.random(size)
        if potential == "anchor":
            w = game.pack(game.check(tuple(p / p.sum() for p in np.split(w, np.cumsum(shape)[:-1]))).profile)
        elif potential == "weights":
            w = w / w.sum()
        _, _, found, regrets = looked_at(game, potential, w, 0.7)
        told, regretted = by_definition(game, potential, w, 0.7)
        np.testing.assert_allclose(regrets, regretted, atol=1e-12)
        np.testing.assert_allclose(found, told, atol=1e-12)


@pytest.mark.parametrize("potential", FAMILIES)
@pytest.mark.parametrize("preset", ["paper", "solver"])
def test_no_regret_is_above_its_discrepancy(potential: str, preset: str) -> None:
    """Theorem 3.1, at every iterate of exact inner solvers; the regrets are those that the judge measures."""
    for seed in range(3):
        game = of_payoffs(np.random.default_rng(seed).normal(size=(3, 2, 3, 2)))
        solver = NePPO(preset=preset, potential=potential)
        state = solver.init(game, seed)
        for _ in range(150):
            judged = deviations(game, solver.answers(game, state)["last"]).regrets
            np.testing.assert_allclose(state.regrets, judged, atol=1e-12)
            assert (state.discrepancies >= judged - 1e-12).all()
            figures = solver.figures(game, state)
            assert 0 <= figures["F_beta"] - max(figures["F1"], figures["F2"], figures["F3"]) <= np.log(3) / solver.beta
            state = solver.step(game, state, 1)


@pytest.mark.parametrize("w", [0.05, 0.2, 0.32, 0.35, 0.5, 0.59, 0.61, 0.8, 0.99])
def test_the_toys_discrepancy_is_piecewise_as_the_paper_says(w: float) -> None:
    """Proposition 4.1."""
    game = table(0)
    x, _, found, _ = looked_at(game, "weights", np.array([w, 1 - w]))
    told = 5 * (1 - w) / 2 if w < 1 / 3 else 5 * (1 - w) / 4 if w < 0.6 else 0.0
    assert found.max() == pytest.approx(told, abs=1e-12)
    if w > 0.6:
        np.testing.assert_array_equal(x, [1, 0, 1, 0])


@pytest.mark.parametrize("inner", ["exact", "gradient"])
def test_the_toy_ends_at_its_equilibrium(inner: str) -> None:
    """Exact inner solvers stop where they first come above .6, lagging ones lower: between .6 and 1 all are right."""
    game = table(0)
    for seed in range(5):
        solver = NePPO(preset="paper", potential="weights", first=0.5, inner=inner)
        state = solver.step(game, solver.init(game, seed), 500)
        assert 0.6 < state.parameters[0] < 1
        assert [policy.tolist() for policy in solver.answers(game, state)["last"]] == [[1, 0], [1, 0]]
        assert state.regrets.max() == 0
        if inner == "gradient":
            assert state.parameters[0] < 0.8


@pytest.mark.parametrize(
    ("tenths", "least", "most"),
    [(0, 0, 1e-12), (2, 0, 1e-12), (4, 0.034, 0.044), (6, 0.0435, 0.052), (8, 0.0205, 0.034)],
)
def test_table_1_with_the_authors_settings(tenths: int, least: float, most: float) -> None:
    """The bias of c = 1: exact minimisers of F have regrets .0344, .0435, .0223, the paper prints .036, .052, .034."""
    game = near_potential(Fraction(tenths, 10))
    for seed in range(5):
        result = api.solve(game, "neppo", {"preset": "paper"}, max_iter=500, answer="last", seed=seed)
        assert result.answer is not None
        assert least <= result.answer.record.nash_gap <= most


@pytest.mark.parametrize("tenths", range(11))
def test_the_solver_preset_has_no_bias(tenths: int) -> None:
    result = api.solve(near_potential(Fraction(tenths, 10)), "neppo", tol=1e-12, max_iter=2000)
    assert result.status is Status.CONVERGED
    assert result.answer is not None
    assert result.answer.record.nash_gap <= 1e-12


@pytest.mark.parametrize("tenths", [0, 4, 6, 8, 10])
def test_without_polish_the_descent_alone_comes_close(tenths: int) -> None:
    game = table(tenths)
    solver = NePPO(warm=0, restart=500)
    state = solver.init(game, 1)
    state = solver.step(game, state, 499)
    assert state.least_regret[0] <= 1e-3


def test_directions_are_uniform_in_what_can_move() -> None:
    game = of_payoffs(np.zeros((2, 3, 4)) + np.arange(4)).arrays
    u, drawn = np.zeros(7), []
    for key in range(4000):
        assert direction(parameter_rows(game, FAMILIES["anchor"]), np.uint64(key * 977 + 1), u) == 5
        drawn.append(u.copy())
    sample = np.array(drawn)
    np.testing.assert_allclose(sample[:, :3].sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(sample[:, 3:].sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose((sample**2).sum(axis=1), 2, atol=1e-12)
    # of a uniform direction the covariance is 2/5 of the projection onto the simplices' tangents
    tangent = np.zeros((7, 7))
    tangent[:3, :3] = np.eye(3) - 1 / 3
    tangent[3:, 3:] = np.eye(4) - 1 / 4
    np.testing.assert_allclose(sample.T @ sample / len(sample), 2 / 5 * tangent, atol=0.03)


def test_the_smooth_maximum_is_the_largest_up_to_its_bound() -> None:
    for values in ([1.0, 1.0, 1.0], [0.0, 5.0], [-3.0, -700.0, -2.0], [1e300, 0.0]):
        for beta in (0.1, 1.0, 1e4):
            over = smooth_maximum(np.array(values), beta) - max(values)
            assert 0 <= over <= np.log(len(values)) / beta * (1 + 1e-12)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"preset": "other"}, "preset: expected one of paper, solver, got 'other'"),
        ({"delta": 0.0}, "delta: expected a positive number"),
        ({"restart": 10, "warm": 10}, "restart: expected more iterations than warm"),
        ({"preset": "paper", "decay": "cosine"}, "decay=cosine needs restart"),
        ({"first": 1.5}, "first: expected a number from 0 to 1"),
        ({"potential": "tensor", "warm": 5}, "warm: regret matching\\+ makes an anchor"),
        ({"strength": -1.0}, "strength: expected a number of at least 0"),
    ],
)
def test_settings_that_mean_nothing_are_refused(parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        NePPO(**parameters)


def test_a_start_is_for_anchors() -> None:
    game = table(0)
    with pytest.raises(UsageError, match="takes no --start"):
        NePPO(potential="weights").init(game, 0, game.uniform())
