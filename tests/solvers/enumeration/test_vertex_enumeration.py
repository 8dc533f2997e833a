"""All equilibria of two-player games: against the definition in fractions, a known maximum, and a second program."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration import _dictionaries as dictionaries
from eqsolve.solvers.enumeration import vertex_enumeration
from eqsolve.solvers.enumeration._vertex_stages import OVER, P_EXACT, P_FLOATS, Q_FLOATS, State
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from reference import draws
from reference.draws import Whole, on_random_games
from reference.equilibria import components, extreme_equilibria, is_equilibrium
from reference.forms import numbered, tensor_game
from reference.normal import Game, Joint
from solvers.ending import at_end


def small_game(whole: Whole) -> Game:
    """Two players, up to 4 × 3 actions, payoffs from so few numbers that most games are degenerate, or from many."""
    sizes = (whole(1, 4), whole(1, 3))
    largest = (1, 2, 4, 50)[whole(0, 3)]
    return draws.two_players(whole, sizes, largest)


def ended(form: NormalForm, chunk: int = 10**9) -> State:
    state = at_end(VertexEnumeration(), form, chunk)
    assert isinstance(state, State)
    return state


def fractions_of(form: NormalForm, state: State) -> list[tuple[tuple[Fraction, ...], ...]]:
    """The equilibria found, each in fractions."""
    solver = VertexEnumeration()
    return [solver.solution(form, state, None, profile) or () for profile in solver.enumeration(form, state).profiles]


@on_random_games(400)
def test_every_extreme_equilibrium_is_found_once_with_its_component(whole: Whole) -> None:
    game = small_game(whole)
    form = tensor_game(game)
    state = ended(form)
    found, expected = fractions_of(form, state), extreme_equilibria(game)
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    parts: dict[int, set[Any]] = {}
    for number, pair in zip((VertexEnumeration().enumeration(form, state).components or ()), found, strict=True):
        parts.setdefault(number, set()).add(pair)
    assert set(map(frozenset, parts.values())) == set(components(game, expected))
    assert list(parts) == list(range(1, len(parts) + 1))


@on_random_games(200)
def test_what_is_printed_are_those_fractions_and_no_one_gains(whole: Whole) -> None:
    form = tensor_game(small_game(whole))
    state = ended(form)
    for profile, exact in zip(
        VertexEnumeration().enumeration(form, state).profiles, fractions_of(form, state), strict=True
    ):
        for policy, fractions in zip(profile, exact, strict=True):
            np.testing.assert_allclose(policy, [float(p) for p in fractions], rtol=0, atol=1e-12)
        assert deviations(form, profile).nash_gap <= 1e-12 * max(form.payoff_range, 1)


@on_random_games(200)
def test_floats_and_integers_agree_where_floats_suffice(whole: Whole) -> None:
    form = tensor_game(small_game(whole))
    assert found_vertices(ended(form)) == found_vertices(in_integers(form))


def found_vertices(state: State) -> list[tuple[int, ...]]:
    return sorted(map(tuple, state.pairs.tolist()))


def in_integers(form: NormalForm) -> State:
    """The search as where floats leave a tie open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionaries, "visit", lambda *arguments: (dictionaries.UNCLEAR, arguments[3], 0, 0))
        return ended(form)


@on_random_games(100)
def test_chunks_change_nothing(whole: Whole) -> None:
    form, chunk = tensor_game(small_game(whole)), whole(1, 4)
    one, other = ended(form), ended(form, chunk)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def of_payoffs(payoffs: Array) -> TensorGame:
    return TensorGame(("1", "2"), (numbered(payoffs.shape[1]), numbered(payoffs.shape[2])), payoffs)


def random_game(n: int, seed: int) -> TensorGame:
    return TensorGame(("1", "2"), (numbered(n), numbered(n)), np.random.default_rng(seed).normal(size=(2, n, n)))


