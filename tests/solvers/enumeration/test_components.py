"""Maximal cliques and connected components of small bipartite graphs against their definitions."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from eqsolve.solvers.enumeration import _components as module
from eqsolve.solvers.enumeration._components import components, nash_subsets
from reference.draws import Whole, on_random_games


@on_random_games(200)
def test_maximal_cliques_are_those_that_no_vertex_can_join(whole: Whole) -> None:
    xs, ys = range(whole(1, 4)), range(whole(1, 4))
    edges = [(x, y) for x in xs for y in ys if whole(0, 2)]
    expected = set()
    for own in (set(some) for size in range(1, len(xs) + 1) for some in combinations(xs, size)):
        near = {y for y in ys if all((x, y) in edges for x in own)}
        if near and own == {x for x in xs if all((x, y) in edges for y in near)}:
            expected.add((frozenset(own), frozenset(near)))
    found = nash_subsets(edges)
    assert found is not None
    assert len(found) == len(expected)
    named = {(frozenset(edges[k][0] for k in one), frozenset(edges[k][1] for k in other)) for one, other in found}
    assert named == expected
    parts = components(edges)
    for one, other in found:
        assert len({parts[k] for k in (*one, *other)}) == 1
    assert [parts[one[0]] for one, _ in found] == sorted(parts[one[0]] for one, _ in found)


def test_too_many_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every x is joined to all y but one: 2^n − 2 cliques."""
    edges = [(x, y) for x, y in product(range(6), range(6)) if x != y]
    assert len(nash_subsets(edges) or ()) == 62
    monkeypatch.setattr(module, "MAX_SUBSETS", 61)
    assert nash_subsets(edges) is None
    monkeypatch.setattr(module, "MAX_SUBSETS", 62)
    assert len(nash_subsets(edges) or ()) == 62
