"""Indifference equations: solved where there is a solution, refused where there is none, like those of polish.py."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.kernels.indifference import indifferent, nash_gap
from eqsolve.kernels.polish import support_polish
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import load, parse
from reference.forms import numbered


def solved(form: TensorGame, support: list[bool], x: Array) -> bool:
    n = x.size
    q, m, work = np.empty(n), np.empty((n, n)), np.empty(2 * form.payoffs[0].size)
    return bool(indifferent(form.arrays, form.payoff_range, np.array(support), x, q, m, work))


def tensor(text: str) -> TensorGame:
    form = (load(text) if text.startswith("@") else parse(text, "g")).form
    assert isinstance(form, TensorGame)
    return form


def test_the_mixed_equilibrium_of_a_game_of_two() -> None:
    form = tensor("@matrix/battle-of-the-sexes")
    x = np.array([0.5, 0.5, 0.5, 0.5])
    assert solved(form, [True] * 4, x)
    profile = form.check(list(form.unpack(x))).profile
    assert 0 < profile[0][0] < 1
    assert deviations(form, profile).nash_gap < 1e-14


def test_no_mixture_makes_a_dominated_action_pay_alike() -> None:
    form = tensor("@matrix/prisoners-dilemma")
    assert not solved(form, [True] * 4, np.array([0.5, 0.5, 0.5, 0.5]))


def test_singular_equations_have_no_solution() -> None:
    form = TensorGame(numbered(2), (numbered(2), numbered(2)), np.array([[[1, 1], [2, 2]], [[1, 2], [1, 2.0]]]))
    assert not solved(form, [True] * 4, np.array([0.5, 0.5, 0.5, 0.5]))


@pytest.mark.parametrize("seed", range(40))
def test_supports_of_three_are_solved_as_the_polish_for_all_forms_solves_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (3, 2, 3)
    form = TensorGame(numbered(3), tuple(map(numbered, shape)), rng.normal(size=(3, *shape)))
    near = [rng.dirichlet(np.ones(size)) for size in shape]
    theirs = support_polish(form.backup, tuple(near))
    x = form.pack(tuple(near))
    found = solved(form, [bool(p > 0.1 * policy.max()) for policy in near for p in policy], x)
    if not found or theirs is None:
        return
    for ours in form.unpack(x):
        assert ours.min() >= 0
        assert ours.sum() == pytest.approx(1, abs=1e-14)
    for payoffs, policy in zip(form.backup(form.unpack(x)), form.unpack(x), strict=True):
        assert np.ptp(payoffs[policy > 0]) < 1e-9


def test_the_gap_is_that_of_the_judge() -> None:
    rng = np.random.default_rng(0)
    for shape in ((3,), (2, 4), (2, 3, 2)):
        count = len(shape)
        form = TensorGame(numbered(count), tuple(map(numbered, shape)), rng.normal(size=(count, *shape)))
        x = np.concatenate([rng.dirichlet(np.ones(size)) for size in shape])
        gap = nash_gap(form.arrays, x, np.empty(x.size), np.empty(form.arrays.scratch))
        assert gap == pytest.approx(deviations(form, form.unpack(x)).nash_gap, abs=1e-14)
