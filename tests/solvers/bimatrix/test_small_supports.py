"""The search for small supports against enumeration of all supports up to three."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.bimatrix import small_supports as module
from eqsolve.solvers.bimatrix.small_supports import SmallSupports, State
from eqsolve.solvers.parameters import configure
from reference.bimatrix_forms import bimatrix, drawn, relative_gap
from reference.draws import Whole, on_random_games
from reference.linear import solve


def ended(form: TensorGame, solver: SmallSupports, chunk: int = 10**6) -> State:
    state = solver.init(form, 0)
    while not solver.finished(state):
        state = solver.step(form, state, chunk)
    return state


def answer(form: TensorGame, largest: int) -> Profile | None:
    solver = SmallSupports(largest)
    return solver.answers(form, ended(form, solver)).get("equilibrium")


def strict_mixture(payoffs: list[list[int]], own: tuple[int, ...], others: tuple[int, ...]) -> list[Fraction] | None:
    """The opponent's weights on `others` to which `own` are the only best rows; None where there are none."""
    system: list[list[int]] = [[*(payoffs[i][j] for j in others), -1] for i in own]
    found = solve([*system, [*(1 for _ in others), 0]], [*(0 for _ in own), 1])
    if found is None or min(found[:-1]) <= 0:
        return None
    worth = [sum(p * row[j] for p, j in zip(found, others, strict=False)) for row in payoffs]
    best = max(worth)
    return list(found[:-1]) if [i for i, w in enumerate(worth) if w == best] == list(own) else None


def smallest_strict_support(form: TensorGame, most: int) -> int | None:
    """The least size of a nondegenerate equilibrium: mixtures to which just the supports are best replies."""
    a, b = form.payoffs.astype(int)
    rows, columns = a.shape
    for size in range(1, min(most, rows, columns) + 1):
        for own in combinations(range(rows), size):
            for others in combinations(range(columns), size):
                if strict_mixture(a.tolist(), own, others) and strict_mixture(b.T.tolist(), others, own):
                    return size
    return None


@on_random_games(150)
def test_a_nondegenerate_equilibrium_of_small_support_is_never_missed(whole: Whole) -> None:
    rows, columns = whole(1, 5), whole(1, 5)
    form = bimatrix([[[whole(0, 99) for _ in range(columns)] for _ in range(rows)] for _ in range(2)])
    for largest in (1, 2, 3):
        found, least = answer(form, largest), smallest_strict_support(form, largest)
        if least is not None:
            assert found is not None
            assert max((policy > 0).sum() for policy in found) <= least
        if found is not None:
            assert relative_gap(form, found) <= 1e-12


@on_random_games(600)
def test_whatever_the_ties_what_is_found_is_an_equilibrium(whole: Whole) -> None:
    form = drawn(whole, 7)
    found = answer(form, 3)
    if found is not None:
        assert relative_gap(form, found) <= 1e-11
        assert all((policy > 0).sum() <= 3 for policy in found)


@on_random_games(100)
def test_a_game_with_a_pure_equilibrium_gets_a_pure_answer(whole: Whole) -> None:
    form = drawn(whole)
    a, b = form.payoffs
    stable = ((a == a.max(axis=0)) & (b == b.max(axis=1, keepdims=True))).any()
    found = answer(form, 1)
    assert (found is not None) == stable
    if found is not None:
        assert all(policy.max() == 1 for policy in found)


def test_a_game_whose_only_equilibrium_mixes_four_actions_is_exhausted_without_an_answer() -> None:
    shift = np.roll(np.eye(4), 1, axis=1)
    form = bimatrix([np.eye(4), shift])  # the row player wants to match, the column player to be one ahead
    assert answer(form, 3) is None
    np.testing.assert_array_equal(form.payoffs[1][0], [0, 1, 0, 0])


@pytest.mark.parametrize("size", [2, 3])
def test_the_only_equilibrium_of_a_cycle_is_its_centre(size: int) -> None:
    form = bimatrix([np.eye(size), np.roll(np.eye(size), 1, axis=1)])
    assert answer(form, size - 1) is None
    found = answer(form, size)
    assert found is not None
    for policy in found:
        np.testing.assert_allclose(policy, 1 / size, rtol=1e-15)


@pytest.mark.parametrize("shape", [(200, 200), (40, 300), (300, 40)])
def test_large_random_games_have_small_supports(shape: tuple[int, int]) -> None:
    for seed in range(4):
        form = bimatrix(np.random.default_rng(seed).integers(0, 1000, (2, *shape)))
        found = answer(form, 2)
        assert found is not None
        assert relative_gap(form, found) <= 1e-12


@on_random_games(30)
def test_blocks_change_nothing(whole: Whole) -> None:
    form = drawn(whole)
    expected, solver = answer(form, 3), SmallSupports()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "search", module.search.py_func)
        patch.setattr(module, "LOOKED_AT_ONCE", 1)
        for chunk in (1, 4):
            found = solver.answers(form, ended(form, solver, chunk)).get("equilibrium")
            assert (found is None) == (expected is None)
            if found is not None and expected is not None:
                for one, other in zip(found, expected, strict=True):
                    np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("largest", [0, 4])
def test_a_support_of_no_action_or_of_more_than_three_is_refused(largest: int) -> None:
    with pytest.raises(UsageError, match="largest: expected 1, 2 or 3"):
        configure(SmallSupports, {"largest": largest})