def test_larger_random_games_have_the_same_equilibria_in_floats_and_in_integers() -> None:
    """9 × 9: some thousand pivots, among them those at which the dictionary is made afresh."""
    form = random_game(9, seed=4)
    floats = ended(form)
    assert stages(form) == {P_FLOATS, Q_FLOATS}
    assert found_vertices(floats) == found_vertices(in_integers(form))
    assert len(floats.pairs) % 2 == 1, "nondegenerate games have an odd number: Lemke and Howson 1964"


@pytest.mark.parametrize(
    "values", [(0, 1, 1000), (0, 1, 1e5), (0, 1, 2, 1e6), (0, 1, 1e9), (0, 1e7, 1e7 + 1), (0, 0.1, 0.2, 1e4)]
)
def test_payoffs_of_sizes_far_apart_hide_no_tie(values: tuple[float, ...]) -> None:
    """What floats may be off by grows with the dictionary; games like these lost or doubled equilibria."""
    generator = np.random.default_rng(0)
    for _ in range(150):
        m, n = generator.integers(2, 6, 2)
        form = of_payoffs(generator.choice(values, (2, m, n)))
        assert found_vertices(ended(form)) == found_vertices(in_integers(form))


def test_the_pure_equilibrium_of_a_game_with_large_payoffs_is_not_lost() -> None:
    """lrsnash finds 5 extreme equilibria; where a tie was taken for none there were 4."""
    rows, columns = [[0, 10**6, 2, 0], [1, 0, 0, 1]], [[1, 10**6, 10**6, 2], [10**6, 0, 1, 10**6]]
    state = ended(of_payoffs(np.array([rows, columns], dtype=np.float64)))
    assert len(state.pairs) == 5
    assert [1, 0, 0, 1, 0, 0] in state.profiles.tolist()


def test_the_hash_and_the_stack_grow() -> None:
    form = random_game(12, seed=0)
    state = VertexEnumeration().step(form, VertexEnumeration().init(form, 0), 2500)
    assert len(state.seen) >= 8192
    assert ended(form).stage == OVER


def integer_game(n: int, largest: int, seed: int, scale: float = 1) -> TensorGame:
    payoffs: Array = scale * np.random.default_rng(seed).integers(0, largest + 1, (2, n, n)).astype(np.float64)
    return TensorGame(("1", "2"), (numbered(n), numbered(n)), payoffs)


@pytest.mark.parametrize(("n", "largest", "counts"), [
    (5, 1, (10, 14, 15)), (7, 2, (29, 24, 17)), (8, 1, (27, 28, 49)), (9, 9, (12, 9, 16)), (10, 999, (11, 7, 5)),
])  # fmt: skip
def test_there_are_as_many_as_another_program_finds(n: int, largest: int, counts: tuple[int, ...]) -> None:
    """lrsnash 7.1 (Avis, Rosenberg, Savani and von Stengel 2010), all in integers; most games are degenerate."""
    for seed, count in enumerate(counts):
        assert len(ended(integer_game(n, largest, seed)).pairs) == count


def stages(form: NormalForm) -> set[int]:
    solver = VertexEnumeration()
    state, passed = solver.init(form, 0), set[int]()
    while not solver.finished(state):
        passed.add(state.stage)
        state = solver.step(form, state, 1)
    return passed


@pytest.mark.parametrize("scale", [1, 0.1, 3e14, 2.0**-600])
def test_ties_are_proven_and_need_no_dictionary_of_integers(scale: float) -> None:
    for seed in range(3):
        form = integer_game(6, 2, seed, scale)
        assert stages(form) == {P_FLOATS, Q_FLOATS}
        assert found_vertices(ended(form)) == found_vertices(in_integers(integer_game(6, 2, seed)))


def test_the_list_of_degenerate_bases_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    form = integer_game(8, 1, seed=2)
    expected = found_vertices(ended(form))
    monkeypatch.setattr(vertex_enumeration, "FIRST_LENGTH", 64)
    assert found_vertices(ended(form)) == expected


