"""What the extreme equilibria say of the set of all: its maximal Nash subsets and its connected components.

An equilibrium (x, y) is an edge of a bipartite graph between its vertices x and y. The set of all equilibria is the
union of the products conv U × conv V over the maximal cliques U × V of that graph, its maximal Nash subsets (Winkels
1979, Jansen 1981). Two extreme equilibria lie in one component of it iff a path of edges joins them (Avis, Rosenberg,
Savani and von Stengel 2010, "Enumeration of Nash equilibria for two-player games", Economic Theory 42).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias

#: For each player the edges, by number, whose policies are the corners of a product.
Subset: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]

#: More subsets than this are not listed: there may be exponentially many.
MAX_SUBSETS = 10_000


def components(edges: Sequence[tuple[Hashable, Hashable]]) -> list[int]:
    """For each edge the number of its component, from 1 in the order in which they first appear."""
    parent: dict[tuple[int, Hashable], tuple[int, Hashable]] = {}

    def root(node: tuple[int, Hashable]) -> tuple[int, Hashable]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for x, y in edges:
        parent[root((0, x))] = root((1, y))
    numbers: dict[tuple[int, Hashable], int] = {}
    return [numbers.setdefault(root((0, x)), len(numbers) + 1) for x, _ in edges]


def nash_subsets(edges: Sequence[tuple[Hashable, Hashable]]) -> list[Subset] | None:
    """The maximal cliques, by component, each vertex named by its first edge, from 0; None if there are too many."""
    parts: dict[int, list[int]] = {}
    for k, number in enumerate(components(edges)):
        parts.setdefault(number, []).append(k)
    found = list[Subset]()
    for part in parts.values():
        cliques = _maximal_cliques(part, edges)
        if cliques is None or len(found) + len(cliques) > MAX_SUBSETS:
            return None
        found += sorted(cliques)
    return found


def _maximal_cliques(part: Sequence[int], edges: Sequence[tuple[Hashable, Hashable]]) -> list[Subset] | None:
    """Those of one component, the edges of which have the numbers `part`.

    V belongs to one iff it is what some vertices x have as common neighbours; these are found one x after another.
    """
    firsts: tuple[dict[Hashable, int], dict[Hashable, int]] = {}, {}
    for k in part:
        for first, vertex in zip(firsts, edges[k], strict=True):
            first.setdefault(vertex, k)
    bit = {y: 1 << place for place, y in enumerate(firsts[1])}
    joined = dict.fromkeys(firsts[0], 0)
    for k in part:
        joined[edges[k][0]] |= bit[edges[k][1]]
    common = dict[int, None]()
    for near in joined.values():
        common |= dict.fromkeys([near, *(near & other for other in common if near & other)])
        if len(common) > MAX_SUBSETS:
            return None
    return [
        (
            tuple(k for x, k in firsts[0].items() if joined[x] & own == own),
            tuple(k for y, k in firsts[1].items() if bit[y] & own),
        )
        for own in common
    ]
