"""Congestion games: costs by load, strategies as sets, and what is said when they do not fit."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.families.normal import congestion
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.spec.load import parse


def build(text: str) -> CongestionGame:
    form = parse(f"{{kind: congestion, {text}}}", "g.yaml").form
    assert isinstance(form, CongestionGame)
    return form


def problems(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(f"{{kind: congestion, {text}}}", "g.yaml")
    return [f"{p.path}: {p.message}" if p.path else p.message for p in caught.value.problems]


ONE = "resources: {a: {affine: [1, 0]}}, strategies: [[a]]"


@pytest.mark.parametrize(
    ("cost", "at_1_2_3"),
    [
        ("affine: [2, 5]", [7, 9, 11]),
        ("table: [1, 2, 5]", [1, 2, 5]),
        ("table: [1, 2, 5, 9, 14]", [1, 2, 5]),
        ("bpr: [10, 2]", [10 * (1 + 0.15 / 16), 11.5, 10 * (1 + 0.15 * 81 / 16)]),
        ("polynomial: [1, 0, 2]", [3, 9, 19]),
        ("polynomial: [1/2]", [0.5, 0.5, 0.5]),
    ],
)
def test_costs_are_tabulated_by_load_and_load_0_costs_nothing(cost: str, at_1_2_3: list[float]) -> None:
    form = build(f"players: 3, resources: {{a: {{{cost}}}}}, strategies: [[a]]")
    np.testing.assert_allclose(form.costs, [[0, *at_1_2_3]], rtol=1e-15)


@pytest.mark.parametrize(
    ("named", "listed"),
    [
        ("affine: {slope: 2, constant: 1/2}", "affine: [2, 0.5]"),
        ("affine: {constant: 5, slope: 2}", "affine: [2, 5]"),
        ("affine: {slope: 3}", "affine: [3, 0]"),
        ("affine: {constant: 3}", "affine: [0, 3]"),
        ("polynomial: {constant: 5, linear: 2}", "polynomial: [5, 2]"),
        ("polynomial: {quadratic: 2, constant: 1, cubic: 0}", "polynomial: [1, 0, 2]"),
        ("polynomial: {quartic: 1}", "polynomial: [0, 0, 0, 0, 1, 0]"),
        ("polynomial: {linear: 0}", "polynomial: [0]"),
        ("bpr: {capacity: 2, free_flow: 10}", "bpr: [10, 2]"),
    ],
)
def test_named_coefficients_are_the_game_of_the_list(named: str, listed: str) -> None:
    first, second = (
        parse(f"{{kind: congestion, players: 3, resources: {{a: {{{cost}}}}}, strategies: [[a]]}}", "g.yaml")
        for cost in (named, listed)
    )
    assert first.hash == second.hash
    np.testing.assert_array_equal(first.form.costs, second.form.costs)  # type: ignore[attr-defined]  # congestion


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ("affine: {slop: 1}", "resources.a.affine.slop: no such coefficient"),
        (
            "affine: {}",
            "resources.a.affine: expected a mapping of coefficients by name, {slope: 1, constant: 0}, got an empty",
        ),
        ("affine: 3", "resources.a.affine: expected coefficients by name, {slope: 1, constant: 0}, got 3"),
        ("affine: {slope: x}", "resources.a.affine.slope: expected a number, got 'x'"),
        ("polynomial: {quintic: 1}", "resources.a.polynomial.quintic: no such coefficient"),
        ("bpr: {capacity: 2}", "resources.a.bpr: `free_flow` is missing: expected {free_flow: 10, capacity: 4}"),
        ("bpr: {capacity: 0, free_flow: 1}", "resources.a.bpr: expected a capacity above 0, got 0"),
    ],
)
def test_coefficients_that_do_not_fit_are_told_by_name(cost: str, expected: str) -> None:
    [found] = problems(f"players: 1, resources: {{a: {{{cost}}}}}, strategies: [[a]]")
    assert found.startswith(expected)


def test_strategies_are_for_all_or_one_list_per_player() -> None:
    resources = "players: 2, resources: {a: {affine: [1, 0]}, b: {affine: [1, 1]}}"
    shared = build(f"{resources}, strategies: [[a], [b, a]]")
    assert shared.actions == (("a", "b+a"),) * 2
    assert shared.resources == ("a", "b")
    np.testing.assert_array_equal(shared.uses[1], [[True, False], [True, True]])
    own = build(f"{resources}, strategies: [[[a], [b]], [[b]]]")
    assert own.actions == (("a", "b"), ("b",))
    np.testing.assert_array_equal(own.uses[1], [[False, True]])


def test_weights_are_loads_and_1_where_left_out() -> None:
    np.testing.assert_array_equal(build(f"players: 3, {ONE}").weights, [1, 1, 1])
    weighted = build(f"players: [x, y], weights: [1, 2], {ONE}")
    np.testing.assert_array_equal(weighted.weights, [1, 2])
    np.testing.assert_array_equal(weighted.costs, [[0, 1, 2, 3]])


def test_a_table_covers_the_loads_that_its_resource_can_see() -> None:
    text = "players: 3, weights: [1, 2, 1], resources: {{a: {{table: {0}}}, b: {{affine: [1, 0]}}}}, "
    text += "strategies: [[[a], [b]], [[a], [b]], [[b]]]"
    assert build(text.format("[1, 2, 4]")).costs[0].tolist() == [0, 1, 2, 4, 4]
    assert problems(text.format("[1, 2]")) == ["resources.a.table: expected costs up to load 3, got 2 numbers"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("players: 2", ["the key `strategies` is missing", "the key `resources` is missing"]),
        (f"players: 0, {ONE}", ["players: expected a number from 1 to 100000, got 0"]),
        (f"players: 2, weights: [1], {ONE}", ["weights: expected 2 weights, one per player, got 1"]),
        (f"players: 2, weights: [1, 0], {ONE}", ["weights[1]: expected a weight of at least 1, got 0"]),
        (f"players: 2, weights: [1, 1.5], {ONE}", ["weights[1]: expected an integer, got 1.5"]),
        (
            f"players: 1, weights: [2000000], {ONE}",
            ["weights: the weights sum to 2000000, at most 1000000 are accepted"],
        ),
        (
            (
                "players: 1, strategies: [[a]], resources: {a: {affine: [1]}, b: {bpr: [1, 0]}, c: {}, "
                "d: {affine: [1, 0], table: [1]}, e: 1, f: {affine: null}}"
            ),
            [
                "resources.a.affine: expected 2 numbers, [slope, constant], got 1",
                "resources.b.bpr: expected a capacity above 0, got 0",
                "resources.c: expected exactly one of `affine`, `table`, `bpr`, `polynomial`, got none",
                "resources.d: expected exactly one of `affine`, `table`, `bpr`, `polynomial`, got affine and table",
                "resources.e: expected a mapping, got 1",
                "resources.f: expected exactly one of `affine`, `table`, `bpr`, `polynomial`, got none",
            ],
        ),
        (
            "players: 1, resources: {a: {affine: [1, 0]}}, strategies: [[a], [b], [], [a, a], a, 3]",
            [
                "strategies[1][0]: no such resource: 'b'",
                "strategies[2]: expected a list of labels, got an empty list",
                "strategies[3][1]: the label 'a' is there twice",
                "strategies[4]: expected a list of resources, got 'a'",
                "strategies[5]: no such resource: 3",
                "strategies[5]: expected a list of resources, got 3",
            ],
        ),
        (
            "players: 1, resources: {a: {affine: [1, 0]}, b: {affine: [1, 0]}}, strategies: [[a, b], [b, a]]",
            ["strategies[1]: the strategy 'b+a' is there twice"],
        ),
        (
            "players: 3, resources: {a: {affine: [1, 0]}}, strategies: [[[a]], [[a]]]",
            ["strategies: expected 3 lists of strategies, one per player, got 2"],
        ),
        (
            "players: 1, resources: {a: {affine: [1, 0]}}, strategies: []",
            ["strategies: expected a list of strategies, each a list of resources, got an empty list"],
        ),
        (
            "players: 1, resources: {}, strategies: [[a]]",
            [
                "resources: expected a mapping from resources to costs, got an empty one",
                "strategies[0][0]: no such resource: 'a'",
            ],
        ),
        (
            "players: 3, resources: {a: {polynomial: [0, 0, 1e99]}, b: {bpr: [1, 1e-90]}}, strategies: [[a], [b]]",
            [
                "resources.b: at load 3, expected a finite number, got .inf",
            ],
        ),
        (
            "players: 9, resources: {a: {polynomial: [0, 0, 1e99]}}, strategies: [[a]]",
            ["resources.a: at load 9, the number 8.1e+100 is beyond ±1e+100"],
        ),
    ],
)
def test_what_does_not_fit_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(problems(text)) == sorted(expected)


def test_games_that_do_not_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(congestion, "MAX_TABLE", 10)
    assert problems(f"players: 11, {ONE}") == ["resources: 1 resources for 11 players are more than fit"]


def test_thousands_of_players_load() -> None:
    assert len(build(f"players: 5000, {ONE}").players) == 5000
