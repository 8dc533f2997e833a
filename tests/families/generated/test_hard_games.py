"""Generated games for two players: each has what its literature says of it, shown by slow arithmetic on small ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.analysis.structure import structure
from eqsolve.errors import InputError
from eqsolve.families.generated import random_hard
from eqsolve.families.generated.blotto import Blotto
from eqsolve.families.generated.planted import Planted
from eqsolve.families.generated.small_equilibria import MAX_PAYOFF, has_small_equilibrium
from eqsolve.families.generated.subsets import ranks, subsets
from eqsolve.families.generated.tournament import Tournament
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference import normal
from reference.forms import as_mixed
from reference.linear import solve
from reference.normal import Game


def form(text: str) -> TensorGame:
    found = parse(f"{{{text}}}", "g.yaml").form
    assert isinstance(found, TensorGame)
    return found


def exactly(payoffs: Array) -> Game:
    return Game(payoffs.shape[1:], lambda joint: [Fraction(float(u[joint])) for u in payoffs])


def small_equilibria(payoffs: Array, most: int) -> list[tuple[list[Fraction], list[Fraction]]]:
    """Equilibria with supports of one size, at most `most`, by solving for each pair of supports."""
    row, column = ([[Fraction(x) for x in line] for line in matrix.tolist()] for matrix in payoffs)
    m, n = payoffs.shape[1:]
    found = []
    for k in range(1, most + 1):
        for rows, columns in product(combinations(range(m), k), combinations(range(n), k)):
            y = equaliser([[row[i][j] for j in columns] for i in rows])
            x = equaliser([[column[i][j] for i in rows] for j in columns])
            if x is None or y is None or min(*x, *y) < 0:
                continue
            paid = [sum(line[j] * p for j, p in zip(columns, y, strict=True)) for line in row]
            back = [sum(column[i][j] * p for i, p in zip(rows, x, strict=True)) for j in range(n)]
            if max(paid) == paid[rows[0]] and max(back) == back[columns[0]]:
                found.append((spread(x, rows, m), spread(y, columns, n)))
    return found


def spread(weights: list[Fraction], support: tuple[int, ...], size: int) -> list[Fraction]:
    """The policy with these probabilities at these actions."""
    probability = dict(zip(support, weights, strict=True))
    return [probability.get(action, Fraction(0)) for action in range(size)]


def equaliser(matrix: list[list[Fraction]]) -> list[Fraction] | None:
    """The mixture of the columns that pays alike in all rows."""
    k = len(matrix)
    equations: list[list[Fraction]] = [[*line, Fraction(-1)] for line in matrix]
    equations.append([Fraction(1)] * k + [Fraction(0)])
    found = solve(equations, [Fraction(0)] * k + [Fraction(1)])
    return None if found is None else found[:k]


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_cycle_of_sgc_is_its_equilibrium_and_nothing_smaller_is(k: int) -> None:
    payoffs = form(f"kind: sgc, k: {k}").payoffs
    size = 2 * k - 1
    assert payoffs.shape == (2, 2 * size + 1, 2 * size + 1)
    alike = [Fraction(1, size)] * size + [Fraction(0)] * (size + 1)
    assert normal.regrets(exactly(payoffs), [alike, alike]) == [0, 0]
    assert normal.value(exactly(payoffs), [alike, alike], 0) == Fraction(3, 4)
    if k == 2:
        assert small_equilibria(payoffs, 4) == [(alike, alike)]


def test_the_matrices_of_sgc_are_those_of_the_literature() -> None:
    row, column = form("kind: sgc, k: 2").payoffs
    half = [0.5] * 4
    cycle = [[0.75, 0.5, 1, *half], [1, 0.75, 0.5, *half], [0.5, 1, 0.75, *half]]
    assert row.tolist() == cycle + [[0.75 * (j == i) for j in range(7)] for i in range(3, 7)]
    neighbour = {3: 4, 4: 3, 5: 6, 6: 5}
    assert column.T.tolist() == cycle + [[0.75 * (neighbour[i] == j) for j in range(7)] for i in range(3, 7)]


@pytest.mark.parametrize(("nodes", "subset"), [(2, 1), (5, 2), (6, 3), (4, 4)])
def test_a_tournament_has_one_winner_of_any_two_nodes(nodes: int, subset: int) -> None:
    spec = parse(f"{{kind: tournament, nodes: {nodes}, subset: {subset}, seed: 3}}", "g.yaml")
    assert isinstance(spec.family, Tournament)
    beats = spec.family.beats()
    assert (beats ^ beats.T == ~np.eye(nodes, dtype=bool)).all()
    payoffs = spec.form.payoffs  # type: ignore[attr-defined]  # a tensor game
    assert payoffs.shape == (2, nodes, comb(nodes, subset))
    for node, place in np.ndindex(payoffs.shape[1:]):
        members = [int(word) for word in as_mixed(spec.form).actions[1][place].split("-")]
        assert len(set(members)) == subset
        assert payoffs[:, node, place].tolist() == [all(beats[node, other] for other in members), node in members]


def test_sets_are_in_colexicographic_order_and_know_their_place() -> None:
    assert subsets(4, 2).tolist() == [[0, 1], [0, 2], [1, 2], [0, 3], [1, 3], [2, 3]]
    for n, k in ((5, 1), (7, 3), (6, 6)):
        assert ranks(subsets(n, k)).tolist() == list(range(comb(n, k)))


@pytest.mark.parametrize("distribution", ["uniform", "integers"])
def test_each_column_of_a_unit_vector_game_pays_the_row_player_once(distribution: str) -> None:
    pure = []
    for seed in range(20):
        for avoided in ("true", "false"):
            text = f"kind: unit-vector, actions: 4, no_pure: {avoided}, distribution: {distribution}, seed: {seed}"
            payoffs = form(text).payoffs
            assert sorted(np.unique(payoffs[0])) == [0, 1]
            assert payoffs[0].sum(axis=0).tolist() == [1] * 4
            pure.append((avoided, bool(normal.pure_equilibria(exactly(payoffs)))))
    assert ("true", True) not in pure
    assert ("false", True) in pure


def test_in_a_ranking_game_the_higher_score_wins_and_effort_costs() -> None:
    for seed in range(5):
        row, column = form(f"kind: ranking, actions: 5, steps: 4, seed: {seed}").payoffs
        together = row + column
        costs = 1 - together[:, 0], 1 - together[0]
        np.testing.assert_allclose(together, 1 - costs[0][:, None] - costs[1], rtol=0, atol=1e-15)
        for own in costs:
            steps = np.diff(own) * 5 * 4
            np.testing.assert_allclose(steps, np.rint(steps), rtol=0, atol=1e-12)
            assert (own[0], *(np.rint(steps[[steps.argmin(), steps.argmax()]]) - [1, 4]).tolist()) <= (0, 3, 0)
            assert np.rint(steps).min() >= 1
        prize = row + costs[0][:, None]
        assert set(np.round(prize, 12).ravel().tolist()) <= {0, 0.5, 1}
        assert (np.diff(prize, axis=0) >= -1e-12).all()
        assert (np.diff(prize, axis=1) <= 1e-12).all()


@pytest.mark.parametrize(("hills", "troops"), [(2, 3), (3, 2), (1, 2)])
def test_in_blotto_each_hill_goes_to_whom_has_more_there(hills: int, troops: int) -> None:
    spec = parse(f"{{kind: blotto, hills: {hills}, troops: {troops}, rho: 0.3, mean: 1, seed: 5}}", "g.yaml")
    assert isinstance(spec.family, Blotto)
    worth = spec.family.values()
    sent = sorted(sums for sums in product(range(troops + 1), repeat=hills) if sum(sums) == troops)
    assert as_mixed(spec.form).actions == (tuple("-".join(map(str, one)) for one in sent),) * 2
    payoffs = spec.form.payoffs  # type: ignore[attr-defined]  # a tensor game
    for (i, own), (j, others) in product(enumerate(sent), repeat=2):
        held = [1 if a > b else 0 if a < b else 0.5 for a, b in zip(own, others, strict=True)]
        assert payoffs[0, i, j] == pytest.approx(sum(v * h for v, h in zip(worth[0], held, strict=True)))
        assert payoffs[1, i, j] == pytest.approx(sum(v * (1 - h) for v, h in zip(worth[1], held, strict=True)))


def test_values_of_hills_are_correlated_about_their_mean() -> None:
    for rho in (-0.5, 0.8):
        spec = parse(f"{{kind: blotto, hills: 3000, troops: 1, rho: {rho}, mean: 2, seed: 1}}", "g.yaml")
        assert isinstance(spec.family, Blotto)
        worth = spec.family.values()
        np.testing.assert_allclose(np.cov(worth), [[1, rho], [rho, 1]], rtol=0, atol=0.1)
        np.testing.assert_allclose(worth.mean(axis=1), 2, rtol=0, atol=0.1)


def test_blotto_with_the_same_values_is_constant_sum() -> None:
    assert "zero-sum" in structure(form("kind: blotto, hills: 3, troops: 3, rho: 1, seed: 1"))


@pytest.mark.parametrize(("actions", "support"), [(4, 3), (5, 3), (6, 2), (6, 3)])
def test_a_hard_game_has_no_equilibrium_of_small_support(actions: int, support: int) -> None:
    for seed in range(2):
        payoffs = form(f"kind: random-hard, actions: {actions}, support: {support}, seed: {seed}").payoffs
        assert (payoffs == np.rint(payoffs)).all()
        assert small_equilibria(payoffs, support) == []


@pytest.mark.parametrize("largest", [2, 4, 999_999])
def test_small_equilibria_are_seen_where_there_are_any(largest: int) -> None:
    """Also in degenerate games, where more may be taken for one than is."""
    rng = np.random.default_rng(largest)
    seen = []
    for _ in range(30):
        payoffs = rng.integers(0, largest + 1, (2, 4, 5))
        for most in (1, 2):
            found = bool(small_equilibria(payoffs.astype(float), most))
            told = has_small_equilibrium(payoffs[0], payoffs[1], most)
            assert told >= found
            seen.append((told, found))
    if largest > 4:
        assert set(seen) == {(True, True), (False, False)}


def test_cofactors_of_the_largest_payoffs_do_not_overflow() -> None:
    """Rock, paper, scissors at both ends of the range."""
    top = MAX_PAYOFF - 1
    row = np.array([[top // 2, 0, top], [top, top // 2, 0], [0, top, top // 2]])
    assert not has_small_equilibrium(row, top - row, 2)
    assert has_small_equilibrium(row, top - row, 3)


def test_where_none_is_drawn_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_hard, "MAX_DRAWS", 1)
    with pytest.raises(InputError, match=r"g\.yaml: each of 1 games drawn has an equilibrium of support 3 or less"):
        _ = parse("{kind: random-hard, actions: 4, rho: 1, seed: 0}", "g.yaml").form


@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 4), st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_a_planted_profile_is_an_equilibrium_exactly(seed: int, support: int, weights: int, sizes: list[int]) -> None:
    keys = f"players: {len(sizes)}, actions: {sizes}, support: {support}, weights: {weights}, seed: {seed}"
    spec = parse(f"{{kind: planted, {keys}}}", "g.yaml")
    assert isinstance(spec.family, Planted)
    payoffs = spec.form.payoffs  # type: ignore[attr-defined]  # a tensor game
    assert (payoffs == np.rint(payoffs)).all()
    profile = []
    for own, size in zip(spec.family.equilibrium(), sizes, strict=True):
        assert np.count_nonzero(own) == min(support, size)
        assert own.max() <= weights
        profile.append([Fraction(int(w), int(own.sum())) for w in own])
    game = exactly(payoffs)
    for i, policy in enumerate(profile):
        for payoff, probability in zip(normal.action_payoffs(game, profile, i), policy, strict=True):
            assert payoff == 0 if probability else payoff < 0