@pytest.mark.parametrize(("off", "count", "parts"), [(0, 3, 2), (3e-12, 1, 1), (-3e-12, 3, 3)])
def test_what_is_almost_a_tie_leads_to_integers(off: float, count: int, parts: int) -> None:
    """The degenerate game of the catalogue, but for a payoff that is nearly the one that makes it degenerate."""
    rows, columns = np.array([[3.0, 3], [2, 5], [0, 6]]), np.array([[3.0, 3 + off], [2, 6], [3, 1]])
    form = TensorGame(("1", "2"), (numbered(3), numbered(2)), np.stack([rows, columns]))
    assert (P_EXACT in stages(form)) == (off != 0)
    state = ended(form)
    game = Game((3, 2), lambda joint: [Fraction(float(table[joint])) for table in form.payoffs])
    assert set(fractions_of(form, state)) == set(extreme_equilibria(game))
    assert (len(state.pairs), max(VertexEnumeration().enumeration(form, state).components or ())) == (count, parts)


@on_random_games(100)
def test_mixtures_of_a_nash_subset_are_equilibria_and_none_other_fits_in(whole: Whole) -> None:
    game = small_game(whole)
    form, solver = tensor_game(game), VertexEnumeration()
    state = ended(form)
    found, subsets = fractions_of(form, state), solver.enumeration(form, state).nash_subsets
    assert subsets is not None
    corners = [{pair[i] for pair in found} for i in (0, 1)]
    covered = set()
    for numbers in subsets:
        own = [[found[k][i] for k in ks] for i, ks in enumerate(numbers)]
        mixed = [[sum(column, Fraction(0)) / len(each) for column in zip(*each, strict=True)] for each in own]
        assert is_equilibrium(game, (tuple(mixed[0]), tuple(mixed[1])))
        assert not any(is_equilibrium(game, (x, tuple(mixed[1]))) for x in corners[0] - set(own[0]))
        assert not any(is_equilibrium(game, (tuple(mixed[0]), y)) for y in corners[1] - set(own[1]))
        covered |= set(product(*own))
    assert covered == set(found)


def test_no_nash_subset_is_told_before_the_end() -> None:
    form, solver = integer_game(5, 1, seed=0), VertexEnumeration()
    assert solver.enumeration(form, solver.step(form, solver.init(form, 0), 10)).nash_subsets is None


def test_decimals_are_the_rationals_that_they_round() -> None:
    """.1 + .2 is not .3 in floats, and the tie that makes this game degenerate would be lost."""
    worth: Array = np.array([[0.3, 0.1], [0.3, 0.5]])
    form = TensorGame(("1", "2"), (numbered(2), numbered(2)), np.stack([worth, np.array([[0.1, 0.3], [0.7, 0.7]])]))
    expected = Game((2, 2), lambda joint: payoffs(form, joint))
    assert set(fractions_of(form, ended(form))) == set(extreme_equilibria(expected))


def payoffs(form: TensorGame, joint: Joint) -> list[Fraction]:
    return [Fraction(float(table[joint])).limit_denominator(1000) for table in form.payoffs]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (2, 60)])
def test_long_and_single_rows_are_no_special_cases(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    form = TensorGame(("1", "2"), tuple(map(numbered, shape)), rng.normal(size=(2, *shape)))
    state = ended(form)
    profiles = VertexEnumeration().enumeration(form, state).profiles
    assert len(profiles) % 2 == 1
    assert all(deviations(form, profile).nash_gap <= 1e-12 for profile in profiles)


def test_without_an_equilibrium_there_is_no_solution_in_fractions() -> None:
    form, solver = random_game(3, 0), VertexEnumeration()
    state = solver.init(form, 0)
    assert not len(state.pairs)
    assert solver.solution(form, state, None, (np.full(3, 1 / 3), np.full(3, 1 / 3))) is None
