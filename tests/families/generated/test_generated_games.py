"""Classes of GAMUT: what a seed names stays, payoffs have the structure of their class, and limits are told."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from eqsolve.analysis.structure import structure
from eqsolve.families.generated.graphical import Graphical
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference import normal
from reference.normal import Game
from reference.specs import problems

#: By spec: the first payoffs and the first digits of the hash. They must never change.
GOLDEN = {
    "kind: covariant, players: 2, actions: 2, rho: -0.5": (
        [2.0517432029930807, -0.03826316630905202, 0.6573765933877509, -1.0066046792045285], "e776dd3dccb3",
    ),
    "kind: polymatrix, players: 3, actions: 2": (
        [0.9549161418478636, 1.5687063474487144, 0.37820806854115985, 0.9919982741420107], "56f32650b9cb",
    ),
    "kind: graphical, players: 3, actions: 2, graph: random": (
        [0.786863611755331, 0.8353505536784598, 0.5331062674595619, 0.44205212947108785], "7e1f82b2de45",
    ),
    "kind: planted, players: 2, actions: 3, support: 2": ([-11.0, 29.0, 9.0, 10.0], "54abccc4f43a"),
    "kind: random-hard, actions: 6": ([546232.0, 527044.0, 677081.0, 501654.0], "d0577e1db814"),
    "kind: tournament, nodes: 4, subset: 2": ([0.0, 0.0, 0.0, 0.0], "4aa822ee68eb"),
    "kind: unit-vector, actions: 3, no_pure: true": ([0.0, 0.0, 0.0, 0.0], "2406e0d98069"),
    "kind: ranking, actions: 3": ([1.0, 1.0, 0.0, 0.9], "d95dfa2f0b59"),
    "kind: blotto, hills: 2, troops: 2, rho: 0.5, mean: 1": (
        [1.5820656415605228, 0.5422940292824427, 0.5422940292824427, 2.6218372538386028], "578a14db412e",
    ),
}  # fmt: skip


def form(text: str) -> TensorGame:
    found = parse(f"{{{text}}}", "g.yaml").form
    assert isinstance(found, TensorGame)
    return found


def at(game: TensorGame, joint: tuple[int, ...]) -> list[float]:
    return [float(own[joint]) for own in game.payoffs]


def exactly(game: TensorGame) -> Game:
    return Game(game.payoffs.shape[1:], lambda joint: [Fraction(float(u[joint])) for u in game.payoffs])


@pytest.mark.parametrize("text", GOLDEN)
def test_a_seed_names_one_game_for_ever(text: str) -> None:
    payoffs, digits = GOLDEN[text]
    spec = parse(f"{{{text}, seed: 7}}", "g.yaml")
    assert form(f"{text}, seed: 7").payoffs.ravel()[:4].tolist() == payoffs
    assert spec.hash.startswith(digits)
    assert (form(f"{text}, seed: 8").payoffs != form(f"{text}, seed: 7").payoffs).any()


@pytest.mark.parametrize(("players", "rho"), [(2, -1), (2, -0.5), (2, 0.8), (2, 1), (3, -0.5), (3, 0.5), (4, 1)])
def test_covariant_payoffs_have_variance_1_and_that_covariance(players: int, rho: float) -> None:
    actions = 60 if players == 2 else 16 if players == 3 else 8
    payoffs = form(f"kind: covariant, players: {players}, actions: {actions}, rho: {rho}, seed: 1").payoffs
    sample = np.cov(payoffs.reshape(players, -1))
    expected = np.where(np.eye(players, dtype=bool), 1, rho)
    np.testing.assert_allclose(sample, expected, rtol=0, atol=5 / payoffs[0].size ** 0.5)
    assert abs(payoffs.mean()) < 5 / payoffs[0].size ** 0.5
    if rho == 1:
        assert (payoffs == payoffs[0]).all()
    if rho == -1 / (players - 1):
        np.testing.assert_allclose(payoffs.sum(axis=0), 0, rtol=0, atol=1e-14)


@pytest.mark.parametrize("actions", ["2", "[3, 2, 4]"])
def test_polymatrix_payoffs_are_sums_over_pairs(actions: str) -> None:
    """Changing two others at once does what changing one and then the other does."""
    payoffs = form(f"kind: polymatrix, players: 3, actions: {actions}, distribution: integers, seed: 3").payoffs
    for i in range(3):
        own = np.moveaxis(payoffs[i], i, 0)
        mixed = own - own[:, :1] - own[:, :, :1] + own[:, :1, :1]
        assert (mixed == 0).all()
        assert (own != own[:, :1]).any()
        assert (own != own[:, :, :1]).any()


@pytest.mark.parametrize(
    ("graph", "edges"),
    [
        ("ring", {(0, 1), (1, 2), (2, 3), (0, 3)}),
        ("path", {(0, 1), (1, 2), (2, 3)}),
        ("star", {(0, 1), (0, 2), (0, 3)}),
        ("random, edge: 0", set()),
        ("random, edge: 1", {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}),
        ("random", None),
    ],
)
def test_in_a_graphical_game_only_neighbours_matter(graph: str, edges: set[tuple[int, int]] | None) -> None:
    text = f"kind: graphical, players: 4, actions: [2, 3, 2, 2], graph: {graph}, seed: 5"
    family = parse(f"{{{text}}}", "g.yaml").family
    assert isinstance(family, Graphical)
    near = family.neighbours()
    assert (near == near.T).all()
    if edges is not None:
        assert {(i, j) for i, j in product(range(4), repeat=2) if i < j and near[i, j]} == edges
    payoffs = form(text).payoffs
    for i, j in product(range(4), repeat=2):
        moved = np.moveaxis(payoffs[i], j, 0)
        assert (moved == moved[0]).all() == (i != j and not near[i, j])


def test_two_in_a_ring_are_neighbours_once() -> None:
    assert form("kind: graphical, players: 2, actions: 2, seed: 1").payoffs.shape == (2, 2, 2)
    assert form("kind: graphical, players: 1, actions: 2, seed: 1").payoffs.shape == (1, 2)


def test_of_travellers_who_claim_less_gains() -> None:
    found = form("kind: travellers-dilemma, lowest: 2, highest: 5, bonus: 2")
    assert found.actions == (("2", "3", "4", "5"),) * 2
    assert found.payoffs[0].tolist() == [[2, 4, 4, 4], [0, 3, 5, 5], [0, 1, 4, 6], [0, 1, 2, 5]]
    assert (found.payoffs[1] == found.payoffs[0].T).all()
    three = form("kind: travellers-dilemma, players: 3, lowest: 1, highest: 3, bonus: 1").payoffs
    assert three[:, 0, 0, 2].tolist() == [2, 2, 0]
    assert three[:, 1, 1, 1].tolist() == [2, 2, 2]
    assert normal.pure_equilibria(exactly(form("kind: travellers-dilemma, highest: 12"))) == [(0, 0)]


def test_at_minimum_effort_all_alike_is_an_equilibrium_and_more_is_better() -> None:
    found = form("kind: minimum-effort, players: 3, efforts: 4, benefit: 3, cost: 1")
    for joint in product(range(1, 5), repeat=3):
        paid = at(found, tuple(effort - 1 for effort in joint))
        assert paid == [3 * min(joint) - effort for effort in joint]
    assert normal.pure_equilibria(exactly(found)) == [(k, k, k) for k in range(4)]


def test_cournot_firms_sell_at_the_price_that_all_make() -> None:
    found = form("kind: cournot, players: 3, quantities: [0, 1, 2.5], intercept: 4, slope: 1, cost: 1")
    assert found.actions[0] == ("0", "1", "2.5")
    for joint in product(range(3), repeat=3):
        sold = [[0, 1, 2.5][a] for a in joint]
        price = max(0, 4 - sum(sold))
        assert at(found, joint) == [(price - 1) * q for q in sold]
    assert "potential" in structure(form("kind: cournot, quantities: [0, 1, 2], intercept: 9, cost: 1"))


def test_bertrand_firms_with_the_lowest_price_share_the_market() -> None:
    found = form("kind: bertrand, players: 3, prices: [1, 2, 7], intercept: 6, slope: 1, cost: 0.5")
    for joint in product(range(3), repeat=3):
        named = [[1, 2, 7][a] for a in joint]
        lowest = min(named)
        earned = (lowest - 0.5) * max(0, 6 - lowest) / named.count(lowest)
        assert at(found, joint) == [earned * (p == lowest) for p in named]


def test_inspection_is_mixed_as_in_the_textbook() -> None:
    found = form("kind: inspection, gain: 1, fine: 3, damage: 8, cost: 2")
    assert found.actions == (("none", "inspect"), ("obey", "violate"))
    assert found.payoffs.tolist() == [[[0, -8], [-2, -2]], [[0, 1], [0, -3]]]
    mixed = [[Fraction(3, 4), Fraction(1, 4)], [Fraction(3, 4), Fraction(1, 4)]]
    assert normal.regrets(exactly(found), mixed) == [0, 0]
    sites = form("kind: inspection, sites: 2, gain: 1, fine: 3, damage: 8, cost: 2")
    assert sites.actions[1] == ("obey", "violate 1", "violate 2")
    assert sites.payoffs[0].tolist() == [[0, -8, -8], [-2, -2, -10], [-2, -10, -2]]
    assert sites.payoffs[1].tolist() == [[0, 1, 1], [0, -3, 1], [0, 1, -3]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: sgc, k: 1", "k: expected a number of at least 2, got 1"),
        ("kind: sgc, k: 5000", "k: the tables of this game have 799920002 numbers, more than the 134217728 that fit"),
        ("kind: sgc, k: 2, players: 3", "players: this is a game of 2 players, got 3"),
        ("kind: tournament, nodes: 3, subset: 4, seed: 0", "subset: a set of 4 nodes, and there are 3"),
        (
            "kind: tournament, nodes: 60, subset: 30, seed: 0",
            "subset: the tables of this game have 14191749787783370880 numbers, more than the 134217728 that fit",
        ),
        (
            "kind: unit-vector, actions: 1, no_pure: true, seed: 0",
            "no_pure: with one action each there is always",
        ),
        ("kind: random-hard, actions: 3, seed: 0", "support: a game of 3 actions each always has an equilibrium"),
        ("kind: random-hard, actions: 200, seed: 0", "actions: expected a number of at most 64, got 200"),
        (
            "kind: covariant, players: 3, actions: 2, rho: -0.6, seed: 0",
            "rho: with 3 players the covariance",
        ),
        (
            "kind: covariant, players: 2, actions: 2, rho: 1.5, seed: 0",
            "rho: with 2 players the covariance",
        ),
        ("kind: covariant, players: 1, actions: 2, rho: 0, seed: 0", "players: a covariance needs 2 players or more"),
        ("kind: blotto, hills: 9, troops: 99999999, seed: 0", "troops: the tables of this game have"),
        ("kind: blotto, hills: 99999999, troops: 9, seed: 0", "troops: the tables of this game have"),
        (
            "kind: planted, players: 5, actions: 20, support: 20, weights: 1000, seed: 0",
            "weights: payoffs would be integers beyond 2^53, which float64 rounds",
        ),
        ("kind: travellers-dilemma, lowest: 5, highest: 4", "highest: the highest claim, 4, is below the lowest, 5"),
        ("kind: travellers-dilemma, players: 9", "highest: the tables of this game have"),
        ("kind: minimum-effort, players: 30", "efforts: the tables of this game have"),
        ("kind: cournot, quantities: [1, 2, 1], intercept: 1", "quantities: 1 is there twice"),
        ("kind: bertrand, players: 40, prices: [1, 2], intercept: 1", "prices: the tables of this game have"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, expected: str) -> None:
    [problem] = problems(f"{{{text}}}")
    assert f"{problem.path}: {problem.message}".startswith(expected)
